// Uploads that claim to be what they aren't.
import { png } from './rasters.mjs';
import { page, row } from './row.mjs';

const types = [
    'image/png',
    'image/jpeg',
    'image/svg+xml',
    'text/plain',
    'text/html; charset=utf-7',
    'application/xhtml+xml',
    'application/pdf',
    'video/mp4',
    'text/css',
    'application/javascript',
    'multipart/x-mixed-replace; boundary=x',
    'multipart/form-data; boundary=x',
    'message/http',
    'text/xsl',
    'image/png, text/html',
    'image/png; x="a, text/html"',
    'IMAGE/PNG',
    'image',
    '*/*',
    '/',
    ';',
    `image/${'x'.repeat(300)}`,
    'image/png\ttext/html',
    '"><script>',
];

/** What is no type at all may be taken for a mistake in the form. */
const isType = (claimed) => /^[\w+-]+\/[\w.+-]+(; \w+=[\w-]+)?$/.test(claimed);
const pages = types.map((claimed) =>
    row(`a page that claims ${claimed.slice(0, 40)}`, 'html', page, 'a claim is believed instead of the bytes', {
        claimed,
        filename: 'x.png',
        may: isType(claimed) ? ['stored'] : ['stored', 'bad_request'],
    }),
);

const pictures = ['text/html', 'image/svg+xml', 'application/javascript', 'application/x-shockwave-flash'].map(
    (claimed) =>
        row(`a picture that claims ${claimed}`, 'png', png(), 'a claim is believed instead of the bytes', { claimed, filename: 'x.html' }),
);

const named = ['x.png', 'x.jpg', 'x.gif', 'x.mp4', 'x.pdf', 'x.txt', 'x'].map((filename) =>
    row(`a page that is called ${filename}`, 'html', page, 'a name is believed instead of the bytes', { claimed: 'text/html', filename }),
);

export default [...pages, ...pictures, ...named];
