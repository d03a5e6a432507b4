// Sessions and the password: where one is signed in, signing out elsewhere, and what a new password
// ends.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeJwt } from 'jose';

import {
    cookieOf,
    http,
    password,
    Person,
    person,
    register,
    requested,
    shardCounts,
    signInAgain,
    startServer,
} from './harness.mjs';

async function signIn(...about) {
    const again = await signInAgain(...about);
    again.sid = decodeJwt(again.token).sid;
    return again;
}

const refresh = ({ server, cookie }) =>
    http(server, 'POST', '/api/auth/refresh', { headers: { ...requested, Cookie: cookie } });
const sessions = (someone) => someone.ok('GET', '/api/me/sessions');

test('one sees where one is signed in, newest first, and nobody else does', async (t) => {
    const server = await startServer({}, t);
    const ada = await register(server, 'ada');
    const phone = await signIn(ada, password, { 'User-Agent': 'Phone/1' });
    const bob = await register(server, 'bob');
    const { items, next } = await sessions(ada);
    assert.equal(next, null);
    assert.deepEqual(
        items.map(({ id, current }) => [id, current]),
        [
            [phone.sid, false],
            [decodeJwt(ada.token).sid, true],
        ],
    );
    assert.equal(items[0].userAgent, 'Phone/1');
    assert.equal(items[1].userAgent, '');
    for (const { address, createdAt, lastUsedAt, expiresAt } of items) {
        assert.equal(address, '127.0.0.1');
        assert.equal(lastUsedAt, createdAt);
        assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), 30 * 24 * 3_600_000);
    }
    const page = await ada.ok('GET', '/api/me/sessions?limit=1');
    const rest = await ada.ok('GET', `/api/me/sessions?limit=1&cursor=${page.next}`);
    assert.deepEqual([...page.items, ...rest.items], items);
    assert.equal((await refresh(phone)).status, 200);
    const [used] = (await sessions(ada)).items;
    assert.ok(used.lastUsedAt > used.createdAt);

    const strangers = await bob.refused('DELETE', `/api/me/sessions/${phone.sid}`, undefined, 404, 'not_found');
    const unknown = await bob.refused('DELETE', `/api/me/sessions/${ada.id}`, undefined, 404, 'not_found');
    assert.equal(strangers.text, unknown.text);
    for (const query of ['?limit=0', '?limit=201', '?limit=x'])
        await ada.refused('GET', `/api/me/sessions${query}`, undefined, 400, 'bad_request');
    const byToken = await person(server, 'ada');
    assert.ok((await sessions(byToken)).items.every(({ current }) => !current));
});

test('signing out elsewhere ends that session with its token, its cookie and its sockets', async (t) => {
    const server = await startServer({ args: ['--shards', '2'] }, t);
    const ada = await register(server, 'ada');
    const phone = await signIn(ada);
    const leaving = await Promise.all(Array.from({ length: 6 }, () => phone.connect()));
    const staying = await ada.connect();
    await ada.ok('DELETE', `/api/me/sessions/${phone.sid}`, undefined, 204);
    for (const client of leaving) await client.expectClose(4401);
    assert.equal((await refresh(phone)).status, 401);
    await phone.refused('GET', '/api/me', undefined, 401, 'unauthenticated');
    assert.deepEqual(
        (await sessions(ada)).items.map(({ id }) => id),
        [decodeJwt(ada.token).sid],
    );
    await ada.refused('DELETE', `/api/me/sessions/${phone.sid}`, undefined, 404, 'not_found');
    await staying.request('ping');
    await ada.ok('DELETE', `/api/me/sessions/${decodeJwt(ada.token).sid}`, undefined, 204);
    await staying.expectClose(4401);
    assert.equal((await refresh(ada)).status, 401);
});

for (const shards of shardCounts) {
    test(`a new password ends every other session and no token, with ${shards} shards`, async (t) => {
        const server = await startServer({ args: ['--shards', `${shards}`] }, t);
        const ada = await register(server, 'ada');
        const phone = await signIn(ada);
        const program = await person(server, 'ada');
        const leaving = await Promise.all(Array.from({ length: 8 }, () => phone.connect()));
        const staying = [await ada.connect(), await program.connect()];
        const change = { old: password, new: 'a much better one' };
        const answer = await ada.http('POST', '/api/auth/password', change);
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(Object.keys(answer.body).sort(), ['token', 'tokenExpiresAt', 'user']);
        assert.equal(decodeJwt(answer.body.token).sid, decodeJwt(ada.token).sid);
        for (const client of leaving)
            assert.equal((await client.expectClose(4401)).reason, 'the password has changed');
        assert.equal((await refresh(phone)).status, 401);
        await phone.refused('GET', '/api/me', undefined, 401, 'unauthenticated');
        for (const client of staying) await client.request('ping');
        const renewed = new Person(server, answer.body.token, answer.body.user);
        await renewed.ok('GET', '/api/me');
        assert.equal((await refresh(ada)).status, 200);
        const old = { handle: 'ada', password };
        const refused = await http(server, 'POST', '/api/auth/login', { body: old });
        assert.deepEqual([refused.status, refused.body.code], [401, 'bad_credentials']);
        await signIn(ada, change.new);
        await Promise.all(staying.map((client) => client.close()));
    });
}

test('a password is changed by who knows it, and guesses are limited', async (t) => {
    const server = await startServer({}, t);
    const ada = await register(server, 'ada');
    const change = (body) => ada.http('POST', '/api/auth/password', body);
    for (const [body, status, code] of [
        [{ old: password, new: 'short' }, 400, 'bad_request'],
        [{ old: password }, 400, 'bad_request'],
        [{ old: password, new: 7 }, 400, 'bad_request'],
        [{ old: password, new: 'long enough', id: ada.id }, 400, 'unknown_field'],
        [{ old: password, new: 'x'.repeat(2_000) }, 413, 'too_large'],
        [{ old: 'wrong', new: 'long enough' }, 401, 'bad_credentials'],
    ]) {
        const answer = await change(body);
        assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text);
    }
    const nobody = await http(server, 'POST', '/api/auth/password', {
        body: { old: password, new: 'long enough' },
    });
    assert.equal(nobody.status, 401);
    let answer;
    for (let i = 0; i < 60 && answer?.status !== 429; i++)
        answer = await change({ old: `guess ${i}`, new: 'long enough' });
    assert.deepEqual([answer.status, answer.body.code], [429, 'rate_limited']);
    assert.match(answer.headers.get('retry-after'), /^[1-9]\d*$/);
    assert.equal((await change({ old: password, new: 'long enough' })).status, 429);
});
