// A backup that is made while people write is the history up to one moment, whole; a restored
// installation knows its people and its nonces and tells returning clients to begin anew; whatever
// interrupts either of them leaves nothing behind.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    truncateSync,
    writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { smallDisk } from './lib/namespace.mjs';
import {
    begin,
    Client,
    http,
    password,
    patience,
    people,
    person,
    register,
    run,
    startServer,
    temporaryDirectory,
    until,
    within,
} from './harness.mjs';

function directory(t) {
    const path = temporaryDirectory();
    t.after(() => rmSync(path, { recursive: true, force: true }));
    return path;
}

/** What the command prints on success; a failure is the test's. */
async function succeeds(...args) {
    const { code, stdout, output } = await run(args, { ms: 60_000 + patience });
    assert.equal(code, 0, output);
    return stdout;
}

/** Exit status 1 and one line that fits, on standard error alone. */
async function fails(args, sentence) {
    const { code, stdout, output } = await run(args);
    assert.equal(code, 1, output);
    assert.equal(stdout, '');
    assert.match(output.trimEnd(), /^banter: [^\n]+$/);
    assert.match(output, sentence);
}

async function wholeHistory(reader, thread) {
    const all = [];
    for (;;) {
        const after = all.at(-1)?.seq ?? 0;
        const { items } = await reader.history(thread, `?after=${after}&limit=200`);
        if (items.length === 0) return all;
        all.push(...items);
    }
}

/** Sends without a pause on one connection until it is told to end; `acknowledged` grows meanwhile. */
class Load {
    acknowledged = [];
    #ending = false;

    constructor(client, threads, edited) {
        client.keepsLog = false;
        this.ended = Promise.all([0, 1, 2, 3].map((i) => this.#run(client, threads, edited, i)));
    }

    async #run(client, threads, edited, turn) {
        for (let i = turn; !this.#ending; i++) {
            const threadId = threads[i % threads.length].id;
            const fields = { threadId, nonce: randomUUID(), content: `load ${i} ${'x'.repeat(300)}` };
            const { message } = await client.request('message:send', fields);
            this.acknowledged.push(message);
            if (threadId !== edited.id) continue;
            await client.request('message:edit', { messageId: message.id, content: `again ${i}` });
            await client.request('reaction:add', { messageId: message.id, emoji: '👍' });
        }
    }

    end() {
        this.#ending = true;
        return this.ended;
    }
}

/** Fills a thread with about `mebibytes`. */
async function fill(server, author, thread, mebibytes) {
    const client = await author.joined(thread);
    client.keepsLog = false;
    const content = 'y'.repeat(9000);
    for (let left = mebibytes * 115; left > 0; left -= 50) {
        const sends = Array.from({ length: 50 }, () =>
            client.request('message:send', { threadId: thread.id, nonce: randomUUID(), content }),
        );
        await Promise.all(sends);
    }
    await client.close();
}

test('a backup under load is a prefix of every history, and what is restored from it goes on', async (t) => {
    const server = await startServer({}, t);
    const eve = await register(server, 'eve');
    const writers = await people(server, 'w', 4);
    const threads = [];
    for (let i = 0; i < 3; i++) threads.push(await writers[0].channel());
    const edited = threads[2];
    await fill(server, writers[0], threads[0], 6);
    const firstRev = (await writers[0].thread(threads[0])).rev - (await writers[0].thread(threads[0])).seq;
    const clients = await Promise.all(writers.map((writer) => writer.joined(...threads)));
    const oldEpoch = clients[0].hello.epoch;
    const loads = clients.map((client) => new Load(client, threads, edited));
    const count = () => loads.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
    await until(() => count() > 200 || undefined, 'some load');

    const known = loads.flatMap(({ acknowledged }) => [...acknowledged]);
    const file = join(directory(t), 'backup');
    const printed = await succeeds('backup', '--data', server.data, file);
    assert.match(printed, /keep it secret/);
    const during = count() - known.length;
    const after = count();
    await until(() => count() > after + 100 || undefined, 'more load');
    await Promise.all(loads.map((load) => load.end()));
    assert.ok(during > 0, 'nobody wrote while the backup was made: the run proves nothing');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const all = new Map();
    for (const thread of threads) all.set(thread.id, await wholeHistory(writers[0], thread));

    const data = join(directory(t), 'restored');
    assert.match(await succeeds('restore', '--data', data, file), /holds the data of 2/);
    const restored = await startServer({ data }, t);
    const [reader] = await people(restored, 'w', 1);
    const held = new Map();
    for (const thread of threads) {
        const messages = await wholeHistory(reader, thread);
        const { seq, rev } = await reader.thread(thread);
        const original = all.get(thread.id);
        assert.ok(messages.length < original.length, 'it was written to after the backup');
        assert.deepEqual(messages.map((message) => message.seq), [...messages.keys()].map((i) => i + 1));
        assert.equal(seq, messages.length);
        for (const [i, message] of messages.entries()) {
            if (thread !== edited) assert.deepEqual(message, original[i]);
            assert.deepEqual([message.id, message.nonce], [original[i].id, original[i].nonce]);
            assert.ok(message.rev <= rev && message.rev <= original[i].rev);
        }
        const untouched = thread !== edited;
        if (untouched) assert.equal(rev - seq, firstRev, 'a gap in rev');
        held.set(thread.id, messages);
    }
    for (const { id, threadId, seq } of known) assert.equal(held.get(threadId)[seq - 1]?.id, id);
    t.diagnostic(`${known.length} acknowledged before the backup, ${during} while it was made`);

    await t.test('the same nonces mean the same messages', async () => {
        const sender = await person(restored, 'w0');
        const mine = held.get(threads[1].id).filter(({ authorId }) => authorId === sender.id);
        assert.ok(mine.length > 0);
        for (const { id, nonce, seq, content } of mine.slice(-20)) {
            const again = await sender.send(threads[1], content, { nonce });
            assert.deepEqual([again.id, again.seq], [id, seq]);
            const path = `/api/threads/${threads[1].id}/messages`;
            await sender.refused('POST', path, { nonce, content: 'other' }, 409, 'nonce_reused');
        }
        const next = await sender.send(threads[1], 'it goes on');
        assert.equal(next.seq, held.get(threads[1].id).length + 1);
    });

    await t.test('a client that comes back with the old epoch begins anew', async () => {
        const client = await Client.connect(restored, writers[0].token);
        assert.notEqual(client.hello.epoch, oldEpoch);
        const threadId = threads[0].id;
        const back = await client.request('thread:join', { threadId, since: 5, epoch: oldEpoch });
        assert.deepEqual([back.reset, back.complete], [true, true]);
        const { epoch } = client.hello;
        const resumed = await client.request('thread:join', { threadId, since: back.rev, epoch });
        assert.deepEqual([resumed.reset, resumed.messages], [false, []]);
        await client.close();
    });

    await t.test('tokens, sign-ins and passwords count there', async () => {
        const me = await http(restored, 'GET', '/api/me', { token: eve.token });
        assert.equal(me.status, 200, me.text);
        const headers = { Cookie: eve.cookie, 'X-Requested-With': 'banter' };
        const refreshed = await http(restored, 'POST', '/api/auth/refresh', { headers });
        assert.equal(refreshed.status, 200, refreshed.text);
        const body = { handle: 'eve', password };
        assert.equal((await http(restored, 'POST', '/api/auth/login', { body })).status, 200);
    });
});

/** A backup command that is stopped in the middle of what the server sends it. */
async function stoppedHalfWay(t, server, folder) {
    const file = join(folder, 'backup');
    const half = statSync(join(server.data, 'banter.db')).size / 2;
    const sizeOf = (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
    for (let tries = 0; tries < 5; tries++) {
        const command = begin(['backup', '--data', server.data, file]);
        t.after(() => command.child.kill('SIGKILL'));
        const part = await until(
            () => readdirSync(folder).find((name) => name.startsWith('backup') && sizeOf(name) > 0),
            'the first bytes of a backup',
        );
        command.child.kill('SIGSTOP');
        if (sizeOf(part) < half && !existsSync(file)) return { ...command, file, part: join(folder, part) };
        // Whoever looks was held up, and the backup is nearly over.
        command.child.kill('SIGCONT');
        await within(patience, command.ended, () => 'the end of a backup');
        rmSync(file);
    }
    throw new Error('the backup is over each time before it can be stopped');
}

test('a backup that is interrupted leaves no file, and the server whole', async (t) => {
    const server = await startServer({}, t);
    const ada = await person(server, 'ada');
    const thread = await ada.channel();
    await fill(server, ada, thread, 40);
    const names = readdirSync(server.data).sort();
    assert.ok(names.includes('banter.sock'));
    const whole = async (folder) => {
        await ada.send(thread, 'still here');
        await until(async () => {
            const idle = readdirSync(server.data).filter((name) => name.startsWith('copy-'));
            return idle.length === 0 ? true : undefined;
        }, 'no copy');
        const file = join(folder, 'next');
        await succeeds('backup', '--data', server.data, file);
        rmSync(file);
    };

    await t.test('kill -9 of the command', async (t) => {
        const folder = directory(t);
        const command = await stoppedHalfWay(t, server, folder);
        command.child.kill('SIGKILL');
        await within(patience, command.ended, () => 'the end of the command');
        assert.deepEqual(readdirSync(folder), [command.part.slice(folder.length + 1)]);
        await fails(['restore', '--data', join(folder, 'data'), command.part], /is cut off/);
        await whole(folder);
    });

    await t.test('SIGINT of the command takes back what it made', async (t) => {
        const folder = directory(t);
        const command = await stoppedHalfWay(t, server, folder);
        command.child.kill('SIGINT');
        command.child.kill('SIGCONT');
        const { code, output } = await within(patience, command.ended, () => 'the end');
        assert.equal(code, 1);
        assert.match(output, /interrupted/);
        assert.deepEqual(readdirSync(folder), []);
        await whole(folder);
    });

    await t.test('SIGTERM of the server, which stops cleanly all the same', async (t) => {
        const folder = directory(t);
        const command = await stoppedHalfWay(t, server, folder);
        const { code, signal } = await server.stop();
        assert.deepEqual([code, signal], [0, null]);
        command.child.kill('SIGCONT');
        const { code: status, output } = await within(patience, command.ended, () => 'the end');
        assert.equal(status, 1);
        assert.match(output, /the server ended before the backup was whole/);
        assert.deepEqual(readdirSync(folder), []);
        assert.ok(!readdirSync(server.data).includes('banter.sock'));
        await server.start();
        await whole(folder);
    });

    await t.test('kill -9 of the server', async (t) => {
        const folder = directory(t);
        const command = await stoppedHalfWay(t, server, folder);
        await server.kill9();
        command.child.kill('SIGCONT');
        const { code, output } = await within(patience, command.ended, () => 'the end');
        assert.equal(code, 1);
        assert.match(output, /the server ended before the backup was whole/);
        assert.deepEqual(readdirSync(folder), []);
        assert.ok(readdirSync(server.data).includes('banter.sock'), 'nobody could remove it');
        // Nobody listens there now: the command makes the backup itself, and a start replaces it.
        await succeeds('backup', '--data', server.data, join(folder, 'by itself'));
        await server.start();
        await whole(folder);
        assert.deepEqual(readdirSync(server.data).sort(), names);
    });
});

test('without a server the command makes the backup, also of what a kill -9 left in the log', async (t) => {
    const server = await startServer({}, t);
    const ada = await person(server, 'ada');
    const thread = await ada.channel();
    const sent = await ada.send(thread, 'in the log only');
    await server.kill9();
    const folder = directory(t);
    await succeeds('backup', '--data', server.data, join(folder, 'backup'));
    await succeeds('restore', '--data', join(folder, 'data'), join(folder, 'backup'));
    const restored = await startServer({ data: join(folder, 'data') }, t);
    const again = await person(restored, 'ada');
    assert.deepEqual((await again.history(thread)).items, [sent]);
    await server.start();
});

test('a server with its database elsewhere is asked there', async (t) => {
    const folder = directory(t);
    const database = `sqlite:${join(folder, 'elsewhere', 'chat.db')}`;
    const server = await startServer({ args: ['--database', database] }, t);
    const ada = await person(server, 'ada');
    const thread = await ada.channel();
    const file = join(folder, 'backup');
    await fails(['backup', '--data', server.data, file], /nothing to back up/);
    await succeeds('backup', '--data', server.data, '--database', database, file);
    const data = join(folder, 'data');
    await fails(['restore', '--data', data, '--database', database, file], /leave out database/);
    await succeeds('restore', '--data', data, file);
    const restored = await startServer({ data }, t);
    assert.equal((await (await person(restored, 'ada')).thread(thread)).id, thread.id);
});

test('what a backup can not be made of or written to is told in one sentence', async (t) => {
    const server = await startServer({}, t);
    const folder = directory(t);
    const file = join(folder, 'backup');
    await fails(['backup', '--data', join(folder, 'none'), file], /nothing to back up/);
    await fails(['backup', '--data', server.data, join(folder, 'no', 'backup')], /can't make .*No such file/);
    writeFileSync(file, 'mine');
    await fails(['backup', '--data', server.data, file], /exists already/);
    assert.equal(readFileSync(file, 'utf8'), 'mine');
    const wrong = await run(['backup', '--data', server.data]);
    assert.equal(wrong.code, 2, 'without a name');
    assert.deepEqual(readdirSync(folder), ['backup']);
});

test('a disk that is full takes no backup, and the server does not notice', async (t) => {
    const mount = directory(t);
    const server = await startServer({}, t);
    const ada = await person(server, 'ada');
    const thread = await ada.channel();
    await fill(server, ada, thread, 6);
    const disk = await smallDisk(mount, 2 * 1024 * 1024);
    t.after(() => disk.unmount());
    const file = join(disk.outside, 'backup');
    await fails(['backup', '--data', server.data, file], /No space left on device/);
    assert.deepEqual(readdirSync(disk.outside), []);
    await ada.send(thread, 'still here');
});

test('a data disk without room for a copy is left alone', async (t) => {
    const mount = directory(t);
    const disk = await smallDisk(mount, 60 * 1024 * 1024);
    t.after(() => disk.unmount());
    const server = await startServer(
        { data: mount, inside: disk.inside, cwd: '/tmp' },
        t,
    );
    const folder = directory(t);
    await fails(
        ['backup', '--data', disk.outside, join(folder, 'backup')],
        /not enough space in .* for a copy of the database/,
    );
    assert.deepEqual(readdirSync(folder), []);
    assert.equal((await http(server, 'GET', '/readyz')).status, 200);
});

test('a restore fills a new or empty directory, and no other', async (t) => {
    const server = await startServer({}, t);
    const folder = directory(t);
    const file = join(folder, 'backup');
    await succeeds('backup', '--data', server.data, file);
    await fails(['restore', '--data', server.data, file], /is in use by another Banter/);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await succeeds('restore', '--data', empty, file);
    await fails(['restore', '--data', empty, file], /is not empty/);
    const cut = join(folder, 'cut');
    writeFileSync(cut, readFileSync(file));
    truncateSync(cut, statSync(cut).size - 2000);
    await fails(['restore', '--data', join(folder, 'a'), cut], /is cut off/);
    writeFileSync(cut, 'this is no backup\n'.repeat(1000));
    await fails(['restore', '--data', join(folder, 'a'), cut], /is no backup of Banter/);
    await fails(['restore', '--data', join(folder, 'a'), join(folder, 'none')], /is not a file/);
    // Nothing of them is in the way.
    await succeeds('restore', '--data', join(folder, 'a'), file);
});

test('a restore that was killed is no data for a server, and is begun anew', async (t) => {
    const server = await startServer({}, t);
    const folder = directory(t);
    const file = join(folder, 'backup');
    await succeeds('backup', '--data', server.data, file);
    const data = join(folder, 'data');
    mkdirSync(join(data, 'restore-unfinished'), { recursive: true });
    writeFileSync(join(data, 'restore-unfinished', 'banter.db'), 'half');
    for (const args of [['serve', '--listen', '127.0.0.1:0'], ['token', '--subject', 'ada'], ['new-epoch']])
        await fails([...args, '--data', data], /was not finished: run banter restore again/);
    await fails(['backup', '--data', data, join(folder, 'other')], /was not finished/);
    await succeeds('restore', '--data', data, file);
    await startServer({ data }, t);
});

test('a new epoch is given while no server runs, and resuming clients begin anew', async (t) => {
    const server = await startServer({}, t);
    const ada = await person(server, 'ada');
    const thread = await ada.channel();
    const { rev } = await ada.thread(thread);
    const before = await ada.connect();
    const { epoch } = before.hello;
    await before.close();
    await fails(['new-epoch', '--data', server.data], /is in use by another Banter/);
    await server.stop();
    const printed = await succeeds('new-epoch', '--data', server.data);
    await server.start();
    const client = await ada.connect();
    assert.notEqual(client.hello.epoch, epoch);
    assert.ok(printed.includes(client.hello.epoch));
    const back = await client.request('thread:join', { threadId: thread.id, since: rev, epoch });
    assert.equal(back.reset, true);
    await client.close();
    await fails(['new-epoch', '--data', directory(t)], /there is no /);
});
