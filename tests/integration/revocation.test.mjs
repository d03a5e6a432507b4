// Access that ends, ends at once: on every shard, for what is open too.
import assert from 'node:assert/strict';
import test from 'node:test';

import {
    Client,
    cookieOf,
    http,
    person,
    register,
    requested,
    shardCounts,
    signInAgain,
    startServer,
} from './harness.mjs';
import { blobOf, pastTheServer } from './lib/database.mjs';

const post = ({ server, cookie }, path) =>
    http(server, 'POST', `/api/auth/${path}`, { headers: { ...requested, Cookie: cookie } });

/** Sockets on all shards: so many that each has several. */
const sockets = (someone, thread) =>
    Promise.all(Array.from({ length: 12 }, () => someone.joined(thread)));

for (const shards of shardCounts) {
    test(`logging out closes the sockets of that sign-in and no other, with ${shards} shards`, async (t) => {
        const server = await startServer({ args: ['--shards', `${shards}`] }, t);
        const ada = await register(server, 'ada');
        const phone = await signInAgain(ada);
        const byToken = await person(server, 'ada');
        const bob = await person(server, 'bob');
        const thread = await ada.channel();
        await bob.join(thread);
        const leaving = await sockets(ada, thread);
        const staying = [
            ...(await sockets(phone, thread)),
            ...(await sockets(byToken, thread)),
            ...(await sockets(bob, thread)),
        ];
        const before = await bob.send(thread, 'before');
        for (const client of [...leaving, ...staying])
            await client.waitFor({ type: 'message:new', message: { id: before.id } });

        assert.equal((await post(ada, 'logout')).status, 204);
        const after = await bob.send(thread, 'after');
        for (const client of staying)
            await client.waitFor({ type: 'message:new', message: { id: after.id } });
        for (const client of leaving) {
            const { reason } = await client.expectClose(4401);
            assert.equal(reason, 'signed out');
            const ids = client.received('message:new').map(({ message }) => message.id);
            assert.deepEqual(ids, [before.id], 'what happened later');
        }
        await assert.rejects(ada.connect(), /4401/);
        await phone.ok('GET', '/api/me');
        await Promise.all(staying.map((client) => client.close()));
    });
}

test('a stolen refresh cookie that shows closes what its sign-in has opened', async (t) => {
    const server = await startServer({}, t);
    const ada = await register(server, 'ada');
    const client = await ada.connect();
    const stolen = ada.cookie;
    for (let i = 0; i < 2; i++) ada.cookie = cookieOf(await post(ada, 'refresh'));
    await new Promise((resolve) => setTimeout(resolve, 10_500));
    assert.equal((await post({ server, cookie: stolen }, 'refresh')).status, 401);
    assert.equal((await client.expectClose(4401)).reason, 'the sign-in may have been stolen');
    assert.equal((await post(ada, 'refresh')).status, 401);
});

test('a socket that signs in with its first frame is closed like any other', async (t) => {
    const server = await startServer({}, t);
    const ada = await register(server, 'ada');
    const client = await Client.upgrade(server);
    await client.request('connect', { token: ada.token });
    assert.equal((await post(ada, 'logout')).status, 204);
    await client.expectClose(4401);
});

test('a revocation whose event did not come is found in the database', async (t) => {
    const server = await startServer({ args: ['--shards', '2'] }, t);
    const ada = await person(server, 'ada');
    const bob = await person(server, 'bob');
    const leaving = await Promise.all(Array.from({ length: 6 }, () => ada.connect()));
    const staying = await bob.connect();
    const began = Date.now();
    pastTheServer(
        server,
        `INSERT INTO revocations (user_id, others, reason, created_at) VALUES (${blobOf(ada.id)}, 0, 0, ${began})`,
    );
    for (const client of leaving) {
        const { at } = await client.expectClose(4401);
        t.diagnostic(`closed after ${at - began} ms`);
        // Looked for once a second; the rest is what a slow machine takes.
        assert.ok(at - began < 5_000, `closed after ${at - began} ms`);
    }
    await staying.request('ping');
    const again = await ada.connect();
    await again.request('ping');
    await Promise.all([staying, again].map((client) => client.close()));
});
