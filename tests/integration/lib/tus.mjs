// The tus protocol, version 1.0.0, said by hand.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { checkExchange } from './contract.mjs';
import { bytesFrom } from './files.mjs';

export const uploads = '/api/uploads';
export const bytesOfPatch = { 'Content-Type': 'application/offset+octet-stream' };

/** The value of Upload-Metadata. */
export const metadata = (values) =>
    Object.entries(values)
        .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
        .join(',');

export const checksum = (algorithm, bytes) =>
    `${algorithm} ${createHash(algorithm).update(bytes).digest('base64')}`;

/** One exchange: {status, headers, body} with JSON parsed. A header that is undefined is left out. */
export async function tus(person, method, path, headers = {}, bytes) {
    const sent = {
        'Tus-Resumable': '1.0.0',
        ...(person.token ? { Authorization: `Bearer ${person.token}` } : {}),
        'Content-Length': bytes?.length ?? 0,
        ...headers,
    };
    for (const name of Object.keys(sent)) if (sent[name] === undefined) delete sent[name];
    const answer = await bytesFrom(person.server, method, path, { headers: sent, body: bytes });
    const text = answer.body.toString();
    const json = text !== '' && /json/.test(answer.headers.get('content-type') ?? '');
    const read = { ...answer, text, body: json ? JSON.parse(text) : text };
    checkExchange(headers['X-HTTP-Method-Override'] ?? method, path, undefined, read);
    return read;
}

/** Begins an upload of `size` bytes and gives the path by which it goes on. */
export async function create(person, size, values = { filename: 'x.bin' }, headers = {}) {
    const asked = { 'Upload-Length': String(size), 'Upload-Metadata': metadata(values), ...headers };
    const answer = await tus(person, 'POST', uploads, asked);
    assert.equal(answer.status, 201, answer.text);
    return pathOf(answer);
}

/** Where an upload that was created is, on whatever host. */
export function pathOf(answer) {
    const { pathname, search } = new URL(answer.headers.get('location'), 'http://127.0.0.1');
    assert.ok(pathname.startsWith(`${uploads}/`), pathname);
    return pathname + search;
}

export const patch = (person, path, offset, bytes, headers = {}) =>
    tus(person, 'PATCH', path, { ...bytesOfPatch, 'Upload-Offset': String(offset), ...headers }, bytes);

/** How far the server says it has come. */
export async function offsetOf(person, path) {
    const answer = await tus(person, 'HEAD', path);
    assert.equal(answer.status, 200);
    return Number(answer.headers.get('upload-offset'));
}
