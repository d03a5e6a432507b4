// Archives: bombs, and names that lead out of a folder. They do harm where somebody unpacks them,
// which a chat server never does.
import { deflateRawSync, gzipSync } from 'node:zlib';

import { hex, join, u32le } from './bytes.mjs';
import { tar, zip } from './containers.mjs';
import { page, row } from './row.mjs';

const mebibyte = 1 << 20;
const zeros = Buffer.alloc(16 * mebibyte);
const packedZeros = deflateRawSync(zeros, { level: 9 });
const layer = (inside, count) =>
    zip(Array.from({ length: count }, (_, i) => ({ name: `${i}.zip`, data: inside })));
const nested = layer(layer(layer(zip([{ name: '0', data: zeros }]), 8), 8), 8);
const sharing = Array.from({ length: 500 }, (_, i) => ({
    name: `${i}`,
    packed: i === 0 ? packedZeros : Buffer.alloc(0),
    size: zeros.length,
}));

const zipped = (name, members, why, options) =>
    row(name, 'zip', zip(members, options), why, { claimed: 'application/zip', filename: 'x.zip' });
const taped = (name, members, why) =>
    row(name, 'tar', tar(members), why, { claimed: 'application/x-tar', filename: 'x.tar' });
const known = (name, kind, bytes, filename) =>
    row(name, kind, bytes, 'an archive, of which only the head is there', { filename });

const repeatedGzip = (times) => {
    let bytes = zeros;
    for (let i = 0; i < times; i++) bytes = gzipSync(bytes, { level: 9 });
    return bytes;
};

export default [
    zipped('a zip bomb', [{ name: 'x', data: zeros }], 'a thousand times larger when it is unpacked'),
    row('a zip bomb in zips', 'zip', nested, 'larger with each layer', { claimed: 'application/zip', filename: 'x.zip' }),
    zipped('a zip bomb that shares', sharing, 'many members claim the same bytes'),
    zipped('a zip that lies', [{ name: 'x', data: 'x', size: 0xffffffff, crc: 1 }], 'says that a byte is 4 GiB'),
    zipped('a zip that leads out', [{ name: '../../../../etc/cron.d/x', data: 'x' }], 'writes elsewhere'),
    zipped('a zip with a root', [{ name: '/etc/passwd', data: 'x' }, { name: 'C:\\x', data: 'x' }], 'writes elsewhere'),
    zipped('a zip with a link', [{ name: 'x', data: '/etc', mode: 0o120777 }, { name: 'x/y', data: 'x' }], 'writes through the link'),
    zipped('a zip with a secret', [{ name: 'x.exe', data: 'x', flags: 1 }], 'no scanner can look into it'),
    zipped('a zip of many members', Array.from({ length: 20_000 }, (_, i) => ({ name: `${i}`, packed: [] })), 'takes a file for each of 40 bytes'),
    zipped('a zip with a strange name', [{ name: 'a\0b\r\n\u202egnp', data: 'x' }], 'is another name to each reader'),
    zipped('a zip with a page behind', [{ name: 'x', data: 'x' }], 'its comment is a page', { comment: page }),
    taped('a tar with links', [{ name: 'x', type: '2', link: '/etc' }, { name: 'x/passwd', data: 'x' }], 'writes through the link'),
    taped('a tar with a hard link', [{ name: 'x', type: '1', link: '/etc/passwd' }], 'is another name for a file outside'),
    taped('a tar that leads out', [{ name: '../../x', data: 'x' }, { name: '/x', data: 'x' }], 'writes elsewhere'),
    taped('a tar with a device', [{ name: 'null', type: '3' }, { name: 'pipe', type: '6' }], 'makes devices'),
    row('a gzip bomb', 'gzip', gzipSync(zeros, { level: 9 }), 'a thousand times larger when it is unpacked', { filename: 'x.gz', claimed: 'application/gzip' }),
    row('a gzip bomb in gzips', 'gzip', repeatedGzip(3), 'larger with each layer', { filename: 'x.gz' }),
    row('a gzip of many parts', 'gzip', join(...Array.from({ length: 1000 }, () => gzipSync(''))), 'nothing, a thousand times', { filename: 'x.gz' }),
    row('a gzip with a name', 'gzip', join(hex('1f8b0808000000000003'), '../../x.html\0', deflateRawSync('x'), u32le(0), u32le(1)), 'writes elsewhere', { filename: 'x.gz' }),
    row('a page in gzip', 'gzip', gzipSync(page), 'is a page once a Content-Encoding is added', { filename: 'x.html', claimed: 'text/html' }),
    known('bzip2', 'bzip2', join('BZh9', hex('314159265359'), Buffer.alloc(20)), 'x.bz2'),
    known('xz', 'xz', join(hex('fd377a585a0000'), Buffer.alloc(20)), 'x.xz'),
    known('7z', '7z', join(hex('377abcaf271c0004'), Buffer.alloc(24)), 'x.7z'),
    known('rar', 'rar', join('Rar!', hex('1a070100'), Buffer.alloc(20)), 'x.rar'),
    known('zstd', 'zstd', join(hex('28b52ffd'), Buffer.alloc(20)), 'x.zst'),
    known('cabinet', 'cab', join('MSCF', u32le(0), u32le(44), u32le(0), u32le(44), u32le(0), hex('0301 0100 0100'), Buffer.alloc(14)), 'x.cab'),
    known('a disk', 'iso', join(Buffer.alloc(32_768), hex('01'), 'CD001', hex('01'), Buffer.alloc(2041)), 'x.iso'),
];
