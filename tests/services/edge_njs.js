// What the edge of a CDN decides, as njs runs it inside nginx: whether a URL is signed as CloudFront
// asks for (a canned policy, RSA with SHA-1 or SHA-256), and how the origin is asked for the object
// (signed with AWS's Signature Version 4, as an origin access control does, so the bucket is private).
import digests from 'crypto';
import fs from 'fs';

const signing = ['Expires', 'Signature', 'Key-Pair-Id', 'Policy', 'Hash-Algorithm'];
/** In the cache's key and passed on to the origin; what else is in a query is neither. */
const passedOn = ['response-content-disposition', 'response-content-type'];

/** The path, the parameters that make the signature, and the rest as they came: all undecoded. */
function parts(r) {
    const target = r.variables.request_uri;
    const at = target.indexOf('?');
    const query = at < 0 ? '' : target.slice(at + 1);
    const found = { path: at < 0 ? target : target.slice(0, at), own: [], signature: {} };
    query.split('&').forEach((parameter) => {
        const name = parameter.split('=')[0];
        if (signing.indexOf(name) < 0) {
            if (parameter !== '') found.own.push(parameter);
            return;
        }
        if (name in found.signature) throw new Error(`${name} comes twice`);
        found.signature[name] = decodeURIComponent(parameter.slice(name.length + 1));
    });
    return found;
}

/** The policy that isn't sent, letter by letter. */
function cannedPolicy(r, path, own, expires) {
    const query = own.length > 0 ? `?${own.join('&')}` : '';
    const url = `${r.variables.scheme}://${r.variables.http_host}${path}${query}`;
    return `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
}

async function verifies(r, hash, signature, text) {
    const pem = fs.readFileSync(r.variables.public_key).toString();
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: hash === 'SHA1' ? 'SHA-1' : 'SHA-256' };
    const key = await crypto.subtle.importKey('spki', der, algorithm, false, ['verify']);
    const base64 = signature.replace(/-/g, '+').replace(/_/g, '=').replace(/~/g, '/');
    return crypto.subtle.verify(algorithm, key, Buffer.from(base64, 'base64'), Buffer.from(text));
}

/** Why a request is refused; undefined if it isn't. */
async function refusal(r) {
    const asked = parts(r);
    const given = asked.signature;
    const hash = given['Hash-Algorithm'] === undefined ? 'SHA1' : given['Hash-Algorithm'];
    if (given['Key-Pair-Id'] === undefined) return 'no key';
    if (given['Key-Pair-Id'] !== r.variables.key_pair_id) return 'unknown key';
    if (given.Policy !== undefined) return 'custom policy';
    if (given.Signature === undefined) return 'no signature';
    if (!/^[0-9]{1,10}$/.test(given.Expires || '')) return 'no end';
    if (hash !== 'SHA1' && hash !== 'SHA256') return 'unknown hash';
    const policy = cannedPolicy(r, asked.path, asked.own, given.Expires);
    if (!(await verifies(r, hash, given.Signature, policy))) return 'wrong signature';
    if (Date.now() >= Number(given.Expires) * 1000) return 'expired';
    return undefined;
}

/** Answers nginx's auth_request. */
async function check(r) {
    let why;
    try {
        why = await refusal(r);
    } catch (error) {
        why = 'malformed';
    }
    if (why === undefined) {
        r.return(204);
        return;
    }
    r.headersOut['X-Refusal'] = why;
    r.return(403);
}

const encoded = (text) =>
    encodeURIComponent(text).replace(
        /[!'()*]/g,
        (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
    );

/** /BUCKET/KEY?QUERY as the origin is asked for it, and as its signature has it. */
function originTarget(r) {
    const asked = parts(r);
    const path = asked.path.split('/').map((part) => encoded(decodeURIComponent(part)));
    const query = [];
    asked.own.forEach((parameter) => {
        const name = parameter.split('=')[0];
        if (passedOn.indexOf(name) < 0) return;
        query.push(`${name}=${encoded(decodeURIComponent(parameter.slice(name.length + 1)))}`);
    });
    const tail = query.length > 0 ? `?${query.sort().join('&')}` : '';
    return `/${r.variables.origin_bucket}${path.join('/')}${tail}`;
}

const originDate = (r) => r.variables.time_iso8601.slice(0, 19).replace(/[-:]/g, '') + 'Z';

const hmac = (key, text) => digests.createHmac('sha256', key).update(text).digest();

function originAuthorization(r) {
    const set = r.variables;
    const time = originDate(r);
    const day = time.slice(0, 8);
    const scope = `${day}/${set.origin_region}/s3/aws4_request`;
    const names = 'host;x-amz-content-sha256;x-amz-date';
    const target = originTarget(r).split('?');
    const request = [
        // The cache asks with this method for HEAD too.
        'GET',
        target[0],
        target[1] || '',
        `host:${set.origin_host}`,
        'x-amz-content-sha256:UNSIGNED-PAYLOAD',
        `x-amz-date:${time}`,
        '',
        names,
        'UNSIGNED-PAYLOAD',
    ].join('\n');
    const hash = digests.createHash('sha256').update(request).digest('hex');
    const text = ['AWS4-HMAC-SHA256', time, scope, hash].join('\n');
    const key = [day, set.origin_region, 's3', 'aws4_request'].reduce(
        hmac,
        `AWS4${set.origin_secret_access_key}`,
    );
    const signature = digests.createHmac('sha256', key).update(text).digest('hex');
    const credential = `${set.origin_access_key_id}/${scope}`;
    return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
}

export default { check, originTarget, originDate, originAuthorization };
