// A database on a real PostgreSQL server: what is stored there stays, also when that server is killed,
// stands still or comes back; and what the commands say of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { after, test } from 'node:test';

import { Postgres } from '../services/postgres.mjs';
import { person, run, startServer, temporaryDirectory, until } from './harness.mjs';

/** How long a send may wait for its refusal, and how soon sends go on; slower machines get more time. */
const factor = Number(process.env.BANTER_PATIENCE ?? 3);
const refused_within_ms = 2_000 * factor;
const goes_on_within_ms = 5_000 * factor;
/** That what PostgreSQL is asked for may end with while it is away. */
const codes = 3;

const postgres = await Postgres.start();
after(() => postgres.stop());
const flags = ['--database', postgres.url('postgres')];
const server = await startServer({ args: flags, complains: /"background work failed".*PostgreSQL/ });
const ada = await person(server, 'ada');
const bob = await person(server, 'bob');

/** A thread that both have joined. */
async function channel() {
    const made = await ada.channel();
    const [adas, bobs] = await Promise.all([ada.connect(), bob.connect()]);
    for (const client of [adas, bobs]) await client.request('thread:join', { threadId: made.id });
    return { id: made.id, adas, bobs };
}

const text = (nonce, content = 'text') => ({ nonce, content });

/** Sends until one is stored, each time with the same nonce; gives every answer, with its time. */
async function sendUntilStored(client, threadId, nonce) {
    const answers = [];
    const stored = async () => {
        const asked = Date.now();
        const answer = await client.ask('message:send', { threadId, ...text(nonce) });
        answers.push({ ...answer, ms: Date.now() - asked, at: Date.now() });
        return answer.type === 'message:sent' ? answer.message : undefined;
    };
    const message = await until(stored, 'a send that is stored', 30_000 * factor);
    return { message, answers };
}

/** Refused, in time, with a code by which the client knows that the same nonce settles it. */
function isRefused({ type, code, ms }) {
    assert.equal(type, 'error');
    assert.match(code, /^(busy|outcome_unknown)$/);
    assert.ok(ms < refused_within_ms, `refused after ${ms} ms`);
}

const history = async (id) => (await ada.history({ id }, '?limit=100')).items;

/** What is read by a connection of its own, which is made again up to a second later than another. */
const oncePossible = (read) =>
    until(() => read().catch(({ message }) => assert.match(message, /storage_unavailable/)), 'a read', 30_000 * factor);

test('what is sent reaches the other, and is there after a restart', async () => {
    const { id, adas, bobs } = await channel();
    const { message } = await adas.request('message:send', { threadId: id, ...text(randomUUID(), 'hi') });
    const event = await bobs.waitFor({ type: 'message:new', threadId: id });
    assert.deepEqual(event.message, message);
    await server.restart();
    assert.deepEqual(await history(id), [message]);
});

test('while PostgreSQL is killed sends are refused in time, and go on soon after it is back', async () => {
    const { id, adas, bobs } = await channel();
    const stored = [];
    const unsettled = [];
    let ended = false;
    const sending = (async () => {
        while (!ended) {
            const nonce = randomUUID();
            const answer = await adas.ask('message:send', { threadId: id, ...text(nonce) });
            if (answer.type === 'message:sent') stored.push(answer.message);
            else unsettled.push({ nonce, code: answer.code });
        }
    })();
    await until(async () => stored.length > 50 || undefined, 'some sends');
    const before = server.output.length;
    await postgres.daemon.kill9();
    await until(async () => unsettled.length > 0 || undefined, 'a refused send');
    ended = true;
    await sending;

    const away = await adas.ask('message:send', { threadId: id, ...text(randomUUID()) });
    isRefused({ ...away, ms: 0 });
    assert.equal(away.code, 'busy');
    assert.equal((await ada.http('GET', '/readyz')).status, 503);

    // However often it is missed, that is said once.
    for (let i = 0; i < 20; i++) {
        const refused = await adas.ask('message:send', { threadId: id, ...text(randomUUID()) });
        isRefused({ ...refused, ms: 0 });
    }
    const said = server.output.slice(before);
    assert.equal(said.match(/"PostgreSQL is away"/g).length, 1);
    // By each thread.
    const failures = said.match(/"what":"(background work failed|storage failure)","where":"[^"]*"/g);
    for (const one of new Set(failures)) {
        const times = failures.filter((other) => other === one).length;
        assert.ok(times <= codes * availableParallelism(), `${one}: ${times} times`);
    }

    postgres.daemon.start();
    await postgres.ready();
    const back = Date.now();
    const { message, answers } = await sendUntilStored(adas, id, randomUUID());
    answers.slice(0, -1).forEach(isRefused);
    await until(() => /"PostgreSQL is back"/.test(server.output.slice(before)) || undefined, 'the line of its return');
    const goes_on_ms = answers.at(-1).at - back;
    assert.ok(goes_on_ms < goes_on_within_ms, `goes on after ${goes_on_ms} ms`);

    // What was acknowledged is there, once; what was left open is settled by its nonce.
    for (const { nonce } of unsettled) await adas.request('message:send', { threadId: id, ...text(nonce) });
    const { seq } = (await adas.request('message:send', { threadId: id, ...text(randomUUID()) })).message;
    const joined = await oncePossible(() => bobs.request('thread:join', { threadId: id, since: 0 }));
    const seen = new Map(joined.messages.map((found) => [found.id, found]));
    const newest = await oncePossible(() => history(id));
    assert.ok(newest.some((found) => found.id === message.id));
    assert.deepEqual(
        newest.map((found) => found.seq),
        newest.map((_, index) => seq - newest.length + 1 + index),
    );
    for (const found of stored.slice(-40)) {
        const kept = seen.get(found.id) ?? newest.find(({ id }) => id === found.id);
        if (found.seq > seq - newest.length) assert.deepEqual(kept, found);
    }
    assert.ok(seq >= stored.length + 2);
});

test('a PostgreSQL that stands still keeps nobody waiting, and nothing is stored twice', async () => {
    const { id, adas } = await channel();
    await adas.request('message:send', { threadId: id, ...text(randomUUID()) });
    postgres.signalAll('SIGSTOP');
    try {
        const nonce = randomUUID();
        const asked = Date.now();
        const answer = await adas.ask('message:send', { threadId: id, ...text(nonce) });
        isRefused({ ...answer, ms: Date.now() - asked });
        postgres.signalAll('SIGCONT');
        const { message } = await sendUntilStored(adas, id, nonce);
        assert.equal(message.seq, 2);
    } finally {
        postgres.signalAll('SIGCONT');
    }
});

test('what cannot be opened is refused with one sentence, and the password is told to nobody', async () => {
    const data = temporaryDirectory();
    const wrong = postgres.url('postgres').replace(postgres.password, 'wrong-secret');
    const { code, output } = await run(['serve', '--data', data, '--database', wrong]);
    assert.equal(code, 1);
    assert.match(output, /password authentication failed/);
    assert.match(output, /check the host, port, database, user and password of --database/);
    const shown = await run(['check-config', '--data', data, '--database', wrong]);
    assert.equal(shown.code, 0);
    assert.match(shown.output, /database = postgresql:\/\/banter:…@/);
    assert.doesNotMatch(output + shown.output, /wrong-secret/);
});

/** Whether a server holds BANTER_SERVING (server/storage/postgres/advisory_locks.hpp), which goes with its connection. */
function isServed() {
    const asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1114535026 AND objid = 2 AND granted";
    const options = ['--no-psqlrc', '--tuples-only', '--no-align', '--command', asked, postgres.url('postgres')];
    return Number(execFileSync('psql', options, { encoding: 'utf8' })) > 0;
}

test('banter backup names pg_dump, and a new epoch needs a server that has ended', async () => {
    const backup = await run(['backup', '--data', server.data, ...flags, 'backup.tar']);
    assert.equal(backup.code, 1);
    assert.match(backup.output, /pg_dump/);
    // Its connections were cut by the tests before this one.
    await until(() => isServed() || undefined, 'the server to be back');
    const serving = await run(['new-epoch', '--data', server.data, ...flags]);
    assert.equal(serving.code, 1);
    assert.match(serving.output, /a Banter serves from the database postgres: end all of them first/);
    const before = (await ada.connect()).hello.epoch;
    await server.stop();
    const renewed = await run(['new-epoch', '--data', server.data, ...flags]);
    assert.equal(renewed.code, 0, renewed.output);
    await server.start();
    assert.notEqual((await ada.connect()).hello.epoch, before);
});

test('a server that lost its database while that got a new epoch says so, and writes nothing there', async (t) => {
    const psql = (database, statement) => {
        const options = ['--no-psqlrc', '--tuples-only', '--no-align', '--command', statement];
        return execFileSync('psql', [...options, postgres.url(database)], { encoding: 'utf8' }).trim();
    };
    psql('postgres', 'CREATE DATABASE lost');
    const args = ['--database', postgres.url('lost')];
    const lost = await startServer({ args, complains: /new epoch|is another one|PostgreSQL/ }, t);
    const cy = await person(lost, 'cy');
    const { id } = await cy.channel();
    const before = await cy.connect();
    await before.request('thread:join', { threadId: id });
    await before.request('message:send', { threadId: id, ...text(randomUUID()) });

    // As long as it stands still it can't look after what it has lost.
    process.kill(lost.pid, 'SIGSTOP');
    try {
        psql('postgres', "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = 'lost'");
        const renewed = await run(['new-epoch', '--data', lost.data, ...args]);
        assert.equal(renewed.code, 0, renewed.output);
    } finally {
        process.kill(lost.pid, 'SIGCONT');
    }
    const told = () => lost.output.includes('the database has got a new epoch') || undefined;
    for (let said; !said; said = told()) {
        const answer = await before.ask('message:send', { threadId: id, ...text(randomUUID()) });
        assert.match(answer.code ?? answer.type, /^(busy|storage_unavailable)$/);
    }
    assert.equal(psql('lost', 'SELECT count(*) FROM messages'), '1');
    assert.equal((await cy.http('GET', '/readyz')).status, 503);
    await lost.restart();
    const again = await cy.connect();
    assert.notEqual(again.hello.epoch, before.hello.epoch);
    await again.request('message:send', { threadId: id, ...text(randomUUID()) });
});
