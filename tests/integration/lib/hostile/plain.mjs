// Bytes that are little or nothing, or that look like the form which they come in.
import { createHash } from 'node:crypto';

import { hex, join } from './bytes.mjs';
import { alert, page, row } from './row.mjs';

const why = 'an edge of whatever reads it';
const form = 'is taken for the end of the file, or for another one';
/** As lib/files.mjs has it, for the lines that nearly end a file. */
export const boundary = 'banter-hostile-boundary';
const noise = createHash('shake256', { outputLength: 4096 }).update('noise').digest();
const nothing = { may: ['stored', 'bad_request'] };
const part = 'Content-Disposition: form-data; name="file"; filename="y.html"\r\n\r\n';

export default [
    row('nothing', 'empty', '', why, nothing),
    row('one byte', 'text', 'x', why),
    row('one byte of a tag', 'text', '<', why),
    row('one NUL', 'data', hex('00'), why),
    row('NULs', 'data', Buffer.alloc(4096), why),
    row('bytes of ones', 'data', Buffer.alloc(4096, 0xff), why),
    row('noise', 'data', join(hex('00ff'), noise), why),
    row('a byte order mark', 'text', hex('efbbbf'), why),
    row('a byte order mark of UTF-16', 'data', hex('fffe'), why),
    row('a byte order mark of UTF-32', 'data', hex('0000feff'), why),
    row('a line', 'text', '\n', why),
    row('a long line', 'text', 'x'.repeat(2 << 20), 'makes regular expressions slow'),
    row('open tags', 'text', '<a '.repeat(300_000), 'makes parsers slow'),
    row('open brackets', 'text', '['.repeat(300_000), 'makes parsers of JSON fall'),
    row('what terminals do', 'data', `\x1b]0;x\x07\x1b[2J\x1b[31m${alert}\x00`, 'runs where a log is looked at'),
    row('a line that nearly ends the form', 'text', `x\r\n--${boundary.slice(0, -1)}\r\n${part}${page}`, form),
    row('a boundary within a line', 'text', `x--${boundary}--\r\n${part}${page}`, form),
    row('a boundary after a lone line feed', 'text', `x\n--${boundary}\n${part}${page}`, form),
    row('a boundary after a return', 'text', `x\r--${boundary}--\r${page}`, form),
    row('a head of a part', 'text', `${part}${page}`, form),
    row('lines at the end', 'text', 'x\r\n\r\n\r\n--', form),
    row('an answer of http', 'text', `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${page}`, 'is an answer to whoever mixes them up'),
];
