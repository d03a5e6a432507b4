// AWS's Signature Version 4 for requests without a body, in headers.
import { createHash, createHmac } from 'node:crypto';

const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** The headers of a request to `url`, whose path needs no escapes and which has no query. */
export function signedHeaders(method, url, { accessKeyId, secretAccessKey }, region) {
    const { host, pathname } = new URL(url);
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const day = time.slice(0, 8);
    const scope = `${day}/${region}/s3/aws4_request`;
    const headers = { host, 'x-amz-content-sha256': sha256(''), 'x-amz-date': time };
    const names = Object.keys(headers).join(';');
    const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
    const request = [method, pathname, '', lines.join(''), names, sha256('')].join('\n');
    const text = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n');
    const key = [day, region, 's3', 'aws4_request'].reduce(hmac, `AWS4${secretAccessKey}`);
    const signature = hmac(key, text).toString('hex');
    const credential = `Credential=${accessKeyId}/${scope}`;
    const Authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`;
    return { ...headers, Authorization };
}
