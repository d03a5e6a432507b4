import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** One file of the built app, as whoever serves it needs to know it. Sizes are bytes. */
export interface DistFile {
    /** Relative to the root of the app, with slashes: the path of its URL. */
    path: string;
    type: string;
    size: number;
    /** SHA-256 of the bytes, hex. */
    sha256: string;
    /** The name carries a hash of the content, so caches may keep it for ever. */
    immutable: boolean;
    /** Sizes of the copies beside it, `path` + `.br` and `.gz`; absent if they save nothing. */
    br?: number;
    gz?: number;
}

/** `dist/files.json`: every file of the app, and what the Content-Security-Policy has to name. */
export interface DistManifest {
    files: DistFile[];
    /** `'sha256-…'` of each inline script in index.html. */
    scriptHashes: string[];
}

const types: Record<string, string> = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
    '.json': 'application/json',
    '.webmanifest': 'application/manifest+json',
    '.txt': 'text/plain; charset=utf-8',
};

/** Compresses what was built, and lists it in `files.json`. */
export function finishDist(): Plugin {
    let out = '';
    return {
        name: 'banter-finish-dist',
        apply: 'build',
        configResolved(config) {
            out = join(config.root, config.build.outDir);
        },
        closeBundle() {
            writeServiceWorker(out);
            const files = filesBelow(out).map((path) => describe(out, path));
            const html = readFileSync(join(out, 'index.html'), 'utf8');
            const manifest: DistManifest = { files, scriptHashes: inlineScriptHashes(html) };
            writeFileSync(join(out, 'files.json'), `${JSON.stringify(manifest, null, 1)}\n`);
        },
    };
}

/** Emoji and colours are large, and are kept when they are first used. */
const keptLater = /virtual_emoji|highlight/;

function writeServiceWorker(out: string): void {
    const kept = filesBelow(out).filter((path) => path !== 'sw.js' && !keptLater.test(path));
    const all = createHash('sha256');
    for (const path of kept) all.update(readFileSync(join(out, path)));
    const source = readFileSync(join(import.meta.dirname, 'sw.js'), 'utf8')
        .replace('__VERSION__', all.digest('hex').slice(0, 16))
        .replace(
            '__FILES__',
            JSON.stringify(kept.filter((path) => path !== 'index.html').map((path) => `/${path}`)),
        );
    writeFileSync(join(out, 'sw.js'), source);
}

function filesBelow(out: string): string[] {
    return readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !/\.(br|gz|map)$|^(build|files)\.json$/.test(entry.name))
        .map((entry) => relative(out, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort();
}

function describe(out: string, path: string): DistFile {
    const bytes = readFileSync(join(out, path));
    const type = types[extname(path)];
    if (!type) throw new Error(`${path}: say its media type in build/finish_dist.ts`);
    const file: DistFile = {
        path,
        type,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        immutable: path.startsWith('assets/'),
    };
    const br = brotliCompressSync(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    const gz = gzipSync(bytes, { level: 9 });
    if (gz.length >= bytes.length) return file;
    writeFileSync(join(out, `${path}.br`), br);
    writeFileSync(join(out, `${path}.gz`), gz);
    return { ...file, br: br.length, gz: gz.length };
}

export function inlineScriptHashes(html: string): string[] {
    return [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
        ([, code]) =>
            `'sha256-${createHash('sha256')
                .update(code ?? '')
                .digest('base64')}'`,
    );
}
