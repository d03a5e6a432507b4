// Joining a thread on a socket: first page, resume by rev in parts, what makes it start anew, and
// leaving.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import test from 'node:test';

import { people, startServer } from './harness.mjs';

const server = await startServer();
const [ada, bob] = await people(server, 'p', 2);

/** A hundred at once: who has to be told of more at once than it can read is closed. */
async function sendAll(client, thread, contents) {
    const messages = [];
    while (messages.length < contents.length) {
        const sends = contents
            .slice(messages.length, messages.length + 100)
            .map((content) =>
                client.request('message:send', { threadId: thread.id, nonce: randomUUID(), content }),
            );
        for (const { message } of await Promise.all(sends)) messages.push(message);
    }
    return messages;
}

const numbered = (count) => Array.from({ length: count }, (_, index) => `message ${index + 1}`);
const seqs = (messages) => messages.map(({ seq }) => seq);

test('joining without since gives the newest fifty, ascending, with who wrote them', async () => {
    const thread = await ada.channel();
    const adas = await ada.joined(thread);
    const sent = await sendAll(adas, thread, numbered(60));
    const bobs = await bob.connect();
    const joined = await bobs.request('thread:join', { threadId: thread.id });
    assert.deepEqual(joined.messages, sent.slice(10));
    assert.deepEqual([joined.complete, joined.reset, joined.rev], [true, false, sent[59].rev]);
    assert.deepEqual(
        [joined.thread.id, joined.thread.seq, joined.thread.rev],
        [thread.id, 60, joined.rev],
    );
    assert.equal(joined.thread.membership.readSeq, 60);
    assert.deepEqual(
        joined.users.map(({ id }) => id),
        [ada.id],
    );
    await Promise.all([adas.close(), bobs.close()]);
});

test('an answer holds at most 128 KiB of messages, and resuming in parts misses nothing', async () => {
    const thread = await ada.channel();
    const adas = await ada.joined(thread);
    const { rev: start } = await ada.thread(thread);
    const sent = await sendAll(
        adas,
        thread,
        numbered(40).map(() => randomBytes(4900).toString('hex')),
    );
    const bobs = await bob.connect();
    const first = await bobs.request('thread:join', { threadId: thread.id });
    assert.ok(Buffer.byteLength(JSON.stringify(first.messages)) <= 128 * 1024);
    assert.equal(first.complete, true);
    assert.deepEqual(first.messages, sent.slice(-first.messages.length));

    const resumed = [];
    let since = start;
    for (let complete = false; !complete;) {
        const part = await bobs.request('thread:join', { threadId: thread.id, since });
        assert.ok(part.messages.length >= 1);
        assert.ok(Buffer.byteLength(JSON.stringify(part.messages)) <= 128 * 1024);
        resumed.push(...part.messages);
        assert.equal(part.reset, false);
        ({ rev: since, complete } = part);
    }
    assert.deepEqual(resumed, sent);
    await Promise.all([adas.close(), bobs.close()]);
});

test('a change during a resume in parts is neither missed nor given twice', async () => {
    const thread = await ada.channel();
    const adas = await ada.joined(thread);
    const sent = await sendAll(adas, thread, numbered(1200));
    const bobs = await bob.connect();
    const part = await bobs.request('thread:join', { threadId: thread.id, since: sent[0].rev - 1 });
    assert.equal(part.complete, false);
    assert.ok(part.messages.length <= 500);
    const { message: edited } = await adas.request('message:edit', {
        messageId: sent[1190].id,
        content: 'later',
    });
    const known = new Map(part.messages.map((message) => [message.id, message]));
    let reached = part;
    while (!reached.complete) {
        reached = await bobs.request('thread:join', { threadId: thread.id, since: reached.rev });
        for (const message of reached.messages) known.set(message.id, message);
    }
    assert.equal(
        bobs.received('message:new').length,
        0,
        'nothing is live before the answer is complete',
    );
    assert.equal(known.size, 1200);
    assert.deepEqual(known.get(edited.id), edited);
    assert.equal(reached.rev, edited.rev);
    await sendAll(adas, thread, ['live']);
    assert.equal((await bobs.waitFor({ type: 'message:new' })).rev, edited.rev + 1);
    await Promise.all([adas.close(), bobs.close()]);
});

test("since the thread's own rev gives nothing, and since beyond it or from another epoch starts anew", async () => {
    const thread = await ada.channel();
    const adas = await ada.joined(thread);
    const sent = await sendAll(adas, thread, numbered(3));
    const join = (fields) => adas.request('thread:join', { threadId: thread.id, ...fields });
    const { rev } = sent[2];
    const current = await join({ since: rev, epoch: adas.hello.epoch });
    assert.deepEqual(
        [current.messages, current.complete, current.reset, current.rev],
        [[], true, false, rev],
    );
    for (const fields of [
        { since: rev + 1 },
        { since: rev, epoch: 'another' },
        { since: rev, epoch: randomUUID() },
    ]) {
        const anew = await join(fields);
        assert.deepEqual(
            [anew.messages, anew.complete, anew.reset, anew.rev],
            [sent, true, true, rev],
        );
    }
    await adas.close();
});

for (const since of ['-1', '1.5', '"1"', '1e400', '9223372036854775808', '[]']) {
    test(`joining since ${since} is refused`, async () => {
        const thread = await ada.channel();
        const adas = await ada.connect();
        adas.sendText(`{"id":"1","type":"thread:join","threadId":"${thread.id}","since":${since}}`);
        assert.equal((await adas.waitFor({ re: '1' })).code, 'bad_request');
        await adas.close();
    });
}

test('joining from another session of the same user gives each its events', async () => {
    const thread = await ada.channel();
    const [one, two] = await Promise.all([ada.joined(thread), ada.joined(thread)]);
    const [sent] = await sendAll(one, thread, ['to both']);
    for (const client of [one, two]) {
        const event = await client.waitFor({ type: 'message:new' });
        assert.deepEqual(event.message, sent);
    }
    await Promise.all([one.close(), two.close()]);
});

test('joining twice does not double events', async () => {
    const thread = await ada.channel();
    const client = await ada.joined(thread, thread);
    await sendAll(client, thread, ['first', 'second']);
    await client.waitFor({ type: 'message:new', message: { content: 'second' } });
    assert.deepEqual(
        client.received('message:new').map(({ message }) => message.seq),
        [1, 2],
    );
    await client.close();
});

test('leaving ends live events but not the membership, and joining again misses nothing', async () => {
    const thread = await ada.channel();
    const [adas, bobs] = await Promise.all([ada.joined(thread), bob.connect()]);
    const before = await bobs.request('thread:join', { threadId: thread.id });
    const left = await bobs.request('thread:leave', { threadId: thread.id });
    assert.equal(left.threadId, thread.id);
    const sent = await sendAll(adas, thread, ['unseen']);
    assert.equal((await bob.thread(thread)).membership.unread, 1);
    const again = await bobs.request('thread:join', { threadId: thread.id, since: before.rev });
    assert.deepEqual(again.messages, sent);
    assert.equal(bobs.received('message:new').length, 0);
    await Promise.all([adas.close(), bobs.close()]);
});

test('a thousand pipelined sends of two users reach everyone in one order without a gap', async () => {
    const thread = await ada.channel();
    const [adas, bobs, watcher] = await Promise.all([
        ada.joined(thread),
        bob.joined(thread),
        ada.joined(thread),
    ]);
    const [one, two] = await Promise.all([
        sendAll(adas, thread, numbered(500)),
        sendAll(bobs, thread, numbered(500)),
    ]);
    for (const mine of [one, two])
        assert.deepEqual(
            seqs(mine),
            [...seqs(mine)].sort((a, b) => a - b),
        );
    for (const client of [adas, bobs, watcher]) {
        await client.waitFor({ type: 'message:new', message: { seq: 1000 } });
        const order = client
            .received('message:new')
            .map(({ rev, message }) => [rev, message.seq, message.rev]);
        const { rev: first } = client.received('message:new')[0];
        assert.deepEqual(
            order,
            Array.from({ length: 1000 }, (_, i) => [first + i, i + 1, first + i]),
        );
    }
    await Promise.all([adas.close(), bobs.close(), watcher.close()]);
});
