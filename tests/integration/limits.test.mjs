// What is too big, too many or malformed: each gets its code, and nobody else notices.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import {
    Client,
    closeCode,
    exchange,
    frame,
    people,
    rawWebSocket,
    serverFrames,
    startServer,
    until,
    upgradeRequest,
} from './harness.mjs';

const server = await startServer();
const [ada, bob] = await people(server, 'p', 2);

test('a frame of 64 KiB is read, one byte more is closed with 1009', async () => {
    const client = await ada.connect({ perMessageDeflate: false });
    const ping = '{"id":"1","type":"ping"}';
    client.sendText(ping + ' '.repeat(64 * 1024 - ping.length));
    assert.equal((await client.waitFor({ re: '1' })).type, 'pong');
    client.sendText(ping + ' '.repeat(64 * 1024 - ping.length + 1));
    await client.expectClose(1009);
});

test('a message in fragments is bounded by its sum', async () => {
    const client = await ada.connect({ perMessageDeflate: false });
    client.ws.send('{"id":"1",', { fin: false });
    client.ws.send('"type":"ping"}', { fin: true });
    assert.equal((await client.waitFor({ re: '1' })).type, 'pong');
    for (let i = 0; i < 5; i++) client.ws.send(' '.repeat(16 * 1024), { fin: i === 4 });
    await client.expectClose(1009);
});

test('a compressed frame is bounded by what it inflates to', async () => {
    const client = await ada.connect({ perMessageDeflate: { threshold: 0 } });
    client.sendText(`{"id":"1","type":"ping"${' '.repeat(2000)}}`);
    assert.equal((await client.waitFor({ re: '1' })).type, 'pong');
    client.sendText(' '.repeat(20_000_000));
    await client.expectClose(1009);
});

test('a binary frame is closed with 1003', async () => {
    const client = await ada.connect();
    client.ws.send(Buffer.from('{"id":"1","type":"ping"}'), { binary: true });
    await client.expectClose(1003);
});

for (const [name, bytes] of [
    ['a stray byte', [0xff]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a cut character', [0xe2, 0x82]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
]) {
    test(`a text frame with ${name} is closed with 1007`, async () => {
        const client = await ada.connect({ perMessageDeflate: false });
        client.ws.send(
            Buffer.concat([
                Buffer.from('{"type":"ping","id":"'),
                Buffer.from(bytes),
                Buffer.from('"}'),
            ]),
            { binary: false },
        );
        await client.expectClose(1007);
    });
}

const ping = '{"id":"1","type":"ping"}';
const protocolErrors = [
    ['an unmasked frame', frame({ mask: false, payload: ping })],
    ['a reserved bit', frame({ rsv: 4, payload: ping })],
    ['another reserved bit', frame({ rsv: 1, payload: ping })],
    ['a reserved opcode', frame({ opcode: 3, payload: ping })],
    ['a reserved control opcode', frame({ opcode: 11, payload: '' })],
    ['a fragmented control frame', frame({ opcode: 9, fin: false, payload: '' })],
    ['a control frame of 126 bytes', frame({ opcode: 9, payload: 'x'.repeat(126) })],
    ['a continuation of nothing', frame({ opcode: 0, payload: ping })],
    [
        'a new message inside another',
        Buffer.concat([frame({ fin: false, payload: '{' }), frame({ payload: '}' })]),
    ],
    ['a close with one byte', frame({ opcode: 8, payload: 'x' })],
    [
        'a close with a code that is never sent',
        frame({ opcode: 8, payload: Buffer.from([0x03, 0xed]) }),
    ],
    [
        'a length that is not minimal',
        frame({ payload: ping, length: { bits: 16, value: BigInt(ping.length) } }),
    ],
    [
        'a length of 2^63',
        frame({ payload: ping, length: { bits: 64, value: 1n << 63n } }),
        [1002, 1009],
    ],
    [
        'a length of 2^63-1',
        frame({ payload: ping, length: { bits: 64, value: (1n << 63n) - 1n } }),
        [1002, 1009],
    ],
    ['a length of 2^32', frame({ payload: ping, length: { bits: 64, value: 1n << 32n } }), [1009]],
];
for (const [name, bytes, codes = [1002]] of protocolErrors) {
    test(`${name} is closed with ${codes.join(' or ')}`, async () => {
        const raw = await rawWebSocket(server, ada.token);
        assert.equal(raw.status, 101);
        raw.write(bytes);
        const code = await closeCode(raw);
        assert.ok(codes.includes(code), `${code}`);
        const answered = serverFrames(raw.received).some(({ payload }) =>
            payload.includes('"pong"'),
        );
        assert.equal(answered, false);
        raw.end();
    });
}

test('two thousand one-byte fragments are not collected for ever', async () => {
    const raw = await rawWebSocket(server, ada.token);
    raw.write(frame({ fin: false, payload: '{' }));
    for (let i = 0; i < 2000; i++) raw.write(frame({ opcode: 0, fin: false, payload: ' ' }));
    assert.ok([1002, 1008, 1009].includes(await closeCode(raw)));
    raw.end();
});

test('a frame split at every byte is read the same', async () => {
    const raw = await rawWebSocket(server, ada.token);
    for (const byte of frame({ payload: ping })) raw.write(Buffer.from([byte]));
    await raw.wait(() => (raw.received.includes('"pong"') ? true : undefined), 'pong');
    raw.end();
});

const badFrames = [
    '',
    'x',
    '[]',
    '7',
    'null',
    '{}',
    '{"type":7}',
    '{"type":"message:explode"}',
    '{"type":"ping"',
    '{"type":"connected"}',
];
test('nine malformed frames in a row are answered and forgiven, ten are closed with 4400', async () => {
    const client = await ada.connect({ perMessageDeflate: false });
    for (const text of badFrames.slice(0, 9)) client.sendText(text);
    assert.equal((await client.request('ping')).type, 'pong');
    const errors = client.received('error');
    assert.equal(errors.length, 9);
    for (const error of errors) assert.equal(error.code, 'bad_request');
    for (const text of badFrames) client.sendText(text);
    await client.expectClose(4400);
});

test('an error carries the re of its request, a code, a detail and retryAfterMs', async () => {
    const client = await ada.connect();
    const error = await client.refused('message:explode', {});
    assert.deepEqual(Object.keys(error).sort(), ['code', 'detail', 're', 'retryAfterMs', 'type']);
    assert.deepEqual([error.code, error.retryAfterMs], ['bad_request', null]);
    assert.equal((await client.refused('ping', { extra: 1 })).code, 'unknown_field');
    for (const id of ['x'.repeat(65), 7, null]) {
        const from = client.log.length;
        client.sendText(JSON.stringify({ type: 'ping', id }));
        await client.request('ping');
        assert.equal(client.received('error', from).length, 1, `id ${id}`);
    }
    client.sendText(JSON.stringify({ type: 'ping', id: 'x'.repeat(64) }));
    assert.equal((await client.waitFor({ re: 'x'.repeat(64) })).type, 'pong');
    await client.close();
});

const odd = [
    null,
    true,
    0,
    -1,
    1e300,
    '',
    'x',
    [],
    [[]],
    {},
    { a: {} },
    '\u202e',
    '01900000-0000-7000-8000-000000000000',
];
const requests = {
    'thread:join': ['threadId', 'since', 'epoch'],
    'thread:leave': ['threadId'],
    'message:send': ['threadId', 'nonce', 'content', 'attachments', 'replyTo'],
    'message:edit': ['messageId', 'content', 'ifRev'],
    'message:delete': ['messageId'],
    'reaction:add': ['messageId', 'emoji'],
    'reaction:remove': ['messageId', 'emoji'],
    'typing:start': ['threadId'],
    'typing:stop': ['threadId'],
    'read:mark': ['threadId', 'seq'],
};
test('any JSON in any member of any request is answered, never with internal', async () => {
    const channel = await ada.channel();
    const { id: messageId } = await ada.send(channel, 'target');
    const client = await ada.joined(channel);
    const good = { threadId: channel.id, messageId, content: 'x', emoji: '👍', seq: 0, since: 0 };
    for (const [type, members] of Object.entries(requests)) {
        const fields = Object.fromEntries(members.map((name) => [name, good[name]]));
        for (const member of members) {
            for (const value of odd) {
                const fresh = type === 'message:send' ? { nonce: randomUUID() } : {};
                client.tell(type, { ...fields, ...fresh, [member]: value });
                await client.request('read:mark', { threadId: channel.id, seq: 0 });
            }
        }
    }
    const internal = client.received('error').filter(({ code }) => code === 'internal');
    assert.deepEqual(internal, []);
    await client.close();
});

test('too many or too long headers get 431, a body too large 413 before it is read', async () => {
    const head = `GET /api/config HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`;
    const many = Array.from({ length: 2000 }, (_, index) => `X-H${index}: 1\r\n`).join('');
    const floods = [
        `${head}${many}\r\n`,
        `${head}X-Long: ${'a'.repeat(70_000)}\r\n\r\n`,
        `${head}Cookie: ${'a=b; '.repeat(20_000)}\r\n\r\n`,
    ];
    for (const bytes of floods) {
        const { responses } = await exchange(server, bytes);
        assert.equal(responses.length, 1);
        assert.equal(responses[0].status, 431);
    }
    const upgrade = upgradeRequest(
        server,
        ada.token,
        `Sec-WebSocket-Protocol: ${'"a'.repeat(16_000)}\r\n`,
    );
    assert.ok([400, 431].includes((await exchange(server, upgrade)).responses[0].status));
    const target = await exchange(
        server,
        `GET /api/config?${'a'.repeat(70_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    );
    assert.ok([414, 431].includes(target.responses[0].status), `${target.responses[0].status}`);

    const post = `POST /api/threads HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${ada.token}\r\nContent-Type: application/json\r\n`;
    const announced = await exchange(server, `${post}Content-Length: 10000000000\r\n\r\n{`);
    assert.deepEqual(
        announced.responses.map(({ status }) => status),
        [413],
    );
    assert.equal(JSON.parse(announced.responses[0].body).code, 'too_large');
    const chunk = `4000\r\n${'a'.repeat(0x4000)}\r\n`;
    const chunked = await exchange(
        server,
        `${post}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`,
    );
    assert.deepEqual(
        chunked.responses.map(({ status }) => status),
        [413],
    );
});

test('sends are limited to a burst of 100 and then 50 a second', async (t) => {
    const limited = await startServer({ limits: true }, t);
    const [cleo] = await people(limited, 'q', 1);
    const channel = await cleo.channel();
    const client = await cleo.joined(channel);
    const began = Date.now();
    const sends = Array.from({ length: 220 }, () => {
        const fields = { threadId: channel.id, nonce: randomUUID(), content: 'fast' };
        return client.ask('message:send', fields);
    });
    const answers = await Promise.all(sends);
    const seconds = (Date.now() - began) / 1000;
    const sent = answers.filter(({ type }) => type === 'message:sent');
    assert.ok(
        sent.length >= 100 && sent.length <= 101 + 50 * seconds,
        `${sent.length} in ${seconds} s`,
    );
    for (const { code } of answers.filter(({ type }) => type === 'error'))
        assert.equal(code, 'rate_limited');
    await client.close();
});

// One a second with a burst of two, so that no machine is too slow to go over it.
test('a send over the limit is not stored and may come later, on the socket and over HTTP alike', async (t) => {
    const limited = await startServer({ limits: true, args: ['--limit-sends', '1'] }, t);
    const [cleo, dave] = await people(limited, 'q', 2);
    const channel = await cleo.channel();
    const client = await cleo.joined(channel);
    const sends = Array.from({ length: 150 }, () => ({
        threadId: channel.id,
        nonce: randomUUID(),
        content: 'fast',
    }));
    const answers = await Promise.all(sends.map((fields) => client.ask('message:send', fields)));
    const sent = answers.filter(({ type }) => type === 'message:sent');
    const refused = answers.filter(({ type }) => type === 'error');
    assert.ok(sent.length >= 2 && refused.length > 0);
    for (const { code, retryAfterMs } of refused) {
        assert.equal(code, 'rate_limited');
        assert.ok(retryAfterMs > 0 && retryAfterMs <= 60_000, `${retryAfterMs}`);
    }
    assert.equal((await cleo.thread(channel)).seq, sent.length);
    const others = await dave.joined(channel);
    await others.request('message:send', { ...sends[0], content: 'another user is not limited' });

    const late = sends[answers.findIndex(({ type }) => type === 'error')];
    await until(async () => {
        const answer = await client.ask('message:send', late);
        if (answer.type === 'message:sent') return answer;
        await new Promise((resolve) => setTimeout(resolve, answer.retryAfterMs));
        return undefined;
    }, 'the send that was refused');

    const path = `/api/threads/${channel.id}/messages`;
    const burst = await Promise.all(
        Array.from({ length: 100 }, () =>
            cleo.http('POST', path, { nonce: randomUUID(), content: 'x' }),
        ),
    );
    const over = burst.find(({ status }) => status !== 201);
    assert.ok(over, 'HTTP and the socket share the limit');
    assert.deepEqual([over.status, over.body.code], [429, 'rate_limited']);
    assert.match(over.headers.get('retry-after'), /^[1-9]\d*$/);
    await Promise.all([client.close(), others.close()]);
});

/** A server that allows one request a second, and somebody who has a channel on it already. */
async function oneASecond(t) {
    const limited = await startServer({}, t);
    const [cleo] = await people(limited, 'q', 1);
    const channel = await cleo.channel();
    await limited.restart({ limits: true, args: ['--limit-requests', '1'] });
    return { client: await cleo.connect(), cleo, channel };
}

test('other requests are limited, each user for itself', async (t) => {
    const { client, cleo, channel } = await oneASecond(t);
    const joins = await Promise.all(
        Array.from({ length: 150 }, () => client.ask('thread:join', { threadId: channel.id })),
    );
    const codes = new Set(joins.map(({ type, code }) => code ?? type));
    assert.deepEqual([...codes].sort(), ['rate_limited', 'thread:joined']);
    const gets = await Promise.all(
        Array.from({ length: 100 }, () => cleo.http('GET', '/api/threads')),
    );
    const over = gets.find(({ status }) => status !== 200);
    assert.deepEqual([over?.status, over?.body.code], [429, 'rate_limited']);
    await client.request('ping');
    await client.close();
});

test('who goes on and on in spite of refusals is closed with 4429, whatever is answered between', async (t) => {
    const { client, channel } = await oneASecond(t);
    for (let i = 0; i < 5000; i++) {
        client.tell('thread:join', { threadId: channel.id });
        client.tell('ping');
    }
    await client.expectClose(4429);
});

test('typing is passed on at most twice a second for a thread', async () => {
    const channel = await ada.channel();
    const [adas, bobs] = await Promise.all([ada.joined(channel), bob.joined(channel)]);
    const began = Date.now();
    for (let i = 0; i < 40; i++)
        adas.tell(i % 2 ? 'typing:stop' : 'typing:start', { threadId: channel.id });
    await adas.request('message:send', {
        threadId: channel.id,
        nonce: randomUUID(),
        content: 'marker',
    });
    await bobs.waitFor({ type: 'message:new' });
    const seconds = (Date.now() - began) / 1000;
    const count = bobs.received('typing:update').length;
    assert.ok(count >= 1 && count <= 5 + 2 * seconds, `${count} in ${seconds} s`);
    await Promise.all([adas.close(), bobs.close()]);
});

test('a peer that vanishes or breaks off in the middle leaves the server as it was', async () => {
    for (let i = 0; i < 20; i++) {
        const raw = await rawWebSocket(server, ada.token);
        raw.write(frame({ payload: ping }).subarray(0, i));
        raw.end();
    }
    const client = await Client.connect(server, ada.token);
    assert.equal((await client.request('ping')).type, 'pong');
    await client.close();
});
