// The protocol of resumable uploads (tus 1.0.0, tus.io/protocols/resumable-upload), by hand: what each
// request gets, and what wrong ones get.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';

import { http, people, startServer } from './harness.mjs';
import { fetchLink, noise } from './lib/files.mjs';
import { png, pngChunk, pngHeader, pngSignature } from './lib/hostile/rasters.mjs';
import { assertNeverRunnable } from './lib/hostile_files.mjs';
import { bytesOfPatch, checksum, create, metadata, offsetOf, patch, pathOf, tus, uploads } from './lib/tus.mjs';

const app = 'https://app.example';
const server = await startServer({ args: ['--allowed-origins', app] });
const [ada, bob] = await people(server, 'p', 2);
const nobody = { server };

const options = await tus(ada, 'OPTIONS', uploads, { 'Tus-Resumable': undefined });
const listed = (name) => (options.headers.get(name) ?? '').split(',').map((word) => word.trim());
const extensions = listed('tus-extension');

async function refused(exchange, status, code) {
    const answer = await exchange;
    assert.equal(answer.status, status, answer.text);
    if (code) assert.equal(answer.body.code, code, answer.text);
    assert.equal(answer.headers.get('banter-file'), null);
    return answer;
}

/** The attachment that an upload has become. */
async function fileOf(answer, person = ada) {
    const id = answer.headers.get('banter-file');
    assert.match(id ?? '', /^[0-9a-f-]{36}$/);
    const attachment = await person.ok('GET', `/api/files/${id}`);
    assert.equal(attachment.id, id);
    return attachment;
}

async function assertGives(attachment, bytes) {
    const served = await fetchLink(server, attachment.url);
    assert.equal(served.status, 200);
    assert.ok(served.body.equals(bytes));
}

test('the server says what it can', () => {
    assert.ok([200, 204].includes(options.status), String(options.status));
    assert.deepEqual(listed('tus-version'), ['1.0.0']);
    assert.ok(Number(options.headers.get('tus-max-size')) > 0);
    for (const name of ['creation', 'creation-with-upload', 'expiration', 'termination'])
        assert.ok(extensions.includes(name), name);
});

describe('an upload', () => {
    test('takes no bytes that are compressed, because it would keep them so', async () => {
        const path = await create(ada, 10);
        const squeezed = patch(ada, path, 0, noise(10), { 'Content-Encoding': 'gzip' });
        await refused(squeezed, 415, 'unsupported_media');
        assert.equal(await offsetOf(ada, path), 0);
    });

    test('goes on and ends by POST, for clients that can send nothing else', async () => {
        const bytes = noise(5_000);
        const path = await create(ada, bytes.length);
        const byPost = (method, headers, body) =>
            tus(ada, 'POST', path, { 'X-HTTP-Method-Override': method, ...headers }, body);
        const grown = await byPost('PATCH', { ...bytesOfPatch, 'Upload-Offset': '0' }, bytes.subarray(0, 2_000));
        assert.equal(grown.status, 204, grown.text);
        assert.equal(await offsetOf(ada, path), 2_000);
        assert.equal((await byPost('DELETE')).status, 204);
        assert.equal((await tus(ada, 'HEAD', path)).status, 404);
        assert.equal((await byPost('BREW')).status, 405);
    });

    test('is made, grows and becomes a file', async () => {
        const bytes = noise(100_000);
        const values = { filename: 'r\u00e9sum\u00e9.bin', filetype: 'text/html' };
        const made = await tus(ada, 'POST', uploads, {
            'Upload-Length': '100000',
            'Upload-Metadata': metadata(values),
        });
        assert.equal(made.status, 201, made.text);
        assert.equal(made.headers.get('tus-resumable'), '1.0.0');
        assert.ok(Date.parse(made.headers.get('upload-expires')) > Date.now());
        const path = pathOf(made);

        const fresh = await tus(ada, 'HEAD', path);
        assert.equal(fresh.status, 200);
        assert.equal(fresh.headers.get('tus-resumable'), '1.0.0');
        assert.equal(fresh.headers.get('upload-offset'), '0');
        assert.equal(fresh.headers.get('upload-length'), '100000');
        assert.equal(fresh.headers.get('upload-metadata'), metadata(values));
        assert.match(fresh.headers.get('cache-control'), /no-store/);
        assert.equal(fresh.headers.get('banter-file'), null);

        const first = await patch(ada, path, 0, bytes.subarray(0, 33_333));
        assert.deepEqual([first.status, first.text], [204, '']);
        assert.equal(first.headers.get('upload-offset'), '33333');
        assert.ok(Date.parse(first.headers.get('upload-expires')) > Date.now());
        assert.equal(first.headers.get('banter-file'), null);
        assert.equal(await offsetOf(ada, path), 33_333);

        const last = await patch(ada, path, 33_333, bytes.subarray(33_333));
        assert.deepEqual([last.status, last.headers.get('upload-offset')], [204, '100000']);
        const attachment = await fileOf(last);
        assert.deepEqual([attachment.name, attachment.size], [values.filename, 100_000]);
        assert.equal(attachment.mediaType, 'application/octet-stream', 'by its bytes, whatever is claimed');
        await assertGives(attachment, bytes);

        const head = await tus(ada, 'HEAD', path);
        assert.deepEqual([head.status, head.headers.get('upload-offset')], [200, '100000']);
        assert.equal(head.headers.get('banter-file'), attachment.id, 'for whom the last answer was lost');
    });

    test('may have its first bytes with it, or all of them', async () => {
        const bytes = noise(5000);
        const headers = { ...bytesOfPatch, 'Upload-Length': '5000', 'Upload-Metadata': metadata({ filename: 'x' }) };
        const part = await tus(ada, 'POST', uploads, headers, bytes.subarray(0, 2000));
        assert.deepEqual([part.status, part.headers.get('upload-offset')], [201, '2000']);
        const rest = await patch(ada, pathOf(part), 2000, bytes.subarray(2000));
        await assertGives(await fileOf(rest), bytes);
        const all = await tus(ada, 'POST', uploads, headers, bytes);
        assert.deepEqual([all.status, all.headers.get('upload-offset')], [201, '5000']);
        await assertGives(await fileOf(all), bytes);
    });

    test('may come in many pieces, of one byte or none', async () => {
        const bytes = noise(20);
        const path = await create(ada, 20);
        for (let i = 0; i < 19; i++) {
            assert.equal((await patch(ada, path, i, bytes.subarray(i, i + 1))).status, 204);
            const none = await patch(ada, path, i + 1, Buffer.alloc(0));
            assert.deepEqual([none.status, none.headers.get('upload-offset')], [204, String(i + 1)]);
        }
        await assertGives(await fileOf(await patch(ada, path, 19, bytes.subarray(19))), bytes);
    });

    test('of a picture is one, and a bomb is refused', async () => {
        const whole = png({ width: 6, height: 5 });
        const path = await create(ada, whole.length, { filename: 'x.png' });
        const { width, height, mediaType, url } = await fileOf(await patch(ada, path, 0, whole));
        assert.deepEqual([width, height, mediaType], [6, 5, 'image/png']);
        assertNeverRunnable(await fetchLink(server, url));
        const bomb = Buffer.concat([pngSignature, pngHeader(50_000, 50_000), pngChunk('IDAT', 'x'), pngChunk('IEND')]);
        const other = await create(ada, bomb.length, { filename: 'x.png' });
        await refused(patch(ada, other, 0, bomb), 422, 'bad_image');
    });

    test('that is given up is gone', async () => {
        const path = await create(ada, 10);
        await patch(ada, path, 0, Buffer.from('12345'));
        const ended = await tus(ada, 'DELETE', path);
        assert.deepEqual([ended.status, ended.text], [204, '']);
        assert.equal(ended.headers.get('tus-resumable'), '1.0.0');
        for (const method of ['HEAD', 'DELETE'])
            assert.ok([404, 410].includes((await tus(ada, method, path)).status), method);
        assert.ok([404, 410].includes((await patch(ada, path, 5, Buffer.from('6'))).status));
    });

    test('takes bytes from one at a time', async () => {
        const size = 1 << 20;
        const path = await create(ada, size);
        const fills = [1, 2, 3, 4].map((fill) => Buffer.alloc(size, fill));
        const answers = await Promise.all(fills.map((bytes) => patch(ada, path, 0, bytes)));
        const taken = answers.filter(({ status }) => status === 204);
        assert.equal(taken.length, 1);
        for (const { status } of answers) assert.ok([204, 409, 423].includes(status), String(status));
        await assertGives(await fileOf(taken[0]), fills[answers.indexOf(taken[0])]);
    });
});

describe('refused is', () => {
    test('a length that is none, or too large', async () => {
        for (const length of [undefined, '', '-1', '+1', '1.5', '1e3', '0x10', 'x', '1, 2', '9'.repeat(30)])
            await refused(tus(ada, 'POST', uploads, { 'Upload-Length': length }), 400, 'bad_request').catch(
                (error) => assert.fail(`${length}: ${error.message}`),
            );
        const largest = Number(options.headers.get('tus-max-size'));
        const larger = { 'Upload-Length': String(largest + 1) };
        await refused(tus(ada, 'POST', uploads, larger), 413, 'too_large');
        const whole = await tus(ada, 'POST', uploads, { 'Upload-Length': String(largest) });
        assert.ok([201, 507].includes(whole.status), 'as large as may be, if there is room');
    });

    test('metadata that is none', async () => {
        const answered = async (value) => {
            const headers = { 'Upload-Length': '1', 'Upload-Metadata': value };
            return (await tus(ada, 'POST', uploads, headers)).status;
        };
        for (const value of ['filename !', 'a b c', ',', 'filename eA==,,b eA==', 'filename eA==,filename eQ=='])
            assert.equal(await answered(value), 400, value);
        for (const value of ['filename', 'filename eA==,is_confidential', 'filename eA==,other eA==,filetype eA=='])
            assert.equal(await answered(value), 201, value);
    });

    test('another version of the protocol, or none', async () => {
        const path = await create(ada, 10);
        for (const version of [undefined, '0.2.2', '1.0.1', '2.0.0', 'x', ''])
            for (const [method, target, headers] of [
                ['POST', uploads, { 'Upload-Length': '1' }],
                ['HEAD', path, {}],
                ['PATCH', path, { ...bytesOfPatch, 'Upload-Offset': '0' }],
                ['DELETE', path, {}],
            ]) {
                const answer = await tus(ada, method, target, { ...headers, 'Tus-Resumable': version });
                assert.equal(answer.status, 412, `${method} ${version}`);
                assert.equal(answer.headers.get('tus-version'), '1.0.0');
            }
        assert.equal(await offsetOf(ada, path), 0);
    });

    test('another offset than where it is', async () => {
        const path = await create(ada, 10);
        await patch(ada, path, 0, Buffer.from('12345'));
        for (const offset of ['0', '4', '6', '10', '11'])
            assert.equal((await patch(ada, path, offset, Buffer.from('x'))).status, 409, offset);
        for (const offset of ['9007199254740993', '18446744073709551621'])
            assert.ok([400, 409].includes((await patch(ada, path, offset, Buffer.from('x'))).status), offset);
        for (const offset of [undefined, '', '-1', 'x', '5.0', '5, 5', '0x5'])
            assert.equal((await patch(ada, path, 0, Buffer.from('x'), { 'Upload-Offset': offset })).status, 400, offset);
        assert.equal(await offsetOf(ada, path), 5);
    });

    test('more than there was to be', async () => {
        const path = await create(ada, 10);
        const { status } = await patch(ada, path, 0, Buffer.alloc(11));
        assert.ok([400, 413].includes(status), String(status));
        assert.ok((await offsetOf(ada, path)) <= 10);
    });

    test('another type of the body', async () => {
        const path = await create(ada, 10);
        const types = [undefined, 'application/octet-stream', 'text/plain', 'application/json', 'multipart/form-data'];
        for (const type of types) {
            const answer = await patch(ada, path, 0, Buffer.from('x'), { 'Content-Type': type });
            assert.equal(answer.status, 415, type);
        }
        assert.equal(await offsetOf(ada, path), 0);
    });

    test('whoever is nobody, or another one, as if there were nothing', async () => {
        const path = await create(ada, 10);
        const missing = path.replace(/[^/?]+(?=\?|$)/, randomUUID());
        const ask = (person, method, target) =>
            tus(person, method, target, method === 'PATCH' ? { ...bytesOfPatch, 'Upload-Offset': '0' } : {});
        for (const method of ['HEAD', 'PATCH', 'DELETE']) {
            const absent = await ask(ada, method, missing);
            const foreign = await ask(bob, method, path);
            assert.deepEqual([absent.status, foreign.status], [404, 404], method);
            assert.equal(foreign.text, absent.text);
            const named = ({ headers }) => [...headers].filter(([name]) => name !== 'date');
            assert.deepEqual(named(foreign), named(absent));
            assert.equal((await ask(nobody, method, path)).status, 401, method);
            for (const odd of [`${uploads}/x`, `${uploads}/..%2f..%2fx`, `${uploads}/${'0'.repeat(300)}`])
                assert.match(`${(await ask(ada, method, odd)).status}`, /^40[04]$/, `${method} ${odd}`);
        }
        assert.equal((await tus(nobody, 'POST', uploads, { 'Upload-Length': '1' })).status, 401);
        assert.equal(await offsetOf(ada, path), 0);
        const done = await patch(ada, path, 0, noise(10));
        const id = done.headers.get('banter-file');
        await bob.refused('GET', `/api/files/${id}`, undefined, 404, 'not_found');
    });
});

test('a checksum is compared, and what differs is not kept', async (t) => {
    if (!extensions.includes('checksum')) {
        assert.equal(options.headers.get('tus-checksum-algorithm'), null);
        t.diagnostic('this server does not say that it can');
        return;
    }
    const algorithms = listed('tus-checksum-algorithm');
    assert.ok(algorithms.includes('sha1'), 'which every server has that compares');
    const bytes = noise(3000);
    for (const algorithm of algorithms) {
        const path = await create(ada, 6000);
        const send = (offset, value) => patch(ada, path, offset, bytes, { 'Upload-Checksum': value });
        const wrong = checksum(algorithm, noise(3000));
        assert.equal((await send(0, wrong)).status, 460);
        assert.equal(await offsetOf(ada, path), 0);
        const good = await send(0, checksum(algorithm, bytes));
        assert.deepEqual([good.status, good.headers.get('upload-offset')], [204, '3000']);
        assert.equal((await send(3000, wrong)).status, 460, 'of the last bytes too');
        assert.equal(await offsetOf(ada, path), 3000);
        for (const value of ['', algorithm, `${algorithm} !`, 'crc8 eA==', 'x'])
            assert.equal((await send(3000, value)).status, 400, value);
        assert.ok([400, 460].includes((await send(3000, `${algorithm} eA==`)).status), 'too short');
        const last = await send(3000, checksum(algorithm, bytes));
        await assertGives(await fileOf(last), Buffer.concat([bytes, bytes]));
    }
});

test('pages of an allowed origin may upload, and read what they need to go on', async () => {
    const path = await create(ada, 10);
    const asked = (origin, method, target) =>
        http(server, 'OPTIONS', target, {
            headers: {
                Origin: origin,
                'Access-Control-Request-Method': method,
                'Access-Control-Request-Headers': 'authorization,content-type,tus-resumable,upload-offset',
            },
        });
    for (const [method, target] of [['POST', uploads], ['PATCH', path], ['HEAD', path], ['DELETE', path]]) {
        const { headers, status } = await asked(app, method, target);
        assert.ok([200, 204].includes(status), `${method} ${status}`);
        const words = (name) => (headers.get(name) ?? '').toLowerCase().split(/, */);
        assert.ok(words('access-control-allow-methods').includes(method.toLowerCase()), method);
        for (const name of ['authorization', 'content-type', 'tus-resumable', 'upload-length', 'upload-offset', 'upload-metadata'])
            assert.ok(words('access-control-allow-headers').includes(name), name);
    }
    const answer = await tus(ada, 'HEAD', path, { Origin: app });
    const exposed = (answer.headers.get('access-control-expose-headers') ?? '').toLowerCase().split(/, */);
    for (const name of ['location', 'upload-offset', 'upload-length', 'banter-file'])
        assert.ok(exposed.includes(name), name);
    assert.equal((await asked('https://evil.example', 'POST', uploads)).headers.get('access-control-allow-origin'), null);
});
