// What Clerk tells by web hooks counts here exactly if it is signed, and once: sessions end on every node, and users
// are made, changed, barred and deleted. Svix's own npm package signs the hooks, as Clerk does by it, and says of the
// forged ones that they are.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Webhook } from 'svix';

import { Client, http, register, run, startServer, temporaryDirectory } from './harness.mjs';
import { HookSender, Instance, userOf } from './lib/clerk.mjs';
import { Cluster } from './lib/cluster.mjs';

const path = '/api/webhooks/clerk';
const instance = await Instance.start();
const sender = new HookSender();
const secretFile = join(temporaryDirectory(), 'hooks');
await writeFile(secretFile, sender.secret);
const flags = ['--clerk-issuer', instance.issuer, '--clerk-webhook-secret-file', secretFile];
const server = await startServer({ args: flags });

const { postgres, redis } = await Cluster.startServices();
after(() => Promise.all([postgres.stop(), redis.stop()]));

const statusOf = async (token, at = server) => (await http(at, 'GET', '/api/me', { token })).status;
const tell = async (type, data, options) => {
    const { status, text } = await sender.send(server, type, data, options);
    assert.equal(status, 204, text);
};

let count = 0;
/** Somebody whom Clerk knows, in a session: {sub, sid, token, user}. */
async function somebody(claims = {}, at = server) {
    const number = ++count;
    const [sub, sid] = [`user_2hook${number}`, `sess_2hook${number}`];
    const token = instance.token({ sub, sid, username: `person${number}`, ...claims });
    const { body } = await http(at, 'GET', '/api/me', { token });
    return { sub, sid, token, user: body };
}
/** `at` is the time of the last change, in ms. */
const profile = (sub, at, fields = {}) => userOf(sub, { updated_at: at, ...fields });
const reader = await register(server, 'reader');
const look = (id) => reader.ok('GET', `/api/users/${id}`);

for (const type of ['session.ended', 'session.removed', 'session.revoked']) {
    test(`${type} closes the sockets of the session, and its token counts no more`, async () => {
        const ada = await somebody();
        const elsewhere = instance.token({ sub: ada.sub, sid: `${ada.sid}other` });
        const [leaving, staying] = [await Client.connect(server, ada.token), await Client.connect(server, elsewhere)];
        await tell(type, { id: ada.sid, user_id: ada.sub, object: 'session' });
        await leaving.expectClose(4401);
        await staying.request('ping');
        assert.equal(await statusOf(ada.token), 401);
        assert.equal(await statusOf(elsewhere), 200);
        const renewed = instance.token({ sub: ada.sub, sid: ada.sid });
        assert.equal(await statusOf(renewed), 401, 'another token of the same session');
    });
}

test('a session that ended before anybody came makes no user', async () => {
    await tell('session.ended', { id: 'sess_2early', user_id: 'user_2early' });
    assert.equal(await statusOf(instance.token({ sub: 'user_2early', sid: 'sess_2early' })), 401);
    assert.equal(await statusOf(instance.token({ sub: 'user_2early', sid: 'sess_2later' })), 200);
});

test('who is made and changed there is so here, in the order of the changes', async () => {
    const sub = 'user_2profile';
    await tell('user.created', profile(sub, 1000, { username: 'Countess' }));
    const { body: made } = await http(server, 'GET', '/api/me', { token: instance.token({ sub, sid: 'sess_p' }) });
    assert.deepEqual([made.handle, made.displayName, made.avatarUrl], ['countess', 'Ada Lovelace', null]);
    const picture = 'https://img.clerk.example/ada';
    await tell('user.updated', profile(sub, 3000, { last_name: 'King', has_image: true, image_url: picture }));
    await tell('user.updated', profile(sub, 2000, { last_name: 'Byron' }));
    const user = await look(made.id);
    assert.deepEqual([user.handle, user.displayName, user.avatarUrl], ['countess', 'Ada King', picture]);
    await tell('user.updated', profile(sub, 4000, { username: 'reader' }));
    const renamed = await look(made.id);
    assert.deepEqual([renamed.handle, renamed.avatarUrl], ['reader-2', null]);
});

test('a hook counts once, however often it comes, and each attempt has its own time', async () => {
    const { sub, user } = await somebody();
    const id = `msg_${randomUUID()}`;
    const first = profile(sub, 5000, { first_name: 'First', last_name: null });
    await tell('user.updated', first, { id });
    await tell('user.updated', profile(sub, 5000, { first_name: 'Second', last_name: null }));
    await tell('user.updated', first, { id, at: new Date(Date.now() + 60_000) });
    assert.equal((await look(user.id)).displayName, 'Second');
});

test('who is banned is out at once until they are not, and an admin’s word stays', async () => {
    const { sub, token, user } = await somebody();
    const client = await Client.connect(server, token);
    await tell('user.updated', profile(sub, 1000, { banned: true }));
    await client.expectClose(4401);
    assert.equal(await statusOf(token), 401);
    await tell('user.updated', profile(sub, 2000));
    assert.equal(await statusOf(token), 200);
    await tell('user.updated', profile(sub, 3000, { locked: true }));
    assert.equal(await statusOf(token), 200, 'a lock lapses by itself');
    await reader.ok('PATCH', `/api/users/${user.id}`, { deactivated: true });
    await tell('user.updated', profile(sub, 4000, { banned: true }));
    await tell('user.updated', profile(sub, 5000));
    assert.equal(await statusOf(token), 401);
});

test('nobody escapes a ban by what they write of themselves at Clerk', async () => {
    const { sub, token } = await somebody();
    const deep = JSON.parse('{"a":['.repeat(200) + ']}'.repeat(200));
    await tell('user.updated', profile(sub, 1000, { unsafe_metadata: deep, banned: true }));
    assert.equal(await statusOf(token), 401);
});

test('what people change here stays until they are called otherwise at Clerk', async () => {
    const { sub, token, user } = await somebody();
    await tell('user.updated', profile(sub, 1000));
    const changed = await http(server, 'PATCH', '/api/me', { token, body: { displayName: 'Countess' } });
    assert.equal(changed.status, 200, changed.text);
    await tell('user.updated', profile(sub, 2000, { last_sign_in_at: 2000 }));
    assert.equal((await look(user.id)).displayName, 'Countess');
    await tell('user.updated', profile(sub, 3000, { first_name: 'Augusta', last_name: null }));
    assert.equal((await look(user.id)).displayName, 'Augusta');
});

test('who is deleted there is deleted here for good, also before they ever came', async () => {
    const { sub, token, user } = await somebody();
    const client = await Client.connect(server, token);
    await tell('user.deleted', { id: sub, object: 'user', deleted: true });
    await client.expectClose(4401);
    assert.ok((await look(user.id)).deletedAt);
    await tell('user.updated', profile(sub, 9000));
    const later = instance.token({ sub, sid: 'sess_2again', iat: Math.floor(Date.now() / 1000) + 2 });
    assert.equal(await statusOf(later), 401);
    await tell('user.deleted', { id: 'user_2never', object: 'user', deleted: true });
    assert.equal(await statusOf(instance.token({ sub: 'user_2never', sid: 'sess_2never' })), 401);
});

test('what means nothing here is taken, too', async () => {
    const types = ['session.created', 'organizationDomain.created', 'organizationInvitation.accepted', 'email.created', 'new.kind'];
    for (const type of types) await tell(type, { id: 'org_2abc' });
});

test('of what Svix says is forged nothing counts, and what it signs does', async () => {
    const { sub, user } = await somebody();
    let time = 1000;
    const event = () => JSON.stringify({
        type: 'user.updated',
        object: 'event',
        data: profile(sub, ++time, { first_name: 'Forged', last_name: null }),
    });
    const good = (options) => sender.request(event(), options);
    const now = Date.now();
    const times = (ms) => good({ at: new Date(now + ms) });
    const withHeader = (name, change) => {
        const request = good();
        const value = change(request.headers[name], request);
        if (value === undefined) delete request.headers[name];
        else request.headers[name] = value;
        return request;
    };
    const bare = (signature) => signature.slice(3);
    const signatures = [
        () => undefined, () => '', () => ' ', () => 'v1', () => 'v1,', () => ',', () => 'v1,=', () => 'v1,null',
        bare, (s) => `v0,${bare(s)}`, (s) => `v2,${bare(s)}`, (s) => `v1a,${bare(s)}`, (s) => `v11,${bare(s)}`,
        (s) => `V1,${bare(s)}`, (s) => `v1;${bare(s)}`, (s) => `v1=${bare(s)}`, (s) => `v1 ,${bare(s)}`,
        (s) => `v1, ${bare(s)}`, (s) => `v1,"${bare(s)}"`, (s) => `v1,,${bare(s)}`, (s) => s.slice(0, -1),
        (s) => s.slice(0, -4), (s) => `${s}AAAA`, (s) => `${s}=`, (s) => `v1,${bare(s).slice(1)}`,
        (s) => `v1,${Buffer.from(bare(s), 'base64').toString('hex')}`,
        (s) => `v1,${bare(s).toLowerCase()}`, (s) => `v1,${bare(s).toUpperCase()}`,
        (s) => `v1,${Buffer.alloc(32).toString('base64')}`, (s) => `v1,${[...bare(s)].reverse().join('')}`,
        (s) => Array.from({ length: 16 }, () => `v1,${Buffer.alloc(32, s).toString('base64')}`).join(' '),
        (s, { body }) => `v1,${Buffer.from(body).toString('base64').slice(0, 44)}`,
    ];
    const ids = [
        () => undefined, () => '', (id) => `${id}x`, (id) => id.slice(1), (id) => id.toUpperCase(), () => 'msg_other',
        (id) => `${id}.`, (id) => `.${id}`, (id, { headers }) => `${id}.${headers['svix-timestamp']}`,
    ];
    const stamps = [
        () => undefined, () => '', () => 'now', () => '0', () => '-1', (t) => `${t}000`, (t) => `${Number(t) + 1}`,
        (t) => `${Number(t) - 1}`, () => 'NaN', () => 'Infinity', () => new Date(now).toISOString(),
        (t) => `${Number(t).toString(16)}`,
    ];
    const bodies = [
        (b) => `${b} `, (b) => ` ${b}`, (b) => `${b}\n`, (b) => b.replace('Forged', 'forged'),
        (b) => b.replace('user.updated', 'user.deleted'), () => '{}', (b) => JSON.stringify(JSON.parse(b), null, 1),
        (b) => b.replace('"banned":false', '"banned":true'), (b) => `\uFEFF${b}`, (b) => `${b}${b}`,
    ];
    const others = [new HookSender(), new HookSender('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')];
    const forged = [
        ...signatures.map((change) => withHeader('svix-signature', change)),
        ...ids.map((change) => withHeader('svix-id', change)),
        ...stamps.map((change) => withHeader('svix-timestamp', change)),
        ...bodies.map((change) => {
            const { body, headers } = good();
            return { body: change(body), headers };
        }),
        ...others.map((other) => other.request(event())),
        times(-330_000), times(-3_600_000), times(330_000), times(3_600_000), times(-now),
        // The signature of another hook.
        withHeader('svix-signature', () => good().headers['svix-signature']),
    ];
    assert.ok(forged.length >= 60, `${forged.length}`);
    const verifier = new Webhook(sender.secret);
    const post = ({ body, headers }) => http(server, 'POST', path, { body, headers });
    for (const request of forged) {
        const shown = JSON.stringify(request.headers);
        assert.throws(() => verifier.verify(request.body, request.headers), shown);
        const { status, body } = await post(request);
        assert.deepEqual([status, body.code], [400, 'bad_request'], shown);
    }
    assert.equal((await look(user.id)).displayName, user.displayName);

    const other = others[0].request(event()).headers['svix-signature'];
    const genuine = [
        good(), times(-240_000), times(240_000),
        withHeader('svix-signature', (s) => `v1,${Buffer.alloc(32).toString('base64')} ${s}`),
        withHeader('svix-signature', (s) => `${other} v1a,${bare(s)} ${s}`),
    ];
    for (const request of genuine) {
        verifier.verify(request.body, request.headers);
        assert.equal((await post(request)).status, 204, JSON.stringify(request.headers));
    }
    assert.equal((await look(user.id)).displayName, 'Forged', 'the genuine ones count');
});

test('while the secret is changed both count; where there is none, there is no such place', async () => {
    const [old, next] = [new HookSender(), new HookSender()];
    const file = join(temporaryDirectory(), 'both');
    await writeFile(file, `${old.secret}\n${next.secret}\n`);
    const args = ['--clerk-issuer', instance.issuer];
    const here = await startServer({ args: [...args, '--clerk-webhook-secret-file', file] });
    for (const one of [old, next]) assert.equal((await one.send(here, 'email.created', { id: 'x' })).status, 204);
    assert.equal((await sender.send(here, 'email.created', { id: 'x' })).status, 400);
    const without = await startServer({ args });
    const { status, body } = await sender.send(without, 'email.created', { id: 'x' });
    assert.deepEqual([status, body.code], [404, 'not_found']);
});

test('a body has at most 256 KiB, more than others', async () => {
    const size = (bytes) => sender.send(server, 'email.created', { id: 'x'.repeat(bytes) });
    assert.equal((await size(200 * 1024)).status, 204);
    assert.equal((await size(257 * 1024)).status, 413);
});

test('a secret that is none is refused at the start, and never told', async () => {
    const file = join(temporaryDirectory(), 'wrong');
    const issuer = ['--clerk-issuer', 'https://clerk.example.com'];
    await writeFile(file, sender.secret.replace('whsec_', 'whsecret_'));
    const wrong = [
        [[...issuer, '--clerk-webhook-secret-file', file], /line 1 is no secret/],
        [[...issuer, '--clerk-webhook-secret-file', '/nowhere/hooks'], /clerk-webhook-secret-file does not exist/],
        [['--clerk-webhook-secret-file', secretFile], /need --clerk-issuer/],
    ];
    for (const [args, sentence] of wrong) {
        const ended = await run(['serve', '--data', temporaryDirectory(), '--listen', '127.0.0.1:0', ...args]);
        assert.notEqual(ended.code, 0, args.join(' '));
        assert.match(ended.output, sentence);
    }
});

test('a hook at one node closes the sockets at another', async (t) => {
    const cluster = await Cluster.start(t, { args: flags });
    const [here, there] = cluster.nodes;
    const ada = await somebody({}, here);
    const client = await Client.connect(there, ada.token);
    const { status } = await sender.send(here, 'session.ended', { id: ada.sid, user_id: ada.sub });
    assert.equal(status, 204);
    await client.expectClose(4401);
    assert.equal(await statusOf(ada.token, there), 401);
});
