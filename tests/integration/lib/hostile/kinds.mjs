// What bytes are, told by their first ones: for the test of the hostile files themselves, and to see
// that what a server shows as a picture is one.
import { hex, latin1 } from './bytes.mjs';

const at = (offset, bytes) => (file) => file.subarray(offset, offset + bytes.length).equals(bytes);
const starts = (...heads) => (file) => heads.some((head) => at(0, Buffer.from(head))(file));
const riff = (type) => (file) => starts('RIFF')(file) && at(8, latin1(type))(file);
const brand = (...brands) => (file) =>
    at(4, latin1('ftyp'))(file) && brands.some((name) => at(8, latin1(name))(file));
const has = (pattern) => (file) => pattern.test(file.toString('latin1'));

/** By kind: [how it is told, what `file` calls it, where that is known]. */
const kinds = {
    png: [starts(hex('89504e470d0a1a0a')), 'image/png'],
    gif: [starts('GIF87a', 'GIF89a'), 'image/gif'],
    jpeg: [starts(hex('ffd8ff')), 'image/jpeg'],
    webp: [riff('WEBP'), 'image/webp'],
    tiff: [starts(hex('49492a00'), hex('4d4d002a')), 'image/tiff'],
    avif: [brand('avif'), 'image/avif'],
    heic: [brand('heic'), 'image/heic'],
    bmp: [starts('BM')],
    ico: [starts(hex('00000100')), 'image/vnd.microsoft.icon'],
    netpbm: [starts('P6')],
    psd: [starts('8BPS')],
    jxl: [starts(hex('ff0a'))],
    jp2: [at(4, latin1('jP  '))],
    wav: [riff('WAVE'), 'audio/x-wav'],
    avi: [riff('AVI '), 'video/x-msvideo'],
    mp3: [starts('ID3'), 'audio/mpeg'],
    flac: [starts('fLaC'), 'audio/flac'],
    ogg: [starts('OggS'), 'audio/ogg'],
    aac: [starts(hex('fff1'))],
    mp4: [brand('mp42'), 'video/mp4'],
    mov: [brand('qt  '), 'video/quicktime'],
    webm: [starts(hex('1a45dfa3')), 'video/webm'],
    midi: [starts('MThd'), 'audio/midi'],
    pdf: [starts('%PDF-'), 'application/pdf'],
    postscript: [starts('%!PS'), 'application/postscript'],
    rtf: [starts('{\\rtf'), 'text/rtf'],
    ole: [starts(hex('d0cf11e0a1b11ae1'))],
    chm: [starts('ITSF')],
    swf: [starts('FWS', 'CWS')],
    wasm: [starts(hex('0061736d'))],
    elf: [starts(hex('7f454c46'))],
    exe: [starts('MZ')],
    macho: [starts(hex('cffaedfe'), hex('cafebabe')), 'application/x-mach-binary'],
    class: [starts(hex('cafebabe')), 'application/x-java-applet'],
    deb: [starts('!<arch>\n')],
    lnk: [starts(hex('4c000000011402'))],
    zip: [starts('PK\x03\x04')],
    tar: [at(257, latin1('ustar')), 'application/x-tar'],
    gzip: [starts(hex('1f8b08')), 'application/gzip'],
    bzip2: [starts('BZh'), 'application/x-bzip2'],
    xz: [starts(hex('fd377a585a00')), 'application/x-xz'],
    '7z': [starts(hex('377abcaf271c'))],
    rar: [starts('Rar!')],
    zstd: [starts(hex('28b52ffd'))],
    cab: [starts('MSCF')],
    iso: [at(32_769, latin1('CD001'))],
    svg: [has(/<svg\b/)],
    xml: [has(/^<(\?xml|cross-domain-policy)/)],
    html: [has(/<(!doctype html|script|iframe|img|body|meta|a|base|form)\b/i)],
    utf16: [starts(hex('fffe'), hex('feff'))],
    empty: [(file) => file.length === 0],
    text: [(file) => !file.includes(0)],
    data: [(file) => file.includes(0) || file.includes(0xff)],
};

export const isKind = (kind, bytes) => kinds[kind][0](bytes);

/** As `file --mime-type` says it; undefined where that differs from version to version. */
export const mediaTypeOf = (kind) => kinds[kind][1];

/** By a media type that browsers show: what its bytes have to be. */
const shown = {
    'image/png': ['png'],
    'image/apng': ['png'],
    'image/gif': ['gif'],
    'image/jpeg': ['jpeg'],
    'image/webp': ['webp'],
    'image/avif': ['avif'],
    'audio/aac': ['aac'],
    'audio/flac': ['flac'],
    'audio/x-flac': ['flac'],
    'audio/mpeg': ['mp3'],
    'audio/ogg': ['ogg'],
    'audio/wav': ['wav'],
    'audio/wave': ['wav'],
    'audio/x-wav': ['wav'],
    'audio/x-pn-wav': ['wav'],
    'audio/mp4': ['mp4'],
    'audio/webm': ['webm'],
    'video/mp4': ['mp4'],
    'video/ogg': ['ogg'],
    'video/quicktime': ['mov'],
    'video/webm': ['webm'],
};

/** Whether a browser may show a file of this type: what holds no script. */
export const mayBeShown = (type) => type in shown;
/** Whether the bytes begin as those of a type that may be shown. */
export const areOf = (type, bytes) => shown[type].some((kind) => isKind(kind, bytes));
