// What Clerk knows of its users comes here without a web hook: at a sign-in, in the background and once, and by a sweep
// through all of them. However the Backend API fares, nobody waits for it. Clerk's own npm package asks the stand-in
// the same questions and reads its answers.
import { createClerkClient } from '@clerk/backend';
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { Client, http, Person, register, run, startServer, temporaryDirectory, until } from './harness.mjs';
import { Backend, Instance, membershipOf } from './lib/clerk.mjs';
import { Cluster } from './lib/cluster.mjs';
import { pastTheServer } from './lib/database.mjs';
import { metric } from './lib/metric.mjs';

const instance = await Instance.start();
// Those of the one test that needs them; its nodes end before.
after(() => Promise.all(Object.values(Cluster.services ?? {}).map((service) => service.stop())));

const flagsWithout = ['--clerk-issuer', instance.issuer];
async function flagsOf(backend, key = backend.key) {
    const file = join(temporaryDirectory(), 'key');
    await writeFile(file, `${key}\n`);
    return [...flagsWithout, '--clerk-secret-key-file', file, '--clerk-api', backend.url];
}

let count = 0;
/** The id of somebody at Clerk; nobody knows them yet. */
const someId = () => `user_2back${String(++count).padStart(4, '0')}`;
const tokenOf = (sub, sid = `sess_${sub}`) => instance.token({ sub, sid });
async function signIn(server, sub) {
    const token = tokenOf(sub);
    const { status, body } = await http(server, 'GET', '/api/me', { token });
    assert.equal(status, 200);
    return new Person(server, token, body);
}
/** Waits until `is` gives something true. */
const hold = (is, what) => until(async () => (await is()) || undefined, what);
const me = (person) => person.ok('GET', '/api/me');
const named = (person, name) => hold(async () => (await me(person)).displayName === name, `the name ${name}`);
/** A Backend API of its own and a server that asks it, and has found nobody to ask for yet. */
async function begin(t) {
    const backend = await Backend.start();
    const server = await startServer({ args: await flagsOf(backend) }, t);
    await hold(async () => (await metric(server, 'banter_clerk_sweeps_total')) === 1, 'the first sweep');
    return { backend, server };
}
/** As if everybody who was here had been asked for long ago. */
function askedBefore(server) {
    pastTheServer(server, 'DELETE FROM identity_checks');
    pastTheServer(
        server,
        'INSERT INTO identity_checks (issuer, subject, due_at) SELECT DISTINCT issuer, subject, 1 FROM identities',
    );
}
function addUsers(backend, size) {
    const subs = Array.from({ length: size }, someId);
    for (const sub of subs) backend.addUser(sub);
    return subs;
}

test('Clerk’s own package asks the stand-in as the server does, and reads the same of its answers', async (t) => {
    const backend = await Backend.start();
    const subs = addUsers(backend, 3);
    const server = await startServer({ args: flagsWithout }, t);
    for (const sub of subs.slice(1)) await signIn(server, sub);
    await server.restart({ args: await flagsOf(backend) });
    await hold(async () => (await metric(server, 'banter_clerk_sweeps_total')) === 1, 'the sweep');
    await named(await signIn(server, subs[0]), 'Ada Lovelace');
    const asked = backend.asked.splice(0);
    assert.deepEqual(asked.map(({ list, ids }) => [list, ids]), [[true, subs.slice(1)], [false, [subs[0]]]]);

    const { users } = createClerkClient({ secretKey: backend.key, apiUrl: backend.url });
    const { data } = await users.getUserList({ limit: 100, userId: subs.slice(1) });
    assert.deepEqual(data.map(({ id }) => id).sort(), subs.slice(1));
    assert.equal((await users.getUser(subs[0])).firstName, 'Ada');
    assert.deepEqual(backend.asked.map(({ search }) => search), asked.map(({ search }) => search));
    await assert.rejects(users.getUser('user_2nobody'), ({ errors }) => errors[0].code === 'resource_not_found');
});

test('who comes for the first time has a name soon, and others see it on their sockets', async (t) => {
    const sub = someId();
    const picture = 'https://img.clerk.example/ada';
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    const { backend, server } = await begin(t);
    backend.addUser(sub, { username: 'Countess', has_image: true, image_url: picture });
    backend.answer = async (response) => {
        await held;
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(backend.users.get(sub)));
    };
    const reader = await register(server, 'reader');
    const ada = await signIn(server, sub);
    assert.match(ada.user.displayName, /^User /, 'the sign-in waits for nobody');
    const client = await reader.connect();
    await client.request('presence:watch', { userIds: [ada.id] });
    release();
    const { user } = await client.waitFor({ type: 'user:update' });
    assert.deepEqual([user.id, user.handle, user.displayName, user.avatarUrl], [ada.id, 'countess', 'Ada Lovelace', picture]);
    assert.deepEqual(await reader.ok('GET', `/api/users/${ada.id}`), user);
});

test('a thousand sign-ins of one user are one question, and so they are after a restart', async (t) => {
    const { backend, server } = await begin(t);
    const [sub, other] = addUsers(backend, 2);
    const statuses = new Set();
    for (let round = 0; round < 40; round++) {
        const all = Array.from({ length: 25 }, (_, i) => tokenOf(sub, `sess_${round}_${i}`));
        const answers = await Promise.all(all.map((token) => http(server, 'GET', '/api/me', { token })));
        answers.forEach(({ status }) => statuses.add(status));
    }
    assert.deepEqual([...statuses], [200]);
    const sockets = await Promise.all(Array.from({ length: 20 }, () => Client.connect(server, tokenOf(sub))));
    await named(await signIn(server, sub), 'Ada Lovelace');
    await Promise.all(sockets.map((socket) => socket.close()));
    assert.equal(backend.askedFor(sub), 1);
    await server.restart();
    const again = await signIn(server, sub);
    await named(await signIn(server, other), 'Ada Lovelace');
    assert.equal((await me(again)).displayName, 'Ada Lovelace');
    assert.equal(backend.askedFor(sub), 1);
});

test('told to ask later, it asks later', async (t) => {
    const { backend, server } = await begin(t);
    const [sub, other] = addUsers(backend, 2);
    let toldAt;
    backend.answer = (response, question, refuse) => {
        toldAt = Date.now();
        backend.answer = undefined;
        refuse(429, 'too_many_requests', { 'Retry-After': '3' });
    };
    const first = await signIn(server, sub);
    await hold(() => toldAt, 'the first question');
    const second = await signIn(server, other);
    for (const person of [first, second]) await named(person, 'Ada Lovelace');
    for (const { at } of backend.asked.filter(({ at }) => at > toldAt))
        assert.ok(at - toldAt >= 2_950, `asked after ${at - toldAt} ms`);
    assert.equal(await metric(server, 'banter_clerk_questions_total{answer="limited"}'), 1);
});

test('while Clerk is away everybody signs in, and names come when it is back', async (t) => {
    const { backend, server } = await begin(t);
    const away = [
        (response) => response.destroy(),
        (response, question, refuse) => refuse(503, 'internal_clerk_error'),
        (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>maintenance</html>'),
        (response, question, refuse) => refuse(404, 'no_such_route'),
    ];
    let asked = 0;
    backend.answer = (...question) => away[asked++ % away.length](...question);
    const people = [];
    for (const sub of addUsers(backend, 12)) people.push(await signIn(server, sub));
    await hold(() => asked >= 2, 'two questions');
    for (const person of people) assert.match((await me(person)).displayName, /^User /);
    backend.answer = undefined;
    for (const person of people.slice(-2)) await named(person, 'Ada Lovelace');
    await hold(() => /Clerk answers again/.test(server.output), 'a line in the log');
    assert.match(server.output, /Clerk does not answer/);
    assert.equal(server.output.match(/Clerk does not answer/g).length, 1, 'once');
});

test('who is banned there is out at once, and who is deleted is deleted', async (t) => {
    const { backend, server } = await begin(t);
    const [known, banned, gone] = addUsers(backend, 3);
    backend.addUser(banned, { banned: true });
    backend.users.delete(gone);
    const reader = await register(server, 'reader');
    await named(await signIn(server, known), 'Ada Lovelace');
    const isOut = async (sub, what) => {
        const person = await signIn(server, sub);
        await hold(async () => (await reader.ok('GET', `/api/users/${person.id}`))[what], what);
        assert.equal((await http(server, 'GET', '/api/me', { token: person.token })).status, 401);
    };
    await isOut(banned, 'deactivatedAt');
    const person = await signIn(server, gone);
    await hold(async () => (await metric(server, 'banter_clerk_questions_total{answer="gone"}')) === 1, 'the answer');
    assert.equal((await me(person)).deletedAt, null, 'who has just come may not be found yet');
    askedBefore(server);
    await server.restart();
    await named(await signIn(server, known), 'Ada Lovelace');
    await hold(() => backend.askedFor(known) === 2, 'somebody whom the key names');
    await isOut(gone, 'deletedAt');
});

test('a sweep soon after the start finds what no hook has told', async (t) => {
    const backend = await Backend.start();
    const server = await startServer({ args: flagsWithout }, t);
    const reader = await register(server, 'reader');
    const subs = addUsers(backend, 230);
    const people = [];
    for (const sub of subs) people.push(await signIn(server, sub));
    backend.users.delete(subs[7]);
    backend.users.delete(subs[222]);
    backend.addUser(subs[100], { banned: true });
    // Which they may write themselves.
    backend.addUser(subs[50], { unsafe_metadata: JSON.parse('{"a":['.repeat(200) + ']}'.repeat(200)) });
    backend.addUser(subs[229], { first_name: 'Augusta', username: 'augusta' });
    askedBefore(server);
    await server.restart({ args: await flagsOf(backend) });
    await hold(async () => (await metric(server, 'banter_clerk_sweeps_total')) === 1, 'the sweep');
    const look = (index) => reader.ok('GET', `/api/users/${people[index].id}`);
    for (const index of [7, 222]) assert.ok((await look(index)).deletedAt);
    assert.ok((await look(100)).deactivatedAt);
    assert.deepEqual([(await look(229)).displayName, (await look(229)).handle], ['Augusta Lovelace', 'augusta']);
    for (const index of [0, 99, 101, 228]) assert.equal((await look(index)).displayName, 'Ada Lovelace');
    assert.equal(backend.lists, 3);
    assert.equal(backend.asked.length, 3 + 2);
    assert.ok(backend.asked.every(({ ids }) => ids.length <= 100));
    assert.equal(await metric(server, 'banter_clerk_taken_total'), 230);
    // It was a moment ago.
    await server.restart();
    await named(await signIn(server, subs[0]), 'Ada Lovelace');
    assert.equal(backend.lists, 3);
});

test('who left an organization or has another role there is found though no hook told it', async (t) => {
    const backend = await Backend.start();
    const server = await startServer({ args: flagsWithout }, t);
    const org = { id: 'org_2back', name: 'Acme', slug: 'acme' };
    const subs = addUsers(backend, 3);
    // What is said of who came a moment ago may not be known everywhere at Clerk.
    const iat = Math.floor(Date.now() / 1000) - 600;
    const tokens = await Promise.all(subs.map(async (sub) => {
        const o = { id: org.id, slg: org.slug, rol: 'member' };
        const token = instance.token({ sub, sid: `sess_${sub}`, iat, nbf: iat, o });
        const made = await http(server, 'POST', '/api/me/tokens', { token, body: { name: 'mine' } });
        assert.equal(made.status, 201);
        return made.body.token;
    }));
    const look = async (token) => {
        const { status, body } = await http(server, 'GET', '/api/boot', { token });
        return status === 200 ? body.workspace.role : status;
    };
    const [left, stays, promoted] = subs;
    backend.setMember(stays, org);
    backend.setMember(promoted, org, 'admin', Date.now());
    assert.deepEqual(await Promise.all(tokens.map(look)), ['member', 'member', 'member']);
    await server.restart({ args: await flagsOf(backend) });
    await hold(async () => (await metric(server, 'banter_clerk_member_sweeps_total')) === 1, 'the sweep');
    assert.deepEqual(await Promise.all(tokens.map(look)), [401, 'member', 'admin']);

    const asked = backend.asked.filter(({ organization }) => organization === org.id);
    assert.deepEqual(asked.map(({ ids }) => ids), [subs, [left]], 'who is missing is asked for alone');
    backend.asked = [];
    const { organizations } = createClerkClient({ secretKey: backend.key, apiUrl: backend.url });
    const { data } = await organizations.getOrganizationMembershipList({
        organizationId: org.id, limit: 100, userId: subs,
    });
    assert.deepEqual(data.map(({ role }) => role), ['org:member', 'org:admin']);
    assert.deepEqual(data.map(({ publicUserData }) => publicUserData.userId), [stays, promoted]);
    assert.equal(backend.asked[0].search, asked[0].search);
});

test('an odd answer about members shuts out nobody, and users are asked for all the same', async (t) => {
    const backend = await Backend.start();
    const server = await startServer({ args: flagsWithout }, t);
    const org = { id: 'org_2odd', name: 'Acme', slug: 'acme' };
    const [ada, bob, later] = addUsers(backend, 3);
    const iat = Math.floor(Date.now() / 1000) - 600;
    const o = { id: org.id, slg: org.slug, rol: 'member' };
    const times = { iat, nbf: iat, exp: iat + 4200 };
    const tokens = [ada, bob].map((sub) => instance.token({ sub, sid: `sess_${sub}`, ...times, o }));
    const statuses = () => Promise.all(tokens.map(async (token) => (await http(server, 'GET', '/api/me', { token })).status));
    assert.deepEqual(await statuses(), [200, 200]);
    const give = (data) => (response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ data, total_count: 7 }));
    };
    const odd = [
        // It doesn't know that it was asked for some alone.
        give([membershipOf('user_2other', org, 'member', 1)]),
        give([membershipOf(ada, { id: 'org_2other' }, 'member', 1)]),
        give([{ id: 'orgmem_1' }]),
        (response, question, refuse) => refuse(403, 'organization_not_enabled_in_instance'),
        (response, question, refuse) => refuse(404, 'no_such_route'),
        (response, question, refuse) => refuse(422, 'form_param_unknown'),
    ];
    for (const answer of odd) {
        let asked = 0;
        backend.answer = (response, question, refuse) => {
            if (question.organization) {
                asked++;
                return answer(response, question, refuse);
            }
            const users = [...backend.users.values()].filter(({ id }) => question.ids.includes(id));
            response.writeHead(200, { 'Content-Type': 'application/json' });
            response.end(JSON.stringify(question.list ? users : users[0]));
        };
        pastTheServer(server, 'DELETE FROM identity_sweeps');
        await server.restart({ args: await flagsOf(backend) });
        await hold(async () => (await metric(server, 'banter_clerk_member_sweeps_total')) === 1, 'the sweep');
        assert.equal(asked, 3, 'the list, and each alone');
        assert.deepEqual(await statuses(), [200, 200]);
    }
    await named(await signIn(server, later), 'Ada Lovelace');
});

test('with the key of another instance nobody is taken for deleted, and with a wrong one nobody minds', async (t) => {
    const { backend, server } = await begin(t);
    const person = await signIn(server, someId());
    await hold(() => /is the secret key that of another instance/.test(server.output), 'a warning');
    assert.equal((await me(person)).id, person.id);
    await server.restart({ args: await flagsOf(backend, 'sk_live_0000000000000000000000000000wrong') });
    await signIn(server, someId());
    await hold(() => /has the status 401/.test(server.output), 'a warning');
});

test('it stops at once while Clerk is thinking', async (t) => {
    const { backend, server } = await begin(t);
    let asked = 0;
    backend.answer = () => asked++;
    for (let i = 0; i < 10; i++) await signIn(server, someId());
    await hold(() => asked >= 8, 'questions');
    const { code, output } = await server.stop();
    assert.equal(code, 0);
    assert.doesNotMatch(output, /did not end in time/);
    assert.equal(asked, 8, 'no more at once');
});

test('a key that is none is refused at the start, and the key is never told', async () => {
    const file = join(temporaryDirectory(), 'wrong-key');
    const { key } = new Backend('live');
    await writeFile(file, key.replace('sk_live_', 'pk_live_'));
    const issuer = ['--clerk-issuer', 'https://clerk.example.com'];
    const wrong = [
        [[...issuer, '--clerk-secret-key-file', file], /wrong-key has no secret key of Clerk in its first line/],
        [[...issuer, '--clerk-secret-key-file', '/nowhere/key'], /clerk-secret-key-file does not exist/],
        [['--clerk-secret-key-file', file], /need --clerk-issuer/],
        [[...issuer, '--clerk-api', 'http://api.clerk.example'], /clerk-api has to be an origin with https/],
        [[...issuer, '--clerk-api', 'https://api.clerk.example/v1'], /clerk-api has to be an origin with https/],
    ];
    for (const [args, sentence] of wrong) {
        const ended = await run(['serve', '--data', temporaryDirectory(), '--listen', '127.0.0.1:0', ...args]);
        assert.notEqual(ended.code, 0, args.join(' '));
        assert.match(ended.output, sentence);
        assert.ok(!ended.output.includes(key.slice('sk_live_'.length)));
    }
});

test('two nodes ask for one user once, and one of them sweeps', async (t) => {
    await Cluster.startServices();
    const backend = await Backend.start();
    const [sub, ...others] = addUsers(backend, 3);
    const cluster = await Cluster.start(t, { args: await flagsOf(backend) });
    const [here, there] = cluster.nodes;
    const sweeps = async () => {
        const counts = await Promise.all(cluster.nodes.map((node) => metric(node, 'banter_clerk_sweeps_total')));
        return counts[0] + counts[1];
    };
    await hold(async () => (await sweeps()) === 1, 'the sweep');
    const [ada] = await Promise.all([signIn(here, sub), signIn(there, sub)]);
    await named(ada, 'Ada Lovelace');
    for (const node of cluster.nodes) await named(await signIn(node, others.pop()), 'Ada Lovelace');
    assert.equal(backend.askedFor(sub), 1);
    assert.equal(await sweeps(), 1);
});
