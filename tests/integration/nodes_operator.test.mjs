// Several nodes as their operator has them: set up once, replaced one after the other, and with files that all of them
// reach.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';

import { Cluster } from './lib/cluster.mjs';
import { Browser, Issuer } from './lib/oidc.mjs';
import { Talk } from './lib/talk.mjs';
import { begin, http, password, person, startServer, temporaryDirectory, until } from './harness.mjs';

const { postgres, redis } = await Cluster.startServices();
after(() => Promise.all([postgres.stop(), redis.stop()]));

test('the code that one node prints sets up by any other, and once', async (t) => {
    const cluster = await Cluster.start(t, { exposed: true });
    const codes = cluster.nodes.map(({ output }) => /with the code (\S+)/.exec(output)[1]);
    assert.equal(codes[1], codes[0]);
    const owner = { handle: 'ada', displayName: 'Ada', password, name: 'Example', signUp: 'open' };
    const setUp = (node, code, fields) =>
        http(cluster.nodes[node], 'POST', '/api/setup', { body: { ...owner, ...fields, code } });
    assert.equal((await setUp(1, codes[0].replace(/^./, (first) => (first === 'z' ? 'y' : 'z')))).status, 403);
    assert.equal((await setUp(1, codes[0])).status, 201);
    assert.equal((await setUp(0, codes[1], { handle: 'eve' })).status, 409);
});

test('nodes that start at once on an empty database are one installation', async (t) => {
    const cluster = await Cluster.start(t, { count: 1 });
    cluster.sql('CREATE DATABASE at_once', 'postgres');
    const args = ['--database', postgres.url('at_once'), '--redis', redis.url];
    const nodes = await Promise.all([1, 2, 3].map(() => startServer({ args }, t)));
    const keys = await Promise.all(nodes.map((node) => http(node, 'GET', '/.well-known/jwks.json')));
    for (const { body } of keys) assert.deepEqual(body, keys[0].body);
    const ada = await person(nodes[0], 'ada');
    assert.equal((await http(nodes[2], 'GET', '/api/me', { token: ada.token })).body.id, ada.id);
});

test('a sign-in at an issuer that one node began ends at any other', async (t) => {
    const issuer = await Issuer.start({ secret: false });
    const url = 'http://chat.example';
    const oidc = `issuer=${issuer.url},client-id=banter,name=corp`;
    const { nodes } = await Cluster.start(t, { args: ['--public-url', url, '--oidc', oidc] });
    issuer.serve({ url });
    const browser = new Browser();
    const begun = await browser.ask(`${nodes[0].url}/api/auth/oidc/corp`);
    const back = new URL(await browser.signIn(begun.location, 'ada'));
    const headers = { Cookie: `banter-oidc=${browser.cookies(nodes[0].url).get('banter-oidc')}` };
    const ended = await http(nodes[1], 'GET', back.pathname + back.search, { headers });
    assert.deepEqual([ended.status, ended.headers.get('location')], [303, '/']);
    assert.ok(ended.headers.getSetCookie().some((line) => /^banter=[\w-]{43};/.test(line)));
});

test('nodes are replaced one after the other: no send is lost or doubled, and no client misses anything', async (t) => {
    const cluster = await Cluster.start(t);
    const { everybody: people, threads } = await cluster.crowd(3, 4);
    const talk = await Talk.start(t, { servers: cluster.nodes, people, threads, breath_ms: 10 });
    await talk.goesOn(50);
    for (const node of cluster.nodes) {
        assert.equal((await node.stop()).code, 0);
        await talk.goesOn(100);
        await node.start();
    }
    await talk.goesOn(100);
    const moves = talk.talkers.map((talker) => talker.moves);
    await talk.end();
    assert.ok(Math.min(...moves) >= 1, 'a client was at no node that was replaced');
    t.diagnostic(`${moves} moves; ${JSON.stringify(talk.counts)}`);
});

test('a new node waits for its schema while the others serve, and killed it leaves nothing behind', async (t) => {
    const cluster = await Cluster.start(t, { count: 1 });
    const { everybody: [ada], threads: [thread] } = await cluster.crowd(2, 1);
    const client = await ada.joined(thread);
    const send = () => client.request('message:send', { threadId: thread.id, nonce: randomUUID(), content: 'x' });
    // As an earlier version has it, but that the node here doesn't mind.
    cluster.sql('DROP INDEX members_by_use');
    cluster.sql("DELETE FROM banter_migrations WHERE name LIKE '%members_by_use%'");
    const dump = spawn('psql', ['--no-psqlrc', '--quiet', postgres.url(cluster.name)], {
        stdio: ['pipe', 'ignore', 'inherit'],
    });
    t.after(() => dump.kill());
    dump.stdin.write('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM members;\n');
    const sessions = (which) => Number(cluster.sql(`SELECT count(*) FROM pg_stat_activity WHERE ${which}`));
    await until(async () => sessions("state = 'idle in transaction' AND query LIKE 'SELECT 1 FROM members%'") === 1 || undefined, 'a dump');
    const args = ['serve', '--data', temporaryDirectory(), '--listen', '127.0.0.1:0'];
    const node = begin([...args, '--database', postgres.url(cluster.name), '--redis', redis.url]);
    const indexing = "state = 'active' AND query LIKE 'CREATE INDEX%'";
    await until(async () => sessions(indexing) === 1 || undefined, 'an index that waits');
    for (let i = 0; i < 20; i++) await send();
    node.child.kill('SIGKILL');
    await until(async () => sessions(indexing) === 0 || undefined, 'the end of what it began');
    await send();
    dump.stdin.end('COMMIT;\n');
    const again = await startServer({ args: ['--database', postgres.url(cluster.name), '--redis', redis.url] }, t);
    const valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'members_by_use'::regclass";
    assert.equal(cluster.sql(valid), 't');
    assert.equal((await http(again, 'GET', '/api/me', { token: ada.token })).status, 200);
});

test('in a folder that the nodes share a file of one is given out by another, and an upload goes on there', async (t) => {
    const shared = temporaryDirectory();
    const cluster = await Cluster.start(t, { args: ['--files', `disk:${shared}`] });
    const { everybody: [ada] } = await cluster.crowd(1, 0);
    const [here, there] = [0, 1].map((node) => cluster.at(ada, node));
    const ask = (person, path, { headers, ...options } = {}) =>
        fetch(new URL(path, person.server.url), {
            ...options,
            headers: { Authorization: `Bearer ${ada.token}`, ...headers },
        });
    const form = new FormData();
    form.append('file', new Blob(['all of it']), 'a.txt');
    const uploaded = await (await ask(here, '/api/upload', { method: 'POST', body: form })).json();
    const { url } = await there.ok('GET', `/api/files/${uploaded.id}`);
    const { pathname, search } = new URL(url, there.server.url);
    assert.equal(await (await ask(there, pathname + search)).text(), 'all of it');

    const tus = { 'Tus-Resumable': '1.0.0' };
    const metadata = `filename ${Buffer.from('b.txt').toString('base64')}`;
    const begun = { ...tus, 'Upload-Length': '10', 'Upload-Metadata': metadata };
    const made = await ask(here, '/api/uploads', { method: 'POST', headers: begun });
    assert.equal(made.status, 201);
    const { pathname: upload } = new URL(made.headers.get('location'), here.server.url);
    const more = (person, offset, body) =>
        ask(person, upload, {
            method: 'PATCH',
            headers: { ...tus, 'Upload-Offset': `${offset}`, 'Content-Type': 'application/offset+octet-stream' },
            body,
        });
    for (const [person, offset, part] of [[here, 0, '01234'], [there, 5, '56789']])
        assert.equal((await more(person, offset, part)).status, 204);
    const head = await ask(here, upload, { method: 'HEAD', headers: tus });
    assert.equal(head.headers.get('upload-offset'), '10');
    const { id } = await here.ok('GET', `/api/files/${head.headers.get('banter-file')}`);
    const whole = new URL((await there.ok('GET', `/api/files/${id}`)).url, there.server.url);
    assert.equal(await (await ask(there, whole.pathname + whole.search)).text(), '0123456789');
});
