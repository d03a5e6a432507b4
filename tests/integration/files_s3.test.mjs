// Files in a bucket, from end to end: against a real S3 server and a CDN's edge, with Amazon's own
// clients beside Banter's.
import { getSignedUrl } from '@aws-sdk/cloudfront-signer';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { Edge } from '../services/edge.mjs';
import { freePort } from '../services/place.mjs';
import { S3 } from '../services/s3.mjs';
import {
    fileMayTake,
    patience,
    people,
    run,
    startServer,
    temporaryDirectory,
    until,
    within,
} from './harness.mjs';
import { Bucket, credentialsFile, credentialsOf, filesUrl, keyOf, sha256 } from './lib/bucket.mjs';
import { edgeUrl, edgeUrlOfSha256 } from './lib/cloud.mjs';
import { beginUpload, fetchLink, form, noise, upload as tryUpload } from './lib/files.mjs';
import { photograph } from './lib/photograph.mjs';
import { create, offsetOf, patch } from './lib/tus.mjs';

fileMayTake(480_000);
const mebibyte = 1 << 20;
/** What goes into a part of an upload to S3. */
const partBytes = 6 * mebibyte;

const s3 = await S3.start();
const edge = await Edge.start(s3);
const bucket = new Bucket(s3);
const server = await startServer(bucket.options({ edge }));
const [ada, bob, eve] = await people(server, 'p', 3);
after(async () => {
    await edge.stop();
    await s3.stop();
});

/** The attachment that an upload gives. */
async function upload(person, filename, bytes) {
    const file = { filename, claimedType: 'application/octet-stream', bytes: Buffer.from(bytes) };
    const answer = await tryUpload(person, file);
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
}

const send = (author, thread, attachments) => {
    const body = { nonce: randomUUID(), content: '', attachments: attachments.map(({ id }) => id) };
    return author.ok('POST', `/api/threads/${thread.id}/messages`, body, 201);
};
const fresh = (person, { id }) => person.ok('GET', `/api/files/${id}`);
const isMissing = (person, { id }) => person.refused('GET', `/api/files/${id}`, undefined, 404, 'not_found');

/** Waits until `probe` says yes. */
const eventually = (probe, what) => until(async () => (await probe()) || undefined, what);

const cached = ({ headers }) => headers.get('x-cache');
const parameter = (link, name) => new URL(link).searchParams.get(name);

/** What an edge gives: the answer, which has to be good. */
async function fetched(link, options) {
    const answer = await fetchLink(server, link, options);
    assert.ok(answer.status === 200 || answer.status === 206, `${answer.status} ${answer.body}`);
    return answer;
}

describe('behind the edge', () => {
    for (const [how, size, parts] of [
        ['in one request', 300_000, ''],
        ['in parts', 20 * mebibyte, '-4'],
    ]) {
        test(`a file goes ${how} to the bucket, and from the edge to everybody in the thread`, async () => {
            const thread = await ada.channel();
            await bob.join(thread);
            const bobs = await bob.joined(thread);
            const before = await bucket.keys();
            const bytes = noise(size);
            const file = await upload(ada, 'data.bin', bytes);
            assert.equal(file.size, size);
            await send(ada, thread, [file]);
            const { message } = await bobs.waitFor({ type: 'message:new' });
            const [told] = message.attachments;
            assert.ok(told.url.startsWith(`${edge.url}/`), told.url);

            const first = await fetched(told.url);
            assert.equal(cached(first), 'Miss from cloudfront');
            assert.equal(sha256(first.body), sha256(bytes));
            const again = await fetched((await fresh(bob, file)).url);
            assert.equal(cached(again), 'Hit from cloudfront', "also by another's link");
            assert.equal(sha256(again.body), sha256(bytes));

            const added = (await bucket.keys()).filter((key) => !before.includes(key));
            assert.deepEqual(added, [keyOf(file.url)], 'one object, with a name that says nothing');
            assert.equal(sha256(await bucket.bytes(added[0])), sha256(bytes));
            const { ContentLength, ContentType, ETag } = await bucket.head(added[0]);
            assert.deepEqual([ContentLength, ContentType], [size, 'application/octet-stream']);
            assert.match(ETag, new RegExp(`^"[0-9a-f]{32}${parts}"$`));
            assert.deepEqual(await bucket.openUploads(), []);
            assert.deepEqual(readdirSync(server.data).filter((name) => name === 'files'), [], 'nothing stays here');
            await bobs.close();
        });
    }

    test('a download that broke off is resumed', async () => {
        const bytes = noise(2 * mebibyte);
        const { url } = await upload(ada, 'data.bin', bytes);
        const asked = request(url).end();
        const [response] = await once(asked, 'response');
        let got = Buffer.alloc(0);
        for await (const chunk of response) {
            got = Buffer.concat([got, chunk]);
            if (got.length > 300_000) break;
        }
        asked.destroy();
        assert.ok(got.length < bytes.length);
        const headers = { Range: `bytes=${got.length}-`, 'If-Range': response.headers.etag };
        const rest = await fetched(url, { headers });
        assert.equal(rest.status, 206);
        assert.equal(rest.headers.get('content-range'), `bytes ${got.length}-${bytes.length - 1}/${bytes.length}`);
        assert.equal(sha256(Buffer.concat([got, rest.body])), sha256(bytes));
    });

    test('what the link says of name and type the answer says, and nothing in it runs', async () => {
        const page = '<!DOCTYPE html><html><script>alert(document.cookie)</script></html>';
        const names = [
            ['plain.txt', 'hello', 'text/plain'],
            [`Grüße "q" (1)'!*;=&?%41.txt`, 'hello', 'text/plain'],
            ['page.html', page, 'application/octet-stream'],
            ['data.bin', noise(1000), 'application/octet-stream'],
        ];
        for (const [name, bytes, type] of names) {
            const { url } = await upload(ada, name, bytes);
            const { headers } = await fetched(url);
            assert.equal(parameter(url, 'response-content-type'), type);
            assert.equal(headers.get('content-type'), type);
            const disposition = parameter(url, 'response-content-disposition');
            assert.equal(headers.get('content-disposition'), disposition);
            assert.match(disposition, /^attachment; filename="/);
            const utf8 = /filename\*=UTF-8''(.*)$/.exec(disposition);
            assert.equal(utf8 ? decodeURIComponent(utf8[1]) : /"(.*)"/.exec(disposition)[1], name);
            assert.equal(headers.get('x-content-type-options'), 'nosniff');
        }
    });

    /** The URL without what the signature added, and that. */
    function partsOf(link) {
        const added = /[?&]Expires=(\d+)&Signature=([\w~-]+)&Key-Pair-Id=(\w+)(?:&Hash-Algorithm=(\w+))?$/.exec(link);
        const [all, expires, signature, id, hash] = added;
        return { url: link.slice(0, -all.length), expires: Number(expires), signature, id, hash };
    }

    const endOf = ({ expires }) => new Date(expires * 1000);
    const privateKey = readFileSync(edge.keyFile, 'utf8');

    test("signs its links as Amazon's own signer does", async () => {
        for (const name of ['a.txt', `ü "'()*!~ &?%41.txt`]) {
            const file = await upload(ada, name, 'hello');
            const link = partsOf(file.url);
            const signed = getSignedUrl({
                url: link.url,
                keyPairId: edge.keyPairId,
                privateKey,
                dateLessThan: endOf(link).toISOString(),
            });
            assert.equal(parameter(signed, 'Signature'), link.signature);
            assert.equal(parameter(signed, 'Expires'), String(link.expires));
            assert.deepEqual([link.id, link.hash], [edge.keyPairId, undefined]);
            assert.equal(endOf(link).toISOString(), file.urlExpiresAt);
            const life = link.expires * 1000 - Date.now();
            assert.ok(life > 4 * 60_000 && life <= 10 * 60_000, `${life} ms`);
        }
    });

    test('its links are of no use once they are over, changed, or signed by another', async () => {
        const { url } = await upload(ada, 'a.txt', 'hello');
        const other = await upload(ada, 'b.txt', 'other');
        const link = partsOf(url);
        const path = link.url.slice(edge.url.length);
        const refusals = [
            [edgeUrl(edge, path, { until: new Date(Date.now() - 1000) }), 'expired'],
            [url.replace(`Expires=${link.expires}`, `Expires=${link.expires + 300}`), 'wrong signature'],
            [url.replace(keyOf(url), keyOf(other.url)), 'wrong signature'],
            [url.replace('attachment', 'inline'), 'wrong signature'],
            [url.replace('text%2Fplain', 'text%2Fhtml'), 'wrong signature'],
            [url.replace(link.signature, partsOf(other.url).signature), 'wrong signature'],
            [link.url, 'no key'],
        ];
        for (const [refused, why] of refusals) {
            const answer = await fetchLink(server, refused);
            assert.deepEqual([answer.status, answer.headers.get('x-refusal')], [403, why]);
            assert.doesNotMatch(answer.body.toString(), /hello|other/);
        }
        const direct = await fetch(`${s3.endpoint}/${s3.bucket}/${keyOf(url)}`);
        assert.equal(direct.status, 403, 'the bucket is private');
        assert.equal((await fetchLink(server, `/files/${keyOf(url)}`)).status, 403);
        await fetched(url);
    });

    test('who is removed gets no fresh link', async () => {
        const thread = await ada.channel({ visibility: 'private' });
        const members = `/api/threads/${thread.id}/members/${eve.id}`;
        const file = await upload(ada, 'a.txt', 'secret');
        await isMissing(eve, file);
        await send(ada, thread, [file]);
        await isMissing(eve, file);
        await ada.ok('PUT', members, {});
        assert.equal((await fetched((await fresh(eve, file)).url)).body.toString(), 'secret');
        await ada.ok('DELETE', members, undefined, 204);
        await isMissing(eve, file);
    });

    test('the files of a deleted message are gone from the bucket', async () => {
        const thread = await ada.channel();
        const files = [await upload(ada, 'a.txt', 'hello'), await upload(ada, 'b.bin', noise(partBytes + 1))];
        const { id } = await send(ada, thread, files);
        const keys = files.map(({ url }) => keyOf(url));
        const left = async () => (await bucket.keys()).filter((key) => keys.includes(key)).length;
        assert.equal(await left(), 2);
        const deleted = await ada.ok('DELETE', `/api/messages/${id}`);
        assert.deepEqual(deleted.attachments, []);
        for (const file of files) await isMissing(ada, file);
        await eventually(async () => (await left()) === 0, 'the objects to go');
    });

    test('the smaller ones of a picture come from the edge, and go with it', async () => {
        const thread = await ada.channel();
        const file = await upload(ada, 'photo.png', photograph(1000, 700));
        const { id } = await send(ada, thread, [file]);
        const { url, variants } = await until(async () => {
            const found = await fresh(ada, file);
            return found.variants.length > 0 ? found : undefined;
        }, 'smaller pictures', 8 * patience);
        const links = [url, ...variants.map((variant) => variant.url)];
        for (const from of ['Miss', 'Hit']) {
            for (const variant of variants) {
                const answer = await fetched(variant.url);
                assert.equal(cached(answer), `${from} from cloudfront`);
                assert.equal(answer.headers.get('content-type'), variant.mediaType);
                assert.match(answer.headers.get('content-disposition'), /^inline/);
                assert.equal(answer.body.length, variant.size);
            }
        }
        const keys = links.map(keyOf);
        const left = async () => (await bucket.keys()).filter((key) => keys.includes(key)).length;
        assert.equal(await left(), links.length);
        await ada.ok('DELETE', `/api/messages/${id}`);
        await eventually(async () => (await left()) === 0, 'all of them to go');
    });

    test('a prefix of the bucket is the origin path of the distribution', async (t) => {
        const place = new Bucket(s3, `of/${randomUUID()}`);
        const before = await bucket.keys();
        const behind = await Edge.start(s3, `/${place.prefix}`);
        t.after(() => behind.stop());
        const started = await startServer(place.options({ edge: behind }), t);
        const [one] = await people(started, 'q', 1);
        const { url } = await upload(one, 'a.txt', 'under a prefix');
        assert.ok(url.startsWith(`${behind.url}/${keyOf(url)}?`), url);
        assert.equal((await fetched(url)).body.toString(), 'under a prefix');
        assert.deepEqual(await place.keys(), [keyOf(url)]);
        assert.deepEqual(await bucket.keys(), before);
    });

    test('links by SHA-256 are as good, and lead to what is cached already', async (t) => {
        const bytes = noise(100_000);
        const file = await upload(ada, 'a.bin', bytes);
        await fetched(file.url);
        await server.restart({ args: bucket.options({ edge, hash: 'sha256' }).args });
        t.after(() => server.restart({ args: bucket.options({ edge }).args }));
        const { url } = await fresh(ada, file);
        const link = partsOf(url);
        assert.equal(link.hash, 'SHA256');
        const path = link.url.slice(edge.url.length);
        const same = edgeUrlOfSha256(edge, path, { until: endOf(link) });
        assert.equal(parameter(same, 'Signature'), link.signature);
        const answer = await fetched(url);
        assert.equal(cached(answer), 'Hit from cloudfront');
        assert.equal(sha256(answer.body), sha256(bytes));
        const without = await fetchLink(server, url.replace('&Hash-Algorithm=SHA256', ''));
        assert.equal(without.status, 403);
    });
});

describe('without a CDN', () => {
    /** A server whose files lie under a prefix of their own. */
    async function inBucket(t, args = []) {
        const place = new Bucket(s3, `of/${randomUUID()}`);
        const started = await startServer(place.options({ args }), t);
        const [one, two] = await people(started, 'q', 2);
        return { place, server: started, one, two };
    }

    test('the server gives out what lies in the bucket: whole, in part, and once', async (t) => {
        const { place, server, one } = await inBucket(t);
        const bytes = noise(20 * mebibyte);
        const { url } = await upload(one, 'data.bin', bytes);
        assert.match(url, /^(http:\/\/127\.0\.0\.1:\d+)?\/files\/[0-9a-f]{32}\?/);
        assert.deepEqual(await place.keys(), [keyOf(url)]);
        const whole = await fetchLink(server, url);
        assert.equal(whole.status, 200);
        assert.equal(sha256(whole.body), sha256(bytes));
        assert.match(whole.headers.get('content-disposition'), /^attachment; filename="data\.bin"/);
        assert.equal(whole.headers.get('content-security-policy'), "sandbox; default-src 'none'");
        const head = await fetchLink(server, url, { method: 'HEAD' });
        assert.equal(head.headers.get('content-length'), String(bytes.length));
        assert.equal(head.headers.get('accept-ranges'), 'bytes');
        const etag = head.headers.get('etag');
        assert.match(etag, /^"[^"]+"$/, 'a strong one');
        const ask = (headers) => fetchLink(server, url, { headers });
        const from = partBytes - 5;
        const part = await ask({ Range: `bytes=${from}-${from + 9}`, 'If-Range': etag });
        assert.equal(part.status, 206);
        assert.equal(part.headers.get('content-range'), `bytes ${from}-${from + 9}/${bytes.length}`);
        assert.deepEqual(part.body, bytes.subarray(from, from + 10));
        const last = await ask({ Range: 'bytes=-7' });
        assert.deepEqual([last.status, last.body], [206, bytes.subarray(-7)]);
        assert.equal((await ask({ 'If-None-Match': etag })).status, 304);
        const beyond = await ask({ Range: `bytes=${bytes.length}-` });
        assert.equal(beyond.status, 416);
        assert.equal(beyond.headers.get('content-range'), `bytes */${bytes.length}`);
        const changed = url.replace(/signature=../, 'signature=AA');
        assert.equal((await fetchLink(server, changed)).status, 403);
    });

    test('text leaves compressed for who takes that', async (t) => {
        const { server, one } = await inBucket(t);
        const text = Array.from({ length: 20_000 }, (_, i) => `line ${i}`).join('\n');
        const { url } = await upload(one, 'notes.txt', text);
        const packed = await fetchLink(server, url, { headers: { 'Accept-Encoding': 'gzip' } });
        assert.equal(packed.headers.get('content-encoding'), 'gzip');
        assert.equal(gunzipSync(packed.body).toString(), text);
        assert.equal((await fetchLink(server, url)).body.toString(), text);
    });

    test('what is removed from the bucket by others is not found, and nothing else comes of it', async (t) => {
        const { place, server, one } = await inBucket(t);
        const { url } = await upload(one, 'a.txt', 'hello');
        await place.remove(keyOf(url));
        const answer = await fetchLink(server, url);
        assert.deepEqual([answer.status, JSON.parse(answer.body).code], [404, 'not_found']);
    });

    test('what is in no message goes, what is in one stays, also over a restart', async (t) => {
        const { place, server, one } = await inBucket(t, ['--files-unlinked-for', '2s']);
        const thread = await one.channel();
        const kept = await upload(one, 'kept.txt', 'kept');
        await send(one, thread, [kept]);
        const lost = await upload(one, 'lost.txt', 'lost');
        const only = async () => JSON.stringify(await place.keys()) === JSON.stringify([keyOf(kept.url)]);
        await eventually(only, 'the file to go');
        await isMissing(one, lost);
        await server.restart();
        const { url } = await fresh(one, kept);
        assert.equal((await fetchLink(server, url)).body.toString(), 'kept');
    });

    test('100 MB take no more memory than 16 MiB', async (t) => {
        const { server, one } = await inBucket(t);
        // What the first ones take stays: the types of files, once for each thread of execution that looks for them.
        for (let i = 0; i < 12; i++) await upload(one, 'first.bin', noise(1000));
        await upload(one, 'first.bin', noise(partBytes + 1));
        const memory = () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]);
        const chunk = noise(1_000_000);
        const count = 100;
        const [head, tail] = form({ filename: 'a.bin', claimedType: 'x/y', bytes: '\0' }).toString().split('\0');
        const before = memory();
        let most = before;
        const socket = beginUpload(one, { length: head.length + count * chunk.length + tail.length, start: head });
        let answer = '';
        socket.setEncoding('utf8').on('data', (text) => (answer += text));
        for (let i = 0; i < count; i++) {
            if (!socket.write(chunk)) await once(socket, 'drain');
            most = Math.max(most, memory());
        }
        socket.write(tail);
        await until(() => answer.endsWith('}') || undefined, 'the answer', 4 * patience);
        socket.destroy();
        assert.match(answer, /^HTTP\/1.1 201 /);
        // A sanitizer keeps what was freed.
        if (!/Sanitizer|libasan/.test(readFileSync(`/proc/${server.pid}/maps`, 'utf8')))
            assert.ok(most - before < 16 * 1024, `${most - before} KiB more`);
        t.diagnostic(`${most - before} KiB more`);
        const { url, size } = JSON.parse(answer.split('\r\n\r\n')[1]);
        assert.equal(size, count * chunk.length);
        const { body } = await fetchLink(server, url);
        assert.ok(body.equals(Buffer.concat(Array(count).fill(chunk))));
    });

    test('twenty uploads at once all arrive', async (t) => {
        const { place, server, one, two } = await inBucket(t);
        const all = Array.from({ length: 20 }, (_, i) => noise(50_000 + i * 10_000));
        const files = await Promise.all(all.map((bytes, i) => upload(i % 2 ? one : two, 'a.bin', bytes)));
        for (const [i, { url }] of files.entries()) {
            const { body } = await fetchLink(server, url);
            assert.equal(sha256(body), sha256(all[i]));
        }
        assert.deepEqual(await place.keys(), files.map(({ url }) => keyOf(url)).sort());
    });

    test('an upload in parts goes on over a restart and a kill -9, and is one object in the end', async (t) => {
        const { place, server, one } = await inBucket(t);
        const bytes = noise(22 * mebibyte);
        const path = await create(one, bytes.length);
        let offset = 0;
        const add = async (size) => {
            assert.equal(await offsetOf(one, path), offset);
            const answer = await patch(one, path, offset, bytes.subarray(offset, offset + size));
            assert.equal(answer.status, 204, answer.text);
            offset += size;
            return answer;
        };
        await add(10 * mebibyte);
        await server.restart();
        await add(100);
        await server.kill9();
        await server.start();
        await add(7 * mebibyte);
        await server.restart();
        const last = await add(bytes.length - offset);
        const { url, size } = await fresh(one, { id: last.headers.get('banter-file') });
        assert.equal(size, bytes.length);
        assert.equal(sha256((await fetchLink(server, url)).body), sha256(bytes));
        await eventually(async () => (await place.keys()).length === 1, 'the parts to go');
        assert.deepEqual(await place.keys(), [keyOf(url)]);
        assert.equal(sha256(await place.bytes(keyOf(url))), sha256(bytes));
        assert.deepEqual(await place.openUploads(), []);
    });

    test('an upload in parts that is given up leaves nothing in the bucket', async (t) => {
        const { place, one } = await inBucket(t);
        const bytes = noise(12 * mebibyte);
        const path = await create(one, bytes.length);
        await patch(one, path, 0, bytes.subarray(0, 9 * mebibyte));
        assert.equal((await place.keys()).length, 1);
        const answer = await one.http('DELETE', path, undefined, { 'Tus-Resumable': '1.0.0' });
        assert.equal(answer.status, 204);
        await eventually(async () => (await place.keys()).length === 0, 'the part to go');
        assert.deepEqual(await place.openUploads(), []);
    });

    const formOf = (bytes) => form({ filename: 'a.bin', claimedType: 'application/octet-stream', bytes });

    /** An upload that has come so far that S3 holds a part of it. */
    async function halfWay(person, place, bytes) {
        const socket = beginUpload(person, { length: bytes.length, start: bytes.subarray(0, partBytes + 500_000) });
        socket.on('error', () => {});
        await eventually(async () => (await place.openUploads()).length > 0, 'an upload in parts');
        return socket;
    }

    test('a client that vanishes in the middle leaves nothing behind', async (t) => {
        const { place, one } = await inBucket(t);
        const kept = await upload(one, 'kept.txt', 'kept');
        const bytes = formOf(noise(12 * mebibyte));
        for (const cut of [1, 200, 70_000, 1_000_000, bytes.length - 1]) {
            const socket = beginUpload(one, { length: bytes.length, start: bytes.subarray(0, cut) });
            socket.on('error', () => {});
            await eventually(() => socket.bytesWritten > cut, 'the bytes to go');
            socket.resetAndDestroy();
        }
        for (let i = 0; i < 3; i++) {
            const socket = await halfWay(one, place, bytes);
            socket.resetAndDestroy();
            await eventually(async () => (await place.openUploads()).length === 0, 'the upload to be given up');
        }
        assert.deepEqual(await place.keys(), [keyOf(kept.url)]);
        await eventually(async () => (await place.openUploads()).length === 0, 'every upload to be given up');
    });

    test('what a killed server leaves is swept away after its next start', async (t) => {
        const { place, server, one } = await inBucket(t, ['--files-unlinked-for', '2s']);
        const thread = await one.channel();
        const kept = await upload(one, 'kept.txt', 'kept');
        await send(one, thread, [kept]);
        await halfWay(one, place, formOf(noise(12 * mebibyte)));
        await server.kill9();
        const orphan = '00'.repeat(16);
        await place.put(orphan, 'nobody knows of it');
        await place.put('notes.txt', 'nor that it is not ours');
        await server.start();
        const swept = async () => !(await place.keys()).includes(orphan) && (await place.openUploads()).length === 0;
        await eventually(swept, 'the sweep');
        assert.deepEqual(await place.keys(), [keyOf(kept.url), 'notes.txt'].sort());
        assert.equal((await fetchLink(server, (await fresh(one, kept)).url)).body.toString(), 'kept');
    });

    test('a key that is renewed in its file is used, and a wrong one told to nobody', async (t) => {
        const folder = temporaryDirectory();
        t.after(() => rmSync(folder, { recursive: true, force: true }));
        const file = join(folder, 'credentials');
        const wrong = { secretAccessKey: 'wrong-secret' };
        writeFileSync(file, credentialsFile(s3));
        const place = new Bucket(s3, `of/${randomUUID()}`);
        const options = place.options({ args: ['--s3-credentials-file', file], env: {}, complains: /sweeping (files|drafts)/ });
        const started = await startServer(options, t);
        const [one] = await people(started, 'q', 1);
        await upload(one, 'a.txt', 'good');
        writeFileSync(file, credentialsFile(s3, wrong));
        const bytes = Buffer.from('refused');
        const refused = await tryUpload(one, { filename: 'a.txt', claimedType: 'text/plain', bytes });
        assert.deepEqual([refused.status, refused.body.code], [503, 'storage_unavailable']);
        assert.doesNotMatch(refused.text, /Signature|AWS|secret/);
        await until(() => /SignatureDoesNotMatch/.test(started.output) || undefined, 'the operator to be told');
        assert.ok(!started.output.includes(wrong.secretAccessKey));
        writeFileSync(file, credentialsFile(s3));
        await upload(one, 'b.txt', 'good again');
        assert.equal((await place.keys()).length, 2);
    });

    test('a key that is good for a while only is used with its token', async (t) => {
        const folder = temporaryDirectory();
        t.after(() => rmSync(folder, { recursive: true, force: true }));
        const file = join(folder, 'credentials');
        const temporary = await s3.temporaryCredentials();
        writeFileSync(file, credentialsFile(s3, temporary));
        const complains = /sweeping (files|drafts)/;
        let one;
        for (const given of [
            { env: credentialsOf(s3, temporary) },
            { args: ['--s3-credentials-file', file], env: {}, complains },
        ]) {
            const place = new Bucket(s3, `of/${randomUUID()}`);
            const started = await startServer(place.options(given), t);
            [one] = await people(started, 'q', 1);
            for (const size of [1_000, partBytes + 1]) {
                const bytes = noise(size);
                const { url } = await upload(one, 't.bin', bytes);
                assert.ok((await fetchLink(started, url)).body.equals(bytes));
            }
            assert.equal((await place.keys()).length, 2);
        }
        writeFileSync(file, credentialsFile(s3, { ...temporary, sessionToken: undefined }));
        const bytes = Buffer.from('without its token the same key is none');
        const refused = await tryUpload(one, { filename: 'a.txt', claimedType: 'text/plain', bytes });
        assert.deepEqual([refused.status, refused.body.code], [503, 'storage_unavailable']);
    });

    test('a bucket that is named by its host is as good', async (t) => {
        const hosted = new Bucket(s3, 'hosted');
        const endpoint = s3.endpoint.replace('127.0.0.1', 'localhost');
        const one = await startServer(hosted.options({ endpoint, style: 'virtual' }), t);
        const [owner] = await people(one, 'v', 1);
        for (const size of [1_000, partBytes + 1]) {
            const bytes = noise(size);
            const { url } = await upload(owner, 'h.bin', bytes);
            assert.ok((await fetchLink(one, url)).body.equals(bytes));
        }
        assert.equal((await hosted.keys()).length, 2);
    });

    test('two servers under two prefixes of one bucket leave each other alone', async (t) => {
        const first = await inBucket(t, ['--files-unlinked-for', '2s']);
        const above = new Bucket(s3, 'of');
        const second = await startServer(above.options({ args: ['--files-unlinked-for', '2s'] }), t);
        const [other] = await people(second, 'q', 1);
        const thread = await first.one.channel();
        const kept = await upload(first.one, 'kept.txt', 'kept');
        await send(first.one, thread, [kept]);
        for (const person of [first.one, other]) {
            const place = person === other ? above : first.place;
            const lost = await upload(person, 'lost.txt', 'lost');
            await eventually(async () => !(await place.keys()).includes(keyOf(lost.url)), 'a sweep');
        }
        assert.deepEqual(await first.place.keys(), [keyOf(kept.url)]);
    });
});

describe('a prefix is one installation\'s alone', () => {
    const epochOf = async (person) => (await person.ok('GET', '/api/boot')).epoch;

    test('what says so is written at the first start, and no sweep takes it', async (t) => {
        const place = new Bucket(s3, `of/${randomUUID()}`);
        const started = await startServer(place.options({ args: ['--files-unlinked-for', '2s'] }), t);
        const [one] = await people(started, 'q', 1);
        assert.equal(await place.owner(), await epochOf(one));
        for (let i = 0; i < 2; i++) {
            const { url } = await upload(one, 'lost.txt', 'lost');
            await eventually(async () => !(await place.keys()).includes(keyOf(url)), 'a sweep');
            assert.equal(await place.owner(), await epochOf(one));
            await started.restart();
        }
    });

    test('a restored backup beside the server that made it is refused, and by the flag takes it over', async (t) => {
        const folder = temporaryDirectory();
        t.after(() => rmSync(folder, { recursive: true, force: true }));
        const place = new Bucket(s3, `of/${randomUUID()}`);
        const production = await startServer(place.options(), t);
        const [one] = await people(production, 'q', 1);
        const thread = await one.channel();
        const kept = await upload(one, 'kept.txt', 'kept');
        await send(one, thread, [kept]);
        const file = join(folder, 'backup.tar');
        const staging = join(folder, 'staging');
        const { env, args } = place.options();
        for (const command of [
            ['backup', '--data', production.data, ...args, file],
            ['restore', '--data', staging, file],
        ]) {
            const { code, output } = await run(command, { env });
            assert.equal(code, 0, output);
        }
        const owner = await place.owner();
        const serve = ['serve', '--data', staging, '--listen', '127.0.0.1:0', ...args];
        const { code, output } = await run(serve, { env, ms: 4 * patience });
        assert.equal(code, 1, output);
        const said = output.trimEnd().split('\n').filter((line) => !line.startsWith('{"time":'));
        assert.equal(said.length, 1, output);
        assert.match(said[0], /^banter: .*a prefix of its own.*--files-take-over$/);
        assert.equal(await place.owner(), owner);
        await production.restart();

        await production.stop();
        const flag = place.options({ data: staging, args: ['--files-take-over'] });
        const restored = await startServer(flag, t);
        const [again] = await people(restored, 'q', 1);
        assert.equal((await fetchLink(restored, (await fresh(again, kept)).url)).body.toString(), 'kept');
        assert.notEqual(await place.owner(), owner);
        await restored.restart({ args });
        await assert.rejects(production.start(), /--files-take-over/, 'now it is the other one that is refused');
        await restored.stop();
        await production.start({ args: [...args, '--files-take-over'] });
    });

    test('after a new epoch the same server needs the flag, once, and is told so', async (t) => {
        const place = new Bucket(s3, `of/${randomUUID()}`);
        const { args, env } = place.options();
        const started = await startServer({ args, env }, t);
        await started.stop();
        const { code, output } = await run(['new-epoch', '--data', started.data, ...args], { env });
        assert.equal(code, 0, output);
        assert.match(output, /--files-take-over/);
        await assert.rejects(started.start(), /--files-take-over/);
        await started.start({ args: [...args, '--files-take-over'] });
        await started.restart({ args });
    });
});

describe('while others are slow', () => {
    test('300 downloads that stand still hold up no upload and no other download', async (t) => {
        const place = new Bucket(s3, `of/${randomUUID()}`);
        const started = await startServer(place.options({ args: ['--shards', '1'] }), t);
        const [one] = await people(started, 'q', 1);
        const bytes = noise(12 * mebibyte);
        const { url } = await upload(one, 'large.bin', bytes);
        const link = new URL(url, started.url);
        const standing = Array.from({ length: 300 }, () => connect({ host: '127.0.0.1', port: started.port }));
        const statuses = await Promise.all(
            standing.map(async (socket) => {
                socket.on('error', () => {});
                socket.write(`GET ${link.pathname}${link.search} HTTP/1.1\r\nHost: ${link.host}\r\n\r\n`);
                await once(socket, 'readable');
                return socket.read(12).toString();
            }),
        );
        // More at once than are read from S3 are told to come back.
        for (const status of statuses) assert.match(status, /^HTTP\/1\.1 (200|503)$/);
        assert.ok(statuses.filter((status) => status.endsWith('200')).length >= 256);
        const small = await upload(one, 'small.txt', 'small');
        const answer = await until(async () => {
            const got = await fetchLink(started, small.url);
            return got.status === 200 ? got : undefined;
        }, 'a turn');
        assert.equal(answer.body.toString(), 'small');
        assert.equal(sha256((await fetchLink(started, url)).body), sha256(bytes));
        standing.forEach((socket) => socket.destroy());
    });

    test('uploads that stand still take no more memory than they may; more of them are told to come back', async (t) => {
        const place = new Bucket(s3, `of/${randomUUID()}`);
        const started = await startServer(place.options(), t);
        const [one] = await people(started, 'q', 1);
        const [start] = form({ filename: 'a.bin', claimedType: 'x/y', bytes: '\0' }).toString().split('\0');
        const begun = [];
        t.after(() => begun.forEach((socket) => socket.destroy()));
        const standing = () => {
            const socket = beginUpload(one, { length: 100_000_000, start });
            let answer = '';
            socket.on('error', () => {}).setEncoding('utf8').on('data', (text) => (answer += text));
            begun.push(socket);
            return () => answer;
        };
        // So many are 512 MiB, of which each may take 12.
        const answers = Array.from({ length: 44 }, standing);
        const refused = await until(() => answers.map((answer) => answer()).find((text) => text.endsWith('}')), 'a refusal');
        assert.match(refused, /^HTTP\/1\.1 503 /);
        assert.match(refused, /^Retry-After: \d+/im);
        assert.match(refused, /"code":"busy"/);
        await until(() => answers.filter((answer) => answer() !== '').length === 2 || undefined, 'just two of them');
        await upload(one, 'small.txt', 'small');
        begun.splice(0).forEach((socket) => socket.destroy());
        const large = { filename: 'b.bin', claimedType: 'x/y', bytes: noise(20 * mebibyte) };
        await until(async () => (await tryUpload(one, large)).status === 201 || undefined, 'room', 4 * patience);
    });
});

describe('a start is refused', () => {
    /** What the server says instead: beside its log, one sentence. */
    async function refusal(files, env, ...more) {
        const data = temporaryDirectory();
        try {
            const args = ['serve', '--data', data, '--listen', '127.0.0.1:0', '--files', files, ...more];
            const { code, output } = await run(args, { env, ms: 4 * patience });
            assert.equal(code, 1, output);
            const said = output.trimEnd().split('\n').filter((line) => !line.startsWith('{"time":'));
            assert.equal(said.length, 1, output);
            assert.match(said[0], /^banter: /);
            return said[0];
        } finally {
            rmSync(data, { recursive: true, force: true });
        }
    }

    const { accessKeyId, secretAccessKey } = s3.credentials;
    const good = credentialsOf(s3);

    test('with a wrong secret or an unknown key, by S3 itself', async () => {
        const wrong = credentialsOf(s3, { secretAccessKey: secretAccessKey.replace('b', 'B') });
        const said = await refusal(filesUrl(s3), wrong);
        assert.match(said, /SignatureDoesNotMatch.*AWS_SECRET_ACCESS_KEY/);
        assert.ok(!said.includes(wrong.AWS_SECRET_ACCESS_KEY));
        const unknown = credentialsOf(s3, { accessKeyId: accessKeyId.replace('1', '2') });
        assert.match(await refusal(filesUrl(s3), unknown), /InvalidAccessKeyId.*AWS_ACCESS_KEY_ID/);
    });

    test('without credentials', async () => {
        assert.match(await refusal(filesUrl(s3), {}), /AWS_ACCESS_KEY_ID/);
        const { AWS_ACCESS_KEY_ID } = good;
        assert.match(await refusal(filesUrl(s3), { AWS_ACCESS_KEY_ID }), /AWS_SECRET_ACCESS_KEY/);
    });

    test('without the bucket', async () => {
        const said = await refusal(filesUrl(s3, { bucket: 'banter-other' }), good);
        assert.match(said, /NoSuchBucket.*there is no bucket banter-other/);
    });

    test('with nobody at the endpoint, or somebody who is no S3', async () => {
        const endpoint = `http://127.0.0.1:${await freePort()}`;
        assert.ok((await refusal(filesUrl(s3, { endpoint }), good)).includes(new URL(endpoint).host));
        const said = await refusal(filesUrl(s3, { endpoint: edge.url }), good);
        assert.ok(said.includes(new URL(edge.url).host), said);
    });

    test('with an address that is none, before anybody is asked', async () => {
        const data = temporaryDirectory();
        const wrong = ['s3://', 's3://b', 's3://Bucket?region=eu-central-1', 's3://bucket', 's3://bucket?color=red'];
        try {
            for (const files of wrong) {
                const { code, output } = await run(['serve', '--data', data, '--files', files], { env: good });
                assert.equal(code, 2, output);
                assert.match(output, /files/);
            }
        } finally {
            rmSync(data, { recursive: true, force: true });
        }
    });

    test('with a CDN and no key for it, or one that is none', async () => {
        const cdn = ['--cdn', edge.url];
        assert.match(await refusal(filesUrl(s3), good, ...cdn), /cdn-key-pair-id.*cdn-key-file/);
        const none = ['--cdn-key-pair-id', 'K1', '--cdn-key-file', fileURLToPath(import.meta.url)];
        assert.match(await refusal(filesUrl(s3), good, ...cdn, ...none), /no private key/);
        const whole = ['--cdn-key-pair-id', edge.keyPairId, '--cdn-key-file', edge.keyFile];
        const data = temporaryDirectory();
        try {
            const said = await refusal(`disk:${join(data, 'files')}`, good, ...cdn, ...whole);
            assert.match(said, /cdn.*bucket/, 'what lies on a disk here is out of its reach');
        } finally {
            rmSync(data, { recursive: true, force: true });
        }
    });

    test('with the files of another server', async () => {
        assert.match(await refusal(filesUrl(s3), good), /another server.*a prefix of its own.*--files-take-over/);
    });
});
