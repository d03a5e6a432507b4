// Files from end to end, embedded: they come in, become part of messages, are given out by links,
// and go. What is refused is refused with one code, and leaves nothing.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';

import { patience, people, startServer, until, within } from './harness.mjs';
import {
    beginUpload,
    bytesFrom,
    fetchLink,
    form,
    formType,
    noise,
    stored,
    storedWhole,
    textForm,
    upload as tryUploadOf,
} from './lib/files.mjs';

const server = await startServer();
const [ada, bob, eve] = await people(server, 'p', 3);
const formBytes = (filename, bytes, claimedType = 'application/octet-stream') =>
    form({ filename, claimedType, bytes });
const tryUpload = (person, filename, bytes, claimedType = 'application/octet-stream') =>
    tryUploadOf(person, { filename, claimedType, bytes });
const download = (server, url, headers, method) => fetchLink(server, url, { headers, method });

const signed = ({ token }) => ({ Authorization: `Bearer ${token}` });

/** The attachment that an upload gives. */
async function upload(person, ...file) {
    const answer = await tryUpload(person, ...file);
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** A message of `author` in the thread with the files. */
const send = (author, thread, attachments, content = '') =>
    author.ok(
        'POST',
        `/api/threads/${thread.id}/messages`,
        { nonce: randomUUID(), content, attachments: attachments.map(({ id }) => id) },
        201,
    );
const fresh = (person, { id }) => person.ok('GET', `/api/files/${id}`);

/** The lines of /proc/PID/status, in KiB. */
function memoryOf({ pid }) {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    return (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)[1]);
}

test('a file goes from a person to everybody in the thread', async () => {
    const thread = await ada.channel();
    await bob.join(thread);
    const bobs = await bob.connect();
    await bobs.request('thread:join', { threadId: thread.id });
    const bytes = randomBytes(300_000);
    const file = await upload(ada, 'data.bin', bytes);
    assert.equal(file.name, 'data.bin');
    assert.equal(file.size, bytes.length);
    assert.deepEqual([file.width, file.height, file.thumbhash], [null, null, null]);
    // Links are other ones every few minutes.
    const withoutLinks = (files) => files.map(({ url, urlExpiresAt, ...lasting }) => lasting);
    const assertSame = (files) => assert.deepEqual(withoutLinks(files), withoutLinks([file]));
    const message = await send(ada, thread, [file], 'look');
    assertSame(message.attachments);
    const told = await bobs.waitFor({ type: 'message:new' });
    assertSame(told.message.attachments);
    const answer = await download(server, told.message.attachments[0].url);
    assert.equal(answer.status, 200);
    assert.equal(sha256(answer.body), sha256(bytes));
    const page = await bob.ok('GET', `/api/threads/${thread.id}/messages`);
    assertSame(page.items[0].attachments);
    const again = await bobs.request('thread:join', { threadId: thread.id, since: 0 });
    assertSame(again.messages[0].attachments);
    await bobs.close();
});

test('a download is resumed, and what a browser has is not sent again', async () => {
    const bytes = randomBytes(100_000);
    const { url } = await upload(ada, 'data.bin', bytes);
    const whole = await download(server, url, {}, 'HEAD');
    assert.equal(whole.headers.get('content-length'), '100000');
    assert.equal(whole.headers.get('accept-ranges'), 'bytes');
    const etag = whole.headers.get('etag');
    const rest = await download(server, url, { Range: 'bytes=40000-', 'If-Range': etag });
    assert.equal(rest.status, 206);
    assert.equal(rest.headers.get('content-range'), 'bytes 40000-99999/100000');
    assert.deepEqual(rest.body, bytes.subarray(40_000));
    assert.equal((await download(server, url, { 'If-None-Match': etag })).status, 304);
    const beyond = await download(server, url, { Range: 'bytes=100000-' });
    assert.equal(beyond.status, 416);
    assert.equal(beyond.headers.get('content-range'), 'bytes */100000');
    const other = await download(server, url, { Range: 'bytes=1-', 'If-Range': '"other"' });
    assert.equal(other.status, 200);
});

test('a link says what it gives, and nothing in it runs', async () => {
    const page = '<!DOCTYPE html><html><script>alert(document.cookie)</script></html>';
    const { url, mediaType } = await upload(ada, 'notes.txt', page, 'image/svg+xml');
    assert.equal(mediaType, 'text/html');
    const { headers } = await download(server, url);
    assert.match(headers.get('content-disposition'), /^attachment; filename=/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('content-security-policy'), "sandbox; default-src 'none'");
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.match(headers.get('cache-control'), /^public, max-age=\d+, immutable$/);
    assert.ok(Number(/max-age=(\d+)/.exec(headers.get('cache-control'))[1]) <= 600);
});

test('text leaves compressed for who takes that', async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `line ${i}`).join('\n');
    const { url } = await upload(ada, 'notes.txt', text);
    const plain = await download(server, url);
    assert.equal(plain.headers.get('content-encoding'), null);
    assert.equal(plain.body.toString(), text);
    const packed = await download(server, url, { 'Accept-Encoding': 'br, gzip' });
    assert.equal(packed.headers.get('content-encoding'), 'gzip');
    assert.equal(packed.headers.get('vary'), 'Accept-Encoding');
    assert.notEqual(packed.headers.get('etag'), plain.headers.get('etag'));
    assert.ok(packed.body.length < text.length / 3, `${packed.body.length}`);
    assert.equal(gunzipSync(packed.body).toString(), text);
    const etag = packed.headers.get('etag');
    const cached = { 'Accept-Encoding': 'gzip', 'If-None-Match': etag };
    assert.equal((await download(server, url, cached)).status, 304);
    const part = await download(server, url, { 'Accept-Encoding': 'gzip', Range: 'bytes=0-3' });
    assert.deepEqual([part.status, part.body.toString()], [206, 'line']);
    const picture = await upload(ada, 'data.bin', randomBytes(50_000));
    const asIs = await download(server, picture.url, { 'Accept-Encoding': 'gzip' });
    assert.equal(asIs.headers.get('content-encoding'), null);
});

test('text of more than 8 MiB leaves as it is', async () => {
    for (const [size, coding] of [[8 << 20, 'gzip'], [(8 << 20) + 1, null]]) {
        const { url } = await upload(ada, 'log.txt', 'line\n'.repeat(size / 5 + 1).slice(0, size));
        const answer = await download(server, url, { 'Accept-Encoding': 'gzip' });
        assert.equal(answer.headers.get('content-encoding'), coding);
    }
});

test('a link that was changed in any place is refused', async () => {
    const { url } = await upload(ada, 'a.txt', 'hello');
    for (let i = '/files/'.length; i < url.length; i += 7) {
        const other = url[i] === 'a' ? 'b' : 'a';
        const { status } = await download(server, url.slice(0, i) + other + url.slice(i + 1));
        assert.ok(status === 403 || status === 400, `${status} at ${i}`);
    }
    const [path, query] = url.split('?');
    assert.equal((await download(server, path)).status, 403);
    const swapped = query.split('&').reverse().join('&');
    assert.equal((await download(server, `${path}?${swapped}`)).status, 403);
    assert.equal((await download(server, `${url}&download=1`)).status, 403);
    assert.equal((await download(server, `/files/../${path}?${query}`)).status, 400);
});

test('who may fetch follows who may read the thread', async () => {
    const thread = await ada.channel({ visibility: 'private' });
    const members = `/api/threads/${thread.id}/members/${bob.id}`;
    const file = await upload(ada, 'a.txt', 'secret');
    await bob.refused('GET', `/api/files/${file.id}`, undefined, 404, 'not_found');
    await send(ada, thread, [file]);
    await bob.refused('GET', `/api/files/${file.id}`, undefined, 404, 'not_found');
    await ada.ok('PUT', members, {});
    assert.equal((await fresh(bob, file)).id, file.id);
    await ada.ok('DELETE', members, undefined, 204);
    await bob.refused('GET', `/api/files/${file.id}`, undefined, 404, 'not_found');
});

test('a file goes into one message of its owner, and into no other', async () => {
    const thread = await ada.channel();
    await bob.join(thread);
    const path = `/api/threads/${thread.id}/messages`;
    const file = await upload(ada, 'a.txt', 'hello');
    const body = () => ({ nonce: randomUUID(), content: 'mine', attachments: [file.id] });
    await bob.refused('POST', path, body(), 404, 'not_found');
    await send(ada, thread, [file]);
    await ada.refused('POST', path, body(), 404, 'not_found');
    const nothing = { nonce: randomUUID(), content: '' };
    await ada.refused('POST', path, nothing, 400, 'bad_request');
});

test('two sends of one file at once: one has it', async () => {
    const thread = await ada.channel();
    const file = await upload(ada, 'a.txt', 'hello');
    const path = `/api/threads/${thread.id}/messages`;
    const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
            ada.http('POST', path, {
                nonce: randomUUID(),
                content: '',
                attachments: [file.id],
            }),
        ),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(404)]);
});

test('the files of a deleted message are gone, also from the disk', async () => {
    const thread = await ada.channel();
    const before = storedWhole(server).length;
    const file = await upload(ada, 'a.txt', 'hello');
    const message = await send(ada, thread, [file], 'look');
    assert.equal(storedWhole(server).length, before + 1);
    const deleted = await ada.ok('DELETE', `/api/messages/${message.id}`);
    assert.deepEqual(deleted.attachments, []);
    await ada.refused('GET', `/api/files/${file.id}`, undefined, 404, 'not_found');
    await until(() => storedWhole(server).length === before || undefined, 'the file to go');
    assert.equal((await download(server, file.url)).status, 404);
});

test('an edit keeps the files, and may take all words', async () => {
    const thread = await ada.channel();
    const file = await upload(ada, 'a.txt', 'hello');
    const { id } = await send(ada, thread, [file], 'look');
    const edited = await ada.ok('PATCH', `/api/messages/${id}`, { content: '' });
    assert.equal(edited.content, '');
    assert.equal(edited.attachments[0].id, file.id);
    const plain = await send(ada, thread, [], 'words');
    const path = `/api/messages/${plain.id}`;
    await ada.refused('PATCH', path, { content: '' }, 400, 'bad_request');
});

test('what is no form with one file is refused, and the connection stays', async () => {
    const refused = async (bytes, headers, status, code) => {
        const answer = await bytesFrom(server, 'POST', '/api/upload', {
            headers: { ...headers, ...signed(ada), 'Content-Length': bytes.length },
            body: bytes,
        });
        assert.match(answer.headers.get('content-type'), /problem\+json/);
        assert.deepEqual([answer.status, JSON.parse(answer.body).code], [status, code], bytes);
    };
    const headers = formType;
    const type = (value) => ({ 'Content-Type': value });
    await refused('{}', type('application/json'), 415, 'unsupported_media');
    await refused('x', type('multipart/form-data'), 415, 'unsupported_media');
    await refused('x', headers, 400, 'bad_request');
    await refused('', headers, 400, 'bad_request');
    const good = textForm('a.txt', 'x').body;
    await refused(good.replace('name="file"', 'name="other"'), headers, 400, 'unknown_field');
    await refused(good.replace('; filename="a.txt"', ''), headers, 400, 'bad_request');
    const part = good.slice(0, good.lastIndexOf('--', good.length - 5));
    await refused(part + good, headers, 400, 'unknown_field');
    await refused(part, headers, 400, 'bad_request');
    await refused(good.slice(0, -4), headers, 400, 'bad_request');
    await refused(textForm('cat.png', 'no picture').body, headers, 422, 'bad_image');
});

test('without a token nothing is taken', async () => {
    const answer = await bytesFrom(server, 'POST', '/api/upload', textForm('a.txt', 'x'));
    assert.deepEqual([answer.status, JSON.parse(answer.body).code], [401, 'unauthenticated']);
});

/** Waits until an upload is being written. */
const draft = (server) =>
    until(() => stored(server).find((path) => path.startsWith('drafts/')), 'a draft');

test('a client that vanishes in the middle leaves nothing behind', async () => {
    const before = storedWhole(server).sort();
    const bytes = formBytes('a.bin', randomBytes(2_000_000));
    for (const cut of [1, 200, 70_000, 1_000_000, bytes.length - 1]) {
        const socket = beginUpload(eve, { length: bytes.length, start: bytes.subarray(0, cut) });
        await until(() => socket.bytesWritten > cut || undefined, 'the bytes to go');
        if (cut >= 70_000) await draft(server);
        socket.resetAndDestroy();
    }
    const clean = () => JSON.stringify(stored(server).sort()) === JSON.stringify(before);
    await until(() => clean() || undefined, 'the drafts to go');
});

test('what a killed server leaves is swept away after its next start', async (t) => {
    const args = ['--files-unlinked-for', '2s'];
    const killed = await startServer({ args }, t);
    const [one] = await people(killed, 'q', 1);
    const thread = await one.channel();
    const kept = await upload(one, 'kept.txt', 'kept');
    await send(one, thread, [kept]);
    const socket = beginUpload(one, {
        length: 9_000_000,
        start: formBytes('a.bin', randomBytes(200_000)).subarray(0, 150_000),
    });
    socket.on('error', () => {});
    await draft(killed);
    await killed.kill9();
    const orphan = '00'.repeat(16);
    writeFileSync(join(killed.data, 'files', '00', orphan), 'nobody knows of it');
    await killed.start();
    await until(() => stored(killed).length === 1 || undefined, 'the sweep');
    const { url } = await fresh(one, kept);
    assert.equal((await download(killed, url)).body.toString(), 'kept');
});

test('200 MB take no more memory than 16 MiB', async () => {
    await upload(eve, 'first.bin', randomBytes(1_000_000));
    const total = 200 * 1_000_000;
    const chunk = randomBytes(1_000_000);
    const [head, tail] = textForm('big.bin', '\0').body.split('\0');
    const before = memoryOf(server)('VmRSS');
    const socket = beginUpload(eve, { length: total + head.length + tail.length, start: head });
    let most = before;
    for (let sent = 0; sent < total; sent += chunk.length) {
        if (!socket.write(chunk)) await new Promise((drained) => socket.once('drain', drained));
        most = Math.max(most, memoryOf(server)('VmRSS'));
    }
    let answer = '';
    socket.setEncoding('utf8').on('data', (text) => (answer += text));
    socket.write(tail);
    await until(() => answer.endsWith('}') || undefined, 'the answer', 10 * patience);
    assert.match(answer, /^HTTP\/1.1 201 /);
    socket.destroy();
    // A sanitizer keeps what was freed.
    if (!/Sanitizer|libasan/.test(readFileSync(`/proc/${server.pid}/maps`, 'utf8')))
        assert.ok(most - before < 16 * 1024, `${most - before} KiB more`);
    assert.equal(JSON.parse(answer.split('\r\n\r\n')[1]).size, total);
});

test('limits: too large, not allowed, no room', async (t) => {
    const small = await startServer(
        {
            args: [
                ...['--limit-file-bytes', '100K', '--limit-user-file-bytes', '250K'],
                ...['--files-deny', 'application/pdf,video/*'],
            ],
        },
        t,
    );
    const [one] = await people(small, 'q', 1);
    const refused = async (answer, status, code) => {
        const { body, headers } = await answer;
        assert.deepEqual([body?.code, body?.status], [code, status]);
        assert.match(headers.get('content-type'), /problem\+json/);
    };
    await upload(one, 'a.bin', noise(102_400));
    await refused(tryUpload(one, 'a.bin', noise(102_401)), 413, 'too_large');
    await refused(tryUpload(one, 'a.bin', noise(1_000_000)), 413, 'too_large');
    const chunked = await bytesFrom(small, 'POST', '/api/upload', {
        headers: { ...formType, ...signed(one), 'Transfer-Encoding': 'chunked' },
        body: formBytes('a.bin', noise(150_000)),
    });
    assert.deepEqual([chunked.status, JSON.parse(chunked.body).code], [413, 'too_large']);
    await refused(tryUpload(one, 'a.txt', '%PDF-1.4\n'), 415, 'unsupported_media');
    await upload(one, 'a.bin', noise(102_400));
    await refused(tryUpload(one, 'a.bin', noise(102_400)), 507, 'storage_full');
    assert.equal(storedWhole(small).length, 2);
    await until(() => stored(small).length === 2 || undefined, 'the drafts to go');
    await upload(one, 'a.bin', 'a little');
});

test('what is in no message goes, what is in one stays, also over a restart', async (t) => {
    const short = await startServer({ args: ['--files-unlinked-for', '2s'] }, t);
    const [one] = await people(short, 'q', 1);
    const thread = await one.channel();
    const kept = await upload(one, 'kept.txt', 'kept');
    await send(one, thread, [kept]);
    const lost = await upload(one, 'lost.txt', 'lost');
    await until(() => stored(short).length === 1 || undefined, 'the file to go');
    await one.refused('GET', `/api/files/${lost.id}`, undefined, 404, 'not_found');
    await short.restart();
    const { url } = await fresh(one, kept);
    assert.equal((await download(short, url)).body.toString(), 'kept');
    assert.equal((await download(short, kept.url)).status, 200, 'the old link still counts');
});

test('with an origin of their own, files are given out under that name alone', async (t) => {
    const apart = await startServer({ args: ['--files-origin', 'http://files.test:81'] }, t);
    const [one] = await people(apart, 'q', 1);
    const { url } = await upload(one, 'a.txt', 'hello');
    assert.match(url, /^http:\/\/files\.test:81\/files\//);
    const path = url.slice('http://files.test:81'.length);
    const from = (Host) => bytesFrom(apart, 'GET', path, { headers: { Host } });
    assert.equal((await from(`127.0.0.1:${apart.port}`)).status, 403);
    const named = await from('files.test:81');
    assert.deepEqual([named.status, named.body.toString()], [200, 'hello']);
});

test('ten uploads at once all arrive', async () => {
    const all = Array.from({ length: 10 }, (_, i) => randomBytes(50_000 + i * 10_000));
    const files = await within(
        10 * patience,
        Promise.all(all.map((bytes) => upload(bob, 'a.bin', bytes))),
        () => 'all uploads',
    );
    for (const [i, { url }] of files.entries()) {
        const { body } = await download(server, url);
        assert.equal(sha256(body), sha256(all[i]));
    }
});

test('of uploads at once a person has ten', async (t) => {
    const narrow = await startServer({ args: ['--shards', '1'], limits: true }, t);
    const [one] = await people(narrow, 'q', 1);
    const { body } = textForm('a.txt', 'x');
    const start = body.slice(0, -10);
    const answers = [];
    const open = Array.from({ length: 15 }, () => {
        const socket = beginUpload(one, { length: body.length, start });
        return socket.setEncoding('utf8').on('data', (text) => answers.push(text));
    });
    await until(() => answers.length === 5 || undefined, 'five refusals');
    for (const answer of answers) assert.match(answer, /^HTTP\/1.1 429 [^]*"code":"rate_limited"/);
    open.forEach((socket) => socket.destroy());
    await until(async () => {
        const { status } = await tryUpload(one, 'a.txt', 'x');
        return status === 201 || undefined;
    }, 'room for another');
});
