// Archives, and the boxes that sound and films come in.
import { deflateRawSync } from 'node:zlib';

import { crc32, join, sizeOf, u16le, u32be, u32le } from './bytes.mjs';

// --- ZIP

const whole = (text) => (Buffer.isBuffer(text) ? text : Buffer.from(text));

/** members: {name, data, packed?, size?, flags?, mode?}; the last ones overrule what is said of the data. */
export function zip(members, { before = '', comment = '' } = {}) {
    const files = [];
    const directory = [];
    let at = sizeOf(before);
    for (const { name, data = '', packed, size, flags = 0, mode = 0o100644, crc } of members) {
        const plain = whole(data);
        const body = packed ?? deflateRawSync(plain, { level: 9 });
        const told = join(
            u16le(flags),
            u16le(8),
            u32le(0),
            u32le(crc ?? crc32(plain)),
            u32le(body.length),
            u32le(size ?? plain.length),
        );
        const lengths = join(u16le(sizeOf(name)), u16le(0));
        const local = join('PK\x03\x04', u16le(20), told, lengths, name, body);
        const more = join(u16le(0), u16le(0), u16le(0), u32le((mode << 16) >>> 0), u32le(at));
        directory.push(join('PK\x01\x02', u16le(0x0314), u16le(20), told, lengths, more, name));
        files.push(local);
        at += local.length;
    }
    const list = join(...directory);
    const counts = join(u16le(members.length), u16le(members.length));
    const tail = join(u32le(list.length), u32le(at), u16le(sizeOf(comment)), comment);
    return join(before, ...files, list, 'PK\x05\x06', u32le(0), counts, tail);
}

// --- tar

/** members: {name, data?, type?, link?} */
export function tar(members) {
    const blocks = members.map(({ name, data = '', type = '0', link = '' }) => {
        const head = Buffer.alloc(512);
        head.write(name, 0);
        head.write('0000644\x000000000\x000000000\x00', 100);
        head.write(`${sizeOf(data).toString(8).padStart(11, '0')}\x0000000000000\x00        `, 124);
        head.write(type, 156);
        head.write(link, 157);
        head.write('ustar\x0000', 257);
        const sum = head.reduce((total, byte) => total + byte, 0);
        head.write(`${sum.toString(8).padStart(6, '0')}\x00 `, 148);
        return join(head, data, Buffer.alloc((512 - (sizeOf(data) % 512)) % 512));
    });
    return join(...blocks, Buffer.alloc(1024));
}

// --- MP4, AVIF, HEIC

export const box = (type, data = '', size) => join(u32be(size ?? sizeOf(data) + 8), type, data);
export const fileType = (brand) => box('ftyp', join(brand, u32be(0), brand, 'mif1'));

// --- WebM and Matroska

/** EBML's head, with the size of what follows unknown. */
export const webmHead = join(
    Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581 02'.replace(' ', ''), 'hex'),
    Buffer.from('1853806701ffffffffffffff', 'hex'),
);

// --- Ogg

export const oggHead = join(
    'OggS',
    Buffer.from('0002', 'hex'),
    Buffer.alloc(8),
    u32le(1),
    Buffer.alloc(8),
    [1, 30, 1],
    'vorbis',
    u32le(0),
    [1],
    u32le(44_100),
    Buffer.alloc(12),
    [0xb8, 1],
);
