// Pictures: looked into before they are kept, shown before they are there, and made smaller in the
// background, which their message then says.
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import test from 'node:test';

import { fileMayTake, patience, people, startServer, until } from './harness.mjs';
import { fetchLink, stored, upload as tryUpload } from './lib/files.mjs';
import { join, u16le, u32le } from './lib/hostile/bytes.mjs';
import { exif, jpeg, png, pngChunk, pngHeader, pngSignature, tiffDirectory, tiffHeader } from './lib/hostile/rasters.mjs';
import { photograph } from './lib/photograph.mjs';

fileMayTake(300_000);
const server = await startServer();
const [ada, bob] = await people(server, 'p', 2);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

async function upload(person, filename, bytes) {
    const answer = await tryUpload(person, { filename, claimedType: 'image/x', bytes });
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
}

test('a picture of 8 MB is there at once as a few bytes, and soon as one of at most a twentieth', async () => {
    const thread = await ada.channel();
    await bob.join(thread);
    const bobs = await bob.connect();
    await bobs.request('thread:join', { threadId: thread.id });
    const bytes = photograph(4500, 3400);
    assert.ok(bytes.length > 8_000_000, `${bytes.length}`);
    const file = await upload(ada, 'photo.png', bytes);
    assert.deepEqual([file.mediaType, file.width, file.height], ['image/png', 4500, 3400]);
    assert.ok(Buffer.from(file.thumbhash, 'base64').length <= 25);
    const body = { nonce: randomUUID(), content: '', attachments: [file.id] };
    const sent = await ada.ok('POST', `/api/threads/${thread.id}/messages`, body, 201);
    const hasAll = ({ message }) => message.attachments[0]?.variants.length === 6;
    const path = `/api/messages/${sent.id}`;
    // Either they were made before the message was sent, or the message says so when they are.
    if (!hasAll({ message: sent })) {
        const isUpdate = (frame) => frame.type === 'message:update' && hasAll(frame);
        const update = await bobs.waitFor(isUpdate, { ms: 8 * patience });
        assert.equal(update.rev, sent.rev + 1);
        assert.equal(update.message.id, sent.id);
    }
    const message = await bob.ok('GET', path);
    const [{ url, variants }] = message.attachments;
    assert.deepEqual(
        variants.map(({ width, mediaType }) => `${width} ${mediaType}`).sort(),
        [320, 800, 1600].flatMap((w) => [`${w} image/avif`, `${w} image/webp`]).sort(),
    );
    for (const variant of variants) {
        assert.equal(variant.height, Math.round((variant.width * 3400) / 4500));
        const small = await fetchLink(server, variant.url);
        assert.equal(small.status, 200);
        assert.equal(small.headers.get('content-type'), variant.mediaType);
        assert.match(small.headers.get('content-disposition'), /^inline/);
        assert.equal(small.body.length, variant.size);
        assert.ok(small.body.length <= bytes.length / 20, `${variant.width}: ${small.body.length}`);
    }
    const whole = await fetchLink(server, url);
    assert.equal(sha256(whole.body), sha256(bytes), 'the original is kept');
    await bobs.close();
});

/** A place as Exif has it: 48°51'29.999" north. */
const place = Buffer.concat([48, 1, 51, 1, 29_999, 1000].map((number) => u32le(number)));

/** A directory of GPS behind one that says which side is up. */
function exifWithPlace() {
    const main = tiffDirectory([
        [0x0112, 3, 1, 6],
        [0x8825, 4, 1, 38],
    ]);
    const gps = tiffDirectory([[2, 5, 3, 56]]);
    return exif(join(tiffHeader, main, gps, place));
}

test('where a picture was taken is erased, and which side is up is not', async () => {
    const photo = jpeg({ between: exifWithPlace() });
    assert.ok(photo.includes(place));
    const { url } = await upload(ada, 'photo.jpg', photo);
    const { body } = await fetchLink(server, url);
    assert.ok(!body.includes(place), 'the place is still there');
    assert.ok(body.includes(Buffer.from('Exif\0\0II', 'latin1')), 'and the rest is');
    assert.ok(body.includes(join(u16le(0x0112), u16le(3), u32le(1), u32le(6))), 'with the side');
});

test('a picture that is damaged or a bomb is refused, and nothing of it stays', async (t) => {
    const other = await startServer({}, t);
    const [one] = await people(other, 'q', 1);
    const bomb = join(pngSignature, pngHeader(50_000, 50_000), png().subarray(33));
    const cut = (bytes, share) => bytes.subarray(0, Math.floor(bytes.length * share));
    const files = { bomb, half: cut(photograph(300, 300), 0.5), head: cut(jpeg(), 0.3) };
    for (const [name, bytes] of Object.entries(files)) {
        const answer = await tryUpload(one, { filename: name, claimedType: 'x/y', bytes });
        assert.deepEqual([answer.status, answer.body.code], [422, 'bad_image'], name);
    }
    // The answer does not wait for the disk.
    await until(() => stored(other).length === 0 || undefined, 'nothing to stay');
});

test('pictures that were to be made smaller are, also after a kill', async (t) => {
    const killed = await startServer({}, t);
    const [one] = await people(killed, 'q', 1);
    const thread = await one.channel();
    const file = await upload(one, 'photo.png', photograph(900, 500));
    const body = { nonce: randomUUID(), content: '', attachments: [file.id] };
    const { id } = await one.ok('POST', `/api/threads/${thread.id}/messages`, body, 201);
    await killed.kill9();
    await killed.start();
    const variants = await until(async () => {
        const { attachments } = await one.ok('GET', `/api/messages/${id}`);
        return attachments[0].variants.length > 0 ? attachments[0].variants : undefined;
    }, 'the smaller ones', 8 * patience);
    assert.deepEqual(
        variants.map(({ width }) => width).sort((a, b) => a - b),
        [320, 320, 800, 800, 900, 900],
    );
});

test('pictures are looked into whatever became of the children of whoever started the server', async (t) => {
    const inside = ['/bin/sh', '-c', 'trap "" CHLD; exec "$@"', 'sh'];
    const careless = await startServer({ inside }, t);
    const [one] = await people(careless, 'q', 1);
    const { width } = await upload(one, 'photo.jpg', jpeg());
    assert.equal(width, 8);
});

test('what a picture says beside its pixels is erased where it may be of a place', async () => {
    const words = ['Comment\0Lat 52.5186', 'Latitude\x0052.5186N', 'Author\0Ada'];
    const between = join(...words.map((text) => pngChunk('tEXt', text)));
    const { url } = await upload(ada, 'photo.png', png({ between }));
    const { body } = await fetchLink(server, url);
    assert.ok(!body.includes('52.5186'), 'the place is still there');
    assert.ok(body.includes('Author\0Ada'));
});
