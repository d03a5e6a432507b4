import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DistManifest } from '../../build/finish_dist.ts';

const dist = join(import.meta.dirname, '../../dist');
const binary = process.env['BANTER_BINARY'];
const patience = 30_000;

export interface SiteOptions {
    args?: readonly string[];
    /** Without the server of the files in front: everything comes from the binary, and no connection can be cut. */
    bare?: boolean;
}

/**
 * The built app as the server gives it out: the real binary behind a small server of its files, which sends the
 * production Content-Security-Policy, and whose connections to the binary can be cut.
 */
export class Site {
    url = '';
    readonly #data = mkdtempSync(join(tmpdir(), 'banter-web-'));
    readonly #manifest = readManifest();
    readonly #front: Server;
    readonly #sockets = new Set<Socket>();
    /** Both ends of each WebSocket. */
    readonly #upgraded = new Set<Socket>();
    readonly #args: readonly string[];
    readonly #bare: boolean;
    #child: ChildProcess | null = null;
    #port = 0;
    #cut = false;
    /** Answers in the place of the server's, for what can't be brought about otherwise. */
    intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | null = null;

    private constructor(args: readonly string[], bare: boolean) {
        this.#args = args;
        this.#bare = bare;
        this.#front = createServer((incoming, response) => this.#answer(incoming, response));
        this.#front.on('connection', (socket) => this.#keep(socket));
        this.#front.on('upgrade', (incoming, socket: Socket, head) => this.#upgrade(incoming, socket, head));
    }

    static async start({ args = [], bare = false }: SiteOptions = {}): Promise<Site> {
        const site = new Site(args, bare);
        await new Promise<void>((resolve) => site.#front.listen(0, '127.0.0.1', resolve));
        site.url = `http://127.0.0.1:${(site.#front.address() as AddressInfo).port}`;
        await site.startServer();
        return site;
    }

    async startServer(): Promise<void> {
        if (!binary) throw new Error('BANTER_BINARY says where the server is');
        const unlimited = ['sends', 'requests', 'failed-tokens', 'uploads'].flatMap((name) => [
            `--limit-${name}`,
            '0',
        ]);
        const args = [
            'serve',
            '--data',
            this.#data,
            '--listen',
            '127.0.0.1:0',
            ...(this.#bare ? [] : ['--public-url', this.url]),
            ...unlimited,
            ...this.#args,
        ];
        const env = Object.fromEntries(
            Object.entries(process.env).filter(([name]) => !name.startsWith('BANTER_')),
        );
        const child = spawn(binary, args, { cwd: this.#data, env, stdio: ['ignore', 'pipe', 'pipe'] });
        this.#child = child;
        this.#port = await printedPort(child);
        if (this.#bare) this.url = `http://127.0.0.1:${this.#port}`;
    }

    /** As if the power went. */
    async killServer(): Promise<void> {
        const child = this.#child;
        this.#child = null;
        if (!child || child.exitCode !== null) return;
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await ended;
    }

    /** Cuts every connection to the server, and lets no other come about until `mend`. */
    cut(): void {
        this.#cut = true;
        for (const socket of this.#sockets) socket.destroy();
    }

    mend(): void {
        this.#cut = false;
    }

    /** Passes nothing on any more over the sockets that are open; new ones work, and nobody is told. */
    freeze(): void {
        for (const pair of this.#upgraded) {
            pair.unpipe();
            pair.pause();
        }
    }

    async stop(): Promise<void> {
        await this.killServer();
        for (const socket of this.#sockets) socket.destroy();
        await new Promise((resolve) => this.#front.close(resolve));
        rmSync(this.#data, { recursive: true, force: true });
    }

    #keep(socket: Socket): void {
        this.#sockets.add(socket);
        socket.on('close', () => this.#sockets.delete(socket));
        socket.on('error', () => {});
    }

    #answer(incoming: IncomingMessage, response: ServerResponse) {
        const path = new URL(incoming.url ?? '/', this.url).pathname;
        if (this.intercept?.(incoming, response)) return;
        if (!/^\/(?:api|files|healthz)\b/.test(path)) return this.#file(path, incoming, response);
        if (this.#cut) return void incoming.socket.destroy();
        const onward = request(
            {
                port: this.#port,
                host: '127.0.0.1',
                path: incoming.url,
                method: incoming.method,
                headers: incoming.headers,
            },
            (answer) => {
                response.writeHead(answer.statusCode ?? 502, answer.headers);
                answer.pipe(response);
            },
        );
        onward.on('error', () => response.destroy());
        response.on('close', () => onward.destroy());
        incoming.pipe(onward);
    }

    #file(path: string, { headers }: IncomingMessage, response: ServerResponse): void {
        const named = (name: string) => this.#manifest.files.find((file) => `/${file.path}` === name);
        const wantsPage = headers.accept?.includes('text/html') ?? false;
        const file = named(path) ?? (wantsPage ? named('/index.html') : undefined);
        if (!file || path.startsWith('/assets/') !== file.immutable)
            return void response.writeHead(404).end();
        response.writeHead(200, {
            'Content-Type': file.type,
            Vary: 'Accept, Accept-Encoding',
            'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
            'Content-Security-Policy': policy(this.#manifest.scriptHashes),
            'X-Content-Type-Options': 'nosniff',
            'Referrer-Policy': 'no-referrer',
            ...(file.gz ? { 'Content-Encoding': 'gzip' } : {}),
        });
        response.end(readFileSync(join(dist, file.gz ? `${file.path}.gz` : file.path)));
    }

    #upgrade(incoming: IncomingMessage, socket: Socket, head: Buffer): void {
        if (this.#cut) return void socket.destroy();
        const onward = connect(this.#port, '127.0.0.1', () => {
            const headers = Array.from(
                { length: incoming.rawHeaders.length / 2 },
                (_, at) => `${incoming.rawHeaders[at * 2]}: ${incoming.rawHeaders[at * 2 + 1]}`,
            );
            onward.write(`GET ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
            onward.write(head);
            socket.pipe(onward).pipe(socket);
        });
        this.#keep(onward);
        for (const end of [socket, onward]) {
            this.#upgraded.add(end);
            end.on('close', () => this.#upgraded.delete(end));
        }
        onward.on('error', () => socket.destroy());
        onward.on('close', () => socket.destroy());
        socket.on('close', () => onward.destroy());
    }
}

/** What the server sends with the app, without another origin for files. */
export function policy(scriptHashes: readonly string[]): string {
    return [
        "default-src 'none'",
        `script-src 'self' ${scriptHashes.join(' ')}`,
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "font-src 'self'",
        "media-src 'self' blob:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
    ].join('; ');
}

function readManifest(): DistManifest {
    const place = join(dist, 'files.json');
    if (!existsSync(place)) throw new Error('build the app first: vite build');
    return JSON.parse(readFileSync(place, 'utf8')) as DistManifest;
}

function printedPort(child: ChildProcess): Promise<number> {
    return new Promise((resolve, reject) => {
        let output = '';
        const timer = setTimeout(() => reject(new Error(`the server does not listen:\n${output}`)), patience);
        const collect = (chunk: Buffer) => {
            output += chunk;
            const port =
                /listen\w*[^\n]*127\.0\.0\.1:(\d+)/i.exec(output)?.[1] ??
                /Banter is at http:\/\/\S+:(\d+) /.exec(output)?.[1];
            if (port === undefined) return;
            clearTimeout(timer);
            resolve(Number(port));
        };
        child.stdout?.on('data', collect);
        child.stderr?.on('data', collect);
        child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${output}`)));
    });
}
