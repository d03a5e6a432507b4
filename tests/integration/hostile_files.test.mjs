// Hostile files, uploaded one after the other: refused in so many words, or kept and given back so
// that no browser would run them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { fileMayTake, http, person, startServer } from './harness.mjs';
import { patience } from './lib/deadline.mjs';
import { fetchLink, upload } from './lib/files.mjs';
import { gif, jpeg, png, webp } from './lib/hostile/rasters.mjs';
import { assertNeverRunnable, hostileFiles } from './lib/hostile_files.mjs';

// Among them are pictures that cost the whole time that one may take.
fileMayTake(600_000);
const server = await startServer();
const ada = await person(server, 'ada');
const refusals = { bad_image: 422, bad_request: 400 };
const kept = [];

/** What a browser is given for it, whole, in part and as a head alone. */
async function assertServedSafely(row, attachment) {
    const whole = await fetchLink(server, attachment.url);
    assert.equal(whole.status, 200, whole.body.toString().slice(0, 300));
    assertNeverRunnable(whole, row);
    // A name that goes as it is may end its part's head; what follows is the file then.
    const endsHead = row.filename.includes('\r\n\r\n');
    if (!row.picture && !endsHead) assert.ok(whole.body.equals(row.bytes), 'other bytes come back');
    assert.equal(attachment.size, whole.body.length);
    const type = whole.headers.get('content-type');
    assert.ok([attachment.mediaType, 'application/octet-stream'].includes(type), type);
    const head = await fetchLink(server, attachment.url, { method: 'HEAD' });
    assertNeverRunnable({ ...head, body: whole.body }, row);
    if (whole.body.length === 0) return;
    const part = await fetchLink(server, attachment.url, { headers: { Range: 'bytes=0-' } });
    assert.equal(part.status, 206);
    assertNeverRunnable(part, row);
}

/** Whether it is called a picture, so that it has to be one. */
const saysPicture = ({ filename, claimedType }) =>
    /\.(jpe?g|jfif|a?png|gif|webp|avif|hei[cf]|tiff?)$/i.test(filename.toString('latin1')) ||
    /^image\/(jpeg|a?png|gif|webp|avif|hei[cf]|tiff)\b/i.test(claimedType);

/** A machine that is busy looks into a picture later. */
async function uploadWhenIdle(row) {
    for (let tries = 1; ; tries++) {
        const answer = await upload(ada, row, { ms: 6 * patience });
        if (answer.body.code !== 'busy' || tries === 4) return answer;
    }
}

async function tryOut(row) {
    let answer = await uploadWhenIdle(row);
    if (answer.body.code === 'bad_image' && saysPicture(row) && !row.may.includes('bad_image')) {
        // It lies, and is refused for that; under a name that says nothing it goes on.
        assert.equal(answer.status, 422);
        const silent = { filename: 'x', claimedType: 'application/octet-stream' };
        answer = await uploadWhenIdle({ ...row, ...silent });
    }
    if (answer.status === 201) {
        assert.ok(row.may.includes('stored'), `was stored as ${answer.body.mediaType}`);
        await assertServedSafely(row, answer.body);
        kept.push({ row, id: answer.body.id });
        return;
    }
    assert.ok(row.may.includes(answer.body.code), `${answer.status} ${answer.text.slice(0, 300)}`);
    assert.equal(answer.status, refusals[answer.body.code]);
    assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
    assert.ok(!answer.text.includes('<script'), 'what was sent comes back in the refusal');
}

test('harmless pictures are kept and shown, so that the hostile ones are refused for what is wrong with them', async () => {
    const pictures = { png: [png(), 4], gif: [gif(), 1], jpeg: [jpeg(), 8], webp: [webp(), 2] };
    for (const [kind, [bytes, size]] of Object.entries(pictures)) {
        const file = { filename: `x.${kind}`, claimedType: 'application/octet-stream', bytes };
        const { status, body, text } = await upload(ada, file);
        assert.equal(status, 201, text);
        assert.deepEqual(
            [body.name, body.mediaType, body.width, body.height],
            [`x.${kind}`, `image/${kind}`, size, size],
        );
        const served = await fetchLink(server, body.url);
        assertNeverRunnable(served);
        assert.match(served.headers.get('content-disposition'), /^inline/);
    }
});

for (const [group, rows] of Object.entries(hostileFiles))
    describe(group, () => {
        for (const row of rows) test(row.name, () => tryOut(row));
    });

test('their smaller copies are as harmless, and the links to them can not be changed', async () => {
    assert.ok(kept.length > 100);
    for (const { row, id } of kept) {
        const { url, variants } = await ada.ok('GET', `/api/files/${id}`);
        for (const variant of variants) {
            const copy = await fetchLink(server, variant.url);
            assert.equal(copy.status, 200);
            assertNeverRunnable(copy, row);
            assert.match(copy.headers.get('content-type'), /^image\/(webp|avif)$/);
        }
        for (const more of ['&type=text%2Fhtml', '&download=0', '&x=1']) {
            const changed = await fetchLink(server, url + more);
            assert.match(`${changed.status}`, /^40[03]$/);
            assert.doesNotMatch(changed.headers.get('content-type') ?? '', /html|xml|script|svg/);
        }
    }
});

test('the server is well after all that', async () => {
    assert.equal((await http(server, 'GET', '/healthz')).status, 200);
    const { status } = await upload(ada, { filename: 'x.png', claimedType: 'image/png', bytes: png() });
    assert.equal(status, 201);
});
