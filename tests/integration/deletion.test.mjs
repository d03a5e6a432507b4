// Deleting an account: what goes at once, what goes bit by bit, and that it goes on after a crash.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { http, password, Person, person, register, shardCounts, startServer, until } from './harness.mjs';

const remove = (someone, fields = {}) =>
    someone.ok('DELETE', '/api/me', { password, ...fields }, 204);

/** All messages of a thread, as its owner sees them. */
async function everything(owner, thread) {
    const messages = [];
    let cursor = '';
    for (;;) {
        const { items, next } = await owner.history(thread, `?limit=200${cursor}`);
        messages.unshift(...items);
        if (!next) return messages;
        cursor = `&cursor=${next}`;
    }
}

for (const shards of shardCounts) {
    test(`a deleted user is gone at once but for the id, with ${shards} shards`, async (t) => {
        const server = await startServer({ args: ['--shards', `${shards}`] }, t);
        const owner = await register(server, 'owner');
        const ada = await register(server, 'ada', 'Ada Lovelace');
        const thread = await owner.channel();
        await ada.join(thread);
        const said = await ada.send(thread, 'it stays');
        const { token } = await ada.ok('POST', '/api/me/tokens', { name: 'x' }, 201);
        const open = await Promise.all(Array.from({ length: 6 }, () => ada.joined(thread)));
        const watching = await owner.joined(thread);
        const answer = await ada.http('DELETE', '/api/me', { password });
        assert.equal(answer.status, 204, answer.text);
        assert.match(answer.headers.getSetCookie()[0], /^banter=;.*Max-Age=0/i);
        const later = await owner.send(thread, 'later');
        for (const client of open) {
            assert.equal((await client.expectClose(4401)).reason, 'the account is deleted');
            assert.ok(!client.received('message:new').some(({ message }) => message.id === later.id));
        }
        for (const way of [ada, new Person(server, token, ada.user)])
            await way.refused('GET', '/api/me', undefined, 401, 'unauthenticated');
        const body = { handle: 'ada', password };
        const login = await http(server, 'POST', '/api/auth/login', { body });
        assert.deepEqual([login.status, login.body.code], [401, 'bad_credentials']);

        const gone = await owner.ok('GET', `/api/users/${ada.id}`);
        assert.match(gone.handle, /^deleted-[0-9a-f]{24}$/);
        assert.deepEqual([gone.displayName, gone.avatarUrl, gone.status], ['', null, null]);
        assert.ok(gone.deletedAt);
        for (const query of ['q=ada', 'q=deleted', 'q=love'])
            assert.deepEqual((await owner.ok('GET', `/api/users?${query}`)).items, []);
        await owner.refused('PATCH', `/api/users/${ada.id}`, { role: 'admin' }, 409, 'conflict');
        await watching.waitFor({ type: 'member:update', userId: ada.id, role: null });
        assert.equal((await everything(owner, thread))[0].content, said.content);
        const again = await register(server, 'ada');
        assert.notEqual(again.id, ada.id);
        await watching.close();
    });
}

test('an account is deleted by who knows its password, and never the last owner', async (t) => {
    const server = await startServer({}, t);
    const owner = await register(server, 'owner');
    const ada = await register(server, 'ada');
    await owner.refused('DELETE', '/api/me', { password }, 409, 'conflict');
    for (const [body, status, code] of [
        [{}, 400, 'bad_request'],
        [{ password: 'wrong' }, 401, 'bad_credentials'],
        [{ password: 7 }, 400, 'bad_request'],
        [{ password, erase: 'yes' }, 400, 'bad_request'],
        [{ password, erased: true }, 400, 'unknown_field'],
    ])
        await ada.refused('DELETE', '/api/me', body, status, code);
    const { token } = await ada.ok('POST', '/api/me/tokens', { name: 'x' }, 201);
    const program = new Person(server, token, ada.user);
    await program.refused('DELETE', '/api/me', { password }, 403, 'forbidden');
    await ada.ok('GET', '/api/me');
    const bot = await person(server, 'bot');
    await bot.ok('DELETE', '/api/me', {}, 204);
    assert.equal((await bot.http('GET', '/api/me')).status, 401, 'an old token');
    // A token says its time in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    assert.notEqual((await person(server, 'bot')).id, bot.id, 'the next token makes another user');
    await owner.ok('PATCH', `/api/users/${ada.id}`, { role: 'owner' });
    await remove(owner);
});

test('erasing makes each message a normal tombstone, and goes on after a crash', async (t) => {
    const server = await startServer({}, t);
    const owner = await register(server, 'owner');
    const ada = await register(server, 'ada');
    const threads = [await owner.channel(), await owner.channel()];
    const count = 400;
    for (const thread of threads) {
        await ada.join(thread);
        const client = await ada.joined(thread);
        await Promise.all(
            Array.from({ length: count }, () =>
                client.request('message:send', { threadId: thread.id, nonce: randomUUID(), content: 'said' }),
            ),
        );
        await client.close();
        await owner.send(thread, 'stays');
    }
    const watching = await owner.joined(...threads);
    await remove(ada, { erase: true });
    const first = (frame) => frame.type === 'message:update' && frame.message.deletedAt;
    await watching.waitFor(first);
    await server.kill9();
    await server.start();
    const began = Date.now();
    const left = async () => {
        const all = (await Promise.all(threads.map((one) => everything(owner, one)))).flat();
        return all.filter((message) => message.authorId === ada.id && !message.deletedAt).length;
    };
    const before = await left();
    assert.ok(before > 0, 'it was done before the crash');
    await until(async () => ((await left()) === 0 ? true : undefined), 'the last tombstone', 60_000);
    t.diagnostic(`${before} tombstones in ${Date.now() - began} ms`);
    assert.ok(Date.now() - began >= (before / 500 - 1) * 1_000, 'more than 500 in a second');
    for (const thread of threads) {
        const messages = await everything(owner, thread);
        assert.equal(messages.length, count + 1);
        for (const { authorId, content, deletedAt } of messages) {
            const own = authorId === ada.id;
            assert.deepEqual([content === '', deletedAt !== null], [own, own]);
        }
        const { rev, seq } = await owner.thread(thread);
        assert.deepEqual([seq, rev], [count + 1, 2 * count + 1], 'a rev each');
        const client = await owner.connect();
        const { epoch } = client.hello;
        let since = count + 1;
        for (let answers = 0; answers < 20; answers++) {
            const request = { threadId: thread.id, since, epoch };
            const answer = await client.request('thread:join', request);
            for (const message of answer.messages) assert.equal(message.rev, ++since);
            if (answer.complete) break;
        }
        assert.equal(since, rev);
        await client.close();
    }
});
