// Files that are two things at once: one to whoever looks at the first bytes, another to whoever
// runs them.
import { deflateSync } from 'node:zlib';

import { hex, join, u16le, u32be, u32le } from './bytes.mjs';
import { box, fileType, oggHead, tar, webmHead, zip } from './containers.mjs';
import * as raster from './rasters.mjs';
import { alert, either, page, row, script } from './row.mjs';

const { bmp, gif, jpeg, png, webp } = raster;
const jar = zip([{ name: 'META-INF/MANIFEST.MF', data: 'Main-Class: Hidden\n' }]);

/** A whole picture and something behind it, which is gone when the picture is shown. */
const behind = (name, kind, picture, tail, why) =>
    row(name, kind, join(picture, tail), why, {
        claimed: `image/${kind}`,
        filename: `x.${kind}`,
        gone: Buffer.from(tail),
        ...either,
    });

const appended = [
    behind('gif and a jar', 'gif', gif(), jar, 'a picture that is a program for Java'),
    behind('gif and a page', 'gif', gif(), page, 'what sniffs finds a page'),
    behind('jpeg and a page', 'jpeg', jpeg(), page, 'what sniffs finds a page'),
    behind('jpeg and a zip', 'jpeg', jpeg(), jar, 'carries files that nobody sees'),
    behind('jpeg and php', 'jpeg', jpeg(), "<?php system($_GET['c']); ?>", 'runs where files are served by PHP'),
    behind('png and javascript', 'png', png(), `\n;${alert}`, 'is loaded as a script'),
    behind('png and a page', 'png', png(), page, 'what sniffs finds a page'),
    behind('png and another picture', 'png', png(), png({ width: 9 }), 'shows the other one to some'),
    behind('webp and a page', 'webp', webp(), page, 'what sniffs finds a page'),
    behind('png and a program', 'png', png(), join('MZ', Buffer.alloc(62)), 'is cut out and started'),
    behind('jpeg and 1 MiB', 'jpeg', jpeg(), Buffer.alloc(1 << 20, script), 'hides more than it shows'),
];

const picture = (name, kind, bytes, why) =>
    row(name, kind, bytes, why, { claimed: `image/${kind}`, filename: `x.${kind}`, ...either });
/** The size of a screen whose bytes begin a comment of JavaScript. */
const comment = 0x2a2f;
const commentOfJpeg = join([0xff, 0xd8, 0xff, 0xe0], '/*', Buffer.alloc(comment - 2, 0x20), raster.jpegSegment(0xfe, `*/=${alert}/*`));

const scripts = [
    picture('gif that is javascript', 'gif', join('GIF89a', u16le(comment), u16le(1), [0, 0, 0], `*/=0;${alert};`), '`GIF89a` is a name that gets a value'),
    picture('gif that begins a comment', 'gif', join(raster.gifHeader(comment, 1), raster.gifComment(`*/=1;${alert};/*`), raster.gifFrame(), [0x3b], '*/'), 'the pixels are in a comment'),
    picture('gif with a script for its first bytes', 'gif', `GIF89a=0;${alert}`, 'a picture by its name alone'),
    picture('jpeg that is javascript', 'jpeg', join(commentOfJpeg, jpeg().subarray(2)), 'the pixels are in a comment'),
    picture('webp that is javascript', 'webp', join('RIFF/*', [0, 0], `WEBP*/=0;${alert}`), '`RIFF` is a name that gets a value'),
    picture('png with a page for rows', 'png', png({ width: 400, height: 1, data: deflateSync(join([0], page, Buffer.alloc(400 - page.length)), { level: 0 }) }), 'the pixels themselves are a page'),
    picture('png with a page for colours', 'png', png({ between: raster.pngChunk('PLTE', Buffer.alloc(258, page)) }), 'the colours are a page'),
    picture('gif with a page for colours', 'gif', join('GIF89a', u16le(1), u16le(1), [0xf7, 0, 0], Buffer.alloc(768, page), raster.gifFrame(), [0x3b]), 'the colours are a page'),
    row('bmp that is javascript', 'bmp', join('BM=', [0x2f, 0x2a, 0, 0], bmp().subarray(7), `*/0;${alert}`), '`BM` is a name that gets a value', { claimed: 'image/bmp' }),
    row('icon with a page', 'ico', join(raster.ico([png()]), page), 'what sniffs finds a page', { claimed: 'image/x-icon', filename: 'x.ico' }),
];

const media = (name, kind, bytes, claimed) =>
    row(name, kind, bytes, 'shown in the page, and what sniffs finds a page', { claimed, filename: `x.${kind}` });
const wav = raster.riff('WAVE', join('fmt ', u32le(16), u16le(1), u16le(1), u32le(8000), u32le(8000), u16le(1), u16le(8), 'data', u32le(page.length), page));
const film = join(fileType('mp42'), box('moov', box('udta', page)), page);

const shown = [
    media('wav with a page', 'wav', wav, 'audio/wav'),
    media('mp3 with a page', 'mp3', join('ID3', [3, 0, 0, 0, 0, 1, 0], page, Buffer.alloc(128 - page.length), hex('fffb9064'), Buffer.alloc(413)), 'audio/mpeg'),
    media('flac with a page', 'flac', join('fLaC', hex('00000022 1000 1000 000000 000000'), hex('0ac442f0'), Buffer.alloc(20), page), 'audio/flac'),
    media('ogg with a page', 'ogg', join(oggHead, page), 'audio/ogg'),
    media('aac with a page', 'aac', join(hex('fff15080017ffc'), page), 'audio/aac'),
    media('mp4 with a page', 'mp4', film, 'video/mp4'),
    media('quicktime with a page', 'mov', join(box('ftyp', join('qt  ', u32be(0), 'qt  ')), page), 'video/quicktime'),
    media('webm with a page', 'webm', join(webmHead, page), 'video/webm'),
    media('avi with a page', 'avi', raster.riff('AVI ', join('LIST', u32le(4), 'hdrl', page)), 'video/x-msvideo'),
    media('midi with a page', 'midi', join('MThd', u32be(6), hex('000000010060'), page), 'audio/midi'),
];

const pdf = '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n';

const others = [
    row('pdf and a page', 'pdf', join(pdf, page), 'what sniffs finds a page', { claimed: 'application/pdf' }),
    row('pdf and a zip', 'pdf', join(pdf, jar), 'a document that is a program for Java', { claimed: 'application/pdf' }),
    row('a page and a zip', 'html', zip([{ name: 'x', data: 'x' }], { before: page }), 'a page that is an archive'),
    row('a tar that is a pdf', 'tar', tar([{ name: '%PDF-1.4', data: pdf }]), 'its first name is a head of PDF'),
    row('a tar that is a page', 'tar', tar([{ name: script.replace('/', '\\'), data: page }]), 'its first name is a page'),
    row('a shell script that is a page', 'text', `#!/bin/sh\n: <<'x'\n${page}\nx\nrm -rf ~\n`, 'a page for browsers, a program for shells'),
    row('javascript that is a page', 'html', `<!--\n${alert}\n//-->${page}`, '`<!--` begins a comment of JavaScript', { claimed: 'text/javascript' }),
    row('a program that is a zip', 'exe', join('MZ', Buffer.alloc(58), u32le(64), 'PE\0\0', Buffer.alloc(20), jar), 'unpacks itself'),
];

export default [...appended, ...scripts, ...shown, ...others];
