// Pictures that are bombs, damaged, or hold what is no picture.
import { deflateSync } from 'node:zlib';

import { hex, join, u16be, u16le, u32be, u32le } from './bytes.mjs';
import { box, fileType } from './containers.mjs';
import * as raster from './rasters.mjs';
import { either, page, refused, row, script } from './row.mjs';

const { gif, jpeg, png, pngChunk, tiff, webp, riffChunk } = raster;
const mebibyte = 1 << 20;
const largest = 0x7fffffff;
const times = (count, part) => join(...Array.from({ length: count }, () => part));
/** So much of it as is told. */
const cut = (bytes, part) => bytes.subarray(0, Math.floor(bytes.length * part));

const png_ = (name, bytes, why, may) =>
    row(name, 'png', bytes, why, { claimed: 'image/png', filename: 'x.png', ...may });
const noise = deflateSync(Buffer.from('no row of a picture'));
const largeRows = deflateSync(Buffer.alloc((1 + 2500) * 20_000), { level: 9 });
const zeros = deflateSync(Buffer.alloc(16 * mebibyte), { level: 9 });
const animation = join(
    pngChunk('acTL', join(u32be(10_000), u32be(0))),
    ...Array.from({ length: 10_000 }, (_, i) =>
        pngChunk('fcTL', join(u32be(i), u32be(4), u32be(4), u32be(0), u32be(0), u16be(1), u16be(100), [0, 0])),
    ),
);

const pngs = [
    png_('png bomb of 50,000 by 50,000', png({ width: 50_000, height: 50_000, data: noise }), 'asks for 2.5 GB', refused),
    png_('png bomb with all its rows', png({ width: 20_000, height: 20_000, depth: 1, data: largeRows }), '400 million pixels in 50 KB', refused),
    png_('png of the largest size', png({ width: largest, height: largest, data: noise }), 'its size does not fit into a number', refused),
    png_('png without width', png({ width: 0, data: noise }), 'divides by nothing', refused),
    png_('png one pixel high and endless', png({ width: largest, height: 1, data: noise }), 'one row takes 2 GB', refused),
    png_('png without rows', join(raster.pngSignature, raster.pngHeader(4, 4), pngChunk('IEND')), 'has a head and nothing else', refused),
    png_('png with noise for rows', png({ data: Buffer.from('no zlib at all') }), 'does not unpack', refused),
    png_('png with a wrong checksum of its head', join(raster.pngSignature, pngChunk('IHDR', join(u32be(4), u32be(4), [8, 0, 0, 0, 0]), 1), pngChunk('IDAT', deflateSync(Buffer.alloc(20))), pngChunk('IEND')), 'was changed', refused),
    png_('png with a wrong checksum of its rows', join(raster.pngSignature, raster.pngHeader(4, 4), pngChunk('IDAT', deflateSync(Buffer.alloc(20)), 1), pngChunk('IEND')), 'was changed', either),
    png_('png cut in half', cut(png({ width: 64, height: 64 }), 0.5), 'ends too early', refused),
    png_('png of its first bytes', raster.pngSignature, 'is a name and no more', either),
    png_('png with a chunk of 2 GB', join(raster.pngSignature, raster.pngHeader(4, 4), u32be(largest), 'IDAT'), 'asks for memory that it never fills', refused),
    png_('png with 16 MiB of packed text', png({ between: pngChunk('zTXt', join('x\0\0', zeros)) }), 'a bomb beside the picture', either),
    png_('png with 16 MiB of packed colours', png({ between: pngChunk('iCCP', join('x\0\0', zeros)) }), 'a bomb beside the picture', either),
    png_('png with a page for text', png({ between: pngChunk('tEXt', join('Comment\0', page)) }), 'what sniffs finds a page', either),
    png_('png of 20,000 empty parts', png({ between: times(20_000, pngChunk('IDAT')) }), 'costs a call for each', either),
    png_('png of 10,000 frames', png({ between: animation }), 'costs time for each', either),
];

const gif_ = (name, bytes, why, may) =>
    row(name, 'gif', bytes, why, { claimed: 'image/gif', filename: 'x.gif', ...may });
const frames = (count) => join(raster.gifLoop, times(count, join(raster.gifDelay, raster.gifFrame())));

const gifs = [
    gif_('gif with a huge screen', gif({ width: 65_535, height: 65_535 }), '4 billion pixels in 40 bytes', refused),
    gif_('gif of 10,000 frames', gif({ frames: frames(10_000) }), 'costs time for each', either),
    gif_('gif of 10,000 frames on a large screen', gif({ width: 2000, height: 2000, frames: frames(10_000) }), '40 billion pixels to paint', refused),
    gif_('gif whose frame is outside', gif({ frames: raster.gifFrame({ left: 60_000, top: 60_000 }) }), 'is painted beyond the screen', either),
    gif_('gif with a huge frame', gif({ frames: raster.gifFrame({ width: 65_535, height: 65_535 }) }), '4 billion pixels on a screen of one', either),
    gif_('gif without frames', gif({ frames: '' }), 'shows nothing', refused),
    gif_('gif with noise for pixels', gif({ width: 100, height: 100, frames: raster.gifFrame({ width: 100, height: 100, data: [4, 255, 255, 255, 255] }) }), 'does not unpack', either),
    gif_('gif cut off', cut(gif(), 0.6), 'ends too early', refused),
    gif_('gif with a page for a comment', gif({ frames: join(raster.gifComment(page), raster.gifFrame()) }), 'what sniffs finds a page', either),
];

const jpeg_ = (name, bytes, why, may) =>
    row(name, 'jpeg', bytes, why, { claimed: 'image/jpeg', filename: 'x.jpg', ...may });
const metadata = (bytes) => jpeg({ between: raster.exif(bytes) });
const progressive = (size, scans) =>
    jpeg({ width: size, height: size, marker: 0xc2, scans: raster.jpegScans(scans, Math.ceil(size / 8) ** 2) });
const blocks = join(raster.jpegScan.subarray(0, -1), Buffer.alloc(2500));
const xmp = `http://ns.adobe.com/xap/1.0/\0<?xpacket?><x:xmpmeta xmlns:x="adobe:ns:meta/">${script}</x:xmpmeta>`;
const pageInExif = join(raster.tiffHeader, raster.tiffDirectory([[0x9286, 2, page.length, 26]]), page);
const loopInExif = join(raster.tiffHeader, raster.tiffDirectory([[0x8769, 4, 1, 8]], 8));
const farInExif = join(raster.tiffHeader, raster.tiffDirectory([[0x0201, 4, 1, largest], [0x0202, 4, 1, largest]]));

const jpegs = [
    jpeg_('jpeg of 65,535 by 65,535', jpeg({ width: 65_535, height: 65_535 }), '4 billion pixels in 200 bytes', refused),
    jpeg_('jpeg of 2,000 scans', progressive(7000, 2000), 'each scan costs all of its 49 million pixels', refused),
    jpeg_('small jpeg of 10,000 scans', progressive(64, 10_000), 'each scan costs time', either),
    jpeg_('jpeg without size', jpeg({ width: 0, height: 0 }), 'divides by nothing', refused),
    jpeg_('jpeg cut within its pixels', cut(jpeg({ width: 800, height: 800, scans: blocks }), 0.5), 'ends too early', either),
    jpeg_('jpeg cut within its head', cut(jpeg(), 0.3), 'ends too early', refused),
    jpeg_('jpeg of its first bytes', hex('ffd8ffe0'), 'is a name and no more', refused),
    jpeg_('jpeg with noise for pixels', jpeg({ scans: join(raster.jpegScan, Buffer.alloc(500, 0xa5)) }), 'is decoded to anything', either),
    jpeg_('jpeg with a page in its exif', metadata(pageInExif), 'what sniffs finds a page', either),
    jpeg_('jpeg with an exif that goes round', metadata(loopInExif), 'a reader never ends', either),
    jpeg_('jpeg with a thumbnail far away', metadata(farInExif), 'a reader reads behind the end', either),
    jpeg_('jpeg with an empty exif', jpeg({ between: raster.jpegSegment(0xe1, 'Exif\0\0') }), 'a reader reads behind the end', either),
    jpeg_('jpeg with a script in its xmp', jpeg({ between: raster.jpegSegment(0xe1, xmp) }), 'readers of XMP parse XML', either),
    jpeg_('jpeg with a page for a comment', jpeg({ between: raster.jpegSegment(0xfe, page) }), 'what sniffs finds a page', either),
    jpeg_('jpeg with 20 comments of 64 KB', jpeg({ between: times(20, raster.jpegSegment(0xfe, Buffer.alloc(65_000, page))) }), 'its head is a megabyte of pages', either),
    jpeg_('jpeg with two heads', jpeg({ between: raster.jpegFrame(8, 8) }), 'is of two sizes', either),
];

const webp_ = (name, bytes, why, may) =>
    row(name, 'webp', bytes, why, { claimed: 'image/webp', filename: 'x.webp', ...may });
const canvas = (width, height, flags, more) => raster.riff('WEBP', join(raster.webpCanvas(width, height, flags), more));
const animated = riffChunk('ANIM', join(u32le(0), u16le(0)));

const webps = [
    webp_('webp of 16,384 by 16,384', webp({ width: 16_384, height: 16_384 }), '268 million pixels in 30 bytes', refused),
    webp_('webp on a canvas of 16 million squared', canvas(1 << 24, 1 << 24, 2, join(animated, raster.webpFrame(1, 1))), 'its size does not fit into a number', refused),
    webp_('webp that says it is 4 GiB', raster.riff('WEBP', riffChunk('VP8L', raster.webpPixels(2, 2)), 0xfffffff6), 'is shorter than it says', refused),
    webp_('webp with a chunk of 4 GiB', raster.riff('WEBP', riffChunk('VP8L', raster.webpPixels(2, 2), 0xffffffff)), 'is shorter than it says', refused),
    webp_('webp with noise for pixels', raster.riff('WEBP', riffChunk('VP8L', join(raster.webpPixels(1000, 1000).subarray(0, 5), Buffer.alloc(50, 0xff)))), 'does not decode', refused),
    webp_('webp cut off', cut(webp(), 0.75), 'ends too early', refused),
    webp_('webp of its first bytes', join('RIFF', u32le(4), 'WEBP'), 'is a name and no more', refused),
    webp_('webp of 10,000 frames', canvas(1, 1, 2, join(animated, times(10_000, raster.webpFrame(1, 1)))), 'costs time for each', either),
    webp_('webp with a page for exif', canvas(2, 2, 8, join(riffChunk('VP8L', raster.webpPixels(2, 2)), riffChunk('EXIF', page))), 'what sniffs finds a page', either),
];

const iloc = join(u32be(0), [0x44, 0], u16be(1), u16be(1), u16be(0), u16be(1), u32be(largest), u32be(largest));
const meta = box('meta', join(u32be(0), box('pitm', join(u32be(0), u16be(1))), box('iloc', iloc)));
const boxed = (brand) => (name, bytes, why) =>
    row(name, brand, bytes, why, { claimed: `image/${brand}`, filename: `x.${brand}`, ...refused });
const avif = boxed('avif');

const avifs = [
    avif('avif of its first bytes', fileType('avif'), 'is a name and no more'),
    avif('avif whose pixels are far away', join(fileType('avif'), meta), 'a reader reads behind the end'),
    avif('avif with a box of its own size', join(fileType('avif'), box('meta', '', 0), box('meta', '', 4)), 'a reader never gets on'),
    avif('avif of 5,000 boxes in boxes', join(fileType('avif'), Array.from({ length: 5000 }).reduce((inside) => box('meta', join(u32be(0), inside)), Buffer.alloc(0))), 'a reader goes down for ever'),
    avif('avif with noise for pixels', join(fileType('avif'), meta, box('mdat', Buffer.alloc(500, 0xa5))), 'does not decode'),
    boxed('heic')('heic of its first bytes', fileType('heic'), 'is a name and no more'),
];

const tiff_ = (name, bytes, why, may) =>
    row(name, 'tiff', bytes, why, { claimed: 'image/tiff', filename: 'x.tif', ...may });

const tiffs = [
    tiff_('tiff whose directories go round', tiff({ next: 8 }), 'a reader never ends', either),
    tiff_('tiff of endless size', tiff({ width: 0xffff_fff0, height: 0xffff_fff0 }), 'its size does not fit into a number', refused),
    tiff_('tiff of 60,000 by 60,000', tiff({ width: 60_000, height: 60_000 }), '3.6 billion pixels in 130 bytes', refused),
    tiff_('tiff whose pixels are far away', tiff({ strip: largest }), 'a reader reads behind the end', either),
    tiff_('tiff of 65,535 entries', join(raster.tiffHeader, u16le(65_535)), 'has more entries than bytes', refused),
    tiff_('tiff whose directory is nowhere', join('II', u16le(42), u32le(largest)), 'a reader reads behind the end', refused),
    tiff_('tiff of its first bytes', join('MM', u16be(42)), 'is a name and no more', refused),
];

// Nobody decodes these here: they are files like any other.
const other = (name, kind, bytes, why, filename) => row(name, kind, bytes, why, { filename, claimed: 'image/png' });

const others = [
    other('bmp upside down', 'bmp', raster.bmp({ height: -1 }), 'a negative height', 'x.bmp'),
    other('bmp of endless size', 'bmp', raster.bmp({ width: largest, height: -largest }), 'its size does not fit into a number', 'x.bmp'),
    other('bmp bomb', 'bmp', raster.bmp({ width: 30_000, height: 30_000, compression: 1, bits: 8, pixels: hex('0001') }), '900 million pixels in 60 bytes', 'x.bmp'),
    other('icon with a bomb', 'ico', raster.ico([png({ width: 50_000, height: 50_000, data: noise })]), 'a picture within a picture', 'x.ico'),
    other('icon of 65,535 pictures', 'ico', raster.ico([png()], 65_535), 'has more pictures than bytes', 'x.ico'),
    other('netpbm of endless size', 'netpbm', 'P6 99999 99999 255\n', '10 billion pixels in 19 bytes', 'x.ppm'),
    other('psd of endless size', 'psd', join('8BPS', u16be(1), Buffer.alloc(6), u16be(56), u32be(300_000), u32be(300_000), u16be(32), u16be(3)), '90 billion pixels in 26 bytes', 'x.psd'),
    other('jxl', 'jxl', hex('ff0afa7f'), 'a picture that few programs know', 'x.jxl'),
    other('jpeg 2000', 'jp2', join(u32be(12), 'jP  ', hex('0d0a870a'), box('ftyp', 'jp2 \0\0\0\0jp2 ')), 'a picture that few programs know', 'x.jp2'),
    other('xpm', 'text', '/* XPM */\nstatic char *x[] = {"99999 99999 1 1"};\n', 'a program in C that is a picture', 'x.xpm'),
];

export default [...pngs, ...gifs, ...jpegs, ...webps, ...avifs, ...tiffs, ...others];
