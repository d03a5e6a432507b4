// The real server as a child process with a data directory of its own, found through BANTER_BINARY and ended by its pid.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { within } from './deadline.ts';

const release = join(import.meta.dirname, '../../../../build/release/banter');
const binary = resolve(process.env['BANTER_BINARY'] ?? release);
const unlimited = ['sends', 'requests', 'failed-tokens', 'uploads'].flatMap((what) => [
    `--limit-${what}`,
    '0',
]);
const children = new Set<ChildProcess>();
process.on('exit', () => {
    for (const child of children) child.kill('SIGKILL');
});

/** The server refuses BANTER_ names that it does not know, as ours are. */
function environment(): NodeJS.ProcessEnv {
    return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BANTER_')));
}

export class Server {
    readonly #folder = mkdtempSync(join(tmpdir(), 'banter-sdk-'));
    data = join(this.#folder, 'data');
    port = 0;
    #child: ChildProcess | undefined;
    #ended: Promise<unknown> = Promise.resolve();

    static async start(args: string[] = []): Promise<Server> {
        const server = new Server();
        await server.launch(args);
        return server;
    }

    get url(): string {
        return `http://127.0.0.1:${this.port}`;
    }

    /** Starts on the data that is there, on the port that it had. */
    async launch(args: string[] = []): Promise<void> {
        const flags = [
            'serve',
            '--data',
            this.data,
            '--listen',
            `127.0.0.1:${this.port}`,
            ...unlimited,
            ...args,
        ];
        const child = spawn(binary, flags, {
            cwd: this.#folder,
            env: environment(),
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        this.#child = child;
        children.add(child);
        let output = '';
        this.#ended = new Promise((done) => child.once('close', done)).finally(() => children.delete(child));
        const listening = new Promise<number>((found, failed) => {
            const heard = (chunk: Buffer) => {
                output += chunk;
                const address = /Banter is at http:\/\/\S+:(\d+) /.exec(output);
                if (address) found(Number(address[1]));
            };
            child.stdout?.on('data', heard);
            child.stderr?.on('data', heard);
            child.once('error', failed);
            child.once('close', () => failed(new Error(`the server ended: ${output}`)));
        });
        this.port = await within(listening, () => `the address of the server: ${output}`);
    }

    /** A token of this server's own, made by its command. */
    token(subject: string, ttl: string): Promise<string> {
        return this.#command('token', '--data', this.data, '--subject', subject, '--ttl', ttl);
    }

    async backUp(): Promise<void> {
        await this.#command('backup', '--data', this.data, join(this.#folder, 'backup'));
    }

    /** The next start is on what was backed up. */
    async restore(): Promise<void> {
        this.data = join(this.#folder, 'restored');
        await this.#command('restore', '--data', this.data, join(this.#folder, 'backup'));
    }

    async #command(...args: string[]): Promise<string> {
        const { stdout } = await promisify(execFile)(binary, args, { cwd: this.#folder, env: environment() });
        return stdout.trim();
    }

    async kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
        this.#child?.kill(signal);
        await within(this.#ended, () => `the end after ${signal}`, 45_000);
    }

    async dispose(): Promise<void> {
        await this.kill('SIGTERM');
        rmSync(this.#folder, { recursive: true, force: true });
    }
}
