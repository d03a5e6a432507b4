// What only a browser has: IndexedDB over reloads, the refresh cookie, tabs, and the progress of uploads.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundle } from '../script/bundle.ts';
import type { Chat, LocalAuth, Room } from '../src/index.ts';
import { password } from './support/people.ts';
import { CuttingProxy } from './support/proxy.ts';
import { Server } from './support/server.ts';

type Sdk = typeof import('../src/index.ts');
declare global {
    interface Window {
        sdk: Sdk;
        chat: Chat;
        auth: LocalAuth;
        room: Room;
    }
}

const html = `<!doctype html><title>page</title>
<script type="module">import * as sdk from '/index.js'; window.sdk = sdk</script>`;
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
let pages: HttpServer;
let origin: string;
let server: Server;
let proxy: CuttingProxy;
let browser: Browser;
let context: BrowserContext;
let threadId: string;

/** Serves the library and an empty page, on an origin of its own. */
async function servePages(): Promise<string> {
    const files = new Map((await bundle([])).map(({ fileName, code }) => [`/${fileName}`, code]));
    pages = createServer(({ url = '' }, response) => {
        const code = files.get(url);
        const type = code === undefined ? 'text/html' : 'text/javascript';
        response.writeHead(200, { 'Content-Type': type }).end(code ?? html);
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
}

beforeAll(async () => {
    origin = await servePages();
    server = await Server.start(['--allowed-origins', origin]);
    proxy = await CuttingProxy.start(() => server.port);
    const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath, args });
});
afterAll(async () => {
    await browser?.close();
    proxy?.stop();
    pages?.close();
    await server?.dispose();
});

let people = 0;
beforeEach(async () => {
    proxy.isDown = false;
    proxy.plan = [];
    context = await browser.newContext();
    const page = await context.newPage();
    await load(page);
    const account = { handle: `p${people++}`, displayName: 'Somebody', password };
    await page.evaluate((one) => window.auth.register(one), account);
    const name = `channel ${people}`;
    threadId = await page.evaluate(async (channel) => {
        const body = { kind: 'channel' as const, name: channel };
        return (await window.chat.api.post('/api/threads', { body })).id;
    }, name);
    await page.close();
});
afterEach(() => context.close());

/** A page with a chat on it that has begun. */
async function load(page: Page, thread?: string): Promise<void> {
    await page.goto(origin);
    await page.waitForFunction(() => window.sdk);
    await page.evaluate(
        async ([url, id]) => {
            window.auth = window.sdk.localAuth();
            window.chat = window.sdk.createChat({
                url,
                auth: window.auth,
                backoff: { minMs: 20, maxMs: 300 },
            });
            await window.chat.start();
            if (id) window.room = window.chat.open(id);
        },
        [proxy.url, thread ?? ''] as const,
    );
}

async function tab(): Promise<Page> {
    const page = await context.newPage();
    await load(page, threadId);
    return page;
}

const isOnline = (page: Page) => page.waitForFunction(() => window.chat.connection.value.state === 'online');
const isLive = (page: Page) => page.waitForFunction(() => window.room.state.value === 'live');
const rows = (page: Page) =>
    page.evaluate(() =>
        window.room.rows.value.map((row) => `${row.state} ${row.message?.content ?? row.pending?.content}`),
    );
const shows = (page: Page, text: string) =>
    page.waitForFunction((wanted) => {
        return window.room.rows.value.some((row) => `${row.state} ${row.message?.content}` === wanted);
    }, text);

/** What the device keeps that was written by hand: of what kind each value is. */
const stored = (page: Page) =>
    page.evaluate(async () => {
        const done = <T>(request: IDBRequest<T>) =>
            new Promise<T>((resolve) => {
                request.onsuccess = () => resolve(request.result);
            });
        const database = await done(indexedDB.open('banter'));
        const names = await done(database.transaction('values').objectStore('values').getAllKeys());
        database.close();
        const kinds = names.map((name) => String(name).split('/')[1] ?? '');
        return kinds.filter((kind) => kind === 'outbox' || kind === 'draft').sort();
    });

describe('over a reload', () => {
    test('the cookie signs in again, in several tabs at once', async () => {
        const tabs = await Promise.all([tab(), tab(), tab()]);
        for (const page of tabs) await isOnline(page);
        for (const page of tabs) await load(page, threadId);
        for (const page of tabs) await isOnline(page);
        expect(await tabs[0]?.evaluate(() => document.cookie)).toBe('');
    });

    test('messages that were written without a network are there, and are sent once', async () => {
        const page = await tab();
        await isLive(page);
        proxy.isDown = true;
        proxy.cut();
        await page.evaluate(() => {
            for (const content of ['one', 'two', 'three']) window.room.send({ content });
            window.room.draft.value = 'and a dra';
        });
        await expect
            .poll(() => stored(page), { timeout: 30_000 })
            .toEqual(['draft', 'outbox', 'outbox', 'outbox']);
        await load(page, threadId);
        await page.waitForFunction(() => window.room.rows.value.length === 3);
        expect(await rows(page)).toEqual(['sending one', 'sending two', 'sending three']);
        expect(await page.evaluate(() => window.room.draft.value)).toBe('and a dra');
        proxy.isDown = false;
        await shows(page, 'settled three');
        expect(await rows(page)).toEqual(['settled one', 'settled two', 'settled three']);
        await load(page, threadId);
        await isLive(page);
        expect(await rows(page)).toEqual(['settled one', 'settled two', 'settled three']);
    });

    test('what was read is there without a network', async () => {
        const page = await tab();
        await isLive(page);
        await page.evaluate(() => window.room.send({ content: 'remember me' }).settled);
        // Its answer comes after all that others are told of the first.
        await page.evaluate(() => window.room.send({ content: 'or not' }).settled);
        await page.evaluate(() => window.chat.stop());
        proxy.isDown = true;
        proxy.cut();
        await load(page, threadId);
        await shows(page, 'settled remember me');
        expect(await page.evaluate(() => window.chat.session.value?.user.displayName)).toBe('Somebody');
        expect(await page.evaluate(() => window.chat.threads.value.length)).toBe(1);
        await page.evaluate(() => window.chat.forget());
        await load(page, threadId);
        expect(await rows(page)).toEqual([]);
    });
});

describe('two tabs', () => {
    test('that both hold an unsent message make one of it', async () => {
        const first = await tab();
        await isLive(first);
        proxy.isDown = true;
        proxy.cut();
        await first.evaluate(() => void window.room.send({ content: 'once' }));
        const second = await tab();
        await second.waitForFunction(() => window.room.rows.value.length === 1);
        proxy.isDown = false;
        for (const page of [first, second]) await shows(page, 'settled once');
        for (const page of [first, second]) {
            await page.waitForFunction(() => window.chat.unsent.value.length === 0);
            expect(await rows(page)).toEqual(['settled once']);
        }
    });

    test('share what is being written, what is read, and the sign-out', async () => {
        const [first, second] = await Promise.all([tab(), tab()]);
        for (const page of [first, second]) await isLive(page);
        await first.evaluate(() => {
            window.room.draft.value = 'shared';
        });
        await second.waitForFunction(() => window.room.draft.value === 'shared');
        await second.evaluate(() => {
            window.room.draft.value = '';
        });
        await first.waitForFunction(() => window.room.draft.value === '');
        await first.evaluate(() => window.auth.logout());
        await second.waitForFunction(() => window.chat.connection.value.state === 'signed-out');
    });
});

describe('uploads', () => {
    test('tell their progress, and survive a cut when they are large', async () => {
        const page = await tab();
        await isOnline(page);
        const upload = (bytes: number) =>
            page.evaluate(async (size) => {
                const progress: number[] = [];
                const file = new File([new Uint8Array(size).fill(7)], 'sevens.bin');
                const attachment = await window.chat.upload(file, {
                    onProgress: (sent) => progress.push(sent),
                });
                return { size: attachment.size, name: attachment.name, progress };
            }, bytes);
        const small = await upload(3_000_000);
        expect(small).toMatchObject({ size: 3_000_000, name: 'sevens.bin' });
        proxy.plan = [2_000_000, 4_000_000];
        const large = await upload(20_000_000);
        expect(large.size).toBe(20_000_000);
        expect(proxy.plan).toEqual([]);
        // More often than once for each of its pieces.
        expect(large.progress.length).toBeGreaterThan(3);
        for (const { progress, size } of [small, large]) {
            expect(progress).toEqual(progress.toSorted((a, b) => a - b));
            expect(progress.at(-1)).toBe(size);
        }
    });

    test('end when they are given up', async () => {
        const page = await tab();
        await isOnline(page);
        const codes = await page.evaluate(() => {
            const given = (size: number) => {
                const stop = new AbortController();
                const options = { signal: stop.signal, onProgress: () => stop.abort() };
                const uploaded = window.chat.upload(new Blob([new Uint8Array(size)]), options);
                return uploaded.then(
                    () => 'uploaded',
                    (error: { code: string }) => error.code,
                );
            };
            return Promise.all([given(7_000_000), given(20_000_000)]);
        });
        expect(codes).toEqual(['aborted', 'aborted']);
    });
});

test('a page whose network is off says so, and comes back by itself', async () => {
    const page = await tab();
    await isLive(page);
    await context.setOffline(true);
    await page.waitForFunction(() => window.chat.connection.value.state === 'offline');
    await page.evaluate(() => void window.room.send({ content: 'from the tunnel' }));
    expect(await rows(page)).toEqual(['sending from the tunnel']);
    await context.setOffline(false);
    await shows(page, 'settled from the tunnel');
});
