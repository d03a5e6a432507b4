// Invitations: who may make them, what they give, and that a bad one says nothing.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { http, password, Person, person, register, startServer } from './harness.mjs';

/** A server that lets in only the invited, with its owner. */
async function invitedOnly(t, options = {}) {
    const server = await startServer({ args: ['--sign-up', 'invite'], ...options }, t);
    return { server, owner: await register(server, 'owner') };
}

const invite = (by, fields = {}) => by.ok('POST', '/api/invites', fields, 201);
const enroll = (server, handle, code) =>
    http(server, 'POST', '/api/auth/register', {
        body: { handle, displayName: handle, password, ...(code === undefined ? {} : { invite: code }) },
    });

async function come(server, handle, code) {
    const answer = await enroll(server, handle, code);
    assert.equal(answer.status, 201, answer.text);
    return new Person(server, answer.body.token, answer.body.user);
}

test('an invitation is told once, with a link, and lets people in', async (t) => {
    const { server, owner } = await invitedOnly(t);
    const made = await invite(owner, { maxUses: 2 });
    assert.equal(made.url, `${server.url}/invite/${made.code}`);
    assert.deepEqual([made.role, made.maxUses, made.uses, made.threadIds, made.expiresAt], ['member', 2, 0, [], null]);
    const { code, url, ...shown } = made;
    assert.deepEqual((await owner.ok('GET', '/api/invites')).items, [shown]);
    const bob = await come(server, 'bob', code);
    assert.equal((await bob.ok('GET', '/api/boot')).workspace.role, 'member');
    assert.equal((await owner.ok('GET', '/api/invites')).items[0].uses, 1);
    await come(server, 'eve', code);
    assert.deepEqual((await owner.ok('GET', '/api/invites')).items, [], 'used up');
    assert.ok(!server.output.includes(code), 'a code in the log');
});

test('links begin with the public url', async (t) => {
    const { server, owner } = await invitedOnly(t);
    await server.restart({ args: ['--public-url', 'https://chat.example'] });
    const { url, code } = await invite(owner);
    assert.equal(url, `https://chat.example/invite/${code}`);
});

test('wrong, expired, used up and revoked invitations get the same bytes', async (t) => {
    const { server, owner } = await invitedOnly(t);
    const usedUp = await invite(owner, { maxUses: 1 });
    await come(server, 'bob', usedUp.code);
    const revoked = await invite(owner);
    await owner.ok('DELETE', `/api/invites/${revoked.id}`, undefined, 204);
    const end = Date.now() + 3_000;
    const expired = await invite(owner, { expiresAt: new Date(end).toISOString() });
    await new Promise((resolve) => setTimeout(resolve, end + 50 - Date.now()));
    const wrong = await enroll(server, 'eve', 'never made');
    assert.deepEqual([wrong.status, wrong.body.code], [403, 'forbidden']);
    for (const { code } of [usedUp, revoked, expired])
        assert.equal((await enroll(server, 'eve', code)).text, wrong.text);
    const taken = await enroll(server, 'owner', 'never made');
    assert.equal(taken.text, wrong.text, 'whether the handle is taken');
    const none = await enroll(server, 'eve');
    assert.deepEqual([none.status, none.body.code], [403, 'forbidden']);
    for (const [code, status] of [[7, 400], [null, 400]])
        assert.equal((await enroll(server, 'eve', code)).status, status);
});

test('an invitation for one lets in one of many at once', async (t) => {
    const { server, owner } = await invitedOnly(t);
    const { code } = await invite(owner, { maxUses: 1 });
    const answers = await Promise.all(
        Array.from({ length: 10 }, (_, i) => enroll(server, `user${i}`, code)),
    );
    assert.deepEqual(
        answers.map(({ status }) => status).sort(),
        [201, ...Array(9).fill(403)],
    );
});

test('a guest sees the threads that the invitation names, and no others', async (t) => {
    const { server, owner } = await invitedOnly(t);
    const open = await owner.channel();
    const secret = await owner.channel({ visibility: 'private' });
    await owner.send(secret, 'before');
    const made = await invite(owner, { role: 'guest', threadIds: [secret.id] });
    assert.deepEqual(made.threadIds, [secret.id]);
    const client = await owner.joined(secret);
    const guest = await come(server, 'guest', made.code);
    await client.waitFor({ type: 'member:update', userId: guest.id, role: 'member' });
    const { items } = await guest.ok('GET', '/api/threads');
    assert.deepEqual(items.map(({ id }) => id), [secret.id]);
    assert.equal(items[0].membership.unread, 0);
    await guest.send(secret, 'hello');
    await guest.refused('GET', `/api/threads/${open.id}`, undefined, 404, 'not_found');
    await guest.refused('POST', '/api/invites', {}, 403, 'forbidden');
    await client.close();
});

test('members do not invite, and malformed invitations are not made', async (t) => {
    const { server, owner } = await invitedOnly(t);
    const bob = await person(server, 'bob');
    await bob.refused('POST', '/api/invites', {}, 403, 'forbidden');
    await bob.refused('GET', '/api/invites', undefined, 403, 'forbidden');
    await bob.refused('DELETE', `/api/invites/${randomUUID()}`, undefined, 403, 'forbidden');
    const theirs = await bob.channel({ visibility: 'private' });
    for (const [body, status, code] of [
        [{ role: 'owner' }, 403, 'forbidden'],
        [{ role: 'king' }, 400, 'bad_request'],
        [{ maxUses: 0 }, 400, 'bad_request'],
        [{ maxUses: -1 }, 400, 'bad_request'],
        [{ maxUses: '2' }, 400, 'bad_request'],
        [{ expiresAt: '2001-01-01T00:00:00Z' }, 400, 'bad_request'],
        [{ expiresAt: 'soon' }, 400, 'bad_request'],
        [{ threadIds: ['x'] }, 400, 'bad_request'],
        [{ threadIds: Array.from({ length: 11 }, () => randomUUID()) }, 413, 'too_large'],
        [{ threadIds: [randomUUID()] }, 404, 'not_found'],
        [{ threadIds: [theirs.id] }, 404, 'not_found'],
        [{ code: 'mine' }, 400, 'unknown_field'],
    ])
        await owner.refused('POST', '/api/invites', body, status, code);
    assert.deepEqual((await owner.ok('GET', '/api/invites')).items, []);
    for (const id of [randomUUID(), 'x'])
        await owner.refused('DELETE', `/api/invites/${id}`, undefined, 404, 'not_found');
});
