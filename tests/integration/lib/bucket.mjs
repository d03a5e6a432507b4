// A server's place in a bucket: how the server is told of it, and what lies there as Amazon's own
// client sees it.
import {
    DeleteObjectCommand,
    GetObjectCommand,
    HeadObjectCommand,
    ListMultipartUploadsCommand,
    ListObjectsV2Command,
    PutObjectCommand,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';

import { s3Client } from './cloud.mjs';

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The environment from which a server takes its credentials; `changes` replace some. */
export function credentialsOf({ credentials }, changes = {}) {
    const { accessKeyId, secretAccessKey, sessionToken } = { ...credentials, ...changes };
    const token = sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken };
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, ...token };
}

/** The value of `--files`. With an `endpoint` the server asks somebody in between;
 * `style`: path or virtual. */
export function filesUrl(s3, options = {}) {
    const { prefix = '', endpoint = s3.endpoint, bucket = s3.bucket, style = 'path' } = options;
    const place = prefix ? `${bucket}/${prefix}` : bucket;
    return `s3://${place}?endpoint=${endpoint}&region=${s3.region}&style=${style}`;
}

/** What Amazon's tools write to a file of credentials. */
export function credentialsFile({ credentials }, changes = {}) {
    const { accessKeyId, secretAccessKey, sessionToken } = { ...credentials, ...changes };
    const keys = `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
    return sessionToken === undefined ? keys : `${keys}aws_session_token = ${sessionToken}\n`;
}

/** Of the object that says which installation has its files under a prefix. */
const ownerName = 'banter-owner';

export class Bucket {
    prefix;
    #s3;
    #client;

    /** Each server needs a prefix of its own: it removes objects that it knows nothing of. */
    constructor(s3, prefix = '') {
        this.#s3 = s3;
        this.prefix = prefix;
        this.#client = s3Client(s3);
    }

    /** Options for startServer. `endpoint` and `style` as above; `edge` and `hash`: links lead there; `args`: further flags. */
    options({ endpoint, style, edge, hash = 'sha1', args = [], ...others } = {}) {
        const files = ['--files', filesUrl(this.#s3, { prefix: this.prefix, endpoint, style })];
        const cdn = edge
            ? ['--cdn', edge.url, '--cdn-key-pair-id', edge.keyPairId, '--cdn-key-file', edge.keyFile]
            : [];
        const hashed = edge ? ['--cdn-hash', hash] : [];
        const all = [...files, ...cdn, ...hashed, ...args];
        return { args: all, env: credentialsOf(this.#s3), ...others };
    }

    #ask(Command, input) {
        return this.#client.send(new Command({ Bucket: this.#s3.bucket, ...input }));
    }

    get #start() {
        return this.prefix ? `${this.prefix}/` : '';
    }

    /** The names of all objects but the one that says whose they are, without the prefix, in order; in one without a
     * prefix those of others are left out. */
    async keys() {
        const names = [];
        let ContinuationToken;
        do {
            const page = await this.#ask(ListObjectsV2Command, { Prefix: this.#start, ContinuationToken });
            for (const { Key } of page.Contents ?? []) names.push(Key.slice(this.#start.length));
            ContinuationToken = page.NextContinuationToken;
        } while (ContinuationToken);
        return names.filter((name) => !name.includes('/') && name !== ownerName).sort();
    }

    /** What the server wrote that has its files here. */
    async owner() {
        return (await this.bytes(ownerName)).toString();
    }

    async bytes(key) {
        const { Body } = await this.#ask(GetObjectCommand, { Key: this.#start + key });
        return Buffer.from(await Body.transformToByteArray());
    }

    put(key, Body) {
        return this.#ask(PutObjectCommand, { Key: this.#start + key, Body });
    }

    remove(key) {
        return this.#ask(DeleteObjectCommand, { Key: this.#start + key });
    }

    head(key) {
        return this.#ask(HeadObjectCommand, { Key: this.#start + key });
    }

    /** The names of objects whose upload in parts was begun, and neither completed nor given up. */
    async openUploads() {
        const { Uploads = [] } = await this.#ask(ListMultipartUploadsCommand, { Prefix: this.#start });
        const names = Uploads.map(({ Key }) => Key.slice(this.#start.length));
        return names.filter((name) => !name.includes('/'));
    }
}

/** The object's name in a link, be it to an edge or to the server itself. */
export const keyOf = (link) => /([0-9a-f]{32})\?/.exec(link)[1];
