// Posters: a PDF is shown by its first page, and a video by one of its moments. What is hostile has
// none, and is a file like any.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import test, { after } from 'node:test';

import { fileMayTake, patience, people, startServer, until } from './harness.mjs';
import { fetchLink, upload as tryUpload } from './lib/files.mjs';
import { catalog, encryptedPdf, pdfOf, pdfPage } from './lib/pdf.mjs';
import { enormous, leadingTo, middleOf, video } from './lib/videos.mjs';

fileMayTake(300_000);
const server = await startServer();
const [ada, bob] = await people(server, 'p', 2);
const redBelow = '1 0 0 rg 0 0 600 500 re f';

async function send(person, thread, filename, bytes) {
    const answer = await tryUpload(person, { filename, claimedType: 'x/y', bytes });
    assert.equal(answer.status, 201, answer.text);
    const body = { nonce: randomUUID(), content: '', attachments: [answer.body.id] };
    return person.ok('POST', `/api/threads/${thread.id}/messages`, body, 201);
}

/** The attachment of `message`, when it has a poster. */
async function poster(person, message) {
    return until(async () => {
        const { attachments } = await person.ok('GET', `/api/messages/${message.id}`);
        return attachments[0].variants.length > 0 ? attachments[0] : undefined;
    }, 'a poster', 8 * patience);
}

const isRed = ([red, green, blue]) => red > 200 && green < 60 && blue < 60;

async function checkVariants(attachment, widths) {
    const { variants, width, height } = attachment;
    assert.deepEqual(
        variants.map((variant) => `${variant.width} ${variant.mediaType}`).sort(),
        widths.flatMap((w) => [`${w} image/avif`, `${w} image/webp`]).sort(),
    );
    for (const variant of variants) {
        assert.equal(variant.height, Math.round((variant.width * height) / width));
        const { status, headers, body } = await fetchLink(server, variant.url);
        assert.equal(status, 200);
        assert.equal(headers.get('content-type'), variant.mediaType);
        assert.match(headers.get('content-disposition'), /^inline/);
        assert.equal(body.length, variant.size);
        if (variant.mediaType === 'image/webp') assert.ok(isRed(middleOf(body)), 'it is red');
        else assert.equal(body.toString('latin1', 4, 12), 'ftypavif');
    }
}

test('a message with a PDF shows its first page as soon as that is drawn', async () => {
    const thread = await ada.channel();
    await bob.join(thread);
    const bobs = await bob.connect();
    await bobs.request('thread:join', { threadId: thread.id });
    const bytes = pdfPage(redBelow);
    const sent = await send(ada, thread, 'plan.pdf', bytes);
    if (sent.attachments[0].variants.length === 0) {
        const { width, height, thumbhash } = sent.attachments[0];
        assert.deepEqual([width, height, thumbhash], [null, null, null]);
        const shows = ({ type, message }) =>
            type === 'message:update' && message.attachments[0]?.variants.length > 0;
        const update = await bobs.waitFor(shows, { ms: 8 * patience });
        assert.deepEqual([update.message.id, update.rev], [sent.id, sent.rev + 1]);
    }
    const attachment = await poster(bob, sent);
    const { mediaType, size, width, height, thumbhash } = attachment;
    assert.deepEqual([mediaType, size, width, height], ['application/pdf', bytes.length, 1200, 1600]);
    assert.ok(Buffer.from(thumbhash, 'base64').length <= 25);
    await checkVariants(attachment, [320, 800, 1200]);
    const whole = await fetchLink(server, attachment.url);
    assert.deepEqual(whole.body, bytes, 'the file itself is what it was');
    await bobs.close();
});

test('videos show a moment', async () => {
    const thread = await ada.channel();
    const kinds = [
        ['video/mp4', '.mp4', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p']],
        ['video/quicktime', '.mov', ['-c:v', 'mjpeg']],
        ['video/webm', '.webm', ['-c:v', 'libvpx', '-deadline', 'realtime']],
        ['video/x-matroska', '.mkv', ['-c:v', 'mpeg4']],
    ];
    for (const [mediaType, ending, options] of kinds) {
        const sent = await send(ada, thread, `film${ending}`, video(ending, options));
        const attachment = await poster(ada, sent);
        const { width, height } = attachment;
        assert.deepEqual([attachment.mediaType, width, height], [mediaType, 640, 480]);
        await checkVariants(attachment, [320, 640]);
    }
});

/** Counts who comes by. */
async function trap() {
    const visits = [];
    const listener = net.createServer((socket) => {
        visits.push(socket.remoteAddress);
        socket.destroy();
    });
    after(() => listener.close());
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return { visits, url: `http://127.0.0.1:${listener.address().port}/a.mov` };
}

function hostileFiles(url) {
    const movie = video('.mov', ['-c:v', 'mjpeg']);
    const film = video('.mp4', ['-c:v', 'mpeg4']);
    const pages = (kids, count) =>
        pdfOf([catalog, `<< /Type /Pages /Kids [${kids}] /Count ${count} >>`]);
    const targets = [url, '/etc/passwd', 'file:///etc/passwd', `${server.data}/banter.db`];
    return {
        'noise.pdf': Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(5000, 0xa5)]),
        'encrypted.pdf': encryptedPdf(redBelow),
        'no pages.pdf': pages('', 0),
        'pages in themselves.pdf': pages('2 0 R', 1),
        'huge.pdf': pdfPage(redBelow, { box: '0 0 1000000000 1000000000' }),
        'hair.pdf': pdfPage(redBelow, { box: '0 0 14400 1' }),
        'half.pdf': pdfPage(redBelow).subarray(0, 300),
        'playlist.mp4': Buffer.from(`#EXTM3U\n#EXTINF:1,\n${url}\n#EXTINF:1,\n/etc/passwd\n`),
        'list.mp4': Buffer.from(`ffconcat version 1.0\nfile ${url}\nfile /etc/passwd\n`),
        'half.mp4': film.subarray(0, film.length / 2),
        'no frames.mp4': Buffer.concat([film.subarray(0, 32), film.subarray(film.indexOf('moov') - 4)]),
        'noise.mp4': Buffer.concat([film.subarray(0, 32), Buffer.alloc(5000, 0xa5)]),
        'enormous.mov': enormous(movie),
        ...Object.fromEntries(
            targets.flatMap((target, i) => [
                [`alias ${i}.mov`, leadingTo(movie, target)[0]],
                [`address ${i}.mov`, leadingTo(movie, target)[1]],
            ]),
        ),
    };
}

test('what is hostile has none, calls nobody, and is a file like any', async () => {
    const thread = await ada.channel();
    const { visits, url } = await trap();
    const files = hostileFiles(url);
    const sent = {};
    for (const [name, bytes] of Object.entries(files)) sent[name] = await send(ada, thread, name, bytes);
    // Posters are drawn one after the other: when the last one is there, nothing is left to do.
    await poster(ada, await send(ada, thread, 'last.pdf', pdfPage(redBelow)));
    for (const [name, bytes] of Object.entries(files)) {
        const message = await ada.ok('GET', `/api/messages/${sent[name].id}`);
        const [attachment] = message.attachments;
        // ffmpeg knows no addresses in movies: it shows the frames that are there.
        if (!name.startsWith('address')) assert.deepEqual(attachment.variants, [], name);
        assert.equal(attachment.name, name);
        const { status, body } = await fetchLink(server, attachment.url);
        assert.equal(status, 200, name);
        assert.deepEqual(body, bytes, name);
        const reply = { nonce: randomUUID(), content: `thanks for ${name}`, replyTo: sent[name].id };
        await ada.ok('POST', `/api/threads/${thread.id}/messages`, reply, 201);
    }
    assert.deepEqual(visits, []);
});
