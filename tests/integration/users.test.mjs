// People: profiles, finding each other, roles and deactivation, told and closed on every shard.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { http, password, people, Person, person, register, shardCounts, startServer } from './harness.mjs';

const find = async (someone, query) =>
    (await someone.ok('GET', `/api/users?${query}`)).items.map(({ handle }) => handle);
const change = (by, user, fields) => by.ok('PATCH', `/api/users/${user.id}`, fields);

test('a profile changes in what is given, and null clears', async (t) => {
    const server = await startServer({}, t);
    const ada = await register(server, 'ada');
    const status = { emoji: '🌴', text: 'away', expiresAt: new Date(Date.now() + 60_000).toISOString() };
    const avatarUrl = 'https://pictures.example/ada.png';
    const changed = await ada.ok('PATCH', '/api/me', { displayName: 'Ada L.', avatarUrl, status });
    assert.deepEqual(
        [changed.handle, changed.displayName, changed.avatarUrl, changed.status],
        ['ada', 'Ada L.', avatarUrl, status],
    );
    assert.deepEqual(await ada.ok('GET', '/api/me'), changed);
    const renamed = await ada.ok('PATCH', '/api/me', { handle: 'lovelace' });
    assert.deepEqual([renamed.handle, renamed.displayName], ['lovelace', 'Ada L.']);
    const cleared = await ada.ok('PATCH', '/api/me', { avatarUrl: null, status: null });
    assert.deepEqual([cleared.avatarUrl, cleared.status], [null, null]);
    const login = (handle) => http(server, 'POST', '/api/auth/login', { body: { handle, password } });
    assert.equal((await login('lovelace')).status, 200);
    assert.equal((await login('ada')).status, 401);
});

test('a profile takes nothing that others should not see', async (t) => {
    const server = await startServer({}, t);
    const ada = await register(server, 'ada');
    await register(server, 'bob');
    const before = await ada.ok('GET', '/api/me');
    for (const [body, status, code] of [
        [{}, 400, 'bad_request'],
        [{ handle: 'bob' }, 409, 'conflict'],
        [{ handle: 'Ada' }, 400, 'bad_request'],
        [{ handle: null }, 400, 'bad_request'],
        [{ displayName: null }, 400, 'bad_request'],
        [{ displayName: ' ' }, 400, 'bad_request'],
        [{ displayName: 'x'.repeat(81) }, 413, 'too_large'],
        [{ avatarUrl: 'http://pictures.example/a.png' }, 400, 'bad_request'],
        [{ avatarUrl: 'javascript:alert(1)' }, 400, 'bad_request'],
        [{ avatarUrl: 'https://a b/' }, 400, 'bad_request'],
        [{ avatarUrl: `https://a/${'x'.repeat(2_048)}` }, 413, 'too_large'],
        [{ status: 'away' }, 400, 'bad_request'],
        [{ status: {} }, 400, 'bad_request'],
        [{ status: { emoji: 'no emoji' } }, 400, 'bad_request'],
        [{ status: { text: 'x'.repeat(101) } }, 413, 'too_large'],
        [{ status: { text: 'x', expiresAt: '2001-01-01T00:00:00.000Z' } }, 400, 'bad_request'],
        [{ status: { text: 'x', colour: 'red' } }, 400, 'unknown_field'],
        [{ role: 'owner' }, 400, 'unknown_field'],
        [{ id: randomUUID() }, 400, 'unknown_field'],
        [{ deletedAt: null }, 400, 'unknown_field'],
        [{ bot: true }, 400, 'unknown_field'],
    ])
        await ada.refused('PATCH', '/api/me', body, status, code);
    assert.deepEqual(await ada.ok('GET', '/api/me'), before);
});

for (const shards of shardCounts) {
    test(`a changed profile is told to the user's own sockets, once, with ${shards} shards`, async (t) => {
        const server = await startServer({ args: ['--shards', `${shards}`] }, t);
        const ada = await register(server, 'ada');
        const bob = await person(server, 'bob');
        const own = await Promise.all(Array.from({ length: 6 }, () => ada.connect()));
        const other = await bob.connect();
        await ada.ok('PATCH', '/api/me', { displayName: 'Countess' });
        for (const client of own) {
            const { user } = await client.waitFor({ type: 'user:update' });
            assert.deepEqual(user, await ada.ok('GET', `/api/users/${ada.id}`));
        }
        await ada.ok('PATCH', '/api/me', { displayName: 'Countess' });
        await other.request('ping');
        for (const client of own) await client.request('ping');
        for (const client of own) assert.equal(client.received('user:update').length, 1);
        assert.equal(other.received('user:update').length, 0);
        await Promise.all([...own, other].map((client) => client.close()));
    });
}

test('people are found by handle, name, word or id', async (t) => {
    const server = await startServer({}, t);
    const ada = await register(server, 'ada', 'Ada King Lovelace');
    const zoe = await register(server, 'zoe.ohm', 'Zoë Öhm');
    await people(server, 'crowd', 12);
    assert.deepEqual(await find(ada, 'q=king'), ['ada']);
    assert.deepEqual(await find(ada, 'q=ADA%20K'), ['ada']);
    assert.deepEqual(await find(ada, `q=${encodeURIComponent('öh')}`), ['zoe.ohm']);
    assert.deepEqual(await find(ada, 'q=ohm'), ['zoe.ohm']);
    assert.deepEqual(await find(ada, 'q=ovelace'), []);
    assert.deepEqual(await find(ada, `q=${'x'.repeat(1_000)}`), []);
    assert.deepEqual(await find(ada, 'q=crowd&limit=200'), [...Array(12).keys()].map((i) => `crowd${i}`).sort());
    const found = [];
    let cursor = '';
    for (let pages = 0; pages < 10; pages++) {
        const { items, next } = await ada.ok('GET', `/api/users?limit=5${cursor}`);
        found.push(...items.map(({ handle }) => handle));
        if (!next) break;
        cursor = `&cursor=${next}`;
    }
    assert.deepEqual(found, [...found].sort());
    assert.equal(new Set(found).size, 14);
    const ids = [zoe.id, ada.id, randomUUID(), zoe.id].join(',');
    assert.deepEqual((await find(ada, `ids=${ids}`)).sort(), ['ada', 'zoe.ohm']);
    const one = await ada.ok('GET', `/api/users/${zoe.id}`);
    assert.deepEqual([one.handle, one.role, one.deactivatedAt], ['zoe.ohm', 'member', null]);
    for (const [query, status, code] of [
        ['ids=', 400, 'bad_request'],
        ['ids=x', 400, 'bad_request'],
        [`ids=${ada.id}&q=a`, 400, 'bad_request'],
        [`ids=${ada.id}&limit=1`, 400, 'bad_request'],
        [`ids=${Array.from({ length: 201 }, randomUUID).join(',')}`, 413, 'too_large'],
        ['limit=0', 400, 'bad_request'],
        ['limit=201', 400, 'bad_request'],
        ['name=ada', 400, 'unknown_field'],
    ])
        await ada.refused('GET', `/api/users?${query}`, undefined, status, code);
    await ada.refused('GET', `/api/users/${randomUUID()}`, undefined, 404, 'not_found');
    await ada.refused('GET', '/api/users/ada', undefined, 404, 'not_found');
});

for (const shards of shardCounts) {
    test(`another role closes what the user has open, and counts at once, with ${shards} shards`, async (t) => {
        const server = await startServer({ args: ['--shards', `${shards}`] }, t);
        const owner = await register(server, 'owner');
        const bob = await register(server, 'bob');
        const open = await Promise.all(Array.from({ length: 8 }, () => bob.connect()));
        const changed = await change(owner, bob, { role: 'guest' });
        assert.equal(changed.role, 'guest');
        for (const client of open)
            assert.equal((await client.expectClose(4401)).reason, 'your role has changed: connect again');
        const again = await bob.connect();
        assert.equal(again.hello.workspace.role, 'guest');
        await bob.refused('POST', '/api/threads', { kind: 'channel', name: 'x' }, 403, 'forbidden');
        await change(owner, bob, { role: 'guest' });
        await again.request('ping');
        await again.close();
    });
}

test('roles are the owners to change, and one owner is always left', async (t) => {
    const server = await startServer({}, t);
    const owner = await register(server, 'owner');
    const bob = await register(server, 'bob');
    const eve = await register(server, 'eve');
    await bob.refused('PATCH', `/api/users/${bob.id}`, { role: 'owner' }, 403, 'forbidden');
    await change(owner, bob, { role: 'admin' });
    await bob.refused('PATCH', `/api/users/${eve.id}`, { role: 'admin' }, 403, 'forbidden');
    for (const role of ['admin', 'member', 'guest'])
        await owner.refused('PATCH', `/api/users/${owner.id}`, { role }, 409, 'conflict');
    await owner.refused('PATCH', `/api/users/${owner.id}`, { deactivated: true }, 409, 'conflict');
    await change(owner, eve, { role: 'owner' });
    await owner.refused('PATCH', `/api/users/${eve.id}`, { deactivated: true }, 403, 'forbidden');
    await change(eve, owner, { role: 'member' });
    await owner.refused('PATCH', `/api/users/${eve.id}`, { role: 'member' }, 403, 'forbidden');
    for (const [body, status, code] of [
        [{}, 400, 'bad_request'],
        [{ role: 'king' }, 400, 'bad_request'],
        [{ role: null }, 400, 'bad_request'],
        [{ deactivated: 'yes' }, 400, 'bad_request'],
        [{ handle: 'x' }, 400, 'unknown_field'],
        [{ deletedAt: null }, 400, 'unknown_field'],
    ])
        await eve.refused('PATCH', `/api/users/${bob.id}`, body, status, code);
    const missing = await bob.refused('PATCH', `/api/users/${randomUUID()}`, { deactivated: true }, 404, 'not_found');
    const malformed = await bob.refused('PATCH', '/api/users/x', { deactivated: true }, 404, 'not_found');
    assert.equal(missing.text, malformed.text);
});

for (const shards of shardCounts) {
    test(`a deactivated user is out at once and everywhere, with ${shards} shards`, async (t) => {
        const server = await startServer({ args: ['--shards', `${shards}`] }, t);
        const owner = await register(server, 'owner');
        const bob = await register(server, 'bob');
        const thread = await owner.channel();
        await bob.join(thread);
        const { token } = await bob.ok('POST', '/api/me/tokens', { name: 'x' }, 201);
        const ways = [bob, new Person(server, token, bob.user), await person(server, 'bob')];
        const open = await Promise.all(ways.flatMap((way) => Array.from({ length: 4 }, () => way.joined(thread))));
        const { deactivatedAt } = await change(owner, bob, { deactivated: true });
        assert.ok(deactivatedAt);
        const later = await owner.send(thread, 'later');
        for (const client of open) {
            assert.equal((await client.expectClose(4401)).reason, 'the account is deactivated');
            assert.ok(!client.received('message:new').some(({ message }) => message.id === later.id));
        }
        for (const way of ways) await way.refused('GET', '/api/me', undefined, 401, 'unauthenticated');
        const login = (secret) =>
            http(server, 'POST', '/api/auth/login', { body: { handle: 'bob', password: secret } });
        assert.equal((await login(password)).text, (await login('wrong')).text);
        assert.deepEqual(await find(owner, 'q=bob'), ['bob']);
        const eve = await register(server, 'eve');
        assert.deepEqual(await find(eve, 'q=bob'), []);
        assert.equal((await eve.ok('GET', `/api/users/${bob.id}`)).deactivatedAt, deactivatedAt);

        await change(owner, bob, { deactivated: false });
        assert.equal((await login(password)).status, 200);
        await ways[0].refused('GET', '/api/me', undefined, 401, 'unauthenticated');
        await ways[1].refused('GET', '/api/me', undefined, 401, 'unauthenticated');
        await ways[2].ok('GET', '/api/me');
    });
}
