// Uploads that a real clamd looks through: what it finds is refused, and while it is away nothing is
// taken in that nobody looked at.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';

import { Clamd, eicar, eicarName } from '../services/clamd.mjs';
import { people, run, Server, startServer, temporaryDirectory, until } from './harness.mjs';
import { fetchLink, noise, stored, upload as tryUpload } from './lib/files.mjs';
import { zip } from './lib/hostile/containers.mjs';
import { photograph } from './lib/photograph.mjs';
import { create, patch, tus } from './lib/tus.mjs';

const mebibyte = 1 << 20;
const clamd = await Clamd.start();
const server = await startServer({ args: ['--clamd', clamd.address] });
const [ada, bob] = await people(server, 'p', 2);
after(() => clamd.stop());

const upload = (person, bytes, filename = 'a.bin') =>
    tryUpload(person, { filename, claimedType: 'application/octet-stream', bytes });

/** Uploads in two parts; gives the answer to the last one, and the path. */
async function uploadInParts(person, bytes, filename = 'a.bin') {
    const path = await create(person, bytes.length, { filename });
    const half = bytes.length >> 1;
    const first = await patch(person, path, 0, bytes.subarray(0, half));
    assert.equal(first.status, 204, first.text);
    return { path, answer: await patch(person, path, half, bytes.subarray(half)) };
}

/** As long as a test lasts nothing may be added to what lies in the store, but so many. */
async function nothingIsStored(before, but = 0) {
    // Parts of uploads are removed in the background, also those of the test before.
    const added = () => stored(server).filter((path) => !before.includes(path)).length;
    const more = async () => (added() === but ? true : undefined);
    await until(more, `only ${but} more in ${stored(server)}`);
}

/** Waits until bytes of a file are on the disk. */
const aDraft = (server) =>
    until(async () => stored(server).find((path) => path.startsWith('drafts/')), 'a draft');

function isMalware(answer) {
    assert.equal(answer.status, 422, answer.text);
    assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
    assert.equal(answer.body.code, 'malware');
    assert.equal(answer.body.detail, `the virus scanner found ${eicarName} in the file`);
}

/** All bytes are there, and nobody has looked at them yet. */
function isLocked(answer) {
    assert.equal(answer.status, 423, answer.text);
    assert.equal(answer.body.code, 'conflict');
    assert.ok(Number(answer.headers.get('retry-after')) >= 1);
}

function isUnavailable(answer) {
    assert.equal(answer.status, 503, answer.text);
    assert.equal(answer.body.code, 'storage_unavailable');
    assert.doesNotMatch(answer.text, /clamd/, 'what is behind the server is not told');
}

const infected = {
    'the file of the EICAR': eicar,
    'it in the middle of a large file': Buffer.concat([noise(mebibyte), eicar, noise(mebibyte)]),
    'it across the pieces that a file comes in': Buffer.concat([noise(65536 - 30), eicar]),
    'it at the end of a picture': Buffer.concat([photograph(64, 64), eicar]),
    'it in a zip': zip([{ name: 'a/readme.txt', data: 'hello' }, { name: 'a/b.txt', data: eicar }]),
    'it in a zip in a zip': zip([{ name: 'b.zip', data: zip([{ name: 'c.txt', data: eicar }]) }]),
};

describe('what clamd finds', () => {
    for (const [what, bytes] of Object.entries(infected)) {
        test(`${what} is refused, and nothing of it is kept`, async () => {
            const before = stored(server);
            isMalware(await upload(ada, bytes));
            const { path, answer } = await uploadInParts(ada, bytes);
            isMalware(answer);
            assert.equal((await tus(ada, 'HEAD', path)).status, 404, 'the upload is gone');
            await nothingIsStored(before);
        });
    }

    test('the same connection can go on, and nobody else is held up', async () => {
        const [refused, ...good] = await Promise.all([
            upload(ada, eicar),
            ...Array.from({ length: 20 }, (_, i) => upload(bob, noise(10_000 + i))),
        ]);
        isMalware(refused);
        for (const answer of good) assert.equal(answer.status, 201, answer.text);
    });
});

test('a clean file is taken in and given out as it came', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), noise(3 * mebibyte)]) {
        const answer = await upload(ada, bytes);
        assert.equal(answer.status, 201, answer.text);
        assert.ok(bytes.equals((await fetchLink(server, answer.body.url)).body));
    }
    const bytes = noise(3 * mebibyte);
    const { answer } = await uploadInParts(ada, bytes);
    assert.equal(answer.status, 204, answer.text);
    const { url } = await ada.ok('GET', `/api/files/${answer.headers.get('banter-file')}`);
    assert.ok(bytes.equals((await fetchLink(server, url)).body));
});

test('a file beyond the limit of clamd is not taken for clean, and the operator is told what to change', async () => {
    const before = stored(server);
    const most = await upload(ada, noise(clamd.streamBytesMax));
    assert.equal(most.status, 201, most.text);
    for (const more of [1, mebibyte]) isUnavailable(await upload(ada, noise(clamd.streamBytesMax + more)));
    await nothingIsStored(before, 1);
    const told = () => /INSTREAM size limit exceeded.*raise StreamMaxLength/.test(server.output);
    await until(() => told() || undefined, 'the operator to be told');
});

describe('without clamd', () => {
    test('uploads are refused and messages are not, until it is back', async () => {
        const before = stored(server);
        const thread = await ada.channel();
        await bob.join(thread);
        const bobs = await bob.joined(thread);
        const say = () => {
            const body = { nonce: randomUUID(), content: 'hello' };
            return ada.ok('POST', `/api/threads/${thread.id}/messages`, body, 201);
        };
        await clamd.daemon.kill9();
        for (const bytes of [Buffer.from('hello'), eicar, noise(2 * mebibyte)]) {
            isUnavailable(await upload(ada, bytes));
        }
        const message = await say();
        assert.equal((await bobs.waitFor({ type: 'message:new' })).message.id, message.id);
        await nothingIsStored(before);

        const begun = await uploadInParts(ada, Buffer.from('good'));
        isLocked(begun.answer);
        const bad = await uploadInParts(ada, eicar);
        isLocked(bad.answer);

        clamd.daemon.start();
        await clamd.ready();
        const answer = await upload(ada, Buffer.from('hello'));
        assert.equal(answer.status, 201, answer.text);
        isMalware(await upload(ada, eicar));
        // What had come is still there, and is looked at now.
        const finished = await patch(ada, begun.path, 4, Buffer.alloc(0));
        assert.equal(finished.status, 204, finished.text);
        isMalware(await patch(ada, bad.path, eicar.length, Buffer.alloc(0)));
        await nothingIsStored(before, 2);
        await bobs.close();
    });

    test('who waits for one that hangs is answered when it goes on, and messages are not held up', async () => {
        const thread = await ada.channel();
        clamd.daemon.signal('SIGSTOP');
        let answered = 0;
        const count = (answer) => {
            answered += 1;
            return answer;
        };
        const waiting = [noise(2 * mebibyte), eicar].map((bytes) => upload(ada, bytes).then(count));
        for (let i = 0; i < 20; i++) {
            const body = { nonce: randomUUID(), content: 'hello' };
            await ada.ok('POST', `/api/threads/${thread.id}/messages`, body, 201);
        }
        assert.equal(answered, 0);
        clamd.daemon.signal('SIGCONT');
        const [clean, refused] = await Promise.all(waiting);
        assert.equal(clean.status, 201, clean.text);
        isMalware(refused);
    });

    test('a server that is to stop does not wait for one that hangs, and keeps nothing', async (t) => {
        const data = temporaryDirectory();
        t.after(() => rmSync(data, { recursive: true, force: true }));
        const args = ['--clamd', clamd.address, '--drain-within', '1s'];
        const stopped = await Server.start({ data, args });
        const [one] = await people(stopped, 'r', 1);
        clamd.daemon.signal('SIGSTOP');
        // Little enough to be with clamd as a whole.
        const waiting = assert.rejects(upload(one, noise(100_000)));
        await aDraft(stopped);
        const { code, signal } = await stopped.stop();
        clamd.daemon.signal('SIGCONT');
        assert.deepEqual([code, signal], [0, null], 'the scan was given up in order');
        await waiting;
        await stopped.start();
        assert.deepEqual(stored(stopped), []);
        await stopped.dispose();
    });

    test('one that is killed over a file leaves nothing of it', async () => {
        const before = stored(server);
        clamd.daemon.signal('SIGSTOP');
        const waiting = upload(ada, noise(2 * mebibyte));
        await aDraft(server);
        await clamd.daemon.kill9();
        isUnavailable(await waiting);
        await nothingIsStored(before);
        clamd.daemon.start();
        await clamd.ready();
    });
});

test('clamd may be reached over TCP', async (t) => {
    const started = await startServer({ args: ['--clamd', clamd.tcpAddress] }, t);
    const [one] = await people(started, 'q', 1);
    for (const bytes of [noise(3 * mebibyte), photograph(64, 64)]) {
        const answer = await upload(one, bytes);
        assert.equal(answer.status, 201, answer.text);
    }
    isMalware(await upload(one, eicar));
    isUnavailable(await upload(one, noise(clamd.streamBytesMax + mebibyte)));
});

describe('a start is refused', () => {
    const refusal = async (address, code) => {
        const data = temporaryDirectory();
        try {
            const ended = await run(['serve', '--listen', '127.0.0.1:0', '--data', data, '--clamd', address]);
            assert.equal(ended.code, code, ended.output);
            const lines = ended.output.trimEnd().split('\n');
            const said = lines.filter((line) => !line.startsWith('{"time":'));
            assert.equal(said.length, 1, ended.output);
            return said[0];
        } finally {
            rmSync(data, { recursive: true, force: true });
        }
    };

    test('if the address is none', async () => {
        assert.match(await refusal('clamd.ctl', 2), /^banter: clamd has to be the path of clamd's socket, such as /);
        assert.match(await refusal('', 2), /^banter: clamd has to be the path of clamd's socket, such as /);
        assert.match(await refusal('localhost:3310', 2), /^banter: clamd needs a numeric address before the port/);
        assert.match(await refusal('[::1]:0', 2), /^banter: clamd needs a port from 1 to 65535/);
    });

    test('if nobody is there, or another', async (t) => {
        const nowhere = join(tmpdir(), `${randomUUID()}.ctl`);
        const away = /^banter: clamd at \S+: it can't be reached: start it, or say where it listens \(No such file/;
        assert.match(await refusal(nowhere, 1), away);
        const other = createServer().listen(0, '127.0.0.1');
        t.after(() => other.close());
        await once(other, 'listening');
        const wrong = await refusal(`127.0.0.1:${other.address().port}`, 1);
        assert.match(wrong, /^banter: clamd at \S+: it says "HTTP\/1\.1 400 Bad Request/);
    });
});
