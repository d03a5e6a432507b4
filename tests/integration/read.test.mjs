// Read markers: unread is seq minus readSeq, marks go forward on the socket, and may go back over
// HTTP.
import assert from 'node:assert/strict';
import test from 'node:test';

import { people, startServer } from './harness.mjs';

const server = await startServer();
const [ada, bob] = await people(server, 'p', 2);

async function withUnread(count) {
    const thread = await ada.channel();
    await bob.join(thread);
    for (let i = 0; i < count; i++) await ada.send(thread, i % 2 ? 'plain' : `for <@${bob.id}>`);
    return thread;
}
const counts = async (person, thread) => {
    const { readSeq, unread, mentions } = (await person.thread(thread)).membership;
    return [readSeq, unread, mentions];
};

test('sending counts as unread for others and as read for the author', async () => {
    const thread = await withUnread(4);
    assert.deepEqual(await counts(bob, thread), [0, 4, 2]);
    assert.deepEqual(await counts(ada, thread), [4, 0, 0]);
    const { items } = await bob.ok('GET', '/api/threads');
    assert.equal(items.find(({ id }) => id === thread.id).membership.unread, 4);
});

test('a mark lowers the counts, is told to the own other session, and never goes back', async () => {
    const thread = await withUnread(4);
    const [phone, desk, adas] = await Promise.all([
        bob.joined(thread),
        bob.connect(),
        ada.joined(thread),
    ]);
    const marked = await phone.request('read:mark', { threadId: thread.id, seq: 3 });
    assert.deepEqual(
        [marked.threadId, marked.seq, marked.unread, marked.mentions],
        [thread.id, 3, 1, 0],
    );
    const update = await desk.waitFor({ type: 'read:update', threadId: thread.id });
    assert.deepEqual(
        [update.userId, update.seq, update.unread, update.mentions],
        [bob.id, 3, 1, 0],
    );
    const back = await phone.request('read:mark', { threadId: thread.id, seq: 1 });
    assert.deepEqual([back.seq, back.unread], [3, 1]);
    assert.deepEqual(await counts(bob, thread), [3, 1, 0]);
    // Of her own marker, which her messages move, her sessions hear.
    const bobs = adas.received('read:update').filter(({ userId }) => userId === bob.id);
    assert.equal(bobs.length, 0, 'nobody else learns it in a channel');
    await Promise.all([phone.close(), desk.close(), adas.close()]);
});

test('PUT read may go back, and mentions count again', async () => {
    const thread = await withUnread(4);
    await bob.ok('PUT', `/api/threads/${thread.id}/read`, { seq: 4 });
    assert.deepEqual(await counts(bob, thread), [4, 0, 0]);
    await bob.ok('PUT', `/api/threads/${thread.id}/read`, { seq: 2 });
    assert.deepEqual(await counts(bob, thread), [2, 2, 1]);
    await bob.ok('PUT', `/api/threads/${thread.id}/read`, { seq: 0 });
    assert.deepEqual(await counts(bob, thread), [0, 4, 2]);
});

test('a deleted message still counts, and its mention does not', async () => {
    const thread = await withUnread(2);
    const { items } = await ada.history(thread);
    await ada.http('DELETE', `/api/messages/${items[0].id}`);
    assert.deepEqual(await counts(bob, thread), [0, 2, 0]);
});

test('a mark is seen at once by every connection, whichever event loop serves it', async (t) => {
    const several = await startServer({ args: ['--shards', '3'] }, t);
    const [cora, dan] = await people(several, 'q', 2);
    const thread = await cora.channel();
    await dan.join(thread);
    const last = 8;
    for (let i = 0; i < last; i++) await cora.send(thread, `for <@${dan.id}>`);
    const sockets = await Promise.all(Array.from({ length: last }, () => dan.connect()));
    const seenEverywhere = async (expected) => {
        const looks = Array.from({ length: 10 }, () => counts(dan, thread));
        for (const seen of await Promise.all(looks)) assert.deepEqual(seen, expected);
    };
    for (let seq = 1; seq < last; seq++) {
        const marked = await sockets[seq].request('read:mark', { threadId: thread.id, seq });
        assert.deepEqual(
            [marked.seq, marked.unread, marked.mentions],
            [seq, last - seq, last - seq],
        );
        await seenEverywhere([seq, last - seq, last - seq]);
    }
    for (const socket of sockets) {
        await socket.waitFor({ type: 'read:update', threadId: thread.id, seq: last - 1 });
        const seqs = socket.received('read:update').map(({ seq }) => seq);
        assert.deepEqual(
            seqs,
            [...new Set(seqs)].sort((a, b) => a - b),
            'marks come forward, each once',
        );
    }
    const marks = sockets.map((socket, seq) =>
        socket.request('read:mark', { threadId: thread.id, seq }),
    );
    for (const { seq } of await Promise.all(marks)) assert.equal(seq, last - 1, 'never back');

    // What waits to be written must not undo the way back.
    await sockets[0].request('read:mark', { threadId: thread.id, seq: last });
    await dan.ok('PUT', `/api/threads/${thread.id}/read`, { seq: 2 });
    await seenEverywhere([2, last - 2, last - 2]);
    await Promise.all(sockets.map((socket) => socket.close()));
    await several.restart();
    await seenEverywhere([2, last - 2, last - 2]);
    await dan.send(thread, 'an answer reads all');
    await seenEverywhere([last + 1, 0, 0]);
});

test('marking unread holds, whatever else reads and marks at the same time', async (t) => {
    const several = await startServer({ args: ['--shards', '3'] }, t);
    const [cora, dan] = await people(several, 'q', 2);
    const thread = await cora.channel();
    await dan.join(thread);
    for (let i = 0; i < 8; i++) await cora.send(thread, 'x');
    const phone = await dan.connect();
    for (let round = 0; round < 60; round++) {
        await phone.request('read:mark', { threadId: thread.id, seq: 8 });
        // Each read writes the marks that wait first, and must not bring back one that is over.
        const reads = Array.from({ length: 6 }, () => dan.thread(thread));
        const back = dan.ok('PUT', `/api/threads/${thread.id}/read`, { seq: 2 });
        await Promise.all([...reads, back]);
        assert.deepEqual(await counts(dan, thread), [2, 6, 0], `round ${round}`);
    }
    await phone.close();
});

test('marks survive a stop and a start', async () => {
    const thread = await withUnread(3);
    const phone = await bob.connect();
    await phone.request('read:mark', { threadId: thread.id, seq: 2 });
    await server.restart();
    assert.deepEqual(await counts(bob, thread), [2, 1, 1]);
});

test('a mark that is no seq, or of a thread without membership, is refused', async () => {
    const thread = await withUnread(1);
    const phone = await bob.connect();
    for (const seq of [-1, 1.5, '1', null, undefined, 2 ** 60]) {
        assert.equal(
            (await phone.refused('read:mark', { threadId: thread.id, seq })).code,
            'bad_request',
            `${seq}`,
        );
        await bob.refused('PUT', `/api/threads/${thread.id}/read`, { seq }, 400, 'bad_request');
    }
    const other = await ada.channel();
    assert.equal(
        (await phone.refused('read:mark', { threadId: other.id, seq: 0 })).code,
        'forbidden',
    );
    await phone.close();
});
