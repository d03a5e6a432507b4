// Bytes on a socket, for what no well-behaved client sends: malformed HTTP and WebSocket frames.
import { randomBytes } from 'node:crypto';
import net from 'node:net';

import { patience, within } from './deadline.mjs';
import { noteAnswer, noteSecret } from './secrets.mjs';

/** An open socket that collects what it receives. */
export class RawSocket {
    received = Buffer.alloc(0);
    closed = false;
    #changed = new Set();

    static async open(server) {
        const raw = new RawSocket();
        raw.socket = net.connect(server.port, '127.0.0.1');
        raw.socket.setNoDelay(true);
        raw.socket.on('data', (chunk) => {
            raw.received = Buffer.concat([raw.received, chunk]);
            raw.#wake();
        });
        raw.socket.on('close', () => {
            raw.closed = true;
            raw.#wake();
        });
        const opened = new Promise((resolve, reject) =>
            raw.socket.on('connect', resolve).on('error', reject),
        );
        await within(patience, opened, () => 'the connection');
        return raw;
    }

    #wake() {
        for (const check of [...this.#changed]) check();
    }

    write(bytes) {
        this.socket.write(bytes);
    }

    /** Waits until `reached()` gives something other than undefined; looks again whenever bytes arrive. */
    wait(reached, what, ms = patience) {
        let check;
        const promise = new Promise((resolve, reject) => {
            check = () => {
                const value = reached();
                if (value !== undefined) resolve(value);
                else if (this.closed)
                    reject(new Error(`closed before ${what}: ${this.received.subarray(0, 300)}`));
            };
            this.#changed.add(check);
            check();
        });
        return within(ms, promise, () => what).finally(() => this.#changed.delete(check));
    }

    end() {
        this.socket.destroy();
    }
}

/** Writes bytes and reads until the server closes; gives the responses. Not closing is a failure. */
export async function exchange(server, bytes, ms = patience) {
    const raw = await RawSocket.open(server);
    raw.socket.on('error', () => {});
    raw.write(bytes);
    try {
        await raw.wait(() => (raw.closed ? true : undefined), 'the server to close', ms);
    } catch (error) {
        error.message += `; received ${JSON.stringify(raw.received.toString('latin1').slice(0, 400))}`;
        throw error;
    } finally {
        raw.end();
    }
    const responses = parseResponses(raw.received.toString('latin1'));
    for (const { status, body } of responses) noteAnswer(status, body);
    return { bytes: raw.received, responses };
}

/** How much of `text` the chunks of one body take, with the last chunk. */
function chunkedSize(text) {
    for (let at = 0; ;) {
        const size = parseInt(text.slice(at), 16);
        if (Number.isNaN(size)) return text.length;
        at = text.indexOf('\r\n', at) + 2 + size + 2;
        if (size === 0) return at;
    }
}

/** Splits a byte stream into HTTP responses, by Content-Length or by chunks. */
export function parseResponses(text) {
    const responses = [];
    let rest = text;
    while (rest.startsWith('HTTP/1.')) {
        const end = rest.indexOf('\r\n\r\n');
        if (end < 0) break;
        const [start, ...lines] = rest.slice(0, end).split('\r\n');
        const headers = Object.fromEntries(
            lines.map((line) => [
                line.slice(0, line.indexOf(':')).toLowerCase(),
                line.slice(line.indexOf(':') + 1).trim(),
            ]),
        );
        rest = rest.slice(end + 4);
        const chunked = /chunked/i.test(headers['transfer-encoding']);
        const size = chunked ? chunkedSize(rest) : Number(headers['content-length'] ?? 0);
        const body = rest.slice(0, size);
        rest = rest.slice(size);
        const status = Number(start.split(' ')[1]);
        if (status !== 100) responses.push({ status, headers, body });
    }
    return responses;
}

/** One WebSocket frame; `length` overrides how the length is written: {bits: 7|16|64, value: BigInt}. */
export function frame({ fin = true, rsv = 0, opcode = 1, mask = true, payload = '', length } = {}) {
    const body = Buffer.from(payload);
    const bits = length?.bits ?? (body.length < 126 ? 7 : body.length < 65536 ? 16 : 64);
    const value = length?.value ?? BigInt(body.length);
    const head = [(fin ? 0x80 : 0) | (rsv << 4) | opcode, mask ? 0x80 : 0];
    const extra = Buffer.alloc(bits === 7 ? 0 : bits / 8);
    if (bits === 7) head[1] |= Number(value);
    else if (bits === 16) ((head[1] |= 126), extra.writeUInt16BE(Number(value)));
    else ((head[1] |= 127), extra.writeBigUInt64BE(value));
    if (!mask) return Buffer.concat([Buffer.from(head), extra, body]);
    const key = randomBytes(4);
    const masked = body.map((byte, index) => byte ^ key[index % 4]);
    return Buffer.concat([Buffer.from(head), extra, key, masked]);
}

/** A WebSocket over a RawSocket: upgraded with the token, without extensions. */
export async function rawWebSocket(server, token, headers = '') {
    const raw = await RawSocket.open(server);
    raw.socket.on('error', () => {});
    raw.write(upgradeRequest(server, token, headers));
    const end = await raw.wait(() => {
        const at = raw.received.indexOf('\r\n\r\n');
        return at < 0 ? undefined : at;
    }, 'the answer to the upgrade');
    raw.status = Number(raw.received.subarray(9, 12).toString());
    raw.received = raw.received.subarray(end + 4);
    return raw;
}

export function upgradeRequest(server, token, headers = '') {
    noteSecret(token);
    return (
        `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        (token ? `Authorization: Bearer ${token}\r\n` : '') +
        `${headers}\r\n`
    );
}

/** The frames that a server has written: [{opcode, payload}], complete ones only. */
export function serverFrames(bytes) {
    const frames = [];
    let at = 0;
    while (at + 2 <= bytes.length) {
        let length = bytes[at + 1] & 0x7f;
        let body = at + 2;
        if (length === 126)
            ((length = at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : Infinity),
                (body = at + 4));
        else if (length === 127)
            ((length = at + 10 <= bytes.length ? Number(bytes.readBigUInt64BE(at + 2)) : Infinity),
                (body = at + 10));
        if (body + length > bytes.length) break;
        frames.push({ opcode: bytes[at] & 0x0f, payload: bytes.subarray(body, body + length) });
        at = body + length;
    }
    return frames;
}

/** The close code that the server sent on a raw WebSocket, waited for. */
export function closeCode(raw) {
    return raw.wait(() => {
        const close = serverFrames(raw.received).find(({ opcode }) => opcode === 8);
        return close && (close.payload.length >= 2 ? close.payload.readUInt16BE(0) : 1005);
    }, 'a close frame');
}
