// The server under test: the real binary as a child process with its own temporary data directory.
// It is found through BANTER_BINARY and stopped by its pid; its exit is always waited for.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { mistakes } from './contract.mjs';
import { databaseFlags } from './database.mjs';
import { patience, within } from './deadline.mjs';
import { noteCores, noteInstallation, noteOutput, noteSecret, noteStart, noteTrace } from './secrets.mjs';

const release = fileURLToPath(new URL('../../../build/release/banter', import.meta.url));
export const binary = resolve(process.env.BANTER_BINARY ?? release);

const unlimited = ['sends', 'requests', 'failed-tokens', 'uploads'].flatMap((what) => [
    `--limit-${what}`,
    '0',
]);
// BANTER_TEST_SHARDS runs every server that doesn't choose for itself with so many shards.
const shards = process.env.BANTER_TEST_SHARDS ? ['--shards', process.env.BANTER_TEST_SHARDS] : [];
/** Only this machine reaches it, but it is no loopback address as IPv6 has it. */
const mappedLoopback = '[::ffff:127.0.0.1]';
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
/** /metrics of a server that does nothing else. */
const metrics_ms_max = 2_000;

export function temporaryDirectory() {
    return mkdtempSync(join(tmpdir(), 'banter-test-'));
}

/** The environment of a child: the server refuses unknown BANTER_ names, so ours are taken out. */
function environment(extra) {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('BANTER_'));
    return { ...Object.fromEntries(inherited), ...extra };
}

/** What `banter token` prints is what it is for. */
function noteEnd([command], { output, stdout }) {
    if (command !== 'token') return noteOutput(output);
    stdout.split('\n').forEach(noteSecret);
    noteOutput(output.replace(stdout, ''));
}

/** Starts a program and collects what it prints; `ended` gives {code, signal, output} and never rejects. */
function launch(command, args, { cwd, env }) {
    noteStart(args, env);
    const child = spawn(command, args, {
        cwd,
        env: environment(env),
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const program = { child, output: '', stdout: '', onOutput: () => {} };
    const collect = (name) => (chunk) => {
        program.output += chunk;
        if (name === 'stdout') program.stdout += chunk;
        program.onOutput();
    };
    child.stdout.setEncoding('utf8').on('data', collect('stdout'));
    child.stderr.setEncoding('utf8').on('data', collect('stderr'));
    running.add(child);
    program.ended = new Promise((settle) => {
        child.on('error', (error) => settle({ code: null, signal: null, output: String(error) }));
        child.on('close', (code, signal) => {
            running.delete(child);
            noteEnd(args, program);
            settle({ code, signal, output: program.output, stdout: program.stdout });
        });
    });
    return program;
}

/** Starts the binary and leaves it to the caller: {child, ended}, where `ended` gives {code, signal, output}. */
export function begin(args, { cwd = tmpdir(), env } = {}) {
    return launch(binary, args, { cwd, env });
}

/** Runs the binary to its end, as for `version`, `token` or a start that is refused. */
export async function run(args, { cwd = tmpdir(), env, ms = patience } = {}) {
    const program = launch(binary, args, { cwd, env });
    try {
        return await within(
            ms,
            program.ended,
            () => `banter ${args.join(' ')} to end; ${program.output}`,
        );
    } catch (error) {
        program.child.kill('SIGKILL');
        throw error;
    }
}

/** The lines by which a server says that something went wrong inside; sanitizers speak up in the same place. */
function complaints(output) {
    return output
        .split('\n')
        .filter((line) => /"level":"(error|critical)"|runtime error:|Sanitizer|CHECK/.test(line));
}

export class Server {
    #program;
    #options;
    /** The last signal that it was sent. */
    #asked;
    #trouble = [];

    /**
     * options.data   directory to use; without it a temporary one, removed by dispose()
     * options.args   further flags; options.env further environment
     * options.limits true keeps the server's own rate limits, which are off otherwise
     * options.exposed true listens on an address that is not on loopback as far as the server can tell
     * options.inside command in front of the binary, such as one that enters a mount namespace
     * options.complains a pattern of the errors that it may log; any other fails the test at dispose()
     */
    static async start(options = {}) {
        const server = new Server();
        server.#options = options;
        server.data = options.data ?? temporaryDirectory();
        try {
            await server.#launch();
        } catch (error) {
            server.#remove();
            throw error;
        }
        return server;
    }

    async #launch() {
        const { args = [], env, limits = false, inside = [], cwd = this.data } = this.#options;
        const address = this.#options.exposed ? mappedLoopback : '127.0.0.1';
        const listen = args.includes('--listen') ? [] : ['--listen', `${address}:0`];
        const flags = [
            'serve',
            '--data',
            this.data,
            ...listen,
            ...(limits ? [] : unlimited),
            ...(args.includes('--shards') ? [] : shards),
            ...(args.includes('--database') ? [] : await databaseFlags(this.data)),
            ...args,
        ];
        const [command, ...rest] = [...inside, binary, ...flags];
        const program = launch(command, rest, { cwd, env });
        this.#program = program;
        this.#asked = undefined;
        program.ended.then(({ output }) => this.#trouble.push(...complaints(output)));
        const printed = new Promise((found) => {
            program.onOutput = () => {
                const address = /Banter is at http:\/\/\S+:(\d+) /.exec(program.output);
                if (address) found(Number(address[1]));
            };
        });
        const failed = program.ended.then(({ code, signal, output }) => {
            throw new Error(
                `the server ended with ${signal ?? code} before it listened:\n${output}`,
            );
        });
        failed.catch(() => {});
        const what = () => `the printed address; so far:\n${program.output}`;
        this.port = await within(patience, Promise.race([printed, failed]), what);
        this.url = `http://127.0.0.1:${this.port}`;
    }

    get pid() {
        return this.#program.child.pid;
    }

    get running() {
        return running.has(this.#program.child);
    }

    /** All that the server printed since its last start. */
    get output() {
        return this.#program.output;
    }

    /** Resolves when the process has ended, for whatever reason. */
    get ended() {
        return this.#program.ended;
    }

    signal(name) {
        this.#asked = name;
        process.kill(this.pid, name);
    }

    /** SIGTERM, once, and the wait for the exit: gives {code, signal, output}. */
    async stop(ms = 25_000 + patience) {
        if (this.running && !this.#asked) this.signal('SIGTERM');
        return within(
            ms,
            this.ended,
            () => `exit after SIGTERM; output:\n${this.output.slice(-2000)}`,
        );
    }

    async kill9() {
        if (this.running) this.signal('SIGKILL');
        return within(patience, this.ended, () => 'exit after SIGKILL');
    }

    /** Starts again on the same data, on another port. */
    async start(options = {}) {
        this.#options = { ...this.#options, ...options };
        await this.#launch();
    }

    async restart(options) {
        await this.stop();
        await this.start(options);
    }

    /**
     * Stops what still runs and removes the data. An end that nobody asked for, an error in what it logged, or a frame
     * that was not as the contract says, fails the test file.
     */
    async dispose() {
        await this.#noteTraces();
        const { code, signal, output } = await this.stop().finally(() => this.#remove());
        const killed = signal === this.#asked && ['SIGKILL', 'SIGABRT'].includes(signal);
        if (!killed && code !== 0)
            throw new Error(`the server ended with ${signal ?? code}:\n${output.slice(-4000)}`);
        const otherwise = mistakes.splice(0).slice(0, 20).join('\n');
        if (otherwise) throw new Error(`frames that are not as the contract says:\n${otherwise}`);
        const allowed = this.#options.complains;
        const trouble = this.#trouble.filter((line) => !allowed?.test(line));
        if (trouble.length > 0)
            throw new Error(`the server complained:\n${trouble.slice(0, 20).join('\n')}`);
    }

    /** What can be seen of it besides its output, which is noted when it ends. */
    async #noteTraces() {
        noteInstallation(this.data);
        if (!this.running || this.#asked) return;
        const text = await new Promise((settle) => {
            const asked = get(`${this.url}/metrics`, { agent: false, timeout: metrics_ms_max });
            asked.on('timeout', () => asked.destroy()).on('error', () => settle(''));
            asked.on('response', async (response) => {
                let body = '';
                for await (const chunk of response.setEncoding('utf8')) body += chunk;
                settle(body);
            });
        });
        noteTrace('metrics', text);
    }

    #remove() {
        if (existsSync(this.data)) noteCores(this.data);
        if (this.#options.data === undefined) rmSync(this.data, { recursive: true, force: true });
    }
}
