// An organization of Clerk is a workspace: its members are in it with the role that they have there, as long as they are
// members, and nothing of one workspace is there for anybody of another. Who acts in another's name shows in the log.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Client, http, Person, register, run, startServer, temporaryDirectory, until } from './harness.mjs';
import { HookSender, Instance, membershipOf } from './lib/clerk.mjs';
import { Cluster } from './lib/cluster.mjs';
import { upload } from './lib/files.mjs';

const instance = await Instance.start();
const sender = new HookSender();
const secretFile = join(temporaryDirectory(), 'hooks');
await writeFile(secretFile, sender.secret);
const flags = ['--clerk-issuer', instance.issuer, '--clerk-webhook-secret-file', secretFile];
const server = await startServer({ args: flags });

const { postgres, redis } = await Cluster.startServices();
after(() => Promise.all([postgres.stop(), redis.stop()]));

const seconds = () => Math.floor(Date.now() / 1000);
const statusOf = async (token, at = server) => (await http(at, 'GET', '/api/me', { token })).status;
const tell = async (type, data, { at = server, timestamp = Date.now() } = {}) => {
    const { headers, body } = sender.request(JSON.stringify({ data, object: 'event', type, timestamp }));
    const { status, text } = await http(at, 'POST', '/api/webhooks/clerk', { headers, body });
    assert.equal(status, 204, text);
};

let count = 0;
const organization = (name = 'acme') => ({ id: `org_2x${++count}`, name: `${name} Inc.`, slug: `${name}-${count}` });
/** A token of a member; of nobody's organization, if it is undefined. */
const tokenOf = (sub, org, { role = 'member', ...fields } = {}) => {
    const o = org && { id: org.id, slg: org.slug, rol: role };
    return instance.token({ sub, sid: `sess_${sub}`, o, ...fields });
};
/** A member who came: Person with `sub` and `org`. */
async function member(org, { at = server, sub = `user_2x${++count}`, ...fields } = {}) {
    const token = tokenOf(sub, org, { username: `person${count}`, ...fields });
    const { status, body, text } = await http(at, 'GET', '/api/me', { token });
    assert.equal(status, 200, text);
    return Object.assign(new Person(at, token, body), { sub, org });
}
const membership = ({ sub, org }, { role = 'member', at = Date.now() } = {}) => membershipOf(sub, org, role, at);
const boot = (person) => person.ok('GET', '/api/boot');

test('an organization is a workspace, and its members have the roles that they have there', async () => {
    const org = organization();
    const [boss, ada, guest] = await Promise.all(
        ['admin', 'member', 'guest'].map((role) => member(org, { role })),
    );
    const workspaces = await Promise.all([boss, ada, guest].map(async (one) => (await boot(one)).workspace));
    assert.deepEqual(workspaces.map(({ role }) => role), ['admin', 'member', 'guest']);
    assert.equal(new Set(workspaces.map(({ id }) => id)).size, 1);
    assert.equal(workspaces[0].name, org.slug);
    await tell('organization.updated', { ...org, updated_at: Date.now() });
    assert.equal((await boot(ada)).workspace.name, org.name);
    const first = await member(org, {
        o: undefined, v: undefined, org_id: org.id, org_slug: org.slug, org_role: 'org:admin',
    });
    assert.equal((await boot(first)).workspace.role, 'admin', 'a token of the first version');
    const found = await ada.ok('GET', '/api/users?q=person');
    assert.equal(found.items.length, 4);
});

test('roles are kept by the organization, and nobody is invited here', async () => {
    const org = organization();
    const [boss, ada] = await Promise.all([member(org, { role: 'admin' }), member(org)]);
    const path = `/api/users/${ada.id}`;
    const refused = await boss.refused('PATCH', path, { role: 'admin' }, 409, 'conflict');
    assert.match(refused.body.detail, /kept by the organization/);
    await ada.refused('PATCH', `/api/users/${boss.id}`, { role: 'member' }, 403, 'forbidden');
    const invite = await boss.refused('POST', '/api/invites', {}, 403, 'forbidden');
    assert.match(invite.body.detail, /organization/);
    await boss.refused('GET', '/api/invites', undefined, 403, 'forbidden');
    await boss.refused('DELETE', `/api/invites/${ada.id}`, undefined, 403, 'forbidden');
    await boss.ok('PATCH', path, { deactivated: true });
    assert.equal(await statusOf(ada.token), 401);
    await boss.ok('PATCH', path, { deactivated: false });
    assert.equal(await statusOf(ada.token), 200);
});

test('the newest word on a role counts, and open sockets end with the old one', async () => {
    const ada = await member(organization());
    const client = await ada.connect();
    await tell('organizationMembership.updated', membership(ada, { role: 'admin', at: Date.now() + 1000 }));
    await client.expectClose(4401);
    assert.equal((await boot(ada)).workspace.role, 'admin', 'an older token says otherwise');
    await tell('organizationMembership.updated', membership(ada, { role: 'guest', at: 1000 }));
    assert.equal((await boot(ada)).workspace.role, 'admin', 'an older hook');
    const again = await ada.connect();
    const newer = tokenOf(ada.sub, ada.org, { role: 'guest', iat: seconds() + 3 });
    assert.equal(await statusOf(newer), 200);
    await again.expectClose(4401);
    assert.equal((await boot(ada)).workspace.role, 'guest');
});

test('who leaves an organization is out of its workspace at once, and of no other', async () => {
    const [org, other] = [organization(), organization('other')];
    const ada = await member(org);
    const elsewhere = await member(other, { sub: ada.sub });
    const alone = await member(undefined, { sub: ada.sub });
    const colleague = await member(org, { role: 'admin' });
    const { token } = await ada.ok('POST', '/api/me/tokens', { name: 'a program' }, 201);
    assert.equal((await http(server, 'GET', '/api/me', { token })).body.id, ada.id);
    const closing = [await ada.connect(), await Client.connect(server, token)];
    const staying = await Promise.all([elsewhere, alone, colleague].map((one) => one.connect()));
    await tell('organizationMembership.deleted', membership(ada));
    await Promise.all(closing.map((client) => client.expectClose(4401)));
    await Promise.all(staying.map((client) => client.request('ping')));
    assert.deepEqual([await statusOf(ada.token), await statusOf(token)], [401, 401]);
    assert.deepEqual([await statusOf(elsewhere.token), await statusOf(alone.token)], [200, 200]);
    assert.ok((await colleague.ok('GET', `/api/users/${ada.id}`)).deactivatedAt);
    const back = await member(org, { sub: ada.sub, iat: seconds() + 3 });
    assert.equal(back.id, ada.id, 'a newer token lets them in again');
    assert.equal(await statusOf(ada.token), 401, 'the old one does not');
    assert.equal(await statusOf(token), 401);
});

test('an organization that is deleted is no more, whoever comes', async () => {
    const org = organization();
    const [ada, bob] = await Promise.all([member(org), member(org)]);
    const clients = await Promise.all([ada, bob].map((one) => one.connect()));
    await tell('organization.deleted', { id: org.id, object: 'organization', deleted: true });
    await Promise.all(clients.map((client) => client.expectClose(4401)));
    const later = tokenOf('user_2late', org, { iat: seconds() + 3 });
    for (const token of [ada.token, bob.token, later]) assert.equal(await statusOf(token), 401);
    assert.equal(await statusOf(tokenOf(ada.sub, organization())), 200);
});

test('who is banned, deleted or signed out is so in every workspace', async () => {
    const [org, other] = [organization(), organization('other')];
    const ada = await member(org);
    const elsewhere = await member(other, { sub: ada.sub });
    const profile = (at, fields) => ({ id: ada.sub, first_name: 'Ada', last_name: 'King', updated_at: at, ...fields });
    await tell('user.updated', profile(1000));
    const names = await Promise.all([ada, elsewhere].map(async (one) => (await one.ok('GET', '/api/me')).displayName));
    assert.deepEqual(names, ['Ada King', 'Ada King']);
    const third = await member(organization('third'), { sub: ada.sub, username: undefined });
    assert.equal(third.user.displayName, 'Ada King', 'as Clerk has said');
    const everywhere = [ada, elsewhere, third];
    const statuses = () => Promise.all(everywhere.map((one) => statusOf(one.token)));
    let clients = await Promise.all(everywhere.map((one) => one.connect()));
    await tell('user.updated', profile(2000, { banned: true }));
    await Promise.all(clients.map((client) => client.expectClose(4401)));
    assert.deepEqual(await statuses(), [401, 401, 401]);
    assert.equal(await statusOf(tokenOf(ada.sub, organization('fourth'))), 401);
    await tell('user.updated', profile(3000));
    assert.deepEqual(await statuses(), [200, 200, 200]);
    clients = await Promise.all(everywhere.map((one) => one.connect()));
    await tell('session.revoked', { id: `sess_${ada.sub}`, user_id: ada.sub });
    await Promise.all(clients.map((client) => client.expectClose(4401)));
    assert.deepEqual(await statuses(), [401, 401, 401]);
    await tell('user.deleted', { id: ada.sub, deleted: true });
    const later = tokenOf(ada.sub, organization('fifth'), { sid: 'sess_new', iat: seconds() + 3 });
    assert.equal(await statusOf(later), 401);
});

test('nothing of one workspace is there for anybody of another', async () => {
    const [org, other] = [organization(), organization('other')];
    const [ada, peer] = await Promise.all([member(org), member(org)]);
    const channel = await ada.channel({ name: 'secret-plans' });
    const group = await ada.ok('POST', '/api/threads', { kind: 'group', name: 'g', memberIds: [peer.id] }, 201);
    const direct = await ada.ok('POST', '/api/threads', { kind: 'direct', memberIds: [peer.id] }, 201);
    const { body: attached } = await upload(ada, { filename: 'a.txt', claimedType: 'text/plain', bytes: Buffer.from('secret') });
    const message = await ada.send(channel, 'secret plans', { attachments: [attached.id] });
    const reply = await ada.ok('POST', '/api/threads', { kind: 'reply', parent: { threadId: channel.id, messageId: message.id } }, 201);
    const local = await register(server, `local${++count}`);
    const strangers = [
        await member(other, { role: 'admin' }),
        await member(other, { sub: ada.sub }),
        await member(undefined),
        await member(undefined, { sub: ada.sub }),
        local,
    ];
    for (const stranger of strangers) {
        const gone = (method, path, body) => stranger.refused(method, path, body, 404, 'not_found');
        const missing = randomUUID();
        for (const { id } of [channel, group, direct, reply]) {
            const answers = [];
            for (const at of [id, missing]) {
                answers.push((await gone('GET', `/api/threads/${at}`)).text);
                answers.push((await gone('GET', `/api/threads/${at}/messages`)).text);
                await gone('POST', `/api/threads/${at}/join`);
                await gone('PATCH', `/api/threads/${at}`, { topic: 'x' });
                await gone('GET', `/api/threads/${at}/members`);
                await gone('POST', `/api/threads/${at}/messages`, { nonce: randomUUID(), content: 'x' });
            }
            assert.deepEqual(answers.slice(0, 2), answers.slice(2), 'byte for byte as what does not exist');
        }
        await gone('GET', `/api/messages/${message.id}`);
        await gone('PATCH', `/api/messages/${message.id}`, { content: 'x' });
        await gone('DELETE', `/api/messages/${message.id}`);
        await gone('PUT', `/api/messages/${message.id}/reactions/%F0%9F%91%8D`);
        await gone('GET', `/api/files/${attached.id}`);
        await gone('GET', `/api/users/${peer.id}`);
        const found = await stranger.ok('GET', `/api/users?ids=${peer.id},${ada.id}`);
        assert.deepEqual(found.items, []);
        const named = await stranger.ok('GET', `/api/users?q=${peer.handle}`);
        assert.ok(!named.items.some(({ id }) => id === peer.id));
        assert.deepEqual((await stranger.ok('GET', '/api/threads/discover?q=secret')).items, []);
        for (const kind of ['direct', 'group']) {
            const { status } = await stranger.http('POST', '/api/threads', { kind, memberIds: [peer.id] });
            assert.ok([400, 403, 404].includes(status), `${kind} with somebody of another workspace: ${status}`);
        }
        const own = await stranger.channel({ name: 'secret-plans' });
        const added = await stranger.http('PUT', `/api/threads/${own.id}/members/${peer.id}`, {});
        assert.equal(added.status, 404, added.text);
        const client = await stranger.connect();
        for (const { id } of [channel, group, direct, reply]) {
            await assert.rejects(client.request('thread:join', { threadId: id }), { code: 'not_found' });
            const sent = { threadId: id, nonce: randomUUID(), content: 'x' };
            await assert.rejects(client.request('message:send', sent), { code: 'not_found' });
        }
        const watching = await client.request('presence:watch', { userIds: [peer.id, ada.id] });
        assert.deepEqual(watching.presences, []);
        client.close();
        // So that the name is free for the next of the same workspace.
        await stranger.ok('PATCH', `/api/threads/${own.id}`, { name: randomUUID().slice(0, 8) });
    }
    assert.equal((await peer.thread(group)).id, group.id);
});

test('a refresh keeps the organization', async () => {
    const ada = await member(organization());
    for (const token of [tokenOf(ada.sub), tokenOf(ada.sub, organization()), tokenOf('user_2other', ada.org)]) {
        const client = await ada.connect();
        await assert.rejects(client.request('auth:refresh', { token }));
        await client.expectClose(4401);
    }
    const client = await ada.connect();
    await client.request('auth:refresh', { token: tokenOf(ada.sub, ada.org) });
});

test('where tokens without an organization are refused, whoever has one comes in and no other', async () => {
    const here = await startServer({ args: [...flags, '--clerk-personal', 'refuse'] });
    const { status, body } = await http(here, 'GET', '/api/me', { token: tokenOf('user_2p') });
    assert.deepEqual([status, body.code], [403, 'forbidden']);
    assert.match(body.detail, /organization/);
    await tell('user.created', { id: 'user_2p', first_name: 'Pat', updated_at: 1000 }, { at: here });
    const pat = await member(organization(), { at: here, sub: 'user_2p', username: undefined });
    assert.equal(pat.user.displayName, 'Pat');
    const local = await register(here, 'local');
    assert.deepEqual((await local.ok('GET', '/api/users?q=pat')).items, [], 'nobody was made there');
    for (const [args, sentence] of [
        [['--clerk-issuer', instance.issuer, '--clerk-personal', 'allow'], /has to be refuse or default/],
        [['--clerk-personal', 'refuse'], /need --clerk-issuer/],
    ]) {
        const ended = await run(['serve', '--data', temporaryDirectory(), '--listen', '127.0.0.1:0', ...args]);
        assert.notEqual(ended.code, 0);
        assert.match(ended.output, sentence);
    }
});

test('who acts in another’s name is in the log once, and may not delete the account or make tokens', async () => {
    const ada = await member(organization());
    const act = { iss: 'https://dashboard.clerk.com', sid: 'sess_boss', sub: 'user_2boss' };
    const token = tokenOf(ada.sub, ada.org, { sid: 'sess_acting', act });
    const acting = new Person(server, token, ada.user);
    assert.equal((await acting.ok('GET', '/api/me')).id, ada.id);
    await acting.refused('POST', '/api/me/tokens', { name: 'a program' }, 403, 'forbidden');
    await acting.refused('DELETE', '/api/me', { erase: false }, 403, 'forbidden');
    const client = await acting.connect();
    client.close();
    const lines = () => server.output.split('\n').filter((line) => line.includes("acts in another's name"));
    await until(() => lines().length > 0 || undefined, 'the line');
    const [line] = lines().map((text) => JSON.parse(text));
    assert.deepEqual([line.actor, line.user, line.level], ['user_2boss', ada.id, 'info']);
    assert.ok(!server.output.includes(token), 'a token in the log');
    await ada.ok('POST', '/api/me/tokens', { name: 'a program' }, 201);
});

test('who leaves at one node is out at another within two seconds, and so are all of a deleted organization', async (t) => {
    const cluster = await Cluster.start(t, { args: flags });
    const [here, there] = cluster.nodes;
    const org = organization();
    const [ada, bob] = [await member(org, { at: here }), await member(org, { at: here })];
    const clients = await Promise.all([ada, bob].map((one) => Client.connect(there, one.token)));
    await tell('organizationMembership.deleted', membership(ada), { at: here });
    const began = Date.now();
    await clients[0].expectClose(4401);
    assert.ok(Date.now() - began < 2000, `closed after ${Date.now() - began} ms`);
    assert.equal(await statusOf(ada.token, there), 401);
    await clients[1].request('ping');
    await tell('organization.deleted', { id: org.id, deleted: true }, { at: here });
    await clients[1].expectClose(4401);
    assert.equal(await statusOf(bob.token, there), 401);
});
