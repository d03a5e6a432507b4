// An upload that is whole becomes a file, once, and no client is told before that it has succeeded:
// many ask at the same time, the server is killed or stopped, the store has lost a part for a while.
import assert from 'node:assert/strict';
import { readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Upload } from 'tus-js-client';

import { fileMayTake, patience, people, startServer, until, within } from './harness.mjs';
import { fetchLink, noise, storedWhole } from './lib/files.mjs';
import { create, patch, tus } from './lib/tus.mjs';

fileMayTake(480_000);
const server = await startServer();
const [ada] = await people(server, 'p', 1);
/** So large that making the file takes a while, on any disk. */
const bytes = noise(150_000_000);

const asked = (answer) => [answer.status, answer.headers.get('banter-file')];
const unanswered = (error) => ({ status: 0, headers: new Headers(), text: String(error) });

/** An upload that lacks its last ten bytes. */
async function nearlyWhole() {
    const path = await create(ada, bytes.length);
    const answer = await patch(ada, path, 0, bytes.subarray(0, -10));
    assert.equal(answer.status, 204, answer.text);
    left = new Set(readdirSync(drafts));
    return path;
}

const last = (path) => patch(ada, path, bytes.length - 10, bytes.subarray(-10));

function sizeOf(path) {
    try {
        return statSync(path).size;
    } catch {
        return 0;  // it has just become an object
    }
}

const drafts = join(server.data, 'files', 'drafts');
/** Those that a server left behind that had to end. */
let left = new Set();

/** Until bytes of more than the last part are copied. */
function completing() {
    const isNew = (name) => !left.has(name) && sizeOf(join(drafts, name)) > 10;
    const isCopied = () => readdirSync(drafts).some(isNew);
    return until(() => isCopied() || undefined, 'the file that is being made');
}

async function assertGives(id) {
    const { url, size } = await ada.ok('GET', `/api/files/${id}`);
    assert.equal(size, bytes.length);
    const served = await fetchLink(server, url);
    assert.ok(served.body.equals(bytes));
}

/** Without what a killed server was about to write. */
const objects = () => storedWhole(server);
/** Parts are removed in the background. */
const assertObjects = (count) =>
    until(() => objects().length === count || undefined, `${count} objects and no more`);

test('all who ask while it is made get the same file, of which there is one', async () => {
    const before = objects().length;
    const path = await nearlyWhole();
    const answers = [last(path)];
    await completing();
    for (let i = 0; i < 5; i++) {
        answers.push(patch(ada, path, bytes.length, Buffer.alloc(0)));
        answers.push(tus(ada, 'HEAD', path));
    }
    const [first, ...others] = (await Promise.all(answers)).map(asked);
    assert.equal(first[0], 204);
    assert.match(first[1], /^[0-9a-f-]{36}$/);
    for (const [status, id] of others) {
        assert.ok([200, 204].includes(status), String(status));
        assert.equal(id, first[1]);
    }
    await assertGives(first[1]);
    await assertObjects(before + 1);
});

test('after a kill -9 while it is made the next who asks gets the file', async () => {
    const before = objects().length;
    const path = await nearlyWhole();
    const cut = last(path).catch(unanswered);
    await completing();
    await server.kill9();
    assert.equal((await cut).status, 0);
    await server.start();
    let head = await tus(ada, 'HEAD', path);
    // Of a disk that stands still meanwhile.
    if (head.status === 423) head = await tus(ada, 'HEAD', path);
    assert.equal(head.status, 200, 'within one answer');
    assert.equal(Number(head.headers.get('upload-offset')), bytes.length);
    await assertGives(head.headers.get('banter-file'));
    await assertObjects(before + 1);
});

test('an end of the server does not wait for it, and the next server makes it at once', async () => {
    const path = await nearlyWhole();
    const answer = last(path).catch(unanswered);
    await completing();
    const { code } = await server.stop();
    assert.equal(code, 0);
    const { status, headers } = await answer;
    assert.ok([204, 423].includes(status), String(status));
    if (status === 423) assert.ok(Number(headers.get('retry-after')) >= 1);
    await server.start();
    const head = await tus(ada, 'HEAD', path);
    assert.equal(head.status, 200);
    await assertGives(head.headers.get('banter-file'));
});

test('the connection that brought the last byte may be cut: the file is made', async () => {
    const path = await nearlyWhole();
    const stop = new AbortController();
    const url = server.url + path;
    const headers = {
        Authorization: `Bearer ${ada.token}`,
        'Content-Type': 'application/offset+octet-stream',
        'Tus-Resumable': '1.0.0',
        'Upload-Offset': String(bytes.length - 10),
    };
    const body = bytes.subarray(-10);
    const gone = fetch(url, { method: 'PATCH', headers, body, signal: stop.signal });
    await completing();
    stop.abort();
    await assert.rejects(gone);
    const head = await tus(ada, 'HEAD', path);
    assert.equal(head.status, 200);
    await assertGives(head.headers.get('banter-file'));
});

test('tus-js-client does not take it for a success before there is a file', async () => {
    const known = new Set(objects());
    const path = await create(ada, 2_000);
    const content = noise(2_000);
    assert.equal((await patch(ada, path, 0, content.subarray(0, 1_000))).status, 204);
    const [part] = objects().filter((name) => !known.has(name));
    const lies = join(server.data, 'files', part);
    const hidden = join(server.data, 'hidden');
    renameSync(lies, hidden);
    const statuses = [];
    const ended = new Promise((settle, fail) => {
        const client = new Upload(content, {
            uploadUrl: server.url + path,
            headers: { Authorization: `Bearer ${ada.token}` },
            retryDelays: Array(50).fill(100),
            onAfterResponse: (request, answer) => {
                statuses.push(`${request.getMethod()} ${answer.getStatus()}`);
                if (statuses.length === 4) renameSync(hidden, lies);
            },
            onError: fail,
            onSuccess: ({ lastResponse }) => settle(lastResponse.getHeader('Banter-File')),
        });
        client.start();
    });
    const id = await within(4 * patience, ended, () => `an end after ${statuses}`);
    assert.deepEqual(statuses.slice(0, 4), ['HEAD 200', 'PATCH 423', 'HEAD 423', 'HEAD 423']);
    const { size } = await ada.ok('GET', `/api/files/${id}`);
    assert.equal(size, 2_000);
});
