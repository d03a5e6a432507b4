// Looks for every secret of a folder that lib/secrets.mjs has filled in every trace of it, in one pass, as it is and as
// programs write such things. Run with the folder it says what it looked at, and fails if there is nothing to look for,
// nowhere to look, or something that was found.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is shorter, or has fewer characters that differ, could be anything. */
const size_min = 12;
const different_min = 6;
/** So much of a secret gives it away as well as all of it. */
const shown_max = 24;
/** Each file of the first needs one of the others. */
const kinds = ['secrets', 'logs', 'metrics', 'answers'];
const found_max = 20;

/** The texts whose presence says that the secret is there; none for what is no secret. */
export function formsOf(secret) {
    // The header and the claims of a signed token are worth nothing without the signature.
    const last = secret.split('.').at(-1);
    const part = (last.length >= shown_max ? last : secret).slice(0, shown_max);
    if (part.length < size_min || new Set(part).size < different_min || /[\r\n]/.test(part)) return [];
    const forms = new Set([part, encodeURIComponent(part), JSON.stringify(part).slice(1, -1)]);
    const bytes = Buffer.from(part);
    forms.add(bytes.toString('hex')).add(bytes.toString('hex').toUpperCase());
    // In base64 it begins at one of three places in a group, and shares the first and the last group with others.
    for (const before of [0, 1, 2]) {
        const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
        const whole = text.slice(before === 0 ? 0 : 4, Math.floor((before + bytes.length) / 3) * 4);
        forms.add(whole).add(whole.replaceAll('+', '-').replaceAll('/', '_'));
    }
    return [...forms];
}

/** {secrets, bytes, found}: how many forms, how many bytes of each kind of trace, and each place as a line. */
export function search(directory) {
    const files = readdirSync(directory).map((name) => join(directory, name));
    const of = (kind) => files.filter((file) => file.startsWith(join(directory, `${kind}.`)));
    const forms = new Set(of('secrets').flatMap((file) => readFileSync(file, 'utf8').split('\n')).filter(Boolean));
    const total = (kind) => of(kind).reduce((sum, file) => sum + statSync(file).size, 0);
    const bytes = Object.fromEntries([...kinds.slice(1), 'cores'].map((kind) => [kind, total(kind)]));
    const traces = Object.keys(bytes).flatMap(of);
    if (forms.size === 0 || traces.length === 0) return { secrets: forms.size, bytes, found: [] };
    const patterns = join(directory, 'patterns');
    writeFileSync(patterns, [...forms].join('\n'), { mode: 0o600 });
    return { secrets: forms.size, bytes, found: occurrences(patterns, traces).slice(0, found_max) };
}

/** Lines FILE:OFFSET:SECRET of grep, of which the secret is cut off, with the line that it is in. */
function occurrences(patterns, files) {
    const flags = ['-a', '-o', '-b', '-H', '-F', '-f', patterns, '--', ...files];
    try {
        const output = execFileSync('grep', flags, { env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 2 ** 28 });
        return output.toString('latin1').trim().split('\n').map(shown);
    } catch (error) {
        if (error.status === 1) return [];
        throw error;
    }
}

function shown(line) {
    const [, file, offset, secret] = /^(.*?):(\d+):(.*)$/.exec(line);
    const bytes = readFileSync(file);
    const at = Number(offset);
    const around = bytes.toString('latin1', Math.max(0, at - 120), at + 8).split('\n').at(-1);
    return `${file}, byte ${at}, ${secret.slice(0, 8)}…: ${around}…`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const { secrets, bytes, found } = search(process.argv[2]);
    const sizes = Object.entries(bytes).map(([kind, size]) => `${(size / 2 ** 20).toFixed(1)} MiB of ${kind}`);
    console.log(`${secrets} forms of secrets, in ${sizes.join(', ')}: found ${found.length}`);
    for (const place of found) console.log(place);
    const missing = secrets === 0 ? ['secrets'] : kinds.slice(1).filter((kind) => bytes[kind] === 0);
    for (const kind of missing) console.log(`no ${kind}: nothing is proved`);
    process.exitCode = found.length > 0 || missing.length > 0 ? 1 : 0;
}
