// What must never be told, and where it could be: every token, cookie, password, code and key that a test gives or gets
// is noted beside all that its servers printed, counted, refused with and left when they crashed. lib/secret_search.mjs
// looks for the one in the other: at the end of the run if BANTER_TEST_TRACES names the folder where everything is
// gathered, else at the end of this process.
import { appendFileSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { formsOf, search } from './secret_search.mjs';

const shared = process.env.BANTER_TEST_TRACES;
export const directory = shared ?? mkdtempSync(join(tmpdir(), 'banter-traces-'));
const known = new Set();
let cores = 0;

process.on('exit', () => {
    if (shared) return;
    const { found } = search(directory);
    rmSync(directory, { recursive: true, force: true });
    if (found.length === 0) return;
    console.error(`secrets where nobody may see them:\n${found.join('\n')}`);
    process.exitCode = 1;
});

const append = (kind, text) => appendFileSync(join(directory, `${kind}.${process.pid}`), text, { mode: 0o600 });

/** What somebody could act with who finds it. Words that a test makes up may be too short or too plain to be one. */
export function noteSecret(text) {
    if (typeof text !== 'string' || known.has(text)) return;
    known.add(text);
    const forms = formsOf(text);
    if (forms.length > 0) append('secrets', `${forms.join('\n')}\n`);
}

/** The base64 lines of a private key that have nothing in common with those of others. */
function notePem(text) {
    if (!text.includes('PRIVATE KEY')) return;
    const lines = text.trim().split('\n').filter((line) => !line.startsWith('--'));
    for (const line of lines.slice(1, -1)) noteSecret(line);
}

function noteFile(file) {
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN')) notePem(text);
    else noteSecret(text.trim());
}

/** What a program is started with. */
export function noteStart(args, env = {}) {
    args.forEach((arg, index) => {
        for (const [, password] of arg.matchAll(/:\/\/[^\s/@:]*:([^\s/@]+)@/g)) noteSecret(decodeURIComponent(password));
        if (/-(token|secret|key)-file$/.test(arg) && args[index + 1]) noteFile(args[index + 1]);
    });
    for (const [name, value] of Object.entries(env)) if (/SECRET|PASSWORD|TOKEN/.test(name)) noteSecret(value);
}

/** The key of an installation, if it is there yet. */
export const noteInstallation = (data) => noteFile(join(data, 'issuer-key.pem'));

const secretMember = /"(?:password|old|new|token|code|invite)":"((?:[^"\\]|\\.)*)"/g;

/** The secrets in a text that is not refused: members of JSON that have some, and signatures of links. */
export function noteText(text) {
    for (const [, value] of text.matchAll(secretMember)) noteSecret(JSON.parse(`"${value}"`));
    for (const [, signature] of text.matchAll(/&signature=([\w-]+)/g)) noteSecret(signature);
}

/** Those in the headers of a request, by any spelling of their names. */
export function noteHeaders(headers = {}) {
    for (const [name, value] of Object.entries(headers)) {
        if (/^authorization$/i.test(name)) noteSecret(/^\w+ (.*)$/.exec(value)?.[1]);
        if (/^cookie$/i.test(name)) String(value).split(/; */).forEach(noteCookie);
    }
}

const noteCookie = (pair) => noteSecret(/^[^=]*=([^;]*)/.exec(pair)?.[1]);

/** One exchange over HTTP: the request's `headers` and `body`, and its answer {status, headers, text}. */
export function noteExchange({ headers, body }, answer) {
    noteHeaders(headers);
    if (typeof body === 'string') noteText(body);
    answer.headers?.getSetCookie?.().forEach(noteCookie);
    noteAnswer(answer.status, answer.text);
    noteText(String(answer.headers?.get?.('location') ?? ''));
}

/** An answer alone. */
export function noteAnswer(status, text) {
    if (status >= 400) noteTrace('answers', text);
    else noteText(text);
}

/** Where no secret may be: `kind` is logs, metrics or answers. */
export const noteTrace = (kind, text) => append(kind, `${text}\n`);

/** All that a program has printed. The line by which an owner learns the code is the one place where that may be. */
export function noteOutput(output) {
    const code = /^It has no owner yet: .* with the code (\S+)$/m.exec(output)?.[1];
    if (code) noteSecret(code);
    noteTrace('logs', code ? output.replace(`with the code ${code}`, '') : output);
}

/** Core files in a folder go to where they are searched. */
export function noteCores(folder) {
    for (const name of readdirSync(folder)) {
        if (!/^core(\.\d+)?$/.test(name)) continue;
        const [from, to] = [join(folder, name), join(directory, `cores.${process.pid}.${cores++}`)];
        try {
            renameSync(from, to);
        } catch (error) {
            if (error.code !== 'EXDEV') throw error;
            copyFileSync(from, to);
        }
    }
}
