// Personal access tokens: what a program signs in with, over HTTP and the socket, until it is revoked.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { http, password, Person, person, register, startServer, until } from './harness.mjs';

const make = (someone, fields = {}) =>
    someone.ok('POST', '/api/me/tokens', { name: 'a program', ...fields }, 201);
const end = (someone, { id }) => someone.ok('DELETE', `/api/me/tokens/${id}`, undefined, 204);
const tokens = async (someone) => (await someone.ok('GET', '/api/me/tokens')).items;

test('a token is shown once and counts wherever a bearer token does', async (t) => {
    const server = await startServer({}, t);
    const ada = await register(server, 'ada');
    const made = await make(ada);
    assert.match(made.token, /^banter_pat_[A-Za-z0-9_-]{43}$/);
    assert.deepEqual([made.name, made.lastUsedAt, made.expiresAt], ['a program', null, null]);
    const { token, ...shown } = made;
    assert.deepEqual(await tokens(ada), [shown]);
    const program = new Person(server, token, ada.user);
    assert.equal((await program.ok('GET', '/api/me')).id, ada.id);
    const thread = await program.channel();
    const client = await program.joined(thread);
    assert.equal(client.hello.tokenExpiresAt, null);
    assert.equal((await client.request('auth:refresh', { token })).tokenExpiresAt, null);
    await client.request('message:send', {
        threadId: thread.id,
        nonce: randomUUID(),
        content: 'from a program',
    });
    const used = await until(async () => (await tokens(ada))[0].lastUsedAt ?? undefined, 'the use');
    assert.ok(Date.parse(used) <= Date.now());
    const cookie = { Cookie: `__session=${token}`, 'Sec-Fetch-Site': 'same-origin' };
    assert.equal((await http(server, 'GET', '/api/me', { headers: cookie })).status, 200);
    await client.close();
    assert.ok(!server.output.includes(token), 'a token in the log');
});

test('a token cannot make tokens or change the password', async (t) => {
    const server = await startServer({}, t);
    const ada = await register(server, 'ada');
    const program = new Person(server, (await make(ada)).token, ada.user);
    await program.refused('POST', '/api/me/tokens', { name: 'x' }, 403, 'forbidden');
    const change = { old: password, new: `${password}!` };
    await program.refused('POST', '/api/auth/password', change, 403, 'forbidden');
    assert.equal((await tokens(program)).length, 1);
});

test('a token expires on time, its socket with it', async (t) => {
    const server = await startServer({}, t);
    const ada = await person(server, 'ada');
    const expiresAt = new Date(Date.now() + 2_000).toISOString();
    const made = await make(ada, { expiresAt });
    assert.equal(made.expiresAt, expiresAt);
    const program = new Person(server, made.token, ada.user);
    const client = await program.connect();
    assert.equal(client.hello.tokenExpiresAt, expiresAt);
    const expired = async () =>
        (await program.http('GET', '/api/me')).status === 401 ? true : undefined;
    await until(expired, 'the expiry');
    assert.ok(Date.now() >= Date.parse(expiresAt));
    await client.expectClose(4401, 35_000);
});

test('malformed requests make no token', async (t) => {
    const server = await startServer({}, t);
    const ada = await person(server, 'ada');
    for (const [body, status, code] of [
        [{}, 400, 'bad_request'],
        [{ name: '' }, 400, 'bad_request'],
        [{ name: 7 }, 400, 'bad_request'],
        [{ name: 'x'.repeat(81) }, 413, 'too_large'],
        [{ name: 'x', expiresAt: '2001-01-01T00:00:00Z' }, 400, 'bad_request'],
        [{ name: 'x', expiresAt: 'tomorrow' }, 400, 'bad_request'],
        [{ name: 'x', expiresAt: null }, 400, 'bad_request'],
        [{ name: 'x', token: 'banter_pat_mine' }, 400, 'unknown_field'],
        [{ name: 'x', userId: ada.id }, 400, 'unknown_field'],
    ])
        await ada.refused('POST', '/api/me/tokens', body, status, code);
    assert.deepEqual(await tokens(ada), []);
    for (let i = 0; i < 50; i++) await make(ada);
    await ada.refused('POST', '/api/me/tokens', { name: 'one more' }, 413, 'too_large');
    const bob = await person(server, 'bob');
    const [theirs] = await tokens(ada);
    const path = `/api/me/tokens/${theirs.id}`;
    const strangers = await bob.refused('DELETE', path, undefined, 404, 'not_found');
    const nowhere = `/api/me/tokens/${randomUUID()}`;
    assert.equal((await bob.http('DELETE', nowhere)).text, strangers.text);
});

/** Revokes tokens while messages are sent; counts what came before, and after which nothing may come. */
async function race(server, rounds) {
    const ada = await person(server, 'ada');
    const bob = await person(server, 'bob');
    const thread = await ada.channel();
    const sender = await bob.joined(thread);
    const counts = { rounds, before: 0, during: 0 };
    const send = (content) =>
        sender.request('message:send', { threadId: thread.id, nonce: randomUUID(), content });
    for (let round = 0; round < rounds; round++) {
        const made = await make(ada);
        const client = await new Person(server, made.token, ada.user).joined(thread);
        const first = await send('before');
        const during = [send('during'), send('during')];
        const revoked = end(ada, made);
        during.push(send('during'), send('during'));
        await revoked;
        const { message: later } = await send('after');
        await Promise.all(during);
        await client.expectClose(4401);
        const seqs = client.received('message:new').map(({ message }) => message.seq);
        assert.ok(!seqs.includes(later.seq), `round ${round}: what was sent after the revocation`);
        const rest = seqs.filter((seq) => seq > first.message.seq);
        assert.deepEqual(
            rest,
            rest.map((_, index) => first.message.seq + 1 + index),
            `round ${round}: a message is missing before one that came`,
        );
        counts.before += seqs.includes(first.message.seq) ? 1 : 0;
        counts.during += rest.length;
    }
    await sender.close();
    return counts;
}

for (const shards of ['1', '3'])
    test(`nothing that is sent after a revocation arrives, raced against sends with ${shards} shards`, async (t) => {
        const server = await startServer({ args: ['--shards', shards] }, t);
        const counts = await race(server, 150);
        t.diagnostic(JSON.stringify(counts));
        assert.ok(counts.during > 0, 'no round in which a message came between');
    });
