// The first owner: by set-up where others than this machine are listened to, and by registering on
// loopback.
import assert from 'node:assert/strict';
import test from 'node:test';

import { http, password, Person, shardCounts, startServer } from './harness.mjs';

const owner = { handle: 'ada', displayName: 'Ada', password, name: 'Our Place', signUp: 'open' };
const config = async (server) => (await http(server, 'GET', '/api/config')).body;
const setUp = (server, body) => http(server, 'POST', '/api/setup', { body });
const enroll = (server, handle) =>
    http(server, 'POST', '/api/auth/register', { body: { handle, displayName: handle, password } });

/** The code as the server printed it at its start; undefined if it printed none. */
const printedCode = (server) => /with the code (\S+)/.exec(server.output)?.[1];

for (const shards of shardCounts) {
    test(`the printed code makes the owner and names the server everywhere, with ${shards} shards`, async (t) => {
        const server = await startServer({ exposed: true, args: ['--shards', `${shards}`] }, t);
        const code = printedCode(server);
        assert.match(code, /^([a-z2-9]{4}-){4}[a-z2-9]{4}$/);
        assert.deepEqual([(await config(server)).setup, (await enroll(server, 'bob')).body.code], [true, 'setup_needed']);
        const answer = await setUp(server, { ...owner, code });
        assert.equal(answer.status, 201, answer.text);
        assert.match(answer.headers.getSetCookie()[0], /^banter=/);
        const ada = new Person(server, answer.body.token, answer.body.user);
        for (let i = 0; i < 4 * shards; i++) {
            const { name, setup, auth } = await config(server);
            assert.deepEqual([name, setup, auth.local.signUp], ['Our Place', false, 'open']);
            const { workspace } = await ada.ok('GET', '/api/boot');
            assert.deepEqual([workspace.name, workspace.role], ['Our Place', 'owner']);
            const client = await ada.connect();
            assert.equal(client.hello.workspace.name, 'Our Place');
            await client.close();
        }
        assert.equal((await enroll(server, 'bob')).status, 201);
        const again = await setUp(server, { ...owner, handle: 'eve', code });
        assert.deepEqual([again.status, again.body.code], [409, 'conflict']);
        await server.restart();
        assert.equal(printedCode(server), undefined, 'a code once there is an owner');
        const { name, auth } = await config(server);
        assert.deepEqual([name, auth.local.signUp], ['Our Place', 'open']);
        await server.restart({ args: ['--sign-up', 'closed'] });
        assert.equal((await config(server)).auth.local.signUp, 'closed', 'the flag wins');
        assert.equal((await enroll(server, 'joe')).body.code, 'forbidden');
    });
}

test('set-up takes the right code only, and not too many wrong ones', async (t) => {
    const server = await startServer({ exposed: true }, t);
    const code = printedCode(server);
    for (const [change, status, expected] of [
        [{ code: undefined }, 400, 'bad_request'],
        [{ code: 7 }, 400, 'bad_request'],
        [{ signUp: 'everybody' }, 400, 'bad_request'],
        [{ name: undefined }, 400, 'bad_request'],
        [{ role: 'owner' }, 400, 'unknown_field'],
        [{ name: 'x'.repeat(81) }, 413, 'too_large'],
        [{ code: 'aaaa-aaaa-aaaa-aaaa-aaaa' }, 403, 'forbidden'],
        [{ code: '' }, 403, 'forbidden'],
        [{ code: code.slice(0, -1) }, 403, 'forbidden'],
        [{ handle: 'Not a handle' }, 400, 'bad_request'],
    ]) {
        const answer = await setUp(server, { ...owner, code, ...change });
        assert.deepEqual([answer.status, answer.body.code], [status, expected], answer.text);
    }
    let answer;
    for (let i = 0; i < 60 && answer?.status !== 429; i++)
        answer = await setUp(server, { ...owner, code: `guess ${i}` });
    assert.deepEqual([answer.status, answer.body.code], [429, 'rate_limited']);
    assert.equal((await config(server)).setup, true);
});

test('of many set-ups at once one makes the owner', async (t) => {
    const server = await startServer({ exposed: true, args: ['--shards', '3'] }, t);
    const code = printedCode(server);
    const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) => setUp(server, { ...owner, handle: `ada${i}`, code })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [201, ...Array(7).fill(409)]);
});

test('of many first registrations at once on loopback one is the owner, also where only the invited may', async (t) => {
    const server = await startServer({ args: ['--sign-up', 'invite', '--shards', '3'] }, t);
    assert.equal(printedCode(server), undefined);
    assert.equal((await config(server)).setup, true);
    const answers = await Promise.all(
        Array.from({ length: 12 }, (_, i) => enroll(server, `ada${i}`)),
    );
    const [made, ...refused] = answers.sort((one, other) => one.status - other.status);
    assert.equal(made.status, 201);
    for (const { status, body } of refused) assert.deepEqual([status, body.code], [403, 'forbidden']);
    const ada = new Person(server, made.body.token, made.body.user);
    assert.equal((await ada.ok('GET', '/api/boot')).workspace.role, 'owner');
});
