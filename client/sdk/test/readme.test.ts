// The example of the README, word for word but for address and token, with the library as it is published.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { when } from './support/deadline.ts';
import { newChannel, newPerson, type Person } from './support/people.ts';
import { Server } from './support/server.ts';

const sdk = join(import.meta.dirname, '..');
const modules = join(sdk, '../node_modules');
const folder = mkdtempSync(join(tmpdir(), 'banter-readme-'));
const run = promisify(execFile);
let server: Server;
let ada: Person;
beforeAll(async () => {
    execFileSync(process.execPath, [join(sdk, 'script/build.ts')]);
    mkdirSync(join(folder, 'node_modules/@banter'), { recursive: true });
    mkdirSync(join(folder, 'node_modules/@preact'));
    symlinkSync(join(sdk, 'dist'), join(folder, 'node_modules/@banter/sdk'));
    symlinkSync(join(modules, '@preact/signals-core'), join(folder, 'node_modules/@preact/signals-core'));
    server = await Server.start();
    ada = await newPerson(server.url, 'ada');
});
afterAll(async () => {
    await ada?.chat.stop();
    await server?.dispose();
    rmSync(folder, { recursive: true, force: true });
});

function example(token: string): string {
    const [, code = ''] = /```ts\n([^`]*)```/.exec(readFileSync(join(sdk, 'README.md'), 'utf8')) ?? [];
    const placed = code.replace('http://127.0.0.1:8080', server.url);
    expect(placed).not.toBe(code);
    return `const token = '${token}';
${placed}`;
}

test('has ten lines of code at most', () => {
    const lines = example('').split('\n').slice(1);
    expect(lines.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(10);
});

test('compiles, and says hello with nothing but the published package', async () => {
    const thread = await newChannel(ada.chat, 'general');
    const token = await server.token('visitor', '1h');
    const file = join(folder, 'example.mts');
    writeFileSync(file, `${example(token)}await chat.stop();\n`);
    const flags =
        '--strict --noEmit --skipLibCheck false --module nodenext --target es2023 --lib es2024,dom,dom.iterable';
    await run(process.execPath, [join(modules, 'typescript/bin/tsc'), ...flags.split(' '), file], {
        cwd: folder,
    });
    const { stdout } = await run(process.execPath, [file], { cwd: folder });
    expect(stdout.split('\n')).toContain('sending Hello!');
    const room = ada.chat.open(thread.id);
    const rows = await when(room.rows, (now) => now.length === 1);
    expect(rows[0]?.message?.content).toBe('Hello!');
});
