// HTTP on connections that are kept, for tests that ask very often: the answer with every byte of
// it, so that two answers can be compared as they came.
import net from 'node:net';

import { patience, within } from './deadline.mjs';
import { noteExchange } from './secrets.mjs';

const headEnd = Buffer.from('\r\n\r\n');

/** Header fields by lower-case name, with the `get` of the web's Headers. */
class Fields {
    #values = new Map();

    constructor(lines) {
        for (const line of lines) {
            const colon = line.indexOf(':');
            const name = line.slice(0, colon).toLowerCase();
            const value = line.slice(colon + 1).trim();
            this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
        }
    }

    get(name) {
        return this.#values.get(name.toLowerCase())?.join(', ') ?? null;
    }

    getSetCookie() {
        return this.#values.get('set-cookie') ?? [];
    }
}

/** One connection: one request after the other. */
class Connection {
    #socket;
    #received = Buffer.alloc(0);
    #waiting;

    static async open(server, localAddress) {
        const connection = new Connection();
        const socket = net.connect({ port: server.port, host: '127.0.0.1', localAddress });
        connection.#socket = socket;
        socket.setNoDelay(true);
        socket.on('data', (chunk) => connection.#arrived(chunk));
        socket.on('error', (error) => connection.#ended(error));
        socket.on('close', () => connection.#ended(new Error('closed without an answer')));
        await new Promise((resolve, reject) => socket.on('connect', resolve).on('error', reject));
        return connection;
    }

    get open() {
        return !this.#socket.destroyed;
    }

    ask(bytes) {
        const answer = new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
        this.#socket.write(bytes);
        return answer;
    }

    end() {
        this.#socket.destroy();
    }

    #arrived(chunk) {
        this.#received = this.#received.length ? Buffer.concat([this.#received, chunk]) : chunk;
        const end = this.#received.indexOf(headEnd);
        if (end < 0) return;
        const head = this.#received.toString('latin1', 0, end);
        const [start, ...lines] = head.split('\r\n');
        const fields = new Fields(lines);
        const total = end + headEnd.length + Number(fields.get('content-length') ?? 0);
        if (this.#received.length < total) return;
        const text = this.#received.toString('utf8', end + headEnd.length, total);
        this.#received = this.#received.subarray(total);
        if (/^close$/i.test(fields.get('connection'))) this.end();
        const { resolve } = this.#waiting;
        this.#waiting = undefined;
        resolve({ status: Number(start.split(' ')[1]), headers: fields, head, text });
    }

    #ended(error) {
        this.#waiting?.reject(error);
        this.#waiting = undefined;
    }
}

const field = (name, value) => (value === undefined ? '' : `${name}: ${value}\r\n`);

export class Wire {
    #server;
    #address;
    #free = [];
    #open = new Set();

    /** `address`: of this machine, to ask from; all of 127.0.0.0/8 are. */
    constructor(server, address) {
        this.#server = server;
        this.#address = address;
    }

    /**
     * One exchange: {status, headers, text, body, bytes}. `body` is parsed where it is JSON, and `bytes` are all that
     * came, but for the Date.
     */
    async ask(method, path, { token, body, headers = {} } = {}) {
        const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
        const fields = {
            Host: `127.0.0.1:${this.#server.port}`,
            Authorization: token && `Bearer ${token}`,
            'Content-Type': text === undefined ? undefined : 'application/json',
            'Content-Length': text === undefined ? undefined : Buffer.byteLength(text),
            ...headers,
        };
        const lines = Object.entries(fields).map(([name, value]) => field(name, value));
        const request = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text ?? ''}`;
        const what = () => `the answer to ${method} ${path}`;
        const answer = await within(patience, this.#exchange(request), what);
        const sent = Object.entries(fields).filter(([, value]) => value !== undefined);
        noteExchange({ headers: Object.fromEntries(sent), body: text }, answer);
        const head = answer.head.replace(/^Date: .*\r\n/im, '');
        const json = answer.text !== '' && /json/.test(answer.headers.get('content-type') ?? '');
        return {
            ...answer,
            body: json ? JSON.parse(answer.text) : answer.text,
            bytes: `${head}\r\n\r\n${answer.text}`,
        };
    }

    async #exchange(request) {
        let connection = this.#free.pop();
        while (connection && !connection.open) connection = this.#free.pop();
        connection ??= await Connection.open(this.#server, this.#address);
        this.#open.add(connection);
        try {
            const answer = await connection.ask(request);
            this.#free.push(connection);
            return answer;
        } catch (error) {
            connection.end();
            throw error;
        }
    }

    end() {
        for (const connection of this.#open) connection.end();
    }
}
