// Channels over HTTP: open, list, get, discover, join, and that a private one does not exist for
// others.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { exchange, people, startServer } from './harness.mjs';

const server = await startServer();
const [ada, bob, eve] = await people(server, 'p', 3);
const nowhere = '01900000-0000-7000-8000-000000000000';

test('a channel that is opened is answered with 201 and belongs to who opened it', async () => {
    const thread = await ada.channel({ name: 'Größe & Maß' });
    const { id, workspaceId, createdAt, membership, ...rest } = thread;
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.ok(workspaceId);
    assert.ok(Date.parse(createdAt));
    assert.deepEqual(membership, {
        role: 'owner',
        readSeq: 0,
        unread: 0,
        mentions: 0,
        level: 'all',
        mutedUntil: null,
    });
    assert.deepEqual(
        { ...rest, rev: 0 },
        {
            kind: 'channel',
            visibility: 'public',
            name: 'Größe & Maß',
            topic: '',
            parent: null,
            memberIds: null,
            seq: 0,
            rev: 0,
            firstSeq: rest.firstSeq,
            createdBy: ada.id,
            archivedAt: null,
        },
    );
    assert.deepEqual(await ada.thread(thread), thread);
});

const malformed = [
    [{ kind: 'channel', name: '' }, 'bad_request', 'an empty name'],
    [{ kind: 'channel' }, 'bad_request', 'no name'],
    [{ kind: 'channel', name: 7 }, 'bad_request', 'a number as a name'],
    [{ kind: 'channel', name: null }, 'bad_request', 'null as a name'],
    [{ kind: 'channel', name: 'a\u0000b' }, 'bad_request', 'a name with NUL'],
    [{ kind: 'party', name: 'x' }, 'bad_request', 'an unknown kind'],
    [{ name: 'x' }, 'bad_request', 'no kind'],
    [{ kind: 'channel', name: 'x', visibility: 'secret' }, 'bad_request', 'an unknown visibility'],
    [{ kind: 'channel', name: 'x', memberIds: 'all' }, 'bad_request', 'members that are no list'],
    [{ kind: 'channel', name: 'x', memberIds: ['me'] }, 'bad_request', 'a member that is no id'],
    [{ kind: 'channel', name: 'x', colour: 'red' }, 'unknown_field', 'an unknown member'],
    [
        { kind: 'channel', name: 'x', createdBy: nowhere },
        'unknown_field',
        'a member that only the server sets',
    ],
    [{ kind: 'channel', name: 'x', seq: 5 }, 'unknown_field', 'a counter'],
    ['[]', 'bad_request', 'an array'],
    ['"x"', 'bad_request', 'a string'],
    ['null', 'bad_request', 'null'],
    ['', 'bad_request', 'nothing'],
    ['{"kind":"channel"', 'bad_request', 'JSON that ends early'],
    ['{"kind":"channel","name":"x"} {}', 'bad_request', 'JSON with something behind it'],
    ['{"kind":"channel","name":"\\ud800"}', 'bad_request', 'a lone surrogate'],
    ['{"kind":"channel","name":"x","name":"y"}', 'bad_request', 'a member twice'],
    [`${'['.repeat(5000)}${']'.repeat(5000)}`, 'bad_request', 'JSON nested 5,000 deep'],
];
for (const [body, code, what] of malformed) {
    test(`a channel is not opened by ${what}`, () =>
        ada.refused('POST', '/api/threads', body, 400, code));
}

test('a name has at most 80 code points', async () => {
    await ada.channel({ name: '🌍'.repeat(80) });
    await ada.refused(
        'POST',
        '/api/threads',
        { kind: 'channel', name: '🌍'.repeat(81) },
        413,
        'too_large',
    );
});

test('the list holds own threads only, in pages without repeats or gaps', async () => {
    const cora = (await people(server, 'cora', 1))[0];
    const made = [];
    for (let i = 0; i < 7; i++) made.push((await cora.channel()).id);
    const seen = [];
    let path = '/api/threads?limit=3';
    for (let page = 0; page < 5; page++) {
        const { items, next } = await cora.ok('GET', path);
        assert.ok(items.length <= 3);
        seen.push(...items.map(({ id }) => id));
        if (next === null) break;
        path = `/api/threads?limit=3&cursor=${encodeURIComponent(next)}`;
    }
    assert.deepEqual([...seen].sort(), [...made].sort());
    assert.equal(
        (await ada.ok('GET', '/api/threads')).items.some(({ id }) => made.includes(id)),
        false,
    );
});

for (const limit of [
    '-1',
    '0',
    '2147483648',
    '9007199254740993',
    '9223372036854775808',
    '1e400',
    '1%20',
    '%D9%A3',
    '',
]) {
    test(`a list with limit=${limit} is refused`, async () => {
        await ada.refused('GET', `/api/threads?limit=${limit}`, undefined, 400, 'bad_request');
        await ada.refused(
            'GET',
            `/api/threads/discover?q=&limit=${limit}`,
            undefined,
            400,
            'bad_request',
        );
    });
}

for (const cursor of ['x', '%00', nowhere, 'A'.repeat(5000), '']) {
    test(`a list with the made-up cursor ${cursor.slice(0, 40)} is refused or starts anew, and nothing breaks`, async () => {
        const answer = await ada.http('GET', `/api/threads?cursor=${cursor}`);
        assert.ok([200, 400, 413, 414, 431].includes(answer.status), answer.text);
    });
}

test('a public channel can be found by name, read and joined by every member of the workspace', async () => {
    const name = `find-${randomUUID()}`;
    const thread = await ada.channel({ name });
    const hidden = await ada.channel({ name: `${name}-hidden`, visibility: 'private' });
    const { items } = await bob.ok(
        'GET',
        `/api/threads/discover?q=${name.slice(0, 12).toUpperCase()}`,
    );
    assert.deepEqual(
        items.map(({ id }) => id),
        [thread.id],
    );
    assert.equal(items[0].membership, null);
    assert.equal((await bob.thread(thread)).membership, null);
    assert.deepEqual((await bob.history(thread)).items, []);
    await bob.refused(
        'POST',
        `/api/threads/${thread.id}/messages`,
        { nonce: randomUUID(), content: 'x' },
        403,
        'forbidden',
    );

    await ada.send(thread, 'before');
    const joined = await bob.join(thread);
    assert.deepEqual(joined.membership, {
        role: 'member',
        readSeq: 1,
        unread: 0,
        mentions: 0,
        level: 'all',
        mutedUntil: null,
    });
    assert.deepEqual(await bob.join(thread), joined, 'joining again changes nothing');
    assert.ok((await bob.ok('GET', '/api/threads')).items.some(({ id }) => id === thread.id));
    assert.ok(!(await eve.ok('GET', '/api/threads')).items.some(({ id }) => id === hidden.id));
    await bob.send(thread, 'and in');
});

/** The bytes of the answer to a request, without its Date. */
async function answerBytes(asker, method, path, body) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const { bytes } = await exchange(
        server,
        `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${asker.token}\r\n` +
            `X-Requested-With: banter\r\nConnection: close\r\n` +
            (text
                ? `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n`
                : '') +
            `\r\n${text}`,
    );
    return bytes.toString('latin1').replace(/^Date: .*\r\n/im, '');
}

test('a private channel is byte for byte as if it did not exist, for who is not in it', async () => {
    const thread = await ada.channel({ visibility: 'private' });
    const message = await ada.send(thread, 'secret');
    const routes = (threadId, messageId) => [
        ['GET', `/api/threads/${threadId}`],
        ['POST', `/api/threads/${threadId}/join`],
        ['GET', `/api/threads/${threadId}/messages`],
        ['GET', `/api/threads/${threadId}/messages?limit=1&before=5`],
        ['POST', `/api/threads/${threadId}/messages`, { nonce: randomUUID(), content: 'x' }],
        ['PUT', `/api/threads/${threadId}/read`, { seq: 1 }],
        ['GET', `/api/messages/${messageId}`],
        ['PATCH', `/api/messages/${messageId}`, { content: 'x' }],
        ['DELETE', `/api/messages/${messageId}`],
        ['PUT', `/api/messages/${messageId}/reactions/%F0%9F%91%8D`],
        ['DELETE', `/api/messages/${messageId}/reactions/%F0%9F%91%8D`],
        ['GET', `/api/messages/${messageId}/reactions/%F0%9F%91%8D`],
    ];
    const hidden = routes(thread.id, message.id);
    const missing = routes(nowhere, nowhere);
    for (let i = 0; i < hidden.length; i++) {
        const answer = await answerBytes(eve, ...hidden[i]);
        assert.match(answer, /^HTTP\/1\.1 404 /, hidden[i].slice(0, 2).join(' '));
        assert.match(answer, /"code":"not_found"/);
        assert.equal(
            answer,
            await answerBytes(eve, ...missing[i]),
            hidden[i].slice(0, 2).join(' '),
        );
    }
});

test('a private channel does not exist on the socket either', async () => {
    const thread = await ada.channel({ visibility: 'private' });
    const message = await ada.send(thread, 'secret');
    const client = await eve.connect();
    const requests = (threadId, messageId) => [
        ['thread:join', { threadId }],
        ['message:send', { threadId, nonce: randomUUID(), content: 'x' }],
        ['message:edit', { messageId, content: 'x' }],
        ['message:delete', { messageId }],
        ['reaction:add', { messageId, emoji: '👍' }],
        ['reaction:remove', { messageId, emoji: '👍' }],
        ['read:mark', { threadId, seq: 1 }],
    ];
    const hidden = requests(thread.id, message.id);
    const missing = requests(nowhere, nowhere);
    for (let i = 0; i < hidden.length; i++) {
        const { re, ...one } = await client.refused(...hidden[i]);
        const { re: other, ...two } = await client.refused(...missing[i]);
        assert.equal(one.code, 'not_found', hidden[i][0]);
        assert.deepEqual(one, two);
    }
    await client.close();
    assert.equal((await ada.history(thread)).items.length, 1);
});

test('an id that is none is no thread', async () => {
    for (const id of [
        'x',
        '..',
        '%2e%2e',
        '0',
        `${nowhere}0`,
        `{${nowhere}}`,
        '%00',
        "'or'1'='1",
    ]) {
        const answer = await ada.http('GET', `/api/threads/${id}`);
        assert.ok([400, 404].includes(answer.status), `${id}: ${answer.status}`);
    }
});
