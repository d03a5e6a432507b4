// The web app comes out of the server's own binary, as it was built.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { startServer } from './harness.mjs';
import { bytesFrom } from './lib/files.mjs';

const dist = fileURLToPath(new URL('../../client/web/dist/', import.meta.url));
const { files, scriptHashes } = JSON.parse(readFileSync(`${dist}files.json`, 'utf8'));
const filesOrigin = 'http://127.0.0.2:1';
const server = await startServer({ args: ['--files-origin', filesOrigin] });

const get = (path, headers = {}, method = 'GET') => bytesFrom(server, method, path, { headers });
const page = (path, headers = {}) => get(path, { Accept: 'text/html,*/*;q=0.8', ...headers });
const built = (path) => readFileSync(dist + path);

describe('a file of the app', () => {
    for (const file of files) {
        test(`${file.path} comes as it was built, in every encoding`, async () => {
            const whole = await get(`/${file.path}`);
            assert.equal(whole.status, 200);
            assert.ok(whole.body.equals(built(file.path)));
            assert.equal(whole.headers.get('content-type'), file.type);
            assert.equal(whole.headers.get('x-content-type-options'), 'nosniff');
            const kept = file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache';
            assert.equal(whole.headers.get('cache-control'), kept);
            for (const [coding, decode, size] of [['br', brotliDecompressSync, file.br], ['gzip', gunzipSync, file.gz]]) {
                const packed = await get(`/${file.path}`, { 'Accept-Encoding': coding });
                assert.equal(packed.headers.get('content-encoding'), size ? coding : null);
                const bytes = size ? decode(packed.body) : packed.body;
                assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256);
                const again = { 'Accept-Encoding': coding, 'If-None-Match': packed.headers.get('etag') };
                assert.equal((await get(`/${file.path}`, again)).status, 304);
            }
            const head = await get(`/${file.path}`, {}, 'HEAD');
            assert.deepEqual([head.status, head.body.length], [200, 0]);
            assert.equal(head.headers.get('content-length'), String(file.size));
        });
    }
});

test('every address of the app is its page, which runs nothing but what it brings', async () => {
    for (const path of ['/', '/login', '/t/0192c1d2-0000-7000-8000-000000000000', '/invite/x']) {
        const { status, headers, body } = await page(path);
        assert.equal(status, 200, path);
        assert.ok(body.equals(built('index.html')), path);
        const policy = headers.get('content-security-policy');
        assert.match(policy, /^default-src 'none'; script-src 'self'/);
        for (const hash of scriptHashes) assert.ok(policy.includes(hash), hash);
        assert.doesNotMatch(policy, /unsafe/);
        for (const part of ['img-src', 'connect-src', 'media-src'])
            assert.match(policy, new RegExp(`${part} 'self'[^;]* ${filesOrigin}`));
        assert.match(policy, /frame-ancestors 'none'/);
        assert.match(policy, /require-trusted-types-for 'script'/);
    }
});

test('what is not there is not the page', async () => {
    for (const path of ['/assets/gone.js', '/api/nothing', '/files/nothing', '/favicon.ico', '/t/x']) {
        const { status, body } = await get(path, { Accept: 'application/json' });
        assert.ok(status >= 400, `${path}: ${status}`);
        assert.ok(!body.equals(built('index.html')), path);
    }
    assert.equal((await page('/api/nothing')).status, 404);
    assert.equal((await page('/files/nothing')).status, 403);
    assert.equal((await page('/ws')).status, 426);
    assert.equal((await get('/', {}, 'POST')).status, 404);
});

test('the origin of files has no app', async () => {
    const { status } = await page('/', { Host: new URL(filesOrigin).host });
    assert.equal(status, 404);
});
