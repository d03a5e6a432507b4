// What an operator meets: refusals to start that say why, the command line, health, metrics, and
// SIGTERM under load.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import test from 'node:test';

import {
    Client,
    frame,
    http,
    patience,
    people,
    person,
    RawSocket,
    rawWebSocket,
    refusedUpgrade,
    run,
    startServer,
    temporaryDirectory,
} from './harness.mjs';

function directory(t) {
    const path = temporaryDirectory();
    t.after(() => rmSync(path, { recursive: true, force: true }));
    return path;
}
const serve = (data, ...flags) =>
    run(['serve', '--data', data, '--listen', '127.0.0.1:0', ...flags], { cwd: data });

/** Refused with a non-zero exit (no signal, no address printed) and a sentence that fits. */
function assertRefused({ code, signal, output }, ...sentences) {
    assert.equal(signal, null, output);
    assert.notEqual(code, 0, output);
    assert.doesNotMatch(output, /http:\/\/127\.0\.0\.1:\d+/);
    for (const sentence of sentences) assert.match(output, sentence);
}

test('a port in use is refused, be it by another Banter or by anything else', async (t) => {
    const first = await startServer({}, t);
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.on('listening', resolve));
    t.after(() => other.close());
    for (const port of [first.port, other.address().port]) {
        const refused = await run([
            'serve',
            '--data',
            directory(t),
            '--listen',
            `127.0.0.1:${port}`,
        ]);
        assert.notEqual(refused.code, 0);
        assert.match(refused.output, new RegExp(`${port}`));
        assert.match(refused.output, /in use/i);
    }
    assert.equal((await http(first, 'GET', '/healthz')).status, 200);
});

test('the data directory of a running server is refused, and free again after its kill -9', async (t) => {
    const first = await startServer({}, t);
    const ada = await person(first, 'ada');
    assertRefused(await serve(first.data), new RegExp(first.data.replaceAll('.', '\\.')));
    const thread = await ada.channel();
    await first.kill9();
    await first.start();
    assert.equal((await ada.thread(thread)).id, thread.id);
});

test('a database elsewhere is used there, and by one server at a time', async (t) => {
    const file = join(directory(t), 'elsewhere', 'chat.db');
    const first = await startServer({ args: ['--database', `sqlite:${file}`] }, t);
    const ada = await person(first, 'ada');
    const thread = await ada.channel();
    assert.ok(existsSync(file));
    assert.ok(!existsSync(join(first.data, 'banter.db')));
    assertRefused(await serve(directory(t), '--database', `sqlite:${file}`), /in use/i);
    await first.kill9();
    await first.start();
    assert.equal((await ada.thread(thread)).id, thread.id);
});

test('data written by a newer version is refused and left as it is', async (t) => {
    const data = directory(t);
    const server = await startServer({ data }, t);
    await person(server, 'ada');
    await server.stop();
    const file = readdirSync(data)
        .map((name) => join(data, name))
        .find((name) => /\.(db|sqlite3?)$/.test(name));
    const sql = (text) => execFileSync('sqlite3', [file, text], { encoding: 'utf8' }).trim();
    const before = Number(sql('PRAGMA user_version'));
    assert.ok(before > 0, 'the version of the schema is the user_version of the file');
    sql(`PRAGMA user_version = ${before + 1000}`);
    assertRefused(await serve(data), /newer/i);
    assert.equal(Number(sql('PRAGMA user_version')), before + 1000);
    sql(`PRAGMA user_version = ${before}`);
    await server.start();
});

test('data that is no database, and a place that is no directory, are refused', async (t) => {
    const data = directory(t);
    const server = await startServer({ data }, t);
    await server.stop();
    const file = readdirSync(data).find((name) => /\.(db|sqlite3?)$/.test(name));
    const broken = directory(t);
    writeFileSync(join(broken, file), 'this is no database\n'.repeat(1000));
    assertRefused(await serve(broken));
    const plain = join(directory(t), 'plain');
    writeFileSync(plain, '');
    const refused = await run(['serve', '--data', plain, '--listen', '127.0.0.1:0']);
    assertRefused(refused, /plain/);
});

test('an unknown flag, variable or key is refused with the nearest known one', async (t) => {
    const data = directory(t);
    const flag = await run(['serve', '--data', data, '--lisen', '127.0.0.1:0'], { cwd: data });
    assertRefused(flag, /lisen/, /--listen/);
    const variable = await run(['serve', '--data', data], {
        cwd: data,
        env: { BANTER_LISEN: '127.0.0.1:0' },
    });
    assertRefused(variable, /BANTER_LISEN\b/, /BANTER_LISTEN/);
    writeFileSync(join(data, 'banter.toml'), 'lisen = "127.0.0.1:0"\n');
    const key = await run(['serve', '--data', data], { cwd: data });
    assertRefused(key, /lisen/, /listen/);
    const command = await run(['sevre'], { cwd: data });
    assertRefused(command, /serve/);
});

test('flags, variables and banter.toml say the same things, and the flag wins', async (t) => {
    const data = directory(t);
    const config = async (server) =>
        (await http(server, 'GET', '/api/config')).body.auth.local?.signUp;
    writeFileSync(join(data, 'banter.toml'), 'sign-up = "closed"\n');
    const byFile = await startServer({ data }, t);
    assert.equal(await config(byFile), 'closed');
    await byFile.restart({ env: { BANTER_SIGN_UP: 'invite' } });
    assert.equal(await config(byFile), 'invite', 'the environment wins over the file');
    await byFile.restart({ args: ['--sign-up', 'open'] });
    assert.equal(await config(byFile), 'open', 'the flag wins over the environment');
});

test('check-config names every problem at once and opens nothing', async (t) => {
    const data = directory(t);
    const flags = [
        '--listen',
        'nonsense',
        '--shards',
        '-3',
        '--sign-up',
        'maybe',
        '--public-url',
        'ftp://x',
        '--allowed-origins',
        'not an origin',
    ];
    const refused = await run(['check-config', '--data', data, ...flags], { cwd: data });
    assertRefused(refused, /listen/, /shards/, /sign-up/, /public-url/, /allowed-origins/);
    const good = await run(['check-config', '--data', data, '--listen', '127.0.0.1:0'], {
        cwd: data,
    });
    assert.equal(good.code, 0, good.output);
    const started = await run(['serve', '--data', data, ...flags], { cwd: data });
    assertRefused(started, /listen/, /shards/, /sign-up/, /public-url/, /allowed-origins/);
    assert.deepEqual(readdirSync(data), [], 'nothing is made by a start that is refused');
});

test('version prints one line, and help names the commands', async () => {
    const version = await run(['version']);
    assert.equal(version.code, 0);
    assert.match(version.stdout, /^banter \d+\.\d+\.\d+/);
    const help = await run(['--help']);
    assert.equal(help.code, 0);
    for (const word of ['serve', 'token', 'check-config', 'version', '--listen', '--data'])
        assert.ok(help.output.includes(word), word);
});

test('the start prints the address and where the data is, and makes the directory', async (t) => {
    const data = join(directory(t), 'made', 'here');
    const server = await startServer({ data, cwd: '/tmp' }, t);
    assert.ok(existsSync(data));
    assert.ok(server.output.includes(data));
});

test('health and readiness answer, and metrics tell what the engine does', async (t) => {
    const server = await startServer({}, t);
    const [ada, bob] = await people(server, 'p', 2);
    const thread = await ada.channel();
    const [adas, bobs] = await Promise.all([ada.joined(thread), bob.joined(thread)]);
    await adas.request('message:send', {
        threadId: thread.id,
        nonce: randomUUID(),
        content: 'counted',
    });
    await bobs.waitFor({ type: 'message:new' });
    for (const path of ['/healthz', '/readyz'])
        assert.equal((await http(server, 'GET', path)).status, 200);
    const { status, text, headers } = await http(server, 'GET', '/metrics');
    assert.equal(status, 200);
    assert.match(headers.get('content-type'), /^text\/plain/);
    for (const subject of [
        'connections',
        'frames',
        'deliver',
        'queued',
        'batch',
        'commit',
        'request',
    ]) {
        assert.match(
            text,
            new RegExp(`^banter_\\w*${subject}\\w*(\\{[^}]*\\})? [\\d.e+-]+$`, 'm'),
            subject,
        );
    }
    assert.match(text, /route="/, 'request times by route');
    const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
    for (const line of lines)
        assert.match(line, /^[a-z_:][\w:]*(\{[^}]*\})? (NaN|[+-]Inf|[\d.e+-]+)$/);
    assert.ok(!text.includes(thread.id) && !text.includes(ada.id), 'no ids as labels');
    await Promise.all([adas.close(), bobs.close()]);
});

test('SIGTERM under load: what was accepted is kept, everyone is told to come back, and the exit is clean', async (t) => {
    const server = await startServer({}, t);
    const writers = await people(server, 'w', 4);
    const thread = await writers[0].channel();
    const clients = await Promise.all(writers.map((writer) => writer.joined(thread)));
    const idle = await Promise.all(Array.from({ length: 20 }, () => writers[0].connect()));
    const acknowledged = [];
    let enough;
    const loaded = new Promise((resolve) => (enough = resolve));
    const keepSending = async (client) => {
        while (!client.closed) {
            const fields = {
                threadId: thread.id,
                nonce: randomUUID(),
                content: `load ${acknowledged.length}`,
            };
            const answer = await client.ask('message:send', fields).catch(() => undefined);
            if (answer?.type === 'message:sent') acknowledged.push(answer.message);
            if (acknowledged.length > 500) enough();
        }
    };
    const load = clients.flatMap((client) => Array.from({ length: 8 }, () => keepSending(client)));
    await loaded;

    server.signal('SIGTERM');
    const began = Date.now();
    const closes = await Promise.all(
        [...clients, ...idle].map((client) => client.expectClose(1012, 25_000 + patience)),
    );
    const { code, signal } = await server.stop();
    assert.deepEqual([code, signal], [0, null]);
    assert.ok(Date.now() - began < 20_000);
    const delays = closes.map(({ reason }) => JSON.parse(reason).retryAfterMs);
    for (const delay of delays)
        assert.ok(Number.isInteger(delay) && delay >= 0 && delay <= 60_000, `${delay}`);
    assert.ok(new Set(delays).size > 5, 'spread over clients');
    await Promise.all(load);

    await server.start();
    const stored = new Map();
    for (
        let after = 0, items;
        (items = (await writers[0].history(thread, `?after=${after}&limit=200`)).items).length > 0;
    ) {
        for (const message of items) stored.set(message.seq, message.id);
        after = items.at(-1).seq;
    }
    for (const { seq, id } of acknowledged) assert.equal(stored.get(seq), id);
    assert.deepEqual(
        [...stored.keys()],
        Array.from({ length: stored.size }, (_, index) => index + 1),
    );
    // A draining server answers what it accepted before it closes, so nothing is stored without its answer.
    assert.equal(stored.size, acknowledged.length);
});

test('SIGTERM waits for no peer that is stuck, and answers what is whole', async (t) => {
    const server = await startServer({ args: ['--drain-within', '4s'] }, t);
    const [ada, bob] = await people(server, 'p', 2);
    const thread = await ada.channel();
    const adas = await ada.joined(thread);
    const head = `POST /api/threads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ada.token}\r\n`;
    const open = async (bytes) => {
        const raw = await RawSocket.open(server);
        raw.socket.on('error', () => {});
        raw.write(bytes);
        return raw;
    };
    const silent = await open('');
    const halfHead = await open('GET /healthz HTTP/1.1\r\nHos');
    const halfBody = await open(
        `${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );
    const idle = await open('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await idle.wait(() => (idle.received.includes('alive') ? true : undefined), 'an answer');
    const unsigned = await Client.upgrade(server, {});
    const deaf = await rawWebSocket(server, bob.token);
    const halfFrame = await rawWebSocket(server, bob.token);
    halfFrame.write(frame({ payload: '{"type":"ping"}' }).subarray(0, 8));
    deaf.write(frame({ payload: JSON.stringify({ type: 'thread:join', threadId: thread.id }) }));
    await deaf.wait(() => (deaf.received.includes('"thread:joined"') ? true : undefined), 'a join');
    deaf.socket.pause();
    for (let i = 0; i < 20; i++)
        await adas.request('message:send', {
            threadId: thread.id,
            nonce: randomUUID(),
            content: 'x'.repeat(9000),
        });

    server.signal('SIGTERM');
    await Promise.all([adas.expectClose(1012), unsigned.expectClose(1012)]);
    const { code, signal, output } = await server.stop();
    assert.deepEqual([code, signal], [0, null], output);
    for (const raw of [silent, halfHead, halfBody, idle, deaf, halfFrame]) raw.end();
});

test('a second start on another port serves what the first one stored, and refuses sockets of unknown origins', async (t) => {
    const server = await startServer({}, t);
    const ada = await person(server, 'ada');
    const thread = await ada.channel();
    const sent = await ada.send(thread, 'kept');
    await server.restart({ args: ['--shards', '1'] });
    assert.deepEqual((await ada.history(thread)).items, [sent]);
    assert.equal((await refusedUpgrade(server, { origin: 'https://evil.example' })).status, 403);
});
