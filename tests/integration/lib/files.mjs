// Files as clients send them.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

import { patience, within } from './deadline.mjs';

const boundary = 'between-parts-of-a-form';

/** A request of `POST /api/upload`: {body, headers}. `content` is text. */
export function form(filename, content, type = 'application/octet-stream') {
    const head =
        `Content-Disposition: form-data; name="file"; filename="${filename}"\r\n` +
        `Content-Type: ${type}\r\n`;
    return {
        body: `--${boundary}\r\n${head}\r\n${content}\r\n--${boundary}--\r\n`,
        headers: { 'Content-Type': `multipart/form-data; boundary=${boundary}` },
    };
}

/** The bytes of a form with one file, as a Buffer. */
export function formBytes(filename, content, type = 'application/octet-stream') {
    const [before, after] = form(filename, '\0\0', type).body.split('\0\0');
    return Buffer.concat([Buffer.from(before), Buffer.from(content), Buffer.from(after)]);
}

/** An exchange whose bodies are bytes: {status, headers, bytes, body (of JSON)}. */
export function exchange(server, method, path, { token, headers = {}, bytes, agent } = {}) {
    const sent = { ...headers };
    if (token) sent.Authorization = `Bearer ${token}`;
    if (bytes && !sent['Transfer-Encoding']) sent['Content-Length'] = bytes.length;
    const asked = request({
        port: server.port,
        host: '127.0.0.1',
        method,
        path,
        headers: sent,
        agent,
    });
    const answer = new Promise((resolve, reject) => {
        asked.on('error', reject);
        asked.on('response', async (response) => {
            try {
                const chunks = [];
                for await (const chunk of response) chunks.push(chunk);
                const all = Buffer.concat(chunks);
                const json = /json/.test(response.headers['content-type'] ?? '');
                resolve({
                    status: response.statusCode,
                    headers: response.headers,
                    bytes: all,
                    body: json ? JSON.parse(all) : undefined,
                });
            } catch (error) {
                reject(error);
            }
        });
    });
    asked.end(bytes);
    return within(patience, answer, () => `the answer to ${method} ${path.slice(0, 80)}`);
}

/** The answer to an upload by `person`. */
export function tryUpload(person, filename, content, type) {
    const { headers } = form('', '');
    const bytes = formBytes(filename, content, type);
    return exchange(person.server, 'POST', '/api/upload', { token: person.token, headers, bytes });
}

/** The attachment that an upload gives. */
export async function upload(person, filename, content, type) {
    const answer = await tryUpload(person, filename, content, type);
    assert.equal(answer.status, 201, answer.bytes.toString().slice(0, 500));
    return answer.body;
}

/** What a file's URL gives, on the server that made it. */
export function download(server, url, headers = {}, method = 'GET') {
    return exchange(server, method, url.replace(/^https?:\/\/[^/]+/, ''), { headers });
}

/** The paths of everything that lies in the server's own store of files. */
export function stored(server) {
    const root = join(server.data, 'files');
    const found = [];
    for (const folder of readdirSync(root, { withFileTypes: true }))
        for (const name of readdirSync(join(root, folder.name)))
            found.push(join(folder.name, name));
    return found;
}
