// What resumable uploads may take up: bytes within the quota, so many at once and so many unfinished
// ones; and what is refused leaves nothing.
import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';

import { people, startServer, until } from './harness.mjs';
import { beginUpload, form, noise, stored } from './lib/files.mjs';
import { bytesOfPatch, create, metadata, offsetOf, patch, pathOf, tus, uploads } from './lib/tus.mjs';

const uploadsMax = 100;
const headersOf = (size) => ({ 'Upload-Length': String(size), 'Upload-Metadata': metadata({ filename: 'x.txt' }) });
const begin = (person, size) => tus(person, 'POST', uploads, headersOf(size));
const beginWith = (person, size, bytes) => tus(person, 'POST', uploads, { ...headersOf(size), ...bytesOfPatch }, bytes);

function assertRefused(answer, status, code) {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.body.code, code);
    assert.equal(answer.headers.get('location'), null);
}

/** Bytes are given back once they are removed, in the background. */
const beginAgain = (person, size) =>
    until(async () => {
        const answer = await begin(person, size);
        return answer.status === 201 ? pathOf(answer) : undefined;
    }, 'room for an upload');

const small = await startServer({ args: ['--limit-user-file-bytes', '1000000'] });
const usual = await startServer();
const narrowArgs = ['--limit-uploads', '1', '--limit-requests', '0', '--shards', '1'];
const narrow = await startServer({ limits: true, args: narrowArgs });
const guests = { small: await people(small, 'p', 3), usual: await people(usual, 'p', 3), narrow: await people(narrow, 'p', 1) };

describe('with a quota', () => {
    const [ada, bob, eve] = guests.small;

    test('the bytes that an upload may bring count from its beginning', async () => {
        const path = await create(ada, 900_000);
        assert.equal((await patch(ada, path, 0, noise(899_999))).status, 204);
        assertRefused(await begin(ada, 900_000), 507, 'storage_full');
        assertRefused(await beginWith(ada, 900_000, noise(10)), 507, 'storage_full');
        const whole = await patch(ada, path, 899_999, Buffer.from('x'));
        assert.equal(whole.status, 204, 'who was let in is not turned away at the end');
        assertRefused(await begin(ada, 900_000), 507, 'storage_full');
        assert.equal((await begin(ada, 100_000)).status, 201);
    });

    test('they are given back if it is given up, or its file is refused', async () => {
        const path = await create(bob, 900_000);
        assert.equal((await patch(bob, path, 0, noise(1000))).status, 204);
        assert.equal((await tus(bob, 'DELETE', path)).status, 204);
        const other = await beginAgain(bob, 900_000);
        assert.equal((await tus(bob, 'DELETE', other)).status, 204);
        const fake = { ...headersOf(900_000), 'Upload-Metadata': metadata({ filename: 'x.png' }) };
        const refused = await until(async () => {
            const answer = await tus(bob, 'POST', uploads, { ...fake, ...bytesOfPatch }, noise(900_000));
            return answer.status === 507 ? undefined : answer;
        }, 'room for a file that is refused');
        assertRefused(refused, 422, 'bad_image');
        await beginAgain(bob, 900_000);
    });

    test('one that ends as a file of as many bytes takes no more than that', async () => {
        for (let i = 0; i < 5; i++) assert.equal((await beginWith(eve, 200_000, noise(200_000))).status, 201);
        assertRefused(await begin(eve, 1), 507, 'storage_full');
    });
});

describe('unfinished uploads', () => {
    const server = usual;
    const [ada, bob, eve] = guests.usual;

    test('of one user are limited, finished ones are not', async () => {
        for (let i = 0; i < uploadsMax + 10; i++) {
            const answer = await beginWith(ada, 1, Buffer.from('x'));
            assert.equal(answer.status, 201, `${i}: ${answer.text}`);
        }
        const paths = [];
        for (let i = 0; i < uploadsMax; i++) paths.push(await create(ada, 2));
        const refused = await begin(ada, 2);
        assertRefused(refused, 429, 'rate_limited');
        assert.ok(Number(refused.headers.get('retry-after')) >= 1);
        await create(bob, 2);
        assert.equal((await patch(ada, paths[0], 0, Buffer.from('xy'))).status, 204);
        assert.equal((await tus(ada, 'DELETE', paths[1])).status, 204);
        await create(ada, 2);
        await create(ada, 2);
        assertRefused(await begin(ada, 2), 429, 'rate_limited');
    });

    test('none is left by a beginning whose bytes were cut off, or too many', async () => {
        const before = stored(server).length;
        for (let i = 0; i < 5; i++) {
            assertRefused(await beginWith(eve, 10, Buffer.alloc(11)), 413, 'too_large');
            const socket = net.connect({ port: server.port, host: '127.0.0.1' });
            const fields = { ...headersOf(1000), ...bytesOfPatch, 'Content-Length': 1000, 'Tus-Resumable': '1.0.0' };
            const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
            socket.write(
                `POST ${uploads} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n` +
                    `Authorization: Bearer ${eve.token}\r\n${lines.join('')}\r\n`,
            );
            await new Promise((sent) => socket.end(Buffer.alloc(500), sent));
            await new Promise((closed) => socket.resume().on('close', closed));
        }
        for (let i = 0; i < uploadsMax - 1; i++) await create(eve, 2);
        await beginAgain(eve, 2);
        const count = () => stored(server).length;
        await until(() => (count() <= before ? true : undefined), 'the store as it was');
    });
});

describe('with one upload at a time', () => {
    const [ada] = guests.narrow;

    test('what is refused for it is not begun, or keeps its offset', async () => {
        const path = await create(ada, 10);
        assert.equal((await patch(ada, path, 0, Buffer.from('01234'))).status, 204);
        const file = { filename: 'x.bin', claimedType: 'application/octet-stream', bytes: noise(100_000) };
        const body = form(file);
        const slow = beginUpload(ada, { length: body.length, start: body.subarray(0, 50_000) });
        const begun = () => stored(narrow).some((name) => name.startsWith('drafts'));
        await until(() => begun() || undefined, 'the other upload to take its turn');
        for (let i = 0; i < uploadsMax + 5; i++)
            assertRefused(await beginWith(ada, 2, Buffer.from('x')), 429, 'rate_limited');
        assertRefused(await patch(ada, path, 5, Buffer.from('56789')), 429, 'rate_limited');
        assert.equal(await offsetOf(ada, path), 5);
        slow.destroy();
        const whole = await until(async () => {
            const answer = await patch(ada, path, 5, Buffer.from('56789'));
            return answer.status === 429 ? undefined : answer;
        }, 'a turn for the upload');
        assert.equal(whole.status, 204, whole.text);
        assert.ok(whole.headers.get('banter-file'));
        assert.equal((await beginWith(ada, 2, Buffer.from('x'))).status, 201);
    });
});
