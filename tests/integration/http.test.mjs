// HTTP at its edges: request smuggling and path tricks, and what every answer of the API has.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { exchange, http, person, startServer } from './harness.mjs';

const server = await startServer();
const ada = await person(server, 'ada');
const thread = await ada.channel();
const host = `Host: 127.0.0.1:${server.port}`;
const auth = `Authorization: Bearer ${ada.token}`;
const post = `POST /api/threads HTTP/1.1\r\n${host}\r\n${auth}\r\nContent-Type: application/json\r\n`;
const get = `GET /api/config HTTP/1.1\r\n${host}\r\n`;
const hidden = `GET /healthz HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`;
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`;
const after = `0\r\n\r\n${hidden}`;

/** Requests about whose length two readers could differ: refused and closed, what follows is never a request. */
const ambiguous = {
    'Content-Length and Transfer-Encoding': `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n${after}`,
    'Transfer-Encoding and Content-Length': `${post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${after}`,
    'two Content-Lengths that differ': `${post}Content-Length: 0\r\nContent-Length: 60\r\n\r\n${hidden}`,
    'two Content-Lengths that agree': `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}${hidden}`,
    'a list of Content-Lengths': `${post}Content-Length: 2, 2\r\n\r\n{}${hidden}`,
    'a Content-Length with a plus': `${post}Content-Length: +2\r\n\r\n{}${hidden}`,
    'a negative Content-Length': `${post}Content-Length: -2\r\n\r\n{}${hidden}`,
    'a hexadecimal Content-Length': `${post}Content-Length: 0x2\r\n\r\n{}${hidden}`,
    'a Content-Length with a letter': `${post}Content-Length: 2a\r\n\r\n{}${hidden}`,
    'an empty Content-Length': `${post}Content-Length: \r\n\r\n${hidden}`,
    'a fractional Content-Length': `${post}Content-Length: 2.0\r\n\r\n{}${hidden}`,
    'a Content-Length in two parts': `${post}Content-Length: 2 2\r\n\r\n{}${hidden}`,
    'a Content-Length of 2^64 and 2': `${post}Content-Length: 18446744073709551618\r\n\r\n{}${hidden}`,
    'a Content-Length with a vertical tab': `${post}Content-Length: 2\x0b\r\n\r\n{}${hidden}`,
    'a Content-Length in quotes': `${post}Content-Length: "2"\r\n\r\n{}${hidden}`,
    'a Content-Length in other digits': `${post}Content-Length: \u0662\r\n\r\n{}${hidden}`,
    'Transfer-Encoding identity': `${post}Transfer-Encoding: identity\r\n\r\n${after}`,
    'Transfer-Encoding identity beside a length': `${post}Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}${hidden}`,
    'Transfer-Encoding gzip, chunked': `${post}Transfer-Encoding: gzip, chunked\r\n\r\n${after}`,
    'Transfer-Encoding chunked, gzip': `${post}Transfer-Encoding: chunked, gzip\r\n\r\n${after}`,
    'Transfer-Encoding chunked, chunked': `${post}Transfer-Encoding: chunked, chunked\r\n\r\n${after}`,
    'Transfer-Encoding chunked, identity': `${post}Transfer-Encoding: chunked, identity\r\n\r\n${after}`,
    'Transfer-Encoding in two lines': `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n${after}`,
    'Transfer-Encoding xchunked': `${post}Transfer-Encoding: xchunked\r\n\r\n${after}`,
    'Transfer-Encoding with a vertical tab': `${post}Transfer-Encoding: \x0bchunked\r\n\r\n${after}`,
    'Transfer-Encoding with a parameter': `${post}Transfer-Encoding: chunked;q=1\r\n\r\n${after}`,
    'Transfer-Encoding in quotes': `${post}Transfer-Encoding: "chunked"\r\n\r\n${after}`,
    'an empty Transfer-Encoding': `${post}Transfer-Encoding:\r\nContent-Length: 2\r\n\r\n{}${hidden}`,
    'Transfer-Encoding in HTTP/1.0': chunked.replace('HTTP/1.1', 'HTTP/1.0') + after,
    'a space before the colon of Content-Length': `${post}Content-Length : 2\r\n\r\n{}${hidden}`,
    'a space before the colon of Transfer-Encoding': `${post}Transfer-Encoding : chunked\r\n\r\n${after}`,
    'a tab before the colon': `${post}Content-Length\t: 2\r\n\r\n{}${hidden}`,
    'a folded header': `${post}Transfer-Encoding:\r\n chunked\r\n\r\n${after}`,
    'a folded harmless header': `${get}X-A: 1\r\n 2\r\n\r\n`,
    'a space before the first header': `GET /api/config HTTP/1.1\r\n ${host}\r\n\r\n`,
    'a bare LF after a header': `${post}Content-Length: 0\nX-A: 1\r\n\r\n${hidden}`,
    'bare LFs only': `GET /api/config HTTP/1.1\n${host}\n\n`,
    'a bare LF at the end of the head': `${post}Content-Length: 0\r\n\n${hidden}`,
    'a bare CR in a header': `${get}X-A: 1\rX-B: 2\r\n\r\n`,
    'a bare CR at the end of a line': `GET /api/config HTTP/1.1\r${host}\r\n\r\n`,
    'NUL in a header value': `${get}X-A: a\0b\r\n\r\n`,
    'NUL in a header name': `${get}X-\0A: b\r\n\r\n`,
    'a header without a colon': `${get}Transfer-Encoding chunked\r\n\r\n`,
    'a header without a name': `${get}: x\r\n\r\n`,
    'a header name with a bracket': `${get}X(A): x\r\n\r\n`,
    'a header name beyond ASCII': `${get}X-\u00e9: x\r\n\r\n`,
    'no Host': 'GET /api/config HTTP/1.1\r\n\r\n',
    'two Hosts': `${get}Host: evil.example\r\n\r\n`,
    'a Host that is none': 'GET /api/config HTTP/1.1\r\nHost: a b\r\n\r\n',
    'a Host with a path': 'GET /api/config HTTP/1.1\r\nHost: a/b\r\n\r\n',
    'a chunk size with 0x': `${chunked}0x2\r\n{}\r\n${after}`,
    'a chunk size with a plus': `${chunked}+2\r\n{}\r\n${after}`,
    'a negative chunk size': `${chunked}-2\r\n{}\r\n${after}`,
    'a chunk size without a digit': `${chunked}\r\n\r\n${hidden}`,
    'a chunk size that is a semicolon': `${chunked};\r\n\r\n${hidden}`,
    'a chunk size with an underscore': `${chunked}0_2\r\n{}\r\n${after}`,
    'a chunk size with a space before it': `${chunked} 2\r\n{}\r\n${after}`,
    'a chunk size of 2^64': `${chunked}10000000000000000\r\n{}\r\n${after}`,
    'a chunk size of 2^32 and 2': `${chunked}100000002\r\n{}\r\n${after}`,
    'a chunk size of 2^64 - 1': `${chunked}ffffffffffffffff\r\n{}\r\n${after}`,
    'a chunk size ended by LF': `${chunked}2\n{}\r\n${after}`,
    'a chunk ended by LF': `${chunked}2\r\n{}\n${after}`,
    'a chunk ended by other bytes': `${chunked}2\r\n{}XX${after}`,
    'a chunk that is longer than its size': `${chunked}1\r\n{}\r\n${after}`,
    'a chunk extension of 16 KB': `${chunked}2;a=${'b'.repeat(16_000)}\r\n{}\r\n${after}`,
    'a chunk extension with a bare CR': `${chunked}2;a\rb\r\n{}\r\n${after}`,
    'a chunk extension with a bare LF': `${chunked}2;a\nb\r\n{}\r\n${after}`,
    'two unchecked bytes after the last chunk': `${chunked}2\r\n{}\r\n0\r\nXX${hidden}`,
    'trailers of 100 KB': `${chunked}2\r\n{}\r\n0\r\n${`X-T: ${'a'.repeat(1000)}\r\n`.repeat(100)}\r\n`,
    'a trailer that is no header': `${chunked}2\r\n{}\r\n0\r\nnonsense\r\n\r\n${hidden}`,
    'a method with a bracket': `GE(T /api/config HTTP/1.1\r\n${host}\r\n\r\n`,
    CONNECT: `CONNECT 127.0.0.1:1 HTTP/1.1\r\n${host}\r\n\r\n${hidden}`,
    'two spaces after the method': `GET  /api/config HTTP/1.1\r\n${host}\r\n\r\n`,
    'a tab in the request line': `GET\t/api/config\tHTTP/1.1\r\n${host}\r\n\r\n`,
    'a space in the target': `GET /api/ config HTTP/1.1\r\n${host}\r\n\r\n`,
    'NUL in the target': `GET /api/con\0fig HTTP/1.1\r\n${host}\r\n\r\n`,
    'a control character in the target': `GET /api/\x01config HTTP/1.1\r\n${host}\r\n\r\n`,
    'a target without a slash': `GET api/config HTTP/1.1\r\n${host}\r\n\r\n`,
    'no version': `GET /api/config\r\n${host}\r\n\r\n`,
    'HTTP/2.0': `GET /api/config HTTP/2.0\r\n${host}\r\n\r\n`,
    'HTTP/1.10': `GET /api/config HTTP/1.10\r\n${host}\r\n\r\n`,
    'http/1.1': `GET /api/config http/1.1\r\n${host}\r\n\r\n`,
    'a space after the version': `GET /api/config HTTP/1.1 \r\n${host}\r\n\r\n`,
    'a TLS greeting': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 and so on and so on\r\n\r\n',
    'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
};

for (const [name, bytes] of Object.entries(ambiguous)) {
    test(`${name}: refused and closed`, async () => {
        const before = (await ada.ok('GET', '/api/threads')).items.length;
        const { responses } = await exchange(
            server,
            Buffer.from(bytes, name.includes('digits') ? 'utf8' : 'latin1'),
        );
        assert.equal(responses.length, 1, `${responses.length} responses`);
        const { status } = responses[0];
        assert.ok((status >= 400 && status < 500) || [501, 505].includes(status), `${status}`);
        assert.equal((await ada.ok('GET', '/api/threads')).items.length, before);
    });
}

/** Requests that are whole and unusual: one answer each, then the next request on the connection. */
const whole = {
    'a body on a GET': [
        `GET /healthz HTTP/1.1\r\n${host}\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
        1,
    ],
    'a chunked body in one byte pieces': [`${chunked}1\r\n{\r\n1\r\n}\r\n0\r\n\r\n${hidden}`, 2],
    'a chunk size with leading zeros and an extension': [`${chunked}0002;a=b\r\n{}\r\n${after}`, 2],
    'Transfer-Encoding in other case': [
        `${post}tRANSFER-eNCODING: CHUNKED\r\n\r\n2\r\n{}\r\n${after}`,
        2,
    ],
    'a Content-Length with leading zeros': [`${post}Content-Length: 0002\r\n\r\n{}${hidden}`, 2],
    'pipelined requests': [`${get}\r\n${get}\r\n${hidden}`, 3],
    'an empty line before the request': [`\r\n${hidden}`, 1],
    'a request behind Connection: close': [`${get}Connection: close\r\n\r\n${hidden}`, 1],
};
for (const [name, [bytes, count]] of Object.entries(whole)) {
    test(`${name}: ${count} answered, or refused and closed`, async () => {
        const text =
            name === 'a body on a GET'
                ? bytes.replace('\r\nContent', '\r\nConnection: close\r\nContent')
                : bytes;
        const { responses } = await exchange(server, text);
        const last = responses.at(-1);
        assert.ok(
            responses.length === count || (responses.length < count && last.status >= 400),
            `${responses.length}`,
        );
        assert.ok(responses.every(({ status }) => status < 500));
    });
}

for (const method of ['get', 'BREW', 'TRACE', 'PROPFIND']) {
    test(`the method ${method} is refused, and nothing of the request comes back`, async () => {
        const secret = 'X-Secret: do not repeat';
        const request = `${method} /api/config HTTP/1.1\r\n${host}\r\n${secret}\r\n\r\n${hidden}`;
        const { bytes, responses } = await exchange(server, request);
        assert.ok([400, 405, 501].includes(responses[0].status), `${responses[0].status}`);
        assert.ok(responses.length === 1 || responses[1].status === 200);
        assert.ok(!bytes.includes('do not repeat'));
    });
}

test('what follows an upgrade belongs to the socket, not to HTTP', async () => {
    const upgrade =
        `GET /ws HTTP/1.1\r\n${host}\r\n${auth}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
    const { bytes } = await exchange(server, upgrade + hidden);
    const text = bytes.toString('latin1');
    assert.match(text, /^HTTP\/1\.1 101 /);
    assert.match(text, /s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/);
    assert.equal(text.match(/HTTP\/1\.1/g).length, 1);
});

const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
const version = 'Sec-WebSocket-Version: 13\r\n';
const upgradeLine = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';
const handshakes = {
    'without a key': [`GET /ws HTTP/1.1\r\n${host}\r\n${upgradeLine}${version}`, 400],
    'with a key that is too short': [
        `GET /ws HTTP/1.1\r\n${host}\r\n${upgradeLine}${version}Sec-WebSocket-Key: YWJj\r\n`,
        400,
    ],
    'with two keys': [`GET /ws HTTP/1.1\r\n${host}\r\n${upgradeLine}${version}${key}${key}`, 400],
    'with version 8': [
        `GET /ws HTTP/1.1\r\n${host}\r\n${upgradeLine}${key}Sec-WebSocket-Version: 8\r\n`,
        426,
    ],
    'without Upgrade': [`GET /ws HTTP/1.1\r\n${host}\r\n${version}${key}`, 426],
    'with POST': [
        `POST /ws HTTP/1.1\r\n${host}\r\n${upgradeLine}${version}${key}Content-Length: 0\r\n`,
        405,
    ],
    'in HTTP/1.0': [`GET /ws HTTP/1.0\r\n${host}\r\n${upgradeLine}${version}${key}`, 400],
};
for (const [name, [head, status]] of Object.entries(handshakes)) {
    test(`an upgrade ${name} is refused`, async () => {
        const { responses } = await exchange(
            server,
            `${head.replace('Connection: Upgrade', 'Connection: Upgrade, close')}${head.includes('Connection') ? '' : 'Connection: close\r\n'}\r\n`,
        );
        const found = responses[0].status;
        assert.ok(found === status || (found >= 400 && found < 500), `${found}`);
        if (name === 'with version 8')
            assert.equal(responses[0].headers['sec-websocket-version'], '13');
    });
}

const tricks = [
    '//api/me',
    '/api//me',
    '/api/me/',
    '/api/me//',
    '/API/ME',
    '/Api/Me',
    '/api/%6de',
    '/%61pi/me',
    '/api%2fme',
    '/api%2Fme',
    '/api/me%2f',
    '/api/me%00',
    '/api/me%20',
    '/api/me.',
    '/api/me.json',
    '/api/me;x=1',
    '/api/me..;/',
    '/api;/me',
    '/api/./me',
    '/api/x/../me',
    '/x/..;/api/me',
    '/../api/me',
    '/api/%2e%2e/api/me',
    '/api/me%3f',
    '/api\\me',
    '/\\api/me',
    '/api/me?',
    '/api/me??',
    '/api/me#x',
    '/api/config/../me',
    '/healthz/../api/me',
    '/api/config;/../me',
    '/.well-known/../api/me',
    '/api/me/%',
    '/api/m%zz',
    `http://127.0.0.1:${server.port}/api/me`,
    'http://evil.example/api/me',
    'https://evil.example/api/me',
    '*',
    '//evil.example/api/me',
];
for (const target of tricks) {
    test(`the target ${target} opens no other door`, async () => {
        const ask = async (headers) => {
            const request = `GET ${target} HTTP/1.1\r\n${host}\r\n${headers}Connection: close\r\n\r\n`;
            const { responses } = await exchange(server, request);
            assert.equal(responses.length, 1);
            return responses[0];
        };
        const anonymous = await ask('');
        assert.ok(anonymous.status >= 400 && anonymous.status < 500, `${anonymous.status}`);
        const signedIn = await ask(`${auth}\r\n`);
        assert.ok([200, 400, 404, 405, 421].includes(signedIn.status), `${signedIn.status}`);
        if (signedIn.status === 200) assert.match(signedIn.body, new RegExp(ada.id));
    });
}

test('every answer under /api may be kept by nobody', async () => {
    const message = await ada.send(thread, 'x');
    const requests = [
        ['GET', '/api/config'],
        ['GET', '/api/boot'],
        ['GET', '/api/me'],
        ['GET', '/api/threads'],
        ['GET', `/api/threads/${thread.id}`],
        ['GET', `/api/threads/${thread.id}/messages`],
        ['GET', '/api/threads/discover?q=x'],
        ['GET', `/api/messages/${message.id}`],
        ['POST', '/api/threads', { kind: 'channel', name: 'kept' }],
        ['POST', '/api/threads', { kind: 'x' }],
        ['POST', '/api/threads', '{'],
        ['POST', `/api/threads/${thread.id}/messages`, { nonce: randomUUID(), content: 'x' }],
        ['GET', '/api/nothing'],
        ['GET', '/api'],
        ['GET', '/api/'],
        ['DELETE', '/api/config'],
        ['POST', '/api/auth/login', { handle: 'ada', password: 'x' }],
        ['POST', '/api/auth/refresh'],
        ['GET', `/api/threads/${randomUUID()}`],
        ['PUT', `/api/messages/${message.id}/reactions/x`],
        ['DELETE', `/api/messages/${message.id}`],
        ['OPTIONS', '/api/me'],
        ['HEAD', '/api/me'],
    ];
    for (const [method, path, body] of requests) {
        for (const token of [ada.token, undefined, 'wrong']) {
            const answer = await http(server, method, path, { token, body });
            assert.equal(
                answer.headers.get('cache-control'),
                'private, no-store',
                `${method} ${path} ${answer.status}`,
            );
            assert.ok(answer.status < 500, `${method} ${path} ${answer.status}`);
            assert.notEqual(answer.headers.get('access-control-allow-origin'), '*');
        }
    }
});

test('an error is a problem document', async () => {
    const answers = [
        [await http(server, 'GET', '/api/me'), 401, 'unauthenticated'],
        [await ada.http('GET', `/api/threads/${randomUUID()}`), 404, 'not_found'],
        [await ada.http('GET', '/api/no/such/route'), 404, 'not_found'],
        [
            await ada.http('POST', '/api/threads', { kind: 'channel', name: 'x', y: 1 }),
            400,
            'unknown_field',
        ],
        [await ada.http('POST', '/api/threads', 'not json'), 400, 'bad_request'],
    ];
    for (const [answer, status, code] of answers) {
        assert.equal(answer.headers.get('content-type'), 'application/problem+json');
        const { title, detail, ...rest } = answer.body;
        assert.deepEqual(rest, { type: 'about:blank', status, code });
        assert.equal(answer.status, status);
        assert.ok(typeof title === 'string' && title !== '' && typeof detail === 'string');
    }
});

for (const [method, path, allowed] of [
    ['DELETE', '/api/config', ['GET']],
    ['POST', '/api/boot', ['GET']],
    ['PUT', '/api/me', ['GET']],
    ['DELETE', '/api/threads', ['GET', 'POST']],
    ['GET', '/api/auth/login', ['POST']],
    ['POST', '/healthz', ['GET']],
    ['PUT', `/api/threads/${thread.id}/messages`, ['GET', 'POST']],
    ['POST', `/api/threads/${thread.id}/read`, ['PUT']],
]) {
    test(`${method} ${path.replace(thread.id, '{id}')} is answered with 405 and what is allowed`, async () => {
        const { status, headers } = await ada.http(method, path);
        assert.equal(status, 405);
        const allow = headers.get('allow').split(/,\s*/);
        for (const one of allowed) assert.ok(allow.includes(one), `${allow}`);
        assert.ok(!allow.includes(method));
    });
}

test('a request in pieces of one byte is one request', async () => {
    const { RawSocket, parseResponses } = await import('./lib/raw.mjs');
    const raw = await RawSocket.open(server);
    for (const character of hidden) raw.write(character);
    await raw.wait(() => (raw.closed ? true : undefined), 'the close');
    assert.deepEqual(
        parseResponses(raw.received.toString()).map(({ status }) => status),
        [200],
    );
});

test('after all of this the server is alive', async () => {
    assert.equal((await http(server, 'GET', '/healthz')).status, 200);
    await ada.send(thread, 'still here');
});
