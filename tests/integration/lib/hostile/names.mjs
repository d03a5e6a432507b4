// Names of files that do harm as a path, in a header, in a page or in somebody's eyes.
import { hex, join } from './bytes.mjs';
import { png } from './rasters.mjs';
import { page, row } from './row.mjs';

const outcomes = { may: ['stored', 'bad_request'] };
/** In a head as it is nothing may come of it but a refusal, or another name. */
const raw = (name) => Buffer.from(name);

const names = [
    ['that leads out', '../../../../etc/passwd'],
    ['that leads out of Windows', '..\\..\\..\\windows\\win.ini'],
    ['that leads out, escaped', '%2e%2e%2f%2e%2e%2fetc%2fpasswd'],
    ['that leads out, escaped twice', '%252e%252e%252fetc'],
    ['with a root', '/etc/passwd'],
    ['with a drive', 'C:\\boot.ini'],
    ['of a share', '\\\\evil.example\\share\\x'],
    ['of a URL', 'file:///etc/passwd'],
    ['of one dot', '.'],
    ['of two dots', '..'],
    ['of many dots', '.........'],
    ['of nothing', ''],
    ['of spaces', '   '],
    ['with spaces around', ' x.png '],
    ['with a dot at its end', 'x.exe.'],
    ['that is hidden', '.bashrc'],
    ['of settings', '.htaccess'],
    ['of a device', 'CON'],
    ['of a device with a type', 'NUL.png'],
    ['of a port', 'COM1.txt'],
    ['of a stream', 'x.txt:evil.exe'],
    ['of an option', '-rf'],
    ['of a home', '~/x'],
    ['of a command', '$(reboot)`reboot`;reboot|reboot'],
    ['of two types', 'x.png.html'],
    ['of two types the other way', 'x.html.png'],
    ['with a quote', 'x".html'],
    ['with a quote and a parameter', 'x"; filename="y.html'],
    ['with a semicolon', 'x.png;filename=y.html'],
    ['with a backslash', 'x\\".png'],
    ['with a percent sign', '100%.png'],
    ['with an escaped line', 'x%0d%0aSet-Cookie: a=b'],
    ['with an escaped NUL', 'x.png%00.html'],
    ['with a tag', '"><img src=x onerror=alert(1)>.png'],
    ['with a script', '<script>alert(1)</script>.png'],
    ['of a link', 'javascript:alert(1)'],
    ['of markdown', '](javascript:alert(1))[x'],
    ['that turns', 'invoice\u202egnp.exe'],
    ['with isolates', '\u2066x\u2069.png'],
    ['with marks of direction', '\u200f\u200ex.png'],
    ['with an Arabic mark', '\u061cx.png'],
    ['with line separators', 'x\u2028y\u2029z.png'],
    ['with later controls', 'x\u0085\u009b31m.png'],
    ['with slashes of other scripts', '..\u2215..\uff0f\u2044x'],
    ['in other letters', '\u0440\u0430\u0443\u0440\u0430l.png'],
    ['of marks', `a${'\u0301\u0489'.repeat(100)}.png`],
    ['of emoji', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u{1f3f4}\u{e0067}\u{e007f}.png'],
    ['with a byte order mark', '\ufeffx.png'],
    ['with what is no letter', '\ufffe\uffff\u{10ffff}.png'],
    ['of 255 bytes', `${'x'.repeat(251)}.png`],
    ['of 256 bytes', `${'x'.repeat(252)}.png`],
    ['of 1,024 bytes', `${'x'.repeat(1020)}.png`],
    ['of 1,024 bytes of letters', `${'\u65e5'.repeat(340)}.png`],
    ['of 100 types', 'x.png'.padEnd(250, '.html')],
];

const unheard = [
    ['with a line', raw('x\r\nX-Evil: 1\r\n.png')],
    ['with a line of its own', raw('x\n.png')],
    ['with a return', raw('x\r.png')],
    ['with a NUL', raw('x.png\0.html')],
    ['with a tab', raw('x\t.png')],
    ['with an escape of terminals', raw('\x1b[31mx\x1b]0;y\x07.png')],
    ['with DEL', raw('x\x7f.png')],
    ['that ends a part', raw('x"\r\n\r\n<script>alert(1)</script>')],
    ['that is no UTF-8', join('x', hex('ff fe'), '.png')],
    ['of an overlong slash', join('..', hex('c0af'), '..', hex('c0af'), 'x')],
    ['of half a pair', join('x', hex('eda080'), '.png')],
    ['with a quote as it is', raw('x" y="z.png')],
];

const pictures = names.map(([what, filename]) =>
    row(`a name ${what}`, 'png', png(), 'a name is used as more than text', { claimed: 'image/png', filename, ...outcomes }),
);
const pages = unheard.map(([what, filename]) =>
    row(`a name ${what}`, 'html', page, 'a name is used as more than text', { filename, ...outcomes }),
);

export default [...pictures, ...pages];
