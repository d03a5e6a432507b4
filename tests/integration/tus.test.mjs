// Uploads that go on where they were cut, with npm's tus-js-client on a bad network and a server that
// is killed. The choices are repeated with BANTER_SEED.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import test from 'node:test';
import { DefaultHttpStack, Upload } from 'tus-js-client';

import { fileMayTake, patience, people, startServer, within } from './harness.mjs';
import { CuttingProxy } from './lib/cutting_proxy.mjs';
import { fetchLink, noise } from './lib/files.mjs';
import { randomFrom } from './lib/record.mjs';
import { uploads } from './lib/tus.mjs';

fileMayTake(480_000);
const seed = Number(process.env.BANTER_SEED ?? (Math.random() * 2 ** 32) >>> 0);
const random = randomFrom(seed);
const server = await startServer();
const [ada] = await people(server, 'p', 1);

const mebibyte = 1 << 20;
const bytes = noise(20 * mebibyte);
const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** Among the bytes of the file, or at the first ones of any request. */
function somewhere() {
    if (random() < 0.2) return { after: 1 + Math.floor(random() * 100) };
    return { method: 'PATCH', after: 1 + Math.floor(random() * 1.5 * mebibyte) };
}

/**
 * Uploads through the proxy as a browser does: {id, offsets}, where `offsets` are those at which the client went on.
 * `acknowledged` is called with each offset that the server has said.
 */
function upload(proxy, { chunkSize = Infinity, retryDelays, acknowledged = () => {} }) {
    const offsets = [];
    let id;
    const done = new Promise((settle, fail) => {
        const client = new Upload(bytes, {
            endpoint: proxy.url + uploads,
            headers: { Authorization: `Bearer ${ada.token}` },
            metadata: { filename: 'noise.bin', filetype: 'text/plain' },
            chunkSize,
            retryDelays,
            httpStack: new DefaultHttpStack({ agent: new Agent({ keepAlive: false }) }),
            onBeforeRequest: (asked) => {
                if (asked.getMethod() === 'PATCH') offsets.push(Number(asked.getHeader('Upload-Offset')));
            },
            onAfterResponse: (asked, answer) => {
                id = answer.getHeader('Banter-File') ?? id;
                const offset = answer.getHeader('Upload-Offset');
                if (answer.getStatus() < 300 && offset !== undefined) acknowledged(Number(offset));
            },
            onError: fail,
            onSuccess: () => settle({ id, offsets }),
        });
        client.start();
    });
    return within(8 * patience, done, () => `the end of an upload that went on at ${offsets.slice(-20)}`);
}

/** That it is a file like any other, and every byte of it. */
async function assertWhole(id) {
    const attachment = await ada.ok('GET', `/api/files/${id}`);
    const { name, size, mediaType } = attachment;
    assert.deepEqual([name, size, mediaType], ['noise.bin', bytes.length, 'application/octet-stream']);
    const served = await fetchLink(server, attachment.url);
    assert.equal(served.status, 200);
    assert.equal(sha256(served.body), sha256(bytes));
}

test(`cut at random bytes it goes on where it was, and every byte is there (seed ${seed})`, async (t) => {
    const plan = Array.from({ length: 16 }, (_, i) => ({ ...somewhere(), reset: i % 2 === 1 }));
    // What comes before a cut without a reset is kept, and the others may cut very little.
    plan[0] = { method: 'PATCH', after: mebibyte + 200_000, reset: false };
    const proxy = await CuttingProxy.start(server, plan);
    t.after(() => proxy.stop());
    const { id, offsets } = await upload(proxy, { retryDelays: Array(100).fill(0) });
    // What was kept of each may be all of it before the last cut.
    assert.ok(proxy.cuts >= 8, `${proxy.cuts} cuts`);
    assert.deepEqual(offsets, [...offsets].sort((a, b) => a - b), 'it never went back');
    assert.ok(offsets.at(-1) > mebibyte, `what came before a cut was kept: ${offsets}`);
    await assertWhole(id);
    t.diagnostic(`went on at ${offsets}`);
});

test('cut in each request and each answer it goes on: the server knows more than the client then', async (t) => {
    const places = [1, 50, 150];
    const cuts = (method, answer) => places.map((after) => ({ method, answer, after }));
    // A client asks where the upload is once it has lost a connection.
    const lost = { method: 'PATCH', after: 100_000 };
    const proxy = await CuttingProxy.start(server, [
        ...cuts('POST', false),
        ...cuts('POST', true),
        ...cuts('PATCH', false),
        ...cuts('PATCH', true),
        lost,
        ...cuts('HEAD', false),
        lost,
        ...cuts('HEAD', true),
    ]);
    t.after(() => proxy.stop());
    const chunkSize = 3 * mebibyte;
    const { id, offsets } = await upload(proxy, { chunkSize, retryDelays: Array(100).fill(0) });
    assert.equal(proxy.cuts, 20);
    assert.deepEqual(offsets, [...offsets].sort((a, b) => a - b), 'it never went back');
    await assertWhole(id);
});

test('what was acknowledged is there after a kill -9, and the upload goes on', async (t) => {
    const proxy = await CuttingProxy.start(server);
    t.after(() => proxy.stop());
    let restarted;
    const kill = async () => {
        await server.kill9();
        await server.start();
    };
    let said = 0;
    const acknowledged = (offset) => {
        assert.ok(offset >= said, `${offset} after ${said} was acknowledged`);
        const isTime = said < 9 * mebibyte && offset >= 9 * mebibyte;
        if (isTime) proxy.plan.push({ method: 'PATCH', after: 300_000, then: () => (restarted = kill()) });
        said = offset;
    };
    const retryDelays = Array(400).fill(50);
    const { id, offsets } = await upload(proxy, { chunkSize: mebibyte, retryDelays, acknowledged });
    await restarted;
    assert.equal(proxy.cuts, 1);
    assert.ok(offsets.length > 20, 'a request for each MiB, and one more');
    await assertWhole(id);
    t.diagnostic(`went on at ${offsets}`);
});
