// A chat client over npm `ws`: requests answered by `re`, an ordered log of all that arrived, and
// waits that end with the frame they wait for. It judges nothing; the tests do.
import { deepStrictEqual } from 'node:assert';
import WebSocket from 'ws';

import { noteFrame } from './contract.mjs';
import { patience, within } from './deadline.mjs';
import { noteAnswer, noteHeaders, noteText, noteTrace } from './secrets.mjs';

/** The server's answer of type `error` to one request. */
export class WireError extends Error {
    constructor(frame) {
        super(`${frame.code}: ${frame.detail}`);
        this.frame = frame;
        this.code = frame.code;
    }
}

/** Whether it has all that is expected of it, and perhaps more. */
export function contains(actual, expected) {
    if (typeof expected !== 'object' || expected === null) return actual === expected;
    if (Array.isArray(expected)) {
        try {
            deepStrictEqual(actual, expected);
            return true;
        } catch {
            return false;
        }
    }
    if (typeof actual !== 'object' || actual === null) return false;
    return Object.entries(expected).every(([key, value]) => contains(actual[key], value));
}

export class Client {
    log = [];
    /** False: what arrives goes to onFrame and is forgotten. */
    keepsLog = true;
    closed = undefined;
    #waiting = new Set();
    #asked = new Map();
    #nextId = 1;

    /**
     * Upgrades and nothing more; `options` are those of `ws`, `path` may carry a query. `onText` gets every text frame
     * as it came.
     */
    static async upgrade(server, { path = '/ws', onText, ...options } = {}) {
        noteHeaders(options.headers);
        const client = new Client();
        client.onText = onText;
        const ws = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, options);
        client.ws = ws;
        ws.on('message', (data, binary) => client.#arrived(data, binary));
        ws.on('close', (code, reason) => client.#ended(code, reason.toString()));
        const opened = new Promise((resolve, reject) => ws.on('open', resolve).on('error', reject));
        await within(patience, opened, () => 'the upgrade');
        ws.on('error', () => {});
        return client;
    }

    /** Upgrades with the token in the header and waits for `connected`, kept in `hello`. */
    static async connect(server, token, { headers, ...options } = {}) {
        const authorization = { Authorization: `Bearer ${token}` };
        const client = await Client.upgrade(server, {
            ...options,
            headers: { ...authorization, ...headers },
        });
        client.hello = await client.waitFor({ type: 'connected' });
        return client;
    }

    #arrived(data, binary) {
        const text = binary ? '' : data.toString();
        if (!binary) this.onText?.(text);
        const frame = binary ? { type: '(binary)', data } : JSON.parse(text);
        if (frame.type === 'error') noteTrace('answers', text);
        else if (text.includes('&signature=')) noteText(text);
        noteFrame(frame, this.#asked.get(frame.re));
        this.#asked.delete(frame.re);
        if (this.keepsLog) this.log.push(frame);
        this.onFrame?.(frame);
        for (const waiter of [...this.#waiting]) waiter.frame(frame);
    }

    #ended(code, reason) {
        noteTrace('answers', reason);
        this.closed = { code, reason, at: Date.now() };
        for (const waiter of [...this.#waiting]) waiter.close(this.closed);
    }

    /** The first frame, from position `from` of the log on, that has what `wanted` (members or a test) says. */
    waitFor(wanted, { from = 0, ms = patience } = {}) {
        const fits = typeof wanted === 'function' ? wanted : (frame) => contains(frame, wanted);
        const found = this.log.slice(from).find(fits);
        if (found) return Promise.resolve(found);
        const what = () => `${typeof wanted === 'function' ? wanted : JSON.stringify(wanted)}`;
        return this.#wait(ms, what, (settle, fail) => ({
            frame: (frame) => fits(frame) && settle(frame),
            close: ({ code, reason }) =>
                fail(new Error(`closed with ${code} ${reason} before ${what()}`)),
        }));
    }

    /** The close with this code; gives {code, reason, at}. */
    async expectClose(code, ms = patience) {
        const closed =
            this.closed ??
            (await this.#wait(
                ms,
                () => `close ${code}`,
                (settle) => ({ frame: () => {}, close: settle }),
            ));
        if (closed.code !== code)
            throw new Error(`closed with ${closed.code} ${closed.reason}, not ${code}`);
        return closed;
    }

    #wait(ms, what, make) {
        if (this.closed)
            return Promise.reject(new Error(`closed with ${this.closed.code} before ${what()}`));
        let waiter;
        const promise = new Promise((settle, fail) => {
            waiter = make(settle, fail);
            this.#waiting.add(waiter);
        });
        const tail = () =>
            `${what()}; last frames: ${JSON.stringify(this.log.slice(-5)).slice(0, 1500)}`;
        return within(ms, promise, tail).finally(() => this.#waiting.delete(waiter));
    }

    /** Sends without an id, so that nothing is waited for. */
    tell(type, fields = {}) {
        this.sendText(JSON.stringify({ type, ...fields }));
    }

    sendText(text) {
        this.#note(text);
        this.ws.send(text);
    }

    /** Keeps what is asked until it is answered. */
    #note(text) {
        try {
            const frame = JSON.parse(text);
            if (frame?.token) noteText(text);
            if (typeof frame?.id === 'string') this.#asked.set(frame.id, frame);
        } catch {
            // No request: there are tests that send anything.
        }
    }

    /** Sends with a fresh id and gives the frame that answers it, error or not. */
    ask(type, fields = {}, ms = patience) {
        const id = `r${this.#nextId++}`;
        const answer = this.waitFor((frame) => frame.re === id, { from: this.log.length, ms });
        this.sendText(JSON.stringify({ id, type, ...fields }));
        return answer;
    }

    /** The answer to a request that must succeed; an error answer is thrown as a WireError. */
    async request(type, fields, ms) {
        const answer = await this.ask(type, fields, ms);
        if (answer.type === 'error') throw new WireError(answer);
        return answer;
    }

    /** The error frame that answers a request that must be refused. */
    async refused(type, fields) {
        const answer = await this.ask(type, fields);
        if (answer.type !== 'error')
            throw new Error(`${type} was not refused: ${JSON.stringify(answer).slice(0, 400)}`);
        return answer;
    }

    /** Frames of one type in the order of arrival. */
    received(type, from = 0) {
        return this.log.slice(from).filter((frame) => frame.type === type);
    }

    async close() {
        if (this.closed) return;
        const gone = this.#wait(
            patience,
            () => 'the close',
            (settle) => ({ frame: () => {}, close: settle }),
        );
        this.ws.close();
        await gone;
    }
}

/** What an upgrade that is refused gets: {status, headers, body}. An upgrade that succeeds rejects. */
export function refusedUpgrade(server, { path = '/ws', ...options } = {}) {
    const ws = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, options);
    const refused = new Promise((resolve, reject) => {
        ws.on('open', () => {
            ws.terminate();
            reject(new Error('the upgrade was accepted'));
        });
        ws.on('error', reject);
        ws.on('unexpected-response', (request, response) => {
            let body = '';
            response.setEncoding('utf8').on('data', (chunk) => (body += chunk));
            response.on('end', () => {
                noteAnswer(response.statusCode, body);
                ws.removeListener('error', reject);
                ws.on('error', () => {});
                ws.terminate();
                resolve({ status: response.statusCode, headers: response.headers, body });
            });
        });
    });
    return within(patience, refused, () => 'the refusal of an upgrade');
}
