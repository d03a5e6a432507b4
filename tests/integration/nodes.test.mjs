// Several nodes on one database: what is sent on one is seen on all, in one order, each once, with Redis and without
// it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { decodeJwt } from 'jose';

import { Postgres } from '../services/postgres.mjs';
import { Redis } from '../services/redis.mjs';
import { RedisCluster } from '../services/redis_cluster.mjs';
import {
    http,
    Person,
    person,
    register,
    requested,
    run,
    signInAgain,
    startServer,
    temporaryDirectory,
    tokens,
    until,
} from './harness.mjs';

/** By when another node tells what no event told it: 2 s on a machine that has the time, as BANTER_PATIENCE=1 says. */
const found_within_ms = 2_000 * Number(process.env.BANTER_PATIENCE ?? 3);

const postgres = await Postgres.start();
const redis = await Redis.start();

const flags = ['--database', postgres.url('postgres')];
const one = await startServer({ args: [...flags, '--redis', redis.url] });
const other = await startServer({ args: [...flags, '--redis', redis.url] });
/** Hears of nothing but what it finds in the database. */
const deaf = await startServer({ args: flags });
const cluster = await RedisCluster.start();
const pair = [];
for (let index = 0; index < 2; index++)
    pair.push(await startServer({ args: [...flags, '--redis', cluster.url] }));
after(() => Promise.all([postgres.stop(), redis.stop(), cluster.stop()]));
/** By which way what happens at the first of two nodes comes to the second. */
const ways = {
    'by Redis': [one, other],
    'by a Redis Cluster': pair,
    'by the database alone': [one, deaf],
};

const owner = await register(one, 'owner');
const ada = await person(one, 'ada');
const bob = await person(one, 'bob');
const eve = await register(one, 'eve');

const text = (content = 'text') => ({ nonce: randomUUID(), content });
const send = (client, threadId, content) => client.request('message:send', { threadId, ...text(content) });

/** The same person, at another node. */
const at = (who, server) => new Person(server, who.token, who.user);
const joined = (who, server, ...threads) => at(who, server).joined(...threads);

/** What a client was told of a thread's messages, in its order. */
const told = (client, threadId) =>
    client.log.filter(({ type, threadId: of }) => type === 'message:new' && of === threadId);

async function everybodyAt(thread) {
    const clients = [];
    for (const server of [one, other, deaf]) clients.push(await joined(ada, server, thread));
    return clients;
}

test('what is sent on three nodes at once every client sees in the same order, each message once', async () => {
    const thread = await ada.channel();
    const clients = await everybodyAt(thread);
    const count = 200;
    const sendAll = async (client) => {
        for (let index = 0; index < count; index++) await send(client, thread.id, `${index}`);
    };
    await Promise.all(clients.map(sendAll));
    const all = 3 * count;
    for (const client of clients) {
        await client.waitFor({ type: 'message:new', threadId: thread.id, rev: all });
        const seen = told(client, thread.id);
        assert.deepEqual(
            seen.map(({ rev, message }) => [rev, message.seq]),
            Array.from({ length: all }, (_, index) => [index + 1, index + 1]),
        );
        assert.deepEqual(
            seen.map(({ message }) => message),
            told(clients[0], thread.id).map(({ message }) => message),
        );
    }
});

for (const [way, [first, node]] of Object.entries(ways)) {
    const here = at(ada, first);

    test(`${way}: a change reaches who has joined at another node`, async () => {
        const thread = await here.channel();
        const sender = await here.joined(thread);
        const there = await joined(ada, node, thread);
        const { message } = await send(sender, thread.id, 'first');
        const arrives = async (wanted) => {
            const since = Date.now();
            const frame = await there.waitFor(wanted);
            assert.ok(Date.now() - since < found_within_ms, `${Date.now() - since} ms`);
            return frame;
        };
        assert.deepEqual((await arrives({ type: 'message:new', threadId: thread.id })).message, message);
        const { message: edited } = await sender.request('message:edit', { messageId: message.id, content: 'second' });
        assert.deepEqual((await arrives({ type: 'message:update', rev: edited.rev })).message, edited);
        await here.ok('PATCH', `/api/threads/${thread.id}`, { topic: 'another' });
        const renamed = await arrives({ type: 'thread:update', threadId: thread.id });
        assert.equal(renamed.thread.topic, 'another');
        await sender.request('message:delete', { messageId: message.id });
        await arrives({ type: 'message:update', rev: 4 });
        // Nothing came twice, and nothing was left out.
        const revs = there.log.filter(({ rev, type }) => rev && type !== 'thread:joined').map(({ rev }) => rev);
        assert.deepEqual(revs, [1, 2, 3, 4]);
    });

    test(`${way}: who is made a member at another node hears of the thread and of what is said in it`, async () => {
        const thread = await here.channel({ visibility: 'private' });
        const there = await at(bob, node).connect();
        await here.ok('PUT', `/api/threads/${thread.id}/members/${bob.id}`, { role: 'member' });
        const added = await there.waitFor({ type: 'member:update', threadId: thread.id });
        assert.deepEqual([added.userId, added.role], [bob.id, 'member']);
        const sender = await here.joined(thread);
        await send(sender, thread.id, `hello @${bob.handle}`);
        await there.waitFor({ type: 'thread:activity', threadId: thread.id, seq: 1 });
        // By Redis, and by a look at the database if that was faster.
        for (const again of there.log.filter(({ type }) => type === 'member:update')) assert.deepEqual(again, added);
    });

    test(`${way}: who is removed at another node gets nothing that is said afterwards`, async () => {
        const thread = await here.channel({ visibility: 'private' });
        await here.ok('PUT', `/api/threads/${thread.id}/members/${bob.id}`, { role: 'member' });
        const there = await joined(bob, node, thread);
        const sender = await here.joined(thread);
        await send(sender, thread.id, 'before');
        await there.waitFor({ type: 'message:new', threadId: thread.id });
        await here.ok('DELETE', `/api/threads/${thread.id}/members/${bob.id}`, undefined, 204);
        await there.waitFor({ type: 'thread:removed', threadId: thread.id }, { ms: found_within_ms });
        await send(sender, thread.id, 'after');
        const watcher = await joined(ada, node, thread);
        await send(sender, thread.id, 'last');
        await watcher.waitFor({ type: 'message:new', threadId: thread.id });
        assert.equal(told(there, thread.id).length, 1);
    });

    test(`${way}: a sign-in that ends at another node ends its sockets`, async () => {
        const again = await signInAgain(eve);
        const there = await at(again, node).connect();
        const headers = { ...requested, Cookie: again.cookie };
        assert.equal((await at(again, first).http('POST', '/api/auth/logout', undefined, headers)).status, 204);
        await there.expectClose(4401, found_within_ms);
    });

    test(`${way}: a sign-in that another device ends at another node loses its sockets`, async () => {
        const phone = await signInAgain(eve);
        const there = await at(phone, node).connect();
        await at(eve, first).ok('DELETE', `/api/me/sessions/${decodeJwt(phone.token).sid}`, undefined, 204);
        assert.equal((await there.expectClose(4401, found_within_ms)).reason, 'signed out');
    });

    test(`${way}: an access token that is removed at another node loses its sockets`, async () => {
        const made = await at(eve, first).ok('POST', '/api/me/tokens', { name: 'x' }, 201);
        const there = await at({ token: made.token, user: eve.user }, node).connect();
        await at(eve, first).ok('DELETE', `/api/me/tokens/${made.id}`, undefined, 204);
        await there.expectClose(4401, found_within_ms);
    });

    test(`${way}: who is deactivated at another node is out`, async () => {
        const joe = await register(first, `joe-${randomUUID().slice(0, 8)}`);
        const there = await at(joe, node).connect();
        await at(owner, first).ok('PATCH', `/api/users/${joe.id}`, { deactivated: true });
        assert.equal((await there.expectClose(4401, found_within_ms)).reason, 'the account is deactivated');
    });
}

test('who types at one node is seen at another, by Redis', async () => {
    const thread = await ada.channel();
    const there = await joined(bob, other, thread);
    const here = await joined(ada, one, thread);
    here.tell('typing:start', { threadId: thread.id });
    await there.waitFor({ type: 'typing:update', threadId: thread.id, userId: ada.id, typing: true });
    assert.equal(here.log.filter(({ type }) => type === 'typing:update').length, 0);
});

test('one nonce on three nodes at once is one message, in one thread, and in two a refusal', async () => {
    const [thread, second] = [await ada.channel(), await ada.channel()];
    const clients = await everybodyAt(thread);
    for (const client of clients) await client.request('thread:join', { threadId: second.id });
    for (let round = 0; round < 20; round++) {
        const same = text();
        const answers = await Promise.all(
            clients.map((client) => client.request('message:send', { threadId: thread.id, ...same })),
        );
        assert.equal(new Set(answers.map(({ message }) => message.id)).size, 1);
        const another = text();
        const [first, ...rest] = await Promise.all(
            clients.map((client, index) =>
                client.ask('message:send', { threadId: [thread, second, thread][index].id, ...another }),
            ),
        );
        const stored = [first, ...rest].filter(({ type }) => type === 'message:sent');
        assert.equal(new Set(stored.map(({ message }) => message.id)).size, 1);
        for (const answer of [first, ...rest]) {
            if (answer.type !== 'message:sent') assert.equal(answer.code, 'nonce_reused');
        }
    }
    const { seq } = (await send(clients[0], thread.id)).message;
    const last = (await send(clients[0], second.id)).message.seq;
    assert.equal(seq + last, 20 + 20 + 2);
});

test('a token of one node counts on the others, and a file link of one on the others', async () => {
    const keys = await Promise.all([one, other, deaf].map((server) => http(server, 'GET', '/.well-known/jwks.json')));
    assert.deepEqual(keys[1].body, keys[0].body);
    assert.deepEqual(keys[2].body, keys[0].body);
    const [token] = await tokens(deaf, ada.handle);
    assert.equal((await http(one, 'GET', '/api/me', { token })).body.id, ada.id);
});

test('a Redis that will not do is refused at the start, with what to change and without the password', async () => {
    const unreachable = 'redis://:secret@127.0.0.1:1';
    const refusals = [
        [['--redis', redis.url.replace(redis.password, 'wrong-secret'), ...flags], /Redis at 127.*does not let us in.*another user or password/],
        [['--redis', unreachable, ...flags], /127\.0\.0\.1:1/],
        [['--redis', 'http://127.0.0.1', ...flags], /redis:\/\//],
        [['--redis', redis.url], /--redis is for several servers of one database.*--database postgresql/],
    ];
    for (const [args, sentence] of refusals) {
        const data = temporaryDirectory();
        const { code, output } = await run(['serve', '--data', data, '--listen', '127.0.0.1:0', ...args]);
        assert.notEqual(code, 0, output);
        assert.match(output, sentence);
        assert.doesNotMatch(output, /secret@|wrong-secret/);
    }
});

test('a directory with the key of another installation is refused, with what to do', async () => {
    const data = temporaryDirectory();
    await run(['token', '--data', data, '--subject', 'ada']);
    const { code, output } = await run(['serve', '--data', data, '--listen', '127.0.0.1:0', ...flags]);
    assert.equal(code, 1);
    assert.match(output, /issuer-key.pem is not the key of the installation in the database: move it away/);
});

test('who is there at one node is shown at another, and what is chosen too', async () => {
    const watcher = await at(ada, one).connect();
    const shown = (presence) => watcher.waitFor({ type: 'presence:update', userId: bob.id, presence });
    const before = await at(bob, one).connect();
    await watcher.request('presence:watch', { userIds: [bob.id] });
    const there = await at(bob, other).connect();
    await there.request('presence:set', { presence: 'dnd' });
    await shown('dnd');
    before.ws.close();
    const late = await at(eve, other).connect();
    const { presences } = await late.request('presence:watch', { userIds: [bob.id] });
    assert.equal(presences[0].presence, 'dnd');
});

test('what somebody takes from a limit at one node is missing at another', async () => {
    const limited = { args: [...flags, '--redis', redis.url], limits: true };
    const first = await startServer(limited);
    const second = await startServer(limited);
    const refused = async (server) =>
        (await http(server, 'GET', '/api/me', { token: 'wrong' })).status === 429 || undefined;
    await until(() => refused(first), 'the limit of wrong tokens at the first node');
    let tried = 0;
    await until(async () => {
        tried++;
        await setTimeout(250); // nodes tell each other five times a second
        return refused(second);
    }, 'the limit at the second node');
    assert.ok(tried < 10, `${tried} tries: the second node counted alone`);
});
