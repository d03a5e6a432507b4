import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A page in a browser that isn't Chromium. */
export interface Engine {
    name: string;
    open(url: string): Promise<void>;
    /** Runs a function in the page, waits for what it promises, and gives it as JSON. */
    run<T, A extends readonly unknown[]>(act: (...given: A) => T | Promise<T>, ...given: A): Promise<T>;
    close(): Promise<void>;
}

const patienceMs = 60_000;

/** By the WebDriver protocol of two ways, BiDi, which Firefox speaks itself. */
export async function startFirefox(): Promise<Engine> {
    const profile = mkdtempSync(join(tmpdir(), 'banter-firefox-'));
    const port = await freePort();
    const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', `${port}`];
    const child = spawn('firefox-esr', [...args, '--width', '900', '--height', '1000'], { stdio: 'ignore' });
    const socket = await until(() => connected(`ws://127.0.0.1:${port}/session`));
    const ask = asker(socket);
    await ask('session.new', { capabilities: {} });
    const { context } = await ask('browsingContext.create', { type: 'tab' });
    await ask('browsingContext.setViewport', { context, viewport: { width: 800, height: 900 } });
    return {
        name: 'Firefox',
        open: async (url) => void (await ask('browsingContext.navigate', { context, url, wait: 'complete' })),
        async run(act, ...given) {
            const expression = `(async () => JSON.stringify([await (${act})(...${JSON.stringify(given)})]))()`;
            const answer = await ask('script.evaluate', {
                expression,
                target: { context },
                awaitPromise: true,
            });
            if (answer.type !== 'success') throw new Error(JSON.stringify(answer.exceptionDetails));
            return JSON.parse(answer.result.value)[0];
        },
        async close() {
            socket.close();
            await ended(child);
            rmSync(profile, { recursive: true, force: true });
        },
    };
}

// biome-ignore lint/suspicious/noExplicitAny: answers have the shape of what was asked.
type Answer = any;

/** Sends commands of BiDi and gives their answers. */
function asker(socket: WebSocket) {
    let last = 0;
    const open = new Map<number, { resolve(value: Answer): void; reject(error: Error): void }>();
    socket.onmessage = ({ data }) => {
        const { id, type, result, error, message } = JSON.parse(String(data));
        if (type === 'success') open.get(id)?.resolve(result);
        else if (type === 'error') open.get(id)?.reject(new Error(`${error}: ${message}`));
    };
    return (method: string, params: object) =>
        new Promise<Answer>((resolve, reject) => {
            const id = ++last;
            open.set(id, { resolve, reject });
            socket.send(JSON.stringify({ id, method, params }));
        });
}

/** By the WebDriver protocol over HTTP. It wants a screen: Xvfb is one that nobody sees. */
export async function startWebKit(): Promise<Engine> {
    const display = `:${90 + (process.pid % 900)}`;
    const screen = spawn('Xvfb', [display, '-screen', '0', '1024x1100x24', '-nolisten', 'tcp'], {
        stdio: 'ignore',
    });
    const port = await freePort();
    const env = { ...process.env, DISPLAY: display, WEBKIT_DISABLE_COMPOSITING_MODE: '1' };
    const child = spawn('WebKitWebDriver', ['--host=127.0.0.1', `--port=${port}`], { stdio: 'ignore', env });
    const ask = async (method: string, path: string, body?: object): Promise<Answer> => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
            method,
            ...(body ? { body: JSON.stringify(body) } : {}),
        });
        const { value } = (await answer.json()) as { value: Answer };
        if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
        return value;
    };
    await until(() => ask('GET', '/status'));
    const { sessionId } = await ask('POST', '/session', {
        capabilities: { alwaysMatch: { timeouts: { script: patienceMs } } },
    });
    const session = `/session/${sessionId}`;
    await ask('POST', `${session}/window/rect`, { width: 900, height: 1000 });
    return {
        name: 'WebKitGTK',
        open: (url) => ask('POST', `${session}/url`, { url }),
        async run(act, ...given) {
            const script = `const done = arguments[arguments.length - 1];
                (async () => JSON.stringify([await (${act})(...${JSON.stringify(given)})]))()
                    .then((text) => done({ text }), (error) => done({ error: String(error) }));`;
            const { text, error } = await ask('POST', `${session}/execute/async`, { script, args: [] });
            if (error) throw new Error(error);
            return JSON.parse(text)[0];
        },
        async close() {
            await ask('DELETE', session);
            await ended(child);
            await ended(screen);
        },
    };
}

function connected(url: string): Promise<WebSocket> {
    return new Promise((resolve, reject) => {
        const socket = new WebSocket(url);
        socket.onopen = () => resolve(socket);
        socket.onerror = () => reject(new Error(`nothing at ${url}`));
    });
}

/** Again and again until it works. */
async function until<T>(act: () => Promise<T>): Promise<T> {
    for (const end = Date.now() + patienceMs; ; ) {
        try {
            return await act();
        } catch (thrown) {
            if (Date.now() > end) throw thrown;
            await new Promise((resolve) => setTimeout(resolve, 200));
        }
    }
}

async function ended(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null) return;
    const end = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await end;
}

function freePort(): Promise<number> {
    return new Promise((resolve) => {
        const server = createServer();
        server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
        });
    });
}
