// What happens when a part of several nodes fails, cell by cell of the table in docs/operations.md: people talk in the
// same threads at two nodes, and lib/talk.mjs holds what they are told against what is stored. BANTER_FAULT_SECONDS
// says how long Redis or PostgreSQL is away (3), BANTER_TALKERS how many people talk, at each node (3).
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { RedisCluster } from '../services/redis_cluster.mjs';
import { Cluster } from './lib/cluster.mjs';
import { clusterFaults } from './lib/cluster_faults.mjs';
import { fileMayTake } from './lib/deadline.mjs';
import { Talk } from './lib/talk.mjs';
import { register, requested, signInAgain, until } from './harness.mjs';

// What is promised in seconds is promised of a machine that has the time: BANTER_PATIENCE=1 holds it to that.
const slower = Number(process.env.BANTER_PATIENCE ?? 3);
/** By when another node tells, whatever became of Redis. */
const found_within_ms = 2_000 * slower;
/** By when sends go on once the database is back. */
const back_within_ms = 5_000 * slower;
/** By when a send is refused while the database is away. */
const refused_within_ms = 2_000 * slower;
const fault_ms = 1_000 * Number(process.env.BANTER_FAULT_SECONDS ?? 3);
const talking = Number(process.env.BANTER_TALKERS ?? 3);
fileMayTake(360_000 + 10 * fault_ms);

const { postgres, redis } = await Cluster.startServices();
/** Three primaries with a replica each, for the tests that say so. */
const clustered = await RedisCluster.start();
after(() => Promise.all([postgres.stop(), redis.stop(), clustered.stop()]));

const channel = () => ({ kind: 'channel', name: `c-${randomUUID().slice(0, 8)}`, visibility: 'public' });
const text = (content = 'text') => ({ nonce: randomUUID(), content });
const send = (client, thread, content) => client.request('message:send', { threadId: thread.id, ...text(content) });

async function talkAt(t, options) {
    const cluster = await Cluster.start(t, options);
    const { everybody, threads } = await cluster.crowd(talking, 4);
    const talk = await Talk.start(t, { servers: cluster.nodes, people: everybody, threads, breath_ms: 10 });
    await talk.goesOn(50);
    return { cluster, talk, everybody, threads };
}

/** Whoever is removed or signed out at one node is cut off at the other, and is told nothing afterwards. */
async function accessEnds(cluster, owner) {
    const [there, here] = [1, 0];
    const eve = await register(cluster.nodes[here], `eve-${randomUUID().slice(0, 8)}`);
    const thread = await owner.channel({ visibility: 'private' });
    await owner.ok('PUT', `/api/threads/${thread.id}/members/${eve.id}`, { role: 'member' });
    const reader = await cluster.at(eve, there).joined(thread);
    const writer = await cluster.at(owner, there).joined(thread);
    await owner.ok('DELETE', `/api/threads/${thread.id}/members/${eve.id}`, undefined, 204);
    await reader.waitFor({ type: 'thread:removed', threadId: thread.id }, { ms: found_within_ms });
    await send(writer, thread, 'after');
    await writer.waitFor({ type: 'message:new', threadId: thread.id });
    assert.equal(reader.received('message:new').length, 0);
    const again = await signInAgain(eve);
    const socket = await cluster.at(again, there).connect();
    const headers = { ...requested, Cookie: again.cookie };
    assert.equal((await again.http('POST', '/api/auth/logout', undefined, headers)).status, 204);
    await socket.expectClose(4401, found_within_ms);
    for (const client of [reader, writer]) await client.close();
}

/** Two who have joined the thread at two nodes; `seen` waits until the other sees that the first types. */
async function typists(cluster, [one, other], thread) {
    const here = await cluster.at(one, 0).joined(thread);
    const there = await cluster.at(other, 1).joined(thread);
    const wanted = { type: 'typing:update', threadId: thread.id, userId: one.id, typing: true };
    return {
        async seen() {
            const typing = setInterval(() => here.tell('typing:start', { threadId: thread.id }), 700);
            await there.waitFor(wanted, { from: there.log.length }).finally(() => clearInterval(typing));
        },
        close: () => Promise.all([here.close(), there.close()]),
    };
}

const faultsOfOne = {
    'Redis is killed': {
        begin: () => redis.daemon.kill9(),
        end: async () => {
            redis.daemon.start();
            await redis.ready();
        },
    },
    'Redis is frozen': { begin: () => redis.daemon.signal('SIGSTOP'), end: () => redis.daemon.signal('SIGCONT') },
    'Redis is parted from one node': {
        begin: ({ proxies }) => proxies[0].hold(),
        end: ({ proxies }) => proxies[0].release(),
    },
    'Redis loses all that is published, and says nothing': {
        begin: ({ proxies }) => proxies.forEach((proxy) => (proxy.swallows = true)),
        end: ({ proxies }) => proxies.forEach((proxy) => (proxy.swallows = false)),
        silent: true,
    },
};

for (const [fault, { begin, end, silent, redis }] of Object.entries({ ...faultsOfOne, ...clusterFaults(clustered) })) {
    test(`${fault}: no send fails, and every node tells within 2 s what is said and who is out`, async (t) => {
        const { cluster, talk, everybody, threads } = await talkAt(t, { redis });
        const before = talk.slowest_ms;
        talk.measure();
        await begin(cluster, threads[0]);
        try {
            await talk.goesOn(100, fault_ms);
            await accessEnds(cluster, everybody[0]);
        } finally {
            await end(cluster);
        }
        await talk.goesOn(100);
        const typing = await typists(cluster, everybody, threads[0]);
        await typing.seen();
        await typing.close();
        const { slowest_ms, slowest_answer_ms, counts } = talk;
        await talk.end();
        const whole = (ms) => `${Math.round(ms)} ms`;
        t.diagnostic(`slowest across nodes: ${whole(before)}, in the fault ${whole(slowest_ms)}, to be answered ${whole(slowest_answer_ms)}; ${JSON.stringify(counts)}`);
        talk.assertRefusedOnlyByDatabase();
        // A machine that stands still does so for all.
        assert.ok(slowest_ms < found_within_ms + slowest_answer_ms, `${slowest_ms} ms, ${slowest_answer_ms} ms`);
        if (silent) assert.ok(cluster.proxies.every(({ swallowed }) => swallowed > 0));
        for (const { moves } of talk.talkers) assert.equal(moves, 0, 'a socket was lost');
    });
}

/** What is done in the background says so, and is done again later. */
const withoutDatabase = { complains: /"background work failed"/ };

test('PostgreSQL is killed: sends are refused and go on within 5 s of its return, and sockets stay up', async (t) => {
    const { cluster, talk, everybody } = await talkAt(t, withoutDatabase);
    await postgres.daemon.kill9();
    // Whoever is refused repeats it, and has nothing older that may still be stored.
    const refused = (times) => talk.talkers.every(({ refusals }) => refusals >= times);
    await talk.until(() => refused(1), 'a refusal each');
    const { acknowledged } = talk.counts;
    talk.measure();
    await talk.until(() => refused(10), 'more refusals');
    await pause(fault_ms);
    assert.equal(talk.counts.acknowledged, acknowledged, 'acknowledged without a database');
    for (const [index] of cluster.nodes.entries())
        assert.equal((await cluster.at(everybody[0], index).http('GET', '/readyz')).status, 503);
    const refused_ms = talk.slowest_refusal_ms;
    postgres.daemon.start();
    await postgres.ready();
    const back = performance.now();
    const since = () => Math.round(performance.now() - back);
    await talk.until(() => talk.counts.acknowledged > acknowledged, 'the first send', back_within_ms);
    const first_ms = since();
    const asked = async () => ((await everybody[0].http('GET', '/api/me')).status === 200 ? since() : undefined);
    const read_ms = await until(asked, 'an answer over HTTP', back_within_ms);
    const made = async () => ((await everybody[0].http('POST', '/api/threads', channel())).status === 201 ? since() : undefined);
    const made_ms = await until(made, 'a thread that is made', back_within_ms);
    // Each link tries again a second after another at the latest.
    await talk.goesOn(100, 1_000);
    talk.measure();
    await accessEnds(cluster, everybody[0]);
    await talk.goesOn(100);
    const { slowest_ms, counts } = talk;
    await talk.end();
    t.diagnostic(
        `refused within ${Math.round(refused_ms)} ms; after its return sends go on in ${first_ms} ms, reads in ` +
            `${read_ms} ms, other changes in ${made_ms} ms; then ${Math.round(slowest_ms)} ms at most across nodes; ` +
            JSON.stringify(counts),
    );
    assert.ok(refused_ms < refused_within_ms, `refused after ${refused_ms} ms`);
    assert.ok(Math.max(first_ms, read_ms, made_ms) < back_within_ms);
    assert.ok(slowest_ms < found_within_ms, `${slowest_ms} ms`);
    for (const { moves } of talk.talkers) assert.equal(moves, 0, 'a socket was lost');
});

test('a node is killed: its clients go on at another with the same nonces, from the rev that they have', async (t) => {
    const { cluster, talk } = await talkAt(t);
    await cluster.nodes[1].kill9();
    await talk.until(() => talk.talkers.slice(talking).every(({ moves }) => moves === 1), 'the move');
    await talk.goesOn(200);
    const { counts } = talk;
    await talk.end();
    t.diagnostic(JSON.stringify(counts));
});

test('a node is killed before it could tell of what it stored: others do within 2 s, though nobody writes', async (t) => {
    const cluster = await Cluster.start(t);
    const { everybody: [ada, bob], threads: [thread] } = await cluster.crowd(2, 1);
    const there = await cluster.at(bob, 1).joined(thread);
    const here = await ada.joined(thread);
    await send(here, thread, 'told');
    await there.waitFor({ type: 'message:new', message: { content: 'told' } });
    const [proxy] = cluster.proxies;
    await until(() => proxy.published > 0 || undefined, 'what tells of it');
    // What it tells between its answer and its end reaches nobody either.
    proxy.swallows = true;
    const { published } = proxy;
    const { message } = await send(here, thread, 'not told');
    await cluster.nodes[0].kill9();
    const since = performance.now();
    const found = await there.waitFor({ type: 'message:new', message: { id: message.id } }, { ms: found_within_ms });
    assert.deepEqual(found.message, message);
    t.diagnostic(`found after ${Math.round(performance.now() - since)} ms`);
    assert.equal(proxy.published, published, 'it was told');
    assert.equal(there.received('message:new').length, 2);
});

test('PostgreSQL is away: who has joined a thread still reads it on that socket, and nobody else does', async (t) => {
    const cluster = await Cluster.start(t, withoutDatabase);
    const { everybody: [ada, bob, eve], threads: [thread, quiet] } = await cluster.crowd(3, 2);
    const hidden = await ada.channel({ visibility: 'private' });
    for (const { id } of [bob, eve]) await ada.ok('PUT', `/api/threads/${hidden.id}/members/${id}`, { role: 'member' });
    const here = await ada.joined(thread);
    const there = await cluster.at(bob, 1).joined(thread);
    const stranger = await cluster.at(eve, 1).connect();
    for (const other of [quiet, hidden]) await there.request('thread:join', { threadId: other.id });
    await stranger.request('thread:join', { threadId: hidden.id });
    const { message: first } = await send(here, thread, `hi <@${bob.id}>`);
    const { message: second } = await send(there, thread, 'second');
    await here.request('message:edit', { messageId: first.id, content: `hello <@${bob.id}>` });
    await here.request('reaction:add', { messageId: second.id, emoji: '🎉' });
    const { message: last } = await send(here, thread, 'last');
    await there.waitFor({ type: 'message:new', message: { id: last.id } });
    await there.request('read:mark', { threadId: thread.id, seq: last.seq });
    await there.waitFor({ type: 'read:update', threadId: thread.id, seq: last.seq });
    await ada.ok('DELETE', `/api/threads/${hidden.id}/members/${eve.id}`, undefined, 204);
    await stranger.waitFor({ type: 'thread:removed', threadId: hidden.id }, { ms: found_within_ms });
    await postgres.daemon.kill9();
    let away = true;
    const back = async () => {
        if (!away) return;
        away = false;
        postgres.daemon.start();
        await postgres.ready();
    };
    t.after(back);

    const stored = ({ re, users, ...joined }) => joined;
    const read = async (client, { id }, fields = {}) =>
        stored(await client.request('thread:join', { threadId: id, ...fields }));
    const kept = new Map();
    for (const [name, client] of Object.entries({ here, there })) {
        kept.set(name, await read(client, thread));
        const { messages, rev, complete, reset } = kept.get(name);
        assert.deepEqual(messages.map(({ content }) => content), [`hello <@${bob.id}>`, 'second', 'last']);
        assert.deepEqual([rev, complete, reset], [last.rev, true, false]);
        const since = await read(client, thread, { since: last.rev - 1, epoch: client.hello.epoch });
        assert.deepEqual(since.messages.map(({ id }) => id), [last.id]);
    }
    assert.equal((await read(there, quiet)).messages.length, 0);
    // Neither whoever has not joined, nor lost it, nor left it, nor asks otherwise.
    const refused = async (client, { id }, fields = {}) =>
        assert.equal((await client.ask('thread:join', { threadId: id, ...fields })).code, 'storage_unavailable');
    await refused(stranger, thread);
    await refused(stranger, hidden);
    await refused(here, quiet);
    await refused(there, thread, { since: last.rev + 1 });
    await refused(there, thread, { epoch: 'another' });
    await there.request('thread:leave', { threadId: quiet.id });
    await refused(there, quiet);
    for (const path of ['', '/messages']) assert.equal((await ada.http('GET', `/api/threads/${thread.id}${path}`)).status, 503);

    await back();
    const message = { threadId: thread.id, ...text('back') };
    const sent = async () => {
        const answer = await here.ask('message:send', message);
        return answer.message;
    };
    const { id } = await until(sent, 'a send that is stored', back_within_ms);
    // A join that was refused has left nobody out.
    for (const client of [here, there]) {
        const { rev } = await client.waitFor({ type: 'message:new', message: { id } });
        assert.equal(rev, last.rev + 1);
    }
    // What was kept is what the database has.
    const since = { since: last.rev, epoch: here.hello.epoch };
    for (const [name, client] of Object.entries({ here, there })) {
        const now = await read(client, thread);
        const { messages, thread: threadThen } = kept.get(name);
        assert.deepEqual(now.messages.slice(0, -1), messages);
        const { seq, rev, membership, ...rest } = now.thread;
        const { seq: seqThen, rev: revThen, membership: membershipThen, ...restThen } = threadThen;
        assert.deepEqual(restThen, rest);
        assert.deepEqual([seqThen, revThen], [seq - 1, rev - 1]);
        assert.equal(membershipThen.role, membership.role);
        assert.deepEqual([membershipThen.unread, membershipThen.mentions, membershipThen.readSeq], [0, 0, last.seq]);
        assert.deepEqual((await read(client, thread, since)).messages.map((message) => message.id), [id]);
    }
});

test('PostgreSQL is away: a node that is told to stop stops', async (t) => {
    const { cluster, talk } = await talkAt(t, withoutDatabase);
    await postgres.daemon.kill9();
    t.after(async () => {
        postgres.daemon.start();
        await postgres.ready();
    });
    await talk.until(() => (talk.counts.busy ?? 0) > 0, 'a refusal');
    await Promise.all(cluster.nodes.map((node) => node.stop()));
});
