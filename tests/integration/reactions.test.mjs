// Reactions: added and removed once, counted, bounded, and `mine` only for who asks.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { people, startServer } from './harness.mjs';

const server = await startServer();
const [ada, bob, ...crowd] = await people(server, 'p', 24);
const thread = await ada.channel();
const adas = await ada.joined(thread);
const bobs = await bob.joined(thread);
test.after(() => Promise.all([adas.close(), bobs.close()]));
const post = async (content) =>
    (await adas.request('message:send', { threadId: thread.id, nonce: randomUUID(), content }))
        .message;
const route = (message, emoji) =>
    `/api/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;

test('a reaction reaches everyone with who did what, and mine stands in answers only', async () => {
    const message = await post('react to me');
    const { message: added } = await bobs.request('reaction:add', {
        messageId: message.id,
        emoji: '👍',
    });
    assert.deepEqual(added.reactions, [{ emoji: '👍', count: 1, userIds: [bob.id], mine: true }]);
    assert.equal(added.rev, message.rev + 1);
    for (const client of [adas, bobs]) {
        const event = await client.waitFor({ type: 'message:update', rev: added.rev });
        assert.deepEqual(event.reaction, { emoji: '👍', userId: bob.id, added: true });
        assert.deepEqual(event.message.reactions, [{ emoji: '👍', count: 1, userIds: [bob.id] }]);
    }
    const seenBy = async (person) => (await person.history(thread)).items.at(-1).reactions[0].mine;
    assert.equal(await seenBy(bob), true);
    assert.ok(!(await seenBy(ada)));

    const { message: removed } = await bobs.request('reaction:remove', {
        messageId: message.id,
        emoji: '👍',
    });
    assert.deepEqual(removed.reactions, []);
    const event = await adas.waitFor({ type: 'message:update', rev: removed.rev });
    assert.deepEqual(event.reaction, { emoji: '👍', userId: bob.id, added: false });
});

test('adding what is there and removing what is not take no rev', async () => {
    const message = await post('idempotent');
    await adas.request('reaction:add', { messageId: message.id, emoji: '👍' });
    const { message: again } = await adas.request('reaction:add', {
        messageId: message.id,
        emoji: '👍',
    });
    assert.equal(again.rev, message.rev + 1);
    assert.equal(again.reactions[0].count, 1);
    const { message: other } = await adas.request('reaction:remove', {
        messageId: message.id,
        emoji: '🎉',
    });
    assert.equal(other.rev, message.rev + 1);
    assert.equal((await ada.thread(thread)).rev, message.rev + 1);
});

test('over HTTP reactions are put, read and deleted', async () => {
    const message = await post('by HTTP');
    await ada.ok('PUT', route(message, '👍🏽'));
    await bob.join(thread);
    await bob.ok('PUT', route(message, '👍🏽'));
    const stored = await ada.ok('GET', `/api/messages/${message.id}`);
    assert.deepEqual(stored.reactions, [
        { emoji: '👍🏽', count: 2, userIds: [ada.id, bob.id], mine: true },
    ]);
    assert.equal((await ada.http('GET', route(message, '👍🏽'))).status, 200);
    const gone = await bob.http('DELETE', route(message, '👍🏽'));
    assert.ok([200, 204].includes(gone.status), gone.text);
    assert.equal((await ada.ok('GET', `/api/messages/${message.id}`)).reactions[0].count, 1);
});

test('a message takes fifty different emoji and no more', async () => {
    const message = await post('popular');
    const emoji = Array.from({ length: 51 }, (_, index) => String.fromCodePoint(0x1f600 + index));
    for (const one of emoji.slice(0, 50))
        await adas.request('reaction:add', { messageId: message.id, emoji: one });
    assert.equal(
        (await adas.refused('reaction:add', { messageId: message.id, emoji: emoji[50] })).code,
        'too_large',
    );
    await ada.refused('PUT', route(message, emoji[50]), undefined, 413, 'too_large');
    const { message: more } = await bobs.request('reaction:add', {
        messageId: message.id,
        emoji: emoji[0],
    });
    assert.equal(more.reactions.length, 50);
    assert.equal(more.reactions[0].count, 2);
});

test('the first twenty users are named, and all are counted and listed in pages', async () => {
    const message = await post('everyone');
    for (const person of crowd) {
        await person.join(thread);
        await person.ok('PUT', route(message, '❤️'));
    }
    const { reactions } = await ada.ok('GET', `/api/messages/${message.id}`);
    assert.equal(reactions[0].count, crowd.length);
    assert.deepEqual(
        reactions[0].userIds,
        crowd.slice(0, 20).map(({ id }) => id),
    );

    const listed = [];
    for (let next = ''; next !== null; ) {
        const path = `${route(message, '❤️')}?limit=9${next && `&cursor=${next}`}`;
        const page = await ada.ok('GET', path);
        assert.equal(page.count, crowd.length);
        assert.ok(page.items.length > 0 && page.items.length <= 9);
        listed.push(...page.items.map(({ id }) => id));
        next = page.next;
    }
    assert.deepEqual(
        listed,
        crowd.map(({ id }) => id),
    );
    for (const query of ['limit=0', 'limit=201', 'limit=x', 'page=2'])
        assert.equal((await ada.http('GET', `${route(message, '❤️')}?${query}`)).status, 400);
});

for (const emoji of ['', 'x'.repeat(1000), 'a\u0000', '\ud800', 7, null, undefined]) {
    test(`the emoji ${JSON.stringify(emoji)?.slice(0, 20)} is refused`, async () => {
        const message = await post('strict');
        const { code } = await adas.refused('reaction:add', { messageId: message.id, emoji });
        assert.ok(['bad_request', 'too_large'].includes(code), code);
        assert.deepEqual((await ada.ok('GET', `/api/messages/${message.id}`)).reactions, []);
    });
}
