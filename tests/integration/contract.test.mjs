// The server and its contract say the same: every route and frame of contract/*.yaml exists and no
// other, and what is sent has the shape that stands there.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import {
    answersItself,
    broadcasts,
    checkAnswer,
    checkExchange,
    checkFrame,
    commands,
    frames,
    mistakes,
    noteFrame,
    openapi,
    operations,
} from './lib/contract.mjs';
import { textForm } from './lib/files.mjs';
import { Client, http, password, people, register, startServer } from './harness.mjs';

const server = await startServer();
const [ada, bob] = await people(server, 'p', 2);
const emoji = '👍';
const seen = new Set();

/** Web hooks are taken where there is somebody who sends them: clerk_hooks.test.mjs does. */
const isHere = ({ id }) => id !== 'takeClerkHook';

const fill = (path, values) =>
    path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name] ?? randomUUID()));

/** One call of an operation, its request and its answer checked against the contract; gives the body. */
async function call(id, { by = ada, values = {}, query = '', body, headers, status = 200 } = {}) {
    const operation = operations.find((one) => one.id === id);
    if (operation.body) operation.body(body);
    const path = fill(operation.path, values) + query;
    const token = by?.token;
    const answer = await http(server, operation.method, path, { token, body, headers });
    assert.equal(answer.status, status, `${id}: ${answer.text}`);
    checkAnswer(operation, answer);
    seen.add(`${id} ${status}`);
    return answer.body;
}

for (const [path, methods] of Object.entries(openapi.paths)) {
    test(`${path} has the methods that stand in the contract, and no other`, async () => {
        const wanted = Object.keys(methods).map((method) => method.toUpperCase());
        const acts = path.startsWith('/api/auth/oidc/');
        if (wanted.includes('GET') && !acts) wanted.push('HEAD');
        const { status, headers } = await ada.http('TRICK', fill(path, {}));
        assert.equal(status, 405);
        assert.deepEqual(headers.get('allow').split(', ').sort(), wanted.sort());
    });
}

/** What a URL of a file asks for: {values, query}. */
function linkOf(url) {
    const [path, query] = url.split('?');
    return { values: { object: path.split('/').at(-1) }, query: `?${query}` };
}

/** The head of a request in tus. */
const tus = { 'Tus-Resumable': '1.0.0' };

/** Of who set the server up: some things exist for owners and admins alone. */
let ownerToken;

test('every operation answers its success as it stands in the contract', async () => {
    await call('config', { by: undefined });
    await call('jwks', { by: undefined });
    await call('healthz', { by: undefined });
    await call('readyz', { by: undefined });
    await call('metrics', { by: undefined });
    const account = { handle: 'cleo', displayName: 'Cleo', password };
    const home = { code: '', name: 'Home', signUp: 'open' };
    const owner = { ...account, handle: 'owner', ...home };
    const { token } = await call('setUp', { by: undefined, body: owner, status: 201 });
    ownerToken = token;
    await call('register', { by: undefined, body: account, status: 201 });
    const expiry = new Date(Date.now() + 60_000).toISOString();
    const room = await ada.channel();
    const invite = { role: 'guest', maxUses: 2, expiresAt: expiry, threadIds: [room.id] };
    await call('createInvite', { by: { token }, body: invite, status: 201 });
    const { id: inviteId } = await call('createInvite', { by: { token }, body: {}, status: 201 });
    await call('listInvites', { by: { token }, query: '?limit=1' });
    await call('endInvite', { by: { token }, values: { inviteId }, status: 204 });
    const bot = { handle: 'robot', displayName: 'Robot', avatarUrl: 'https://x.example/r', role: 'guest' };
    const { id: botId } = await call('createBot', { by: { token }, body: bot, status: 201 });
    await call('listBots', { by: { token }, query: '?limit=1' });
    await call('changeBot', { by: { token }, values: { userId: botId }, body: { displayName: 'R' } });
    const scoped = { name: 'x', scopes: ['read', 'write'], expiresAt: expiry };
    const ofBot = { by: { token }, values: { userId: botId } };
    const { id: botTokenId } = await call('createBotToken', { ...ofBot, body: scoped, status: 201 });
    await call('listBotTokens', { ...ofBot, query: '?limit=1' });
    const ending = { userId: botId, tokenId: botTokenId };
    await call('endBotToken', { by: { token }, values: ending, status: 204 });
    await call('login', { by: undefined, body: { handle: 'cleo', password } });
    const dora = await register(server, 'dora');
    const cookie = { Cookie: dora.cookie, 'X-Requested-With': 'banter' };
    await call('refresh', { by: undefined, headers: cookie });
    const passwords = { old: password, new: `${password} again` };
    await call('changePassword', { by: dora, body: passwords });
    const sessions = await call('listSessions', { by: dora, query: '?limit=1' });
    await call('endSession', { by: dora, values: { sessionId: sessions.items[0].id }, status: 204 });
    await call('logout', { by: undefined, headers: cookie, status: 204 });
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    await call('createAccessToken', { body: { name: 'for a while', expiresAt }, status: 201 });
    const { id: tokenId } = await call('createAccessToken', { body: { name: 'x' }, status: 201 });
    await call('listAccessTokens', { query: '?limit=1' });
    await call('endAccessToken', { values: { tokenId }, status: 204 });
    await call('me');
    const status = { emoji, text: 'here', expiresAt: expiry };
    const avatarUrl = 'https://pictures.example/ada.png';
    await call('changeMe', { body: { displayName: 'Ada', avatarUrl, status } });
    await call('changeMe', { body: { avatarUrl: null, status: null } });
    const { id: userId } = await call('me', { by: bob });
    await call('listUsers', { query: '?q=p&limit=1' });
    await call('listUsers', { query: `?ids=${userId}` });
    await call('findUser', { values: { userId } });
    await call('changeUser', { by: { token }, values: { userId }, body: { role: 'member' } });
    await call('deleteMe', { by: await register(server, 'gone'), body: { password }, status: 204 });

    const { id: fileId, url } = await call('uploadFile', { ...textForm('a.txt', 'hello'), status: 201 });
    await call('findFile', { values: { fileId } });
    await call('linkedFile', { by: undefined, ...linkOf(url) });
    await call('describeUploads', { by: undefined, status: 204 });
    const length = { ...tus, 'Upload-Length': '5' };
    const begun = await ada.http('POST', '/api/uploads', undefined, length);
    assert.equal(begun.status, 201, begun.text);
    seen.add('beginUpload 201');
    const uploadId = begun.headers.get('location').split('/').at(-1);
    await call('findUpload', { values: { uploadId }, headers: tus });
    const piece = {
        ...tus,
        'Upload-Offset': '0',
        'Content-Type': 'application/offset+octet-stream',
    };
    await call('extendUpload', { values: { uploadId }, headers: piece, body: 'abc', status: 204 });
    await call('endUpload', { values: { uploadId }, headers: tus, status: 204 });

    const channel = { kind: 'channel', name: 'contract', visibility: 'public' };
    const thread = await call('createThread', { body: channel, status: 201 });
    const values = { threadId: thread.id, emoji };
    await call('discoverThreads', { by: bob, query: '?q=contr&limit=10' });
    await call('findThread', { by: bob, values });
    await call('joinThread', { by: bob, values });
    const content = `hello <@${bob.id}> <!channel>`;
    const first = await call('sendMessage', {
        values,
        body: { nonce: randomUUID(), content },
        status: 201,
    });
    await call('sendMessage', {
        values,
        body: { nonce: randomUUID(), content: '', replyTo: first.id, attachments: [fileId] },
        status: 201,
    });
    values.messageId = first.id;
    await call('addReaction', { by: bob, values });
    await call('addReaction', { values });
    await call('findReaction', { values });
    const { rev } = await call('removeReaction', { values });
    await call('findMessage', { by: bob, values });
    await call('editMessage', { values, body: { content: 'other', ifRev: rev } });
    await call('listThreads', { by: bob, query: '?limit=1' });
    await call('changeThread', { values, body: { topic: 'x', visibility: 'private' } });
    await call('listMembers', { by: bob, values, query: '?limit=1' });
    values.userId = bob.id;
    await call('setMember', { values, body: { role: 'owner' } });
    await call('setPreferences', { by: bob, values, body: { level: 'none', mutedUntil: null } });
    for (const status of [201, 200]) {
        await call('createThread', { body: { kind: 'direct', memberIds: [bob.id] }, status });
        const parent = { threadId: thread.id, messageId: first.id };
        await call('createThread', { body: { kind: 'reply', parent }, status });
    }
    await call('createThread', { body: { kind: 'group', memberIds: [bob.id] }, status: 201 });
    await call('boot', { by: bob });
    await call('setRead', { by: bob, values, body: { seq: 1 } });
    for (const query of [
        '',
        '?before=2',
        '?after=0&limit=1',
        '?around=1',
        `?at=${first.createdAt}`,
    ])
        await call('history', { by: bob, values, query });
    await call('deleteMessage', { values });
    await call('history', { by: bob, values });
    await call('leaveThread', { by: bob, values, status: 204 });
    await call('removeMember', { values, status: 204 });
    // What leads elsewhere is there where there is an issuer: oidc.test.mjs asks for it.
    const missed = operations.filter(answersItself).filter(isHere).filter(
        ({ id }) => ![...seen].some((one) => one.startsWith(`${id} 20`)),
    );
    assert.deepEqual(
        missed.map(({ id }) => id),
        [],
        'an operation that this test does not call',
    );
});

test('every operation that needs a token answers 401 without one, as it stands in the contract', async () => {
    for (const operation of operations.filter(({ secured }) => secured)) {
        const answer = await http(server, operation.method, fill(operation.path, { emoji }), {
            body: operation.body ? {} : undefined,
        });
        assert.equal(answer.status, 401, operation.id);
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer', operation.id);
        checkAnswer(operation, answer);
    }
});

test('every operation on something that does not exist answers 404, as it stands in the contract', async () => {
    const bodies = {
        setRead: { seq: 0 },
        sendMessage: { nonce: randomUUID(), content: 'x' },
        editMessage: { content: 'x' },
        changeThread: { topic: 'x' },
        setPreferences: { level: 'all' },
        changeUser: { deactivated: true },
        changeBot: { displayName: 'x' },
        createBotToken: { name: 'x', scopes: ['read'] },
    };
    const piece = { 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' };
    const headersOf = { findUpload: tus, endUpload: tus, extendUpload: { ...tus, ...piece } };
    // Without a good URL nobody learns whether a file exists.
    const named = operations.filter(({ id, path }) => path.includes('{') && id !== 'linkedFile');
    for (const operation of named) {
        const { id, method, path } = operation;
        const headers = headersOf[id];
        const byOwners = ['endInvite', 'changeUser'].includes(id) || path.startsWith('/api/bots/');
        const token = byOwners ? ownerToken : ada.token;
        const body = bodies[id];
        const answer = await http(server, method, fill(path, { emoji }), { token, body, headers });
        assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'], id);
        assert.ok(operation.responses.has('404'), id);
        checkAnswer(operation, answer);
    }
});

/** Whether the contract accepts the body. */
function takes(operation, body) {
    try {
        operation.body(body);
        return true;
    } catch {
        return false;
    }
}

test('every operation with a body refuses what the contract refuses, in its terms', async () => {
    const thread = await ada.channel();
    const message = await ada.send(thread, 'target');
    const values = { threadId: thread.id, messageId: message.id };
    const required = ({ body, bodyIsOptional }) => body && !bodyIsOptional;
    for (const operation of operations.filter(required).filter(isHere)) {
        const { id, method } = operation;
        const path = fill(operation.path, values);
        const cases = [
            [{ noSuchMember: 1 }, 'application/json', 400, 'unknown_field'],
            [{}, 'application/json', 400, 'bad_request'],
            ['{', 'application/json', 400, 'bad_request'],
            ['{}', 'text/plain', 415, 'unsupported_media'],
        ];
        for (const [body, type, status, code] of cases) {
            if (body !== '{}' && takes(operation, body)) {
                assert.deepEqual(body, {}, `${id} takes ${body}`);
                continue;
            }
            const answer = await ada.http(method, path, body, { 'Content-Type': type });
            assert.deepEqual([answer.status, answer.body.code], [status, code], `${id} ${type}`);
            assert.ok(operation.responses.has(String(status)), `${id} ${status}`);
            checkAnswer(operation, answer);
        }
    }
});

/** A client whose frames, both ways, are checked; the first that differs is kept in `mistake`. */
async function checked(connect, told) {
    const client = await connect;
    client.log.forEach((frame) => checkFrame(frame));
    client.log.forEach(({ type }) => told.add(type));
    client.onFrame = (frame) => {
        told.add(frame.type);
        try {
            checkFrame(frame);
        } catch (error) {
            client.mistake ??= error;
        }
    };
    const sendText = client.sendText.bind(client);
    client.sendText = (text) => {
        const frame = JSON.parse(text);
        told.add(frame.type);
        checkFrame(frame);
        sendText(text);
    };
    return client;
}

test('every frame, in both directions, is as it stands in the contract', async () => {
    const told = new Set();
    const thread = await ada.channel();
    const threadId = thread.id;
    const anonymous = await checked(Client.upgrade(server, {}), told);
    await anonymous.request('connect', { token: ada.token });
    const adas = await checked(ada.connect(), told);
    const bobs = await checked(bob.connect(), told);
    await adas.request('ping');
    adas.tell('ping');
    await adas.request('auth:refresh', { token: ada.token });
    for (const client of [adas, bobs]) await client.request('thread:join', { threadId });
    bobs.tell('typing:start', { threadId });
    await adas.waitFor({ type: 'typing:update', typing: true });
    bobs.tell('typing:stop', { threadId });
    await adas.waitFor({ type: 'typing:update', typing: false });
    const content = `<@${bob.id}> and <!here>`;
    const { message } = await adas.request('message:send', {
        threadId,
        nonce: randomUUID(),
        content,
    });
    const messageId = message.id;
    const { message: quoting } = await adas.request('message:send', {
        threadId,
        nonce: randomUUID(),
        content: 'quoting',
        replyTo: messageId,
    });
    await bobs.request('reaction:add', { messageId, emoji });
    await adas.request('message:edit', { messageId, content: 'x', ifRev: quoting.rev + 1 });
    await bobs.request('reaction:remove', { messageId, emoji });
    await bobs.request('read:mark', { threadId, seq: 1 });
    await adas.request('presence:watch', { userIds: [bob.id] });
    await bobs.request('presence:set', { presence: 'dnd' });
    await adas.waitFor({ type: 'presence:update', userId: bob.id });
    await adas.request('message:delete', { messageId });
    await bobs.waitFor((frame) => frame.type === 'message:update' && frame.message.deletedAt);
    await bobs.request('thread:join', { threadId, since: 0, epoch: bobs.hello.epoch });
    await bobs.request('thread:join', { threadId, since: 10_000, epoch: 'another' });
    await bobs.refused('message:edit', { messageId: quoting.id, content: 'not mine' });
    await bobs.refused('thread:join', { threadId: randomUUID() });
    await bobs.request('thread:leave', { threadId });
    await ada.ok('PATCH', `/api/threads/${threadId}`, { visibility: 'private' });
    await bobs.waitFor({ type: 'thread:update', threadId });
    await ada.send(thread, 'while bob listens');
    await bobs.waitFor({ type: 'thread:activity', threadId });
    await ada.ok('DELETE', `/api/threads/${threadId}/members/${bob.id}`, undefined, 204);
    await bobs.waitFor({ type: 'member:update', threadId, role: null });
    await bobs.waitFor({ type: 'thread:removed', threadId });
    await bob.ok('PATCH', '/api/me', { displayName: 'Robert' });
    await bobs.waitFor({ type: 'user:update' });
    for (const client of [adas, bobs, anonymous]) assert.ifError(client.mistake);
    assert.deepEqual([...told].sort(), [...frames.keys()].sort());
    await Promise.all([adas.close(), bobs.close(), anonymous.close()]);
});

test('each command of the contract is known to the server, and none that only the server sends', async () => {
    const client = await ada.connect();
    for (const type of frames.keys()) {
        const answer = await client.ask(type, { noSuchMember: 1 });
        const known = answer.code === 'unknown_field';
        assert.equal(known, commands.has(type), `${type}: ${JSON.stringify(answer)}`);
        await client.request('ping');
    }
    for (const type of broadcasts) assert.ok(!commands.has(type));
    await client.close();
});

test('an exchange or a frame that is not as the contract says is found', async () => {
    const thread = await ada.channel();
    const path = `/api/threads/${thread.id}`;
    const answer = await ada.http('GET', path);
    checkExchange('GET', path, undefined, answer);
    const { topic, ...less } = answer.body;
    for (const body of [less, { ...answer.body, more: 1 }, { ...answer.body, topic: [topic] }])
        assert.throws(() => checkExchange('GET', path, undefined, { ...answer, body }));
    assert.throws(() => checkExchange('GET', path, undefined, { ...answer, status: 500 }));
    const read = await ada.http('PUT', `${path}/read`, { seq: 0 });
    checkExchange('PUT', `${path}/read`, '{"seq":0}', read);
    for (const text of ['{"seq":-1}', '{}', '{"seq":0,"more":1}'])
        assert.throws(() => checkExchange('PUT', `${path}/read`, text, read), /took a body/);

    const pong = { type: 'pong', re: '1', serverTime: '2026-11-22T06:30:00.123Z' };
    noteFrame(pong, { type: 'ping', id: '1' });
    assert.deepEqual(mistakes, []);
    noteFrame({ ...pong, more: 1 });
    noteFrame({ ...pong, serverTime: '2026-11-22T06:30:00Z' });
    noteFrame({ type: 'ponged', re: '1' });
    noteFrame(pong, { type: 'ping', id: '1', more: 1 });
    assert.equal(mistakes.splice(0).length, 4);
});
