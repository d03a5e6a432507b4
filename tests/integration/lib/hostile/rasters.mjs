// Small pictures of each kind that are whole, and the pieces to make ones that aren't.
import { deflateSync } from 'node:zlib';

import { crc32, hex, i32le, join, sizeOf, u16be, u16le, u24le, u32be, u32le } from './bytes.mjs';

// --- PNG

export const pngSignature = hex('89504e470d0a1a0a');

export function pngChunk(type, data = '', crc) {
    const body = join(type, data);
    return join(u32be(body.length - 4), body, u32be(crc ?? crc32(body)));
}

/** Grey, of eight bits or, for large ones, of one. */
export const pngHeader = (width, height, depth = 8) =>
    pngChunk('IHDR', join(u32be(width), u32be(height), [depth, 0, 0, 0, 0]));

/** All rows black; `between` are chunks before those. */
export function png({ width = 4, height = 4, depth = 8, between = '', data } = {}) {
    const row = 1 + Math.ceil((width * depth) / 8);
    const rows = data ?? deflateSync(Buffer.alloc(row * height), { level: 9 });
    const header = pngHeader(width, height, depth);
    return join(pngSignature, header, between, pngChunk('IDAT', rows), pngChunk('IEND'));
}

// --- GIF

export const gifHeader = (width, height) =>
    join('GIF89a', u16le(width), u16le(height), [0x80, 0, 0], [0, 0, 0, 255, 255, 255]);

/** One black pixel. */
export function gifFrame({ left = 0, top = 0, width = 1, height = 1, data = [2, 0x44, 1] } = {}) {
    const place = join(u16le(left), u16le(top), u16le(width), u16le(height), [0]);
    return join([0x2c], place, [2], data, [0]);
}

export const gifDelay = hex('21f90400 0100 00 00');
export const gifLoop = join([0x21, 0xff, 11], 'NETSCAPE2.0', [3, 1, 0, 0, 0]);
export const gifComment = (text) => join([0x21, 0xfe, sizeOf(text)], text, [0]);

export function gif({ width = 1, height = 1, frames = gifFrame() } = {}) {
    return join(gifHeader(width, height), frames, [0x3b]);
}

// --- JPEG: grey, eight by eight, with Huffman tables of one code each

export const jpegSegment = (marker, data) =>
    join([0xff, marker], u16be(sizeOf(data) + 2), data);

const oneCode = (id) => jpegSegment(0xc4, join([id, 1], Buffer.alloc(15), [0]));

export const jpegFrame = (width, height, marker = 0xc0) =>
    jpegSegment(marker, join([8], u16be(height), u16be(width), [1, 1, 0x11, 0]));

export const jpegTables = join(
    jpegSegment(0xdb, Buffer.alloc(65, 1).fill(0, 0, 1)),
    oneCode(0x00),
    oneCode(0x10),
);
export const jpegScan = join(jpegSegment(0xda, [1, 1, 0, 0, 63, 0]), [0x3f]);

/** A progressive picture of so many blocks: a scan of their greys, and `count` scans more that add nothing. */
export function jpegScans(count, blocks) {
    const greys = join(jpegSegment(0xda, [1, 1, 0, 0, 0, 0]), Buffer.alloc(Math.ceil(blocks / 8)));
    // The one code of the table says that 2^14 blocks, and as many as 14 bits behind it say, are empty.
    const table = jpegSegment(0xc4, join([0x10, 1], Buffer.alloc(15), [0xe0]));
    const run = { bits: '010101010101010', blocks: (1 << 14) + 0x2aaa };
    const bits = run.bits.repeat(Math.ceil(blocks / run.blocks));
    const bytes = bits.match(/.{1,8}/g).map((byte) => parseInt(byte.padEnd(8, '1'), 2));
    const nothing = join(jpegSegment(0xda, [1, 1, 0, 1, 63, 0]), bytes);
    return join(greys, table, ...Array.from({ length: count }, () => nothing));
}

/** `between` are segments behind the head, `scans` all that is coded. */
export function jpeg({ width = 8, height = 8, marker, between = '', scans = jpegScan } = {}) {
    const head = join([0xff, 0xd8], jpegSegment(0xe0, join('JFIF', hex('00 0101 00 0001 0001 0000'))));
    return join(head, between, jpegTables, jpegFrame(width, height, marker), scans, [0xff, 0xd9]);
}

/** A segment of Exif that holds `tiff`. */
export const exif = (tiff) => jpegSegment(0xe1, join('Exif\0\0', tiff));

// --- TIFF, with the least byte first

/** entries: [tag, type, count, value], the value in four bytes; `next` is where the next directory is said to be. */
export function tiffDirectory(entries, next = 0) {
    const lines = entries.map(([tag, type, count, value]) =>
        join(u16le(tag), u16le(type), u32le(count), u32le(value)),
    );
    return join(u16le(entries.length), ...lines, u32le(next));
}

export const tiffHeader = join('II', u16le(42), u32le(8));

/** Grey; its one strip is a pixel behind the directory. */
export function tiff({ width = 1, height = 1, strip, next } = {}) {
    const entries = [
        [256, 4, 1, width],
        [257, 4, 1, height],
        [258, 3, 1, 8],
        [259, 3, 1, 1],
        [262, 3, 1, 1],
        [273, 4, 1, strip ?? 8 + 2 + 9 * 12 + 4],
        [277, 3, 1, 1],
        [278, 4, 1, height],
        [279, 4, 1, Math.min(width * height, 0xffff_ffff)],
    ];
    return join(tiffHeader, tiffDirectory(entries, next), [0]);
}

// --- WebP, without loss: one colour, which takes no bits per pixel

export function riff(type, chunks, size) {
    const body = join(type, chunks);
    return join('RIFF', u32le(size ?? body.length), body);
}

export function riffChunk(name, data, size) {
    const padding = sizeOf(data) % 2;
    return join(name, u32le(size ?? sizeOf(data)), data, Buffer.alloc(padding));
}

export function webpPixels(width, height) {
    // Sizes, no alpha, version 0, no transform, no cache, no groups, then five codes of one symbol.
    const fields = [[width - 1, 14], [height - 1, 14], [0, 1], [0, 3], [0, 1], [0, 1], [0, 1]];
    for (let code = 0; code < 5; code++) fields.push([1, 1], [0, 1], [0, 1], [0, 1]);
    const bits = fields.flatMap(([value, size]) => Array.from({ length: size }, (_, i) => (value >> i) & 1));
    const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
    bits.forEach((bit, i) => (bytes[i >> 3] |= bit << (i & 7)));
    return join([0x2f], bytes, Buffer.alloc(2));
}

export const webp = ({ width = 2, height = 2 } = {}) =>
    riff('WEBP', riffChunk('VP8L', webpPixels(width, height)));

export const webpCanvas = (width, height, flags = 0) =>
    riffChunk('VP8X', join([flags, 0, 0, 0], u24le(width - 1), u24le(height - 1)));

export function webpFrame(width, height) {
    const place = join(u24le(0), u24le(0), u24le(width - 1), u24le(height - 1), u24le(10), [0]);
    return riffChunk('ANMF', join(place, riffChunk('VP8L', webpPixels(width, height))));
}

// --- BMP and ICO

export function bmp({ width = 1, height = 1, compression = 0, bits = 24, pixels = Buffer.alloc(4) } = {}) {
    const head = join(u32le(40), i32le(width), i32le(height), u16le(1), u16le(bits), u32le(compression));
    const body = join(head, Buffer.alloc(20), pixels);
    return join('BM', u32le(14 + body.length), u32le(0), u32le(54), body);
}

/** Each of the pictures in one icon. */
export function ico(pictures, count = pictures.length) {
    const first = 6 + 16 * pictures.length;
    const places = pictures.map((picture, i) => {
        const before = pictures.slice(0, i).reduce((sum, { length }) => sum + length, 0);
        return join([1, 1, 0, 0], u16le(1), u16le(32), u32le(picture.length), u32le(first + before));
    });
    return join(u16le(0), u16le(1), u16le(count), ...places, ...pictures);
}
