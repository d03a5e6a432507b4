// AWS's Signature Version 4 in headers, for requests without a body, or with one that isn't signed.
import { createHash, createHmac } from 'node:crypto';

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
export const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** Parameters in order, each with a value, escaped as AWS does. */
function canonicalQuery(parameters) {
    const encoded = [...parameters].map((pair) => pair.map(encodeURIComponent).join('='));
    return encoded.sort().join('&');
}

/**
 * The headers of a request to `url`, in which nothing needs escapes that are written in more ways than one. `payload`:
 * the SHA-256 of its body, or UNSIGNED-PAYLOAD.
 */
export function signedHeaders(method, url, credentials, region, payload = sha256(''), service = 's3') {
    const { accessKeyId, secretAccessKey } = credentials;
    const { host, pathname, searchParams } = new URL(url);
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const day = time.slice(0, 8);
    const scope = `${day}/${region}/${service}/aws4_request`;
    const headers = { host, 'x-amz-content-sha256': payload, 'x-amz-date': time };
    const names = Object.keys(headers).join(';');
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
    const request = [method, pathname, canonicalQuery(searchParams), lines.join(''), names, payload].join('\n');
    const text = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n');
    const key = [day, region, service, 'aws4_request'].reduce(hmac, `AWS4${secretAccessKey}`);
    const signature = hmac(key, text).toString('hex');
    const credential = `Credential=${accessKeyId}/${scope}`;
    const Authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`;
    return { ...headers, Authorization };
}
