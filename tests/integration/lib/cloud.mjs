// Amazon's own clients for the S3 server and the edge of tests/services.
import { S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/cloudfront-signer';
import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Tries once: what is refused is not repeated. */
export function s3Client(s3, options = {}) {
    return new S3Client({
        endpoint: s3.endpoint,
        region: s3.region,
        credentials: s3.credentials,
        forcePathStyle: true,
        maxAttempts: 1,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        ...options,
    });
}

/** A value as it stands in a signed URL: nothing that any client would write otherwise is left. */
export const encoded = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

const keyOf = ({ keyFile }) => readFileSync(keyFile, 'utf8');
const inAnHour = () => new Date(Date.now() + 3600_000);

const signedWith = (url, parameters) => `${url}${url.includes('?') ? '&' : '?'}${parameters}`;

/**
 * The URL of `path`, perhaps with a query, signed by Amazon's signer: SHA-1, as it has always been. It signs the URL
 * as it is, but gives it back with some marks of the query written otherwise; so only what it adds is taken.
 */
export function edgeUrl(edge, path, { until = inAnHour(), key = keyOf(edge), id = edge.keyPairId } = {}) {
    const url = edge.url + path;
    const dateLessThan = until.toISOString();
    const signed = getSignedUrl({ url, keyPairId: id, privateKey: key, dateLessThan });
    return signedWith(url, /Expires=\d+&Key-Pair-Id=\w+&Signature=[\w~-]+$/.exec(signed)[0]);
}

/** The same with SHA-256, which CloudFront takes since 2026 and that signer doesn't make yet. */
export function edgeUrlOfSha256(edge, path, { until = inAnHour() } = {}) {
    const expires = Math.floor(until.getTime() / 1000);
    const url = edge.url + path;
    const policy = `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
    const signature = createSign('RSA-SHA256').update(policy).sign(keyOf(edge), 'base64');
    const text = signature.replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
    const signed = `Expires=${expires}&Signature=${text}&Key-Pair-Id=${edge.keyPairId}`;
    return signedWith(url, `${signed}&Hash-Algorithm=SHA256`);
}
