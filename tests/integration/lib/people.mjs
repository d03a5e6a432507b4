// People who use the server: signed in by `banter token` or by registering, with Node's own HTTP
// client for the API.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';

import { Client } from './client.mjs';
import { checkExchange } from './contract.mjs';
import { patience, within } from './deadline.mjs';
import { noteExchange } from './secrets.mjs';
import { run } from './server.mjs';

export const password = 'correct horse battery staple';
/** What `refresh` and `logout` ask for, so that no other page can use the cookie. */
export const requested = { 'X-Requested-With': 'banter' };

/**
 * One HTTP exchange: {status, headers, body} with JSON parsed; a string body goes as it is. An exchange that is not as
 * the contract says is thrown.
 */
export async function http(server, method, path, { token, body, headers = {} } = {}) {
    const sent = {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
    };
    if (token) sent.Authorization = `Bearer ${token}`;
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await within(
        patience,
        answered(server, method, path, sent, text),
        () => `the answer to ${method} ${path}`,
    );
    noteExchange({ headers: sent, body: text }, response);
    const json = response.text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    const answer = { ...response, body: json ? JSON.parse(response.text) : response.text };
    checkExchange(method, path, text, answer);
    return answer;
}

/** On a connection of its own. Not `fetch`: that of Node 18 in Debian hides all cookies but one. */
async function answered(server, method, path, headers, text) {
    // Node gives a DELETE no length of its own, and what has none is no body.
    const sized =
        text === undefined ? headers : { 'Content-Length': Buffer.byteLength(text), ...headers };
    const asked = request({
        port: server.port,
        host: '127.0.0.1',
        method,
        path,
        headers: sized,
    });
    asked.end(text);
    const [response] = await once(asked, 'response');
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += chunk;
    const received = new Headers();
    for (let i = 0; i < response.rawHeaders.length; i += 2)
        received.append(response.rawHeaders[i], response.rawHeaders[i + 1]);
    received.getSetCookie = () => response.headers['set-cookie'] ?? [];
    return { status: response.statusCode, headers: received, text: body };
}

/** Tokens of the local issuer, made offline; `flags` as for `banter token`. */
export async function tokens(server, subject, ...flags) {
    const { code, stdout, output } = await run([
        'token',
        '--data',
        server.data,
        '--subject',
        subject,
        ...flags,
    ]);
    assert.equal(code, 0, output);
    return stdout.trim().split('\n');
}

export class Person {
    constructor(server, token, user) {
        Object.assign(this, { server, token, user, id: user.id, handle: user.handle });
    }

    http(method, path, body, headers) {
        return http(this.server, method, path, { token: this.token, body, headers });
    }

    /** The body of an exchange that must give `status`. */
    async ok(method, path, body, status = 200) {
        const answer = await this.http(method, path, body);
        assert.equal(answer.status, status, `${method} ${path}: ${answer.text.slice(0, 500)}`);
        return answer.body;
    }

    /** An exchange that must be refused with this status and code, as a problem document. */
    async refused(method, path, body, status, code) {
        const answer = await this.http(method, path, body);
        assert.equal(answer.status, status, `${method} ${path}: ${answer.text.slice(0, 500)}`);
        assert.equal(answer.body.code, code, answer.text);
        return answer;
    }

    connect(options) {
        return Client.connect(this.server, this.token, options);
    }

    /** A socket that has joined the threads. */
    async joined(...threads) {
        const client = await this.connect();
        for (const thread of threads) await client.request('thread:join', { threadId: thread.id });
        return client;
    }

    /** Opens a channel, public unless said otherwise, with a name of its own. */
    channel({ name = `c-${randomUUID().slice(0, 8)}`, visibility = 'public' } = {}) {
        return this.ok('POST', '/api/threads', { kind: 'channel', name, visibility }, 201);
    }

    join(thread) {
        return this.ok('POST', `/api/threads/${thread.id}/join`);
    }

    /** Sends over HTTP and gives the message. */
    send(thread, content, fields = {}) {
        const body = { nonce: randomUUID(), content, ...fields };
        return this.ok('POST', `/api/threads/${thread.id}/messages`, body, 201);
    }

    history(thread, query = '') {
        return this.ok('GET', `/api/threads/${thread.id}/messages${query}`);
    }

    thread(thread) {
        return this.ok('GET', `/api/threads/${thread.id}`);
    }
}

async function whoever(server, token) {
    const { status, body, text } = await http(server, 'GET', '/api/me', { token });
    assert.equal(status, 200, text);
    return new Person(server, token, body.user ?? body);
}

/** Someone signed in with a token of `banter token`, known to the server at the first use. */
export async function person(server, handle, ...flags) {
    const [token] = await tokens(server, handle, ...flags);
    return whoever(server, token);
}

/** `count` people with handles `prefix0`, `prefix1` … */
export async function people(server, prefix, count) {
    const made = await tokens(server, prefix, '--count', String(count));
    return Promise.all(made.map((token) => whoever(server, token)));
}

/** Someone who registers with a password; `cookie` is the refresh cookie as a browser would send it back. */
export async function register(server, handle, displayName = handle) {
    const answer = await http(server, 'POST', '/api/auth/register', {
        body: { handle, displayName, password },
    });
    assert.equal(answer.status, 201, answer.text);
    const registered = new Person(server, answer.body.token, answer.body.user);
    registered.tokenExpiresAt = answer.body.tokenExpiresAt;
    registered.cookie = cookieOf(answer);
    return registered;
}

/** Another sign-in of someone who has registered. */
export async function signInAgain({ server, handle }, secret = password, headers = {}) {
    const body = { handle, password: secret };
    const answer = await http(server, 'POST', '/api/auth/login', { body, headers });
    assert.equal(answer.status, 200, answer.text);
    const again = new Person(server, answer.body.token, answer.body.user);
    again.cookie = cookieOf(answer);
    return again;
}

/** The name=value of the cookie that an answer sets, or undefined. */
export function cookieOf(answer) {
    return answer.headers.getSetCookie()[0]?.split(';')[0];
}
