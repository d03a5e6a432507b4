// History over HTTP: windows by seq and time, their limits, and what each bad number gets.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { person, startServer } from './harness.mjs';

const server = await startServer();
const ada = await person(server, 'ada');
const thread = await ada.channel();
const client = await ada.joined(thread);
const sent = [];
for (let i = 1; i <= 60; i++) {
    const fields = { threadId: thread.id, nonce: randomUUID(), content: `message ${i}` };
    sent.push((await client.request('message:send', fields)).message);
}
await client.close();

const window = async (query) => (await ada.history(thread, query)).items.map(({ seq }) => seq);
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('without a place the newest messages come, ascending, fifty unless asked otherwise', async () => {
    const { items, users } = await ada.history(thread);
    assert.deepEqual(items, sent.slice(10));
    assert.deepEqual(
        users.map(({ id }) => id),
        [ada.id],
    );
    assert.deepEqual(await window('?limit=3'), [58, 59, 60]);
    assert.deepEqual(await window('?limit=200'), range(1, 60));
});

test('before and after give what lies next to a seq, ascending and without it', async () => {
    assert.deepEqual(await window('?before=20&limit=5'), range(15, 19));
    assert.deepEqual(await window('?before=3'), [1, 2]);
    assert.deepEqual(await window('?before=1'), []);
    assert.deepEqual(await window('?after=20&limit=5'), range(21, 25));
    assert.deepEqual(await window('?after=58'), [59, 60]);
    assert.deepEqual(await window('?after=60'), []);
});

test('around gives both sides of a seq', async () => {
    const seqs = await window('?around=30&limit=10');
    assert.ok(seqs.includes(30) && seqs.includes(29) && seqs.includes(31));
    assert.ok(seqs.length <= 10);
    assert.deepEqual(seqs, range(seqs[0], seqs.at(-1)));
    assert.ok((await window('?around=1&limit=4')).includes(1));
    assert.ok((await window('?around=60&limit=4')).includes(60));
});

test('at gives the messages of a time', async () => {
    const seqs = await window(`?at=${encodeURIComponent(sent[29].createdAt)}&limit=20`);
    assert.ok(seqs.includes(30), `${seqs}`);
    assert.ok((await window('?at=2001-01-01T00:00:00.000Z&limit=5')).includes(1));
    assert.ok((await window('?at=2101-01-01T00:00:00.000Z&limit=5')).every((seq) => seq > 50));
});

const numbers = [
    '-1',
    '0',
    '2147483648',
    '9007199254740993',
    '9223372036854775808',
    '1e400',
    '1%20',
    '%201',
    '%D9%A3',
    '+1',
    '1.0',
    '0x1',
    '',
];
for (const name of ['before', 'after', 'around', 'limit']) {
    for (const value of numbers) {
        // A window may begin at the very start; and a seq of 2^31 is out of reach, not malformed.
        if ((name === 'after' && value === '0') || (name !== 'limit' && value === '2147483648'))
            continue;
        test(`history with ${name}=${value} is refused`, () =>
            ada.refused(
                'GET',
                `/api/threads/${thread.id}/messages?${name}=${value}`,
                undefined,
                400,
                'bad_request',
            ));
    }
}

for (const at of [
    'yesterday',
    '',
    '2026-13-45T00:00:00.000Z',
    '0',
    '1e400',
    '2026-11-22',
    '2026-11-22T06:30:00.123Z%00',
]) {
    test(`history at ${at} is refused`, () =>
        ada.refused(
            'GET',
            `/api/threads/${thread.id}/messages?at=${at}`,
            undefined,
            400,
            'bad_request',
        ));
}

test('a place that is far away gives an ordinary page', async () => {
    assert.deepEqual(await window('?before=2147483648&limit=2'), [59, 60]);
    assert.deepEqual(await window('?after=2147483648'), []);
    assert.deepEqual(await window('?after=0&limit=2'), [1, 2]);
});
