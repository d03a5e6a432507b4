// Videos, made by ffmpeg, and what it makes of a picture again.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { join, u16be, u32be } from './hostile/bytes.mjs';

const ffmpeg = (...words) =>
    execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', ...words], { maxBuffer: 1 << 26 });

/** One of two seconds, by the ending of its name and ffmpeg's options. */
export function video(ending, options, source = 'color=red:size=640x480:rate=10:duration=2') {
    const folder = mkdtempSync(path.join(tmpdir(), 'banter-video-'));
    const file = path.join(folder, `video${ending}`);
    try {
        ffmpeg('-f', 'lavfi', '-i', source, ...options, file);
        return readFileSync(file);
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** The colour in the middle of a picture, as [red, green, blue]. */
export function middleOf(picture) {
    const folder = mkdtempSync(path.join(tmpdir(), 'banter-picture-'));
    const file = path.join(folder, 'picture');
    try {
        execFileSync('tee', [file], { input: picture, stdio: ['pipe', 'ignore', 'inherit'] });
        const one = 'crop=2:2:iw/2:ih/2,scale=1:1';
        return [...ffmpeg('-i', file, '-vf', one, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-')];
    } finally {
        rmSync(folder, { recursive: true });
    }
}

const box = (type, ...content) => {
    const bytes = join(type, ...content);
    return join(u32be(4 + bytes.length), bytes);
};

/** A reference to the data in another file: an alias, as Macintosh has it. */
function alias(target) {
    const name = target.slice(target.lastIndexOf('/') + 1);
    const padded = (text, size) => join(text, Buffer.alloc(size - text.length));
    const record = (type) => join(u16be(type), u16be(target.length), target, Buffer.alloc(target.length % 2));
    return box(
        'dref',
        ...[u32be(0), u32be(1)],
        box(
            'alis',
            ...[Buffer.alloc(4), Buffer.alloc(10), [1], padded('/', 27), Buffer.alloc(12)],
            ...[[name.length], padded(name, 63), Buffer.alloc(16), u16be(1), u16be(1)],
            ...[Buffer.alloc(16), record(2), record(18), u16be(0xffff), u16be(0)],
        ),
    );
}

/** A reference to the data behind an address. */
const address = (target) =>
    box('dref', u32be(0), u32be(1), box('url ', u32be(0), target, Buffer.alloc(1)));

/** `movie`, of which ffmpeg wrote the index last, with its frames in another file. */
function movieWith(movie, reference) {
    const at = movie.indexOf('dref') - 4;
    const more = reference.length - movie.readUInt32BE(at);
    const longer = Buffer.from(movie);
    for (const parent of ['moov', 'trak', 'mdia', 'minf', 'dinf']) {
        const place = longer.lastIndexOf(parent, at) - 4;
        longer.writeUInt32BE(longer.readUInt32BE(place) + more, place);
    }
    return join(longer.subarray(0, at), reference, longer.subarray(at + movie.readUInt32BE(at)));
}

/** Both ways to say that the frames are at `target`. */
export const leadingTo = (movie, target) => [
    movieWith(movie, alias(target)),
    movieWith(movie, address(target)),
];

/** A movie of JPEGs of 640 by 480, each of which says that it is as large as can be said. */
export function enormous(movie) {
    const head = (height, width) => join([0xff, 0xc0, 0, 17, 8], u16be(height), u16be(width));
    const bytes = Buffer.from(movie);
    let at = bytes.indexOf(head(480, 640));
    if (at < 0) throw new Error('no JPEG is in it');
    for (; at >= 0; at = bytes.indexOf(head(480, 640))) head(30_000, 30_000).copy(bytes, at);
    return bytes;
}
