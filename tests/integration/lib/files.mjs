// Files as people send them and fetch them: a form of one file, and what its link gives.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import net from 'node:net';
import { join } from 'node:path';

import { checkExchange } from './contract.mjs';
import { patience, within } from './deadline.mjs';
import { boundary as hostileBoundary } from './hostile/plain.mjs';
import { noteAnswer, noteHeaders } from './secrets.mjs';

/** Bytes that are a file of no kind: the first ones are NULs, as any others may be a signature. */
export const noise = (size) => randomBytes(size).fill(0, 0, Math.min(512, size >> 2));

/** As browsers write a name in a form: of what would end it only that is escaped. */
const escaped = (name) =>
    name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');

/** A form with one file; a `filename` that is a Buffer goes as it is. */
export function form({ filename, claimedType, bytes }, boundary = hostileBoundary) {
    const name = Buffer.isBuffer(filename) ? filename : Buffer.from(escaped(filename));
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="`;
    const type = `"\r\nContent-Type: ${claimedType}\r\n\r\n`;
    const parts = [head, name, type, bytes, `\r\n--${boundary}--\r\n`];
    return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

export const formType = { 'Content-Type': `multipart/form-data; boundary=${hostileBoundary}` };

/** A request with a small file of text, as wires of JSON send it: {body, headers}. */
export function textForm(filename, content) {
    const file = { filename, claimedType: 'application/octet-stream', bytes: content };
    return { body: form(file).toString(), headers: formType };
}

async function bytesOf(response) {
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    return Buffer.concat(chunks);
}

/** A picture may take seconds of a processor that others want, too. */
const answerMs = 4 * patience;

/** One exchange with any bytes both ways: {status, headers, body}. A body that breaks off rejects. */
export async function bytesFrom(server, method, path, { headers = {}, body, ms = answerMs } = {}) {
    const exchange = async () => {
        const asked = request({ host: '127.0.0.1', port: server.port, method, path, headers });
        // A refusal may come while the body is still on its way.
        asked.on('error', () => {});
        asked.end(body);
        const [response] = await once(asked, 'response');
        const received = new Headers();
        for (let i = 0; i < response.rawHeaders.length; i += 2)
            received.append(response.rawHeaders[i], response.rawHeaders[i + 1]);
        const bytes = await bytesOf(response);
        noteHeaders(headers);
        if (/json|text/.test(received.get('content-type') ?? '')) noteAnswer(response.statusCode, bytes.toString());
        return { status: response.statusCode, headers: received, body: bytes };
    };
    return within(ms, exchange(), () => `the answer to ${method} ${path}`);
}

/** `POST /api/upload`: {status, headers, body} with JSON parsed, held against the contract. */
export async function upload(person, file, { ms } = {}) {
    const body = form(file);
    const headers = {
        Authorization: `Bearer ${person.token}`,
        ...formType,
        'Content-Length': body.length,
    };
    const answer = await bytesFrom(person.server, 'POST', '/api/upload', { headers, body, ms });
    const text = answer.body.toString();
    const json = /json/.test(answer.headers.get('content-type') ?? '');
    const read = { ...answer, text, body: json ? JSON.parse(text) : text };
    checkExchange('POST', '/api/upload', undefined, read);
    return read;
}

/** Sends the head of `POST /api/upload`, and perhaps the `start` of its body, and gives the socket. */
export function beginUpload(person, { length, chunked = false, start }) {
    const { port } = person.server;
    const socket = net.connect({ port, host: '127.0.0.1' });
    const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
    socket.write(
        `POST /api/upload HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
            `Authorization: Bearer ${person.token}\r\nContent-Type: ${formType['Content-Type']}\r\n` +
            `${framing}\r\n\r\n`,
    );
    if (start) socket.write(start);
    return socket;
}

/** What a link gives to whoever has it: no token goes with it. */
export function fetchLink(server, link, { method = 'GET', headers, ms } = {}) {
    const url = new URL(link, server.url);
    return bytesFrom({ port: url.port }, method, url.pathname + url.search, {
        headers: { Host: url.host, ...headers },
        ms,
    });
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

/** Those that are whole. What became of a refused upload goes a little after the answer. */
export const storedWhole = (server) => stored(server).filter((path) => !path.startsWith('drafts/'));
