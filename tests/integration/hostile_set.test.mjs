// The hostile files themselves: many, each what its name says, and the check of what is served finds
// what it is there for.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { isKind, mediaTypeOf } from './lib/hostile/kinds.mjs';
import { gif, jpeg, png, tiff, webp } from './lib/hostile/rasters.mjs';
import { assertNeverRunnable, hostileFiles } from './lib/hostile_files.mjs';
import { temporaryDirectory } from './lib/server.mjs';

const all = Object.values(hostileFiles).flat();

test('there are more than 150, no two alike', (t) => {
    const digest = ({ bytes, claimedType, filename }) =>
        createHash('sha256').update(bytes).update(`\n${claimedType}\n`).update(filename).digest('hex');
    const different = new Set(all.map(digest));
    assert.equal(different.size, all.length);
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
    assert.ok(new Set(all.map(({ bytes }) => bytes.toString('base64'))).size > 150);
    t.diagnostic(`${all.length} files`);
});

test('each is what it says, and says what may become of it', () => {
    for (const { name, kind, bytes, why, may, gone } of all) {
        assert.ok(isKind(kind, bytes), `${name} is ${kind}`);
        assert.ok(why.length > 10, name);
        assert.ok(may.length > 0, name);
        for (const outcome of may) assert.ok(['stored', 'bad_image', 'bad_request'].includes(outcome), name);
        if (gone) assert.ok(bytes.includes(gone), name);
    }
});

test('the program `file` calls them the same', (t) => {
    if (spawnSync('file', ['--version']).status !== 0) {
        t.diagnostic('not installed here');
        return;
    }
    const directory = temporaryDirectory();
    t.after(() => rmSync(directory, { recursive: true, force: true }));
    mkdirSync(directory, { recursive: true });
    all.forEach(({ bytes }, i) => writeFileSync(join(directory, String(i)), bytes));
    const said = spawnSync('file', ['--brief', '--mime-type', ...all.map((_, i) => String(i))], { cwd: directory });
    const types = said.stdout.toString().trim().split('\n');
    assert.equal(types.length, all.length);
    const otherwise = all
        .map(({ name, kind, bytes }, i) => ({ name, expected: mediaTypeOf(kind), type: types[i], bytes }))
        // What is a signature and nothing else is too short for it.
        .filter(({ expected, type, bytes }) => expected && bytes.length > 8 && type !== expected);
    assert.deepEqual(otherwise, []);
});

test('the check of an answer finds each thing that is wrong with it', () => {
    const answer = (headers = {}, body = png()) => ({
        body,
        headers: new Headers({
            'Content-Type': 'image/png',
            'Content-Disposition': 'inline; filename="x.png"',
            'X-Content-Type-Options': 'nosniff',
            'Content-Security-Policy': "sandbox; default-src 'none'",
            ...headers,
        }),
    });
    const disposition = (value) => answer({ 'Content-Disposition': value });
    const saved = { 'Content-Disposition': 'attachment; filename="x.html"' };
    const good = [
        answer(),
        answer({ ...saved, 'Content-Type': 'text/html' }),
        answer({ 'Content-Type': 'image/gif' }, gif()),
        answer({ 'Content-Type': 'image/jpeg' }, jpeg()),
        answer({ 'Content-Type': 'image/webp' }, webp()),
        answer({ ...saved, 'Content-Type': 'image/tiff' }, tiff()),
        answer({ ...saved, 'Content-Type': 'text/plain; charset=utf-8' }, Buffer.from('x')),
        disposition("attachment; filename=\"_.png\"; filename*=UTF-8''%C3%A9.png"),
    ];
    for (const each of good) assertNeverRunnable(each);
    const bad = [
        answer({ 'Content-Type': 'text/html' }),
        answer({ 'Content-Type': 'image/svg+xml' }),
        answer({ 'Content-Type': 'application/pdf' }),
        answer({ ...saved, 'Content-Type': 'text/javascript' }),
        answer({ ...saved, 'Content-Type': 'application/x-javascript' }),
        answer({ ...saved, 'Content-Type': 'text/css' }),
        answer({ ...saved, 'Content-Type': '' }),
        answer({ ...saved, 'Content-Type': 'image/png, text/html' }),
        answer({ 'X-Content-Type-Options': 'none' }),
        answer({ 'Content-Security-Policy': "default-src 'none'" }),
        answer({ 'Content-Security-Policy': 'sandbox' }),
        answer({ 'Content-Security-Policy': "sandbox allow-scripts; default-src 'none'" }),
        answer({ 'Content-Encoding': 'gzip' }),
        answer({}, Buffer.from('<script>')),
        answer({}, gif()),
        disposition('inline'),
        disposition('inline; filename=x.png'),
        disposition('attachment; filename="a/b"'),
        disposition('attachment; filename=".."'),
        disposition('attachment; filename=""'),
        disposition('attachment; filename="x"; filename="y.html"'),
        disposition("attachment; filename=\"x\"; filename*=UTF-8''%2e%2e%2fx"),
        disposition("attachment; filename=\"x\"; filename*=UTF-8''%0d%0ax"),
        disposition("attachment; filename=\"x\"; filename*=UTF-8''%E2%80%AEx"),
    ];
    for (const each of bad) {
        const told = JSON.stringify([...each.headers]);
        assert.throws(() => assertNeverRunnable(each), { code: 'ERR_ASSERTION' }, told);
    }
    const gone = Buffer.from('<script>');
    assert.throws(() => assertNeverRunnable(answer({}, Buffer.concat([png(), gone])), { gone }), /behind/);
});
