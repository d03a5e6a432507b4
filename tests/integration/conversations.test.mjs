// Direct threads, groups, replies and private channels over HTTP and the socket: who is in them, who
// is told of what, and that whoever is out gets nothing more.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { people, startServer } from './harness.mjs';

const server = await startServer();
const [ada, bob, cy, dan] = await people(server, 'p', 4);
const nowhere = '01900000-0000-7000-8000-000000000000';

const make = (by, body, status = 201) => by.ok('POST', '/api/threads', body, status);
const group = (by, ...others) =>
    make(by, { kind: 'group', memberIds: others.map(({ id }) => id), name: 'a group' });
const replies = (by, message, status = 201) =>
    make(
        by,
        { kind: 'reply', parent: { threadId: message.threadId, messageId: message.id } },
        status,
    );
const add = (by, thread, member, body) =>
    by.ok('PUT', `/api/threads/${thread.id}/members/${member.id}`, body);
const remove = (by, thread, member) =>
    by.ok('DELETE', `/api/threads/${thread.id}/members/${member.id}`, undefined, 204);
const listed = async (by) => (await by.ok('GET', '/api/threads?limit=200')).items.map(({ id }) => id);

test('fifty requests at once for a direct thread make one', async () => {
    const asked = Array.from({ length: 50 }, (_, i) =>
        i % 2
            ? ada.http('POST', '/api/threads', { kind: 'direct', memberIds: [bob.id] })
            : bob.http('POST', '/api/threads', { kind: 'direct', memberIds: [ada.id] }),
    );
    const answers = await Promise.all(asked);
    assert.deepEqual([...new Set(answers.map(({ body }) => body.id))].length, 1);
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.equal(answers.filter(({ status }) => status === 200).length, 49);
    const [{ body: thread }] = answers;
    assert.deepEqual(thread.memberIds, [ada.id, bob.id].sort());
    assert.equal(thread.visibility, 'private');
    const boot = await bob.ok('GET', '/api/boot');
    const known = boot.users.map(({ id }) => id);
    assert.ok(known.includes(ada.id), 'who a direct thread is with stands in boot');
    await cy.refused('GET', `/api/threads/${thread.id}`, undefined, 404, 'not_found');
});

test('a direct thread never changes and is only hidden until something is said in it', async () => {
    const thread = await make(ada, { kind: 'direct', memberIds: [cy.id] });
    const path = `/api/threads/${thread.id}`;
    await ada.refused('PATCH', path, { name: 'x' }, 403, 'forbidden');
    await ada.refused('PUT', `${path}/members/${bob.id}`, undefined, 403, 'forbidden');
    await ada.refused('DELETE', `${path}/members/${cy.id}`, undefined, 403, 'forbidden');
    await ada.refused('DELETE', `${path}/members/${ada.id}`, undefined, 403, 'forbidden');
    const elsewhere = await ada.connect();
    await ada.ok('POST', `${path}/leave`, undefined, 204);
    await elsewhere.waitFor({ type: 'thread:removed', threadId: thread.id });
    assert.ok(!(await listed(ada)).includes(thread.id));
    await cy.send(thread, 'hello?');
    await elsewhere.waitFor({ type: 'thread:activity', threadId: thread.id, seq: 1 });
    assert.ok((await listed(ada)).includes(thread.id));
    await elsewhere.close();
});

test('who is added hears of it and of what is said, and who is removed of nothing more', async () => {
    const thread = await group(ada, bob);
    const phone = await cy.connect();
    const watching = await ada.joined(thread);
    const member = await add(bob, thread, cy);
    assert.equal(member.userId, cy.id);
    assert.equal(member.role, 'member');
    const own = await phone.waitFor({ type: 'member:update', userId: cy.id });
    assert.equal(own.role, 'member');
    assert.equal(own.level, 'all');
    const told = await watching.waitFor({ type: 'member:update', userId: cy.id });
    assert.ok(!('level' in told), 'what a member wants to hear of is nobody else\'s business');

    await ada.send(thread, `hello <@${cy.id}>`);
    const activity = await phone.waitFor({ type: 'thread:activity', threadId: thread.id });
    assert.deepEqual(activity.mentioned, [cy.id]);

    await phone.request('thread:join', { threadId: thread.id });
    await remove(ada, thread, cy);
    await phone.waitFor({ type: 'thread:removed', threadId: thread.id });
    const before = phone.log.length;
    await ada.send(thread, 'a secret');
    await ada.send(thread, `and <@${cy.id}> is told nothing`);
    await watching.waitFor({ type: 'message:new', message: { seq: 3 } });
    assert.equal((await phone.refused('thread:join', { threadId: thread.id })).code, 'not_found');
    assert.deepEqual(
        phone.log.slice(before).filter(({ type }) => type !== 'error'),
        [],
    );
    const gone = await cy.http('GET', `/api/threads/${thread.id}`);
    const absent = await cy.http('GET', `/api/threads/${nowhere}`);
    assert.equal(gone.text, absent.text);
    assert.ok(!(await listed(cy)).includes(thread.id));
    await watching.close();
    await phone.close();
});

test('in a group every member adds, and only an owner removes, renames and gives roles', async () => {
    const thread = await group(ada, bob);
    const path = `/api/threads/${thread.id}`;
    await bob.refused('PUT', `${path}/members/${cy.id}`, { role: 'owner' }, 403, 'forbidden');
    await add(bob, thread, cy);
    await bob.refused('DELETE', `${path}/members/${cy.id}`, undefined, 403, 'forbidden');
    await bob.refused('PATCH', path, { topic: 'x' }, 403, 'forbidden');
    await ada.refused('PUT', `${path}/members/${nowhere}`, undefined, 404, 'not_found');
    await ada.refused('PUT', `${path}/members/me`, undefined, 404, 'not_found');
    await ada.refused('PUT', `${path}/members/${cy.id}`, { role: 'king' }, 400, 'bad_request');
    await add(ada, thread, bob, { role: 'owner' });
    await remove(bob, thread, cy);
    const page = await bob.ok('GET', `${path}/members?limit=1`);
    const rest = await bob.ok('GET', `${path}/members?limit=200&cursor=${page.next}`);
    const members = [...page.items, ...rest.items];
    assert.deepEqual(
        members.map(({ userId, role }) => [userId, role]),
        [ada, bob].map(({ id }) => [id, 'owner']).sort(([one], [other]) => (one < other ? -1 : 1)),
    );
    assert.deepEqual(page.users.map(({ id }) => id), [members[0].userId]);
});

test('a rename, a topic and the archive take revs and reach joined and listening sessions', async () => {
    const thread = await ada.channel();
    await bob.join(thread);
    const joined = await ada.joined(thread);
    const listening = await bob.connect();
    const renamed = await ada.ok('PATCH', `/api/threads/${thread.id}`, {
        name: `n-${randomUUID()}`,
        topic: 'two\nlines',
    });
    assert.equal(renamed.rev, thread.rev + 1);
    for (const client of [joined, listening]) {
        const update = await client.waitFor({ type: 'thread:update', threadId: thread.id });
        assert.equal(update.rev, renamed.rev);
        assert.equal(update.thread.name, renamed.name);
        assert.ok(!('membership' in update.thread));
    }
    await ada.ok('PATCH', `/api/threads/${thread.id}`, { topic: 'two\nlines' });
    await ada.ok('PATCH', `/api/threads/${thread.id}`, { archived: true });
    const archived = await joined.waitFor({ type: 'thread:update', rev: renamed.rev + 1 });
    assert.ok(archived.thread.archivedAt);
    const message = { threadId: thread.id, nonce: randomUUID(), content: 'late' };
    assert.equal((await joined.refused('message:send', message)).code, 'conflict');
    await ada.ok('PATCH', `/api/threads/${thread.id}`, { archived: false });
    await joined.request('message:send', message);
    const resumed = await bob.connect();
    const since = await resumed.request('thread:join', { threadId: thread.id, since: 0 });
    assert.equal(since.rev, renamed.rev + 3);
    assert.deepEqual(since.messages.map(({ content }) => content), ['late']);
    for (const client of [joined, listening, resumed]) await client.close();
});

const wrongChanges = [
    [{}, 400, 'bad_request', 'nothing'],
    [{ name: '' }, 400, 'bad_request', 'an empty name'],
    [{ name: null }, 400, 'bad_request', 'no name at all'],
    [{ topic: 'x'.repeat(501) }, 413, 'too_large', 'a topic of 501'],
    [{ topic: 'a\u0001' }, 400, 'bad_request', 'a control character'],
    [{ visibility: 'hidden' }, 400, 'bad_request', 'an unknown visibility'],
    [{ archived: 'yes' }, 400, 'bad_request', 'an archive that is a word'],
    [{ kind: 'group' }, 400, 'unknown_field', 'another kind'],
    [{ createdBy: nowhere, name: 'x' }, 400, 'unknown_field', 'another maker'],
];
for (const [body, status, code, what] of wrongChanges) {
    test(`a thread is not changed by ${what}`, async () => {
        const thread = await ada.channel();
        await ada.refused('PATCH', `/api/threads/${thread.id}`, body, status, code);
        assert.equal((await ada.thread(thread)).rev, thread.rev);
    });
}

test('replies follow the parent: a removed member is gone from them', async () => {
    const secret = await ada.channel({ visibility: 'private' });
    for (const member of [bob, cy]) await add(ada, secret, member);
    const message = await bob.send(secret, 'question');
    const watching = await ada.joined(secret);
    const thread = await replies(cy, message);
    assert.deepEqual(thread.parent, { threadId: secret.id, messageId: message.id });
    assert.equal((await replies(bob, message, 200)).id, thread.id);
    const phone = await bob.joined(secret, thread);
    const first = await cy.send(thread, 'an answer');
    const shown = await watching.waitFor({ type: 'message:update', message: { id: message.id } });
    assert.equal(shown.message.replyThread.threadId, thread.id);
    assert.equal(shown.message.replyThread.count, 1);
    assert.deepEqual(shown.message.replyThread.userIds, [cy.id]);
    await phone.waitFor({ type: 'message:new', message: { id: first.id } });

    await remove(ada, secret, bob);
    await phone.waitFor({ type: 'thread:removed', threadId: secret.id });
    const before = phone.log.length;
    const readers = await ada.joined(thread);
    await cy.send(thread, 'not for everybody');
    await readers.waitFor({ type: 'message:new', message: { seq: 2 } });
    assert.equal((await phone.refused('thread:join', { threadId: thread.id })).code, 'not_found');
    assert.deepEqual(
        phone.log.slice(before).filter(({ type }) => !['error', 'member:update'].includes(type)),
        [],
    );
    for (const path of ['', '/messages', '/members'])
        await bob.refused('GET', `/api/threads/${thread.id}${path}`, undefined, 404, 'not_found');
    await bob.refused('GET', `/api/messages/${first.id}`, undefined, 404, 'not_found');
    assert.ok(!(await listed(bob)).includes(thread.id));
    for (const client of [watching, phone, readers]) await client.close();
});

test('a busy reply thread changes its message once in ten seconds, and the last count comes', async () => {
    const channel = await ada.channel();
    const message = await ada.send(channel, 'question');
    const thread = await replies(ada, message);
    const watching = await ada.joined(channel);
    for (let i = 1; i <= 5; i += 1) await ada.send(thread, `answer ${i}`);
    const first = await watching.waitFor({ type: 'message:update' });
    assert.equal(first.message.replyThread.count, 1);
    const last = await watching.waitFor(
        ({ type, message: { replyThread } = {} }) =>
            type === 'message:update' && replyThread.count === 5,
        { ms: 30_000 },
    );
    assert.equal(last.rev, first.rev + 1, 'nothing between the first and the last');
    await watching.close();
});

test('a channel that becomes private closes to who is no member, in its replies too', async () => {
    const channel = await ada.channel();
    const message = await ada.send(channel, 'question');
    const thread = await replies(ada, message);
    const reader = await dan.connect();
    await reader.request('thread:join', { threadId: thread.id });
    await ada.ok('PATCH', `/api/threads/${channel.id}`, { visibility: 'private' });
    await reader.expectClose(4403);
    await ada.send(thread, 'for members');
    await dan.refused('GET', `/api/threads/${thread.id}`, undefined, 404, 'not_found');
    const again = await dan.connect();
    assert.equal((await again.refused('thread:join', { threadId: thread.id })).code, 'not_found');
    await again.close();
});

test('in a direct thread the other sees how far one has read, without the counts', async () => {
    const thread = await make(cy, { kind: 'direct', memberIds: [dan.id] });
    await cy.send(thread, 'one');
    await cy.send(thread, 'two');
    const writer = await cy.joined(thread);
    const tablet = await dan.connect();
    const reader = await dan.joined(thread);
    await reader.request('read:mark', { threadId: thread.id, seq: 1 });
    const seen = await writer.waitFor({ type: 'read:update', userId: dan.id });
    assert.deepEqual(seen, { type: 'read:update', threadId: thread.id, userId: dan.id, seq: 1 });
    const own = await tablet.waitFor({ type: 'read:update', userId: dan.id });
    assert.deepEqual([own.seq, own.unread, own.mentions], [1, 1, 0]);
    await dan.send(thread, 'three');
    const sent = await tablet.waitFor({ type: 'read:update', seq: 3 });
    assert.equal(sent.unread, 0, 'who sends has read up to there');
    for (const client of [writer, tablet, reader]) await client.close();
});

test('preferences follow a person from device to device and change nothing for others', async () => {
    const thread = await ada.channel();
    await bob.join(thread);
    const tablet = await bob.connect();
    const watching = await ada.joined(thread);
    const path = `/api/threads/${thread.id}/preferences`;
    const mutedUntil = '2040-01-01T00:00:00.000Z';
    const changed = await bob.ok('PUT', path, { level: 'mentions', mutedUntil });
    assert.equal(changed.membership.level, 'mentions');
    assert.equal(changed.membership.mutedUntil, mutedUntil);
    const own = await tablet.waitFor({ type: 'member:update', level: 'mentions' });
    assert.equal(own.mutedUntil, mutedUntil);
    await bob.ok('PUT', path, { level: 'all' });
    assert.equal((await bob.thread(thread)).membership.mutedUntil, null);
    await cy.refused('PUT', path, { level: 'all' }, 403, 'forbidden');
    await bob.refused('PUT', path, { level: 'loud' }, 400, 'bad_request');
    await bob.refused('PUT', path, { level: 'all', mutedUntil: 'never' }, 400, 'bad_request');
    assert.ok(!watching.received('member:update').some((frame) => 'level' in frame));
    for (const client of [tablet, watching]) await client.close();
});

test('who leaves a channel is a member no more, and live events end', async () => {
    const thread = await ada.channel();
    const phone = await bob.joined(thread);
    await bob.ok('POST', `/api/threads/${thread.id}/leave`, undefined, 204);
    await phone.waitFor({ type: 'member:update', role: null });
    const watching = await ada.joined(thread);
    await ada.send(thread, 'anyone?');
    await watching.waitFor({ type: 'message:new' });
    assert.deepEqual(phone.received('message:new'), []);
    assert.deepEqual(phone.received('thread:removed'), [], 'it is public');
    await bob.ok('POST', `/api/threads/${thread.id}/leave`, undefined, 204);
    assert.equal((await bob.thread(thread)).membership, null);
    for (const client of [phone, watching]) await client.close();
});
