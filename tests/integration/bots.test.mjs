// Bots: users of programs, with tokens that are limited to scopes. What is outside of them is refused, over HTTP and on the
// socket, and a token that is revoked counts nowhere any more.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';

import { Client, http, Person, register, startServer, temporaryDirectory } from './harness.mjs';
import { HookSender, Instance } from './lib/clerk.mjs';
import { openapi, operations } from './lib/contract.mjs';

const instance = await Instance.start();
const sender = new HookSender();
const secretFile = join(temporaryDirectory(), 'hooks');
await writeFile(secretFile, sender.secret);
const clerk = ['--clerk-issuer', instance.issuer, '--clerk-webhook-secret-file', secretFile];
const server = await startServer({ args: ['--shards', '2', ...clerk] });
const ada = await register(server, 'ada');
const scopes = openapi.components.schemas.Scope.enum;

let count = 0;
const bot = (fields = {}, by = ada) =>
    by.ok('POST', '/api/bots', { handle: `robot${++count}`, displayName: 'Robot', ...fields }, 201);
const token = (one, within, by = ada) =>
    by.ok('POST', `/api/bots/${one.id}/tokens`, { name: 'x', scopes: within }, 201);
/** A bot as somebody who asks: a Person, whose token is within these. */
async function program(within, fields) {
    const user = await bot(fields);
    const made = await token(user, within);
    return Object.assign(new Person(server, made.token, user), { made });
}
const add = (thread, { id }) => ada.ok('PUT', `/api/threads/${thread.id}/members/${id}`, undefined, 200);
const sending = (thread) => ({ threadId: thread.id, nonce: randomUUID(), content: 'from a bot' });

test('a bot is a user like others, whom programs act for', async () => {
    const robot = await program(['read', 'write', 'threads', 'profile']);
    assert.match(robot.made.token, /^banter_bot_/);
    assert.equal(robot.user.bot, true);
    const [found] = (await ada.ok('GET', `/api/users?q=${robot.handle}`)).items;
    assert.deepEqual([found.id, found.bot], [robot.id, true]);
    const thread = await ada.channel();
    const watching = await ada.joined(thread);
    const client = await robot.joined(thread);
    assert.equal(client.hello.user.bot, true);
    const { message } = await client.request('message:send', sending(thread));
    const told = await watching.waitFor({ type: 'message:new' });
    assert.deepEqual([told.message.id, told.message.authorId], [message.id, robot.id]);
    const asked = await ada.send(thread, `<@${robot.id}> what time is it?`);
    assert.deepEqual(asked.mentions, [robot.id]);
    const heard = await client.waitFor({ type: 'message:new', message: { id: asked.id } });
    assert.deepEqual(heard.message.mentions, [robot.id]);
    const renamed = await robot.ok('PATCH', '/api/me', { displayName: 'The clock' });
    assert.equal(renamed.displayName, 'The clock');
    await ada.ok('PATCH', `/api/bots/${robot.id}`, { displayName: 'Clock' });
    assert.equal((await robot.ok('GET', '/api/me')).displayName, 'Clock');
    assert.deepEqual((await ada.ok('GET', '/api/bots')).items.map(({ id }) => id)[0], robot.id);
    await Promise.all([client.close(), watching.close()]);
    assert.ok(!server.output.includes(robot.token), 'a token in the log');
    assert.match(server.output, /a token was made for a bot/);
});

test('each operation of the contract is refused to a token without its scope', async () => {
    const without = new Map();
    for (const left of scopes) {
        without.set(left, await program(scopes.filter((scope) => scope !== left)));
    }
    const whole = await program(scopes, { role: 'admin' });
    let checked = 0;
    for (const { method, path, secured } of operations) {
        if (!secured || path.startsWith('/api/auth/refresh')) continue;
        const scope = openapi.paths[path][method.toLowerCase()]['x-scope'];
        const target = path.replaceAll(/\{\w+\}/g, () => randomUUID());
        const by = scope ? without.get(scope) : whole;
        const answer = await by.http(method, target);
        const what = `${method} ${path} without ${scope}: ${answer.text}`;
        assert.equal(answer.status, 403, what);
        assert.match(answer.body.detail, scope ? new RegExp(`lacks the scope "${scope}"`) : /no bot/, what);
        if (scope) assert.notEqual((await whole.http(method, target)).body?.code, 'forbidden', what);
        checked++;
    }
    assert.ok(checked > 45, `${checked} operations`);
});

test('a token to read hears, and neither sends nor becomes a member', async () => {
    const reader = await program(['read']);
    const [inside, outside] = await Promise.all([ada.channel(), ada.channel()]);
    await add(inside, reader);
    const client = await reader.joined(inside);
    const sent = await ada.send(inside, 'hello');
    await client.waitFor({ type: 'message:new', message: { id: sent.id } });
    const ids = { threadId: inside.id, messageId: sent.id };
    for (const [type, fields] of [
        ['message:send', sending(inside)],
        ['message:edit', { messageId: ids.messageId, content: 'x' }],
        ['message:delete', { messageId: ids.messageId }],
        ['reaction:add', { messageId: ids.messageId, emoji: '👍' }],
        ['typing:start', { threadId: ids.threadId }],
        ['read:mark', { threadId: ids.threadId, seq: 1 }],
        ['presence:set', { presence: 'away' }],
    ]) {
        const refused = await client.refused(type, fields);
        assert.deepEqual([refused.code, refused.detail], ['forbidden', 'the token lacks the scope "write"'], type);
    }
    const joining = await client.refused('thread:join', { threadId: outside.id });
    assert.equal(joining.detail, 'the token lacks the scope "threads"');
    assert.equal((await reader.history(outside)).items.length, 0, 'it may read there');
    assert.equal((await reader.thread(outside)).membership, null);
    assert.equal((await ada.history(inside)).items.at(-1).id, sent.id, 'nothing was sent');
    await client.close();
});

test('a token to write sends by HTTP, and is told nothing on a socket', async () => {
    const writer = await program(['write']);
    const thread = await ada.channel();
    await add(thread, writer);
    assert.equal((await writer.send(thread, 'deployed')).authorId, writer.id);
    await writer.refused('GET', `/api/threads/${thread.id}/messages`, undefined, 403, 'forbidden');
    const byHeader = await Client.upgrade(server, { headers: { Authorization: `Bearer ${writer.token}` } });
    assert.match((await byHeader.expectClose(4401)).reason ?? '', /lacks the scope/);
    const byFrame = await Client.upgrade(server);
    byFrame.tell('connect', { id: 'c', token: writer.token });
    assert.equal((await byFrame.waitFor({ re: 'c' })).code, 'forbidden');
    await byFrame.expectClose(4401);
});

test('no scope gives what the role does not', async () => {
    const guest = await program(scopes, { role: 'guest' });
    const thread = await ada.channel();
    await guest.refused('GET', `/api/threads/${thread.id}`, undefined, 404, 'not_found');
    await guest.refused('GET', '/api/invites', undefined, 403, 'forbidden');
    await guest.refused('POST', '/api/threads', { kind: 'channel', name: 'mine' }, 403, 'forbidden');
    const admin = await program(['admin'], { role: 'admin' });
    await admin.ok('GET', '/api/invites');
    const bob = await register(server, `bob${++count}`);
    await admin.ok('PATCH', `/api/users/${bob.id}`, { deactivated: true });
    await admin.refused('PATCH', `/api/users/${bob.id}`, { role: 'admin' }, 403, 'forbidden');
    await ada.refused('PATCH', `/api/users/${admin.id}`, { role: 'owner' }, 403, 'forbidden');
});

test('what is revoked counts no more, and its sockets end', async () => {
    const robot = await program(['read']);
    const other = await token(robot.user, ['read', 'write']);
    const client = await robot.connect();
    const staying = await Client.connect(server, other.token);
    const listed = await ada.ok('GET', `/api/bots/${robot.id}/tokens`);
    assert.deepEqual(listed.items.map(({ scopes: within }) => within), [['read', 'write'], ['read']]);
    assert.ok(listed.items.every((one) => !('token' in one)));
    const stranger = await bot();
    const elsewhere = `/api/bots/${stranger.id}/tokens/${robot.made.id}`;
    await ada.refused('DELETE', elsewhere, undefined, 404, 'not_found');
    await ada.ok('DELETE', `/api/bots/${robot.id}/tokens/${robot.made.id}`, undefined, 204);
    await client.expectClose(4401);
    assert.equal((await robot.http('GET', '/api/me')).status, 401);
    assert.equal((await http(server, 'GET', '/api/me', { token: other.token })).status, 200);
    await ada.ok('PATCH', `/api/users/${robot.id}`, { deactivated: true });
    await staying.expectClose(4401);
    assert.equal((await http(server, 'GET', '/api/me', { token: other.token })).status, 401);
    const path = `/api/bots/${robot.id}/tokens`;
    await ada.refused('POST', path, { name: 'x', scopes: ['read'] }, 409, 'conflict');
});

test('a token renews nothing but itself on its socket', async () => {
    const robot = await program(['read']);
    const wider = await token(robot.user, scopes);
    const client = await robot.connect();
    assert.equal((await client.request('auth:refresh', { token: robot.token })).tokenExpiresAt, null);
    client.tell('auth:refresh', { id: 'r', token: wider.token });
    await client.expectClose(4401);
});

test('malformed requests make neither bots nor tokens', async () => {
    const before = (await ada.ok('GET', '/api/bots')).items.length;
    const good = { handle: 'unmade', displayName: 'U' };
    for (const [body, status, code] of [
        [{}, 400, 'bad_request'],
        [{ ...good, handle: 'U' }, 400, 'bad_request'],
        [{ ...good, handle: 'ada' }, 409, 'conflict'],
        [{ ...good, displayName: '' }, 400, 'bad_request'],
        [{ ...good, displayName: 'x'.repeat(81) }, 413, 'too_large'],
        [{ ...good, avatarUrl: 'http://x.example' }, 400, 'bad_request'],
        [{ ...good, role: 'root' }, 400, 'bad_request'],
        [{ ...good, role: 'owner' }, 403, 'forbidden'],
        [{ ...good, bot: false }, 400, 'unknown_field'],
        [{ ...good, id: randomUUID() }, 400, 'unknown_field'],
    ])
        await ada.refused('POST', '/api/bots', body, status, code);
    assert.equal((await ada.ok('GET', '/api/bots')).items.length, before);
    const robot = await bot();
    const path = `/api/bots/${robot.id}/tokens`;
    for (const [body, status, code] of [
        [{ name: 'x' }, 400, 'bad_request'],
        [{ name: 'x', scopes: [] }, 400, 'bad_request'],
        [{ name: 'x', scopes: 'read' }, 400, 'bad_request'],
        [{ name: 'x', scopes: ['all'] }, 400, 'bad_request'],
        [{ name: 'x', scopes: ['read', null] }, 400, 'bad_request'],
        [{ name: 'x', scopes: [...scopes, 'read'] }, 413, 'too_large'],
        [{ name: '', scopes: ['read'] }, 400, 'bad_request'],
        [{ name: 'x', scopes: ['read'], expiresAt: '2001-01-01T00:00:00Z' }, 400, 'bad_request'],
        [{ name: 'x', scopes: ['read'], userId: ada.id }, 400, 'unknown_field'],
    ])
        await ada.refused('POST', path, body, status, code);
    await ada.refused('POST', '/api/me/tokens', { name: 'x', scopes: ['read'] }, 400, 'unknown_field');
    assert.deepEqual((await ada.ok('GET', path)).items, []);
    const person = `/api/bots/${ada.id}/tokens`;
    await ada.refused('POST', person, { name: 'x', scopes: ['read'] }, 404, 'not_found');
});

test('in an organization admins make bots, which are there alone and end with it', async () => {
    const o = { id: 'org_2bots', slg: 'bots', rol: 'admin' };
    const boss = async (sub, fields) => {
        const asked = { token: await instance.token({ sub, sid: `sess_${sub}`, o: { ...o, ...fields } }) };
        const { body, text, status } = await http(server, 'GET', '/api/me', asked);
        assert.equal(status, 200, text);
        return new Person(server, asked.token, body);
    };
    const eve = await boss('user_2eve');
    const stranger = await boss('user_2mallory', { id: 'org_2others', slg: 'others' });
    const user = await bot({ role: 'admin' }, eve);
    const { token: secret } = await token(user, scopes, eve);
    const robot = new Person(server, secret, user);
    assert.deepEqual((await eve.ok('GET', '/api/bots')).items.map(({ id }) => id), [user.id]);
    for (const other of [stranger, ada]) {
        const listed = (await other.ok('GET', '/api/bots')).items;
        assert.ok(listed.every(({ id }) => id !== user.id));
        await other.refused('GET', `/api/users/${user.id}`, undefined, 404, 'not_found');
        await other.refused('GET', `/api/bots/${user.id}/tokens`, undefined, 404, 'not_found');
        const wanted = { name: 'x', scopes: ['read'] };
        await other.refused('POST', `/api/bots/${user.id}/tokens`, wanted, 404, 'not_found');
    }
    const theirs = await ada.channel();
    await robot.refused('GET', `/api/threads/${theirs.id}`, undefined, 404, 'not_found');
    await eve.ok('PATCH', `/api/users/${user.id}`, { role: 'member' });
    assert.equal((await robot.ok('GET', '/api/boot')).workspace.role, 'member');
    const client = await robot.connect();
    const event = { data: { id: o.id, object: 'organization', deleted: true }, object: 'event', type: 'organization.deleted' };
    const { headers, body } = sender.request(JSON.stringify({ ...event, timestamp: Date.now() }));
    assert.equal((await http(server, 'POST', '/api/webhooks/clerk', { headers, body })).status, 204);
    await client.expectClose(4401);
    assert.equal((await robot.http('GET', '/api/me')).status, 401);
});
