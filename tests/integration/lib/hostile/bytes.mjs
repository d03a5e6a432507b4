// Bytes of files, put together by hand: what no program writes has to be written by somebody.

/** Texts, numbers of bytes and buffers, one after the other. */
export const join = (...parts) =>
    Buffer.concat(parts.map((part) => Buffer.from(part)));
export const sizeOf = (part) => join(part).length;

const number = (size, write) => (value) => {
    const bytes = Buffer.alloc(size);
    bytes[write](value);
    return bytes;
};

export const u16be = number(2, 'writeUInt16BE');
export const u16le = number(2, 'writeUInt16LE');
export const u32be = number(4, 'writeUInt32BE');
export const u32le = number(4, 'writeUInt32LE');
export const i32le = number(4, 'writeInt32LE');
export const u24le = (value) => u32le(value).subarray(0, 3);

export const hex = (text) => Buffer.from(text.replaceAll(' ', ''), 'hex');
export const latin1 = (text) => Buffer.from(text, 'latin1');

export function utf16be(text) {
    return Buffer.from(text, 'utf16le').swap16();
}

const table = new Uint32Array(256).map((_, byte) => {
    for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
    return byte;
});

/** As PNG, ZIP and gzip have it. */
export function crc32(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff];
    return (crc ^ 0xffffffff) >>> 0;
}
