import type { Browser, Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from './lib/browser.ts';

// The scroll engine in a real browser: what comes, goes and grows must not move who reads.

let vite: ViteDevServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
    vite = await createServer({
        configFile: `${import.meta.dirname}/../vite.config.ts`,
        root: `${import.meta.dirname}/..`,
        server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
        logLevel: 'error',
    });
    await vite.listen();
    browser = await launchChromium();
});
afterAll(async () => {
    await browser?.close();
    await vite?.close();
});
beforeEach(async () => {
    await page?.close();
    page = await browser.newPage({ viewport: { width: 800, height: 900 } });
    const address = vite.httpServer?.address();
    if (!address || typeof address === 'string') throw new Error('no address');
    await page.goto(`http://127.0.0.1:${address.port}/test/pages/list.html`);
    await page.waitForSelector('li[data-key="m99999"]');
    await frames(4);
});

/** Waits until the page has painted so many times more. */
const frames = (count: number) =>
    page.evaluate(async (left) => {
        for (let at = 0; at < left; at++) await new Promise(requestAnimationFrame);
    }, count);

/** Pixels from the end of the list, and the row at the top of the pane with its place. */
const look = () =>
    page.evaluate(() => {
        const pane = document.querySelector('section');
        if (!pane) throw new Error('no list');
        const top = pane.getBoundingClientRect().top;
        const rows = [...pane.querySelectorAll<HTMLElement>('li[data-key]:not([data-away])')];
        const middle = rows.find((row) => row.getBoundingClientRect().bottom > top + 200);
        return {
            fromEnd: Math.abs(pane.scrollTop),
            key: middle?.dataset['key'] ?? '',
            top: (middle?.getBoundingClientRect().top ?? 0) - top,
            count: rows.length,
            last: rows.at(-1)?.dataset['key'] ?? '',
        };
    });

const topOf = (key: string) =>
    page.evaluate((of) => {
        const row = document.querySelector(`li[data-key="${of}"]`);
        const pane = document.querySelector('section');
        if (!row || !pane) throw new Error(`${of} is not there`);
        return row.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    }, key);

async function scrollUp(pixels: number) {
    await page.evaluate((by) => document.querySelector('section')?.scrollBy(0, -by), pixels);
    await frames(12);
}

/** How far the row that is being read moved while `act` happened. */
async function drift(act: () => Promise<unknown>) {
    const before = await look();
    await act();
    await frames(12);
    return Math.abs((await topOf(before.key)) - before.top);
}

describe('who reads in the middle', () => {
    beforeEach(() => scrollUp(1800));

    it('does not move when older rows come in front', async () => {
        for (let round = 0; round < 10; round++)
            expect(await drift(() => page.evaluate(() => window.list.prepend(20)))).toBeLessThanOrEqual(1);
    });

    it('does not move when new rows come, and sees that there are some', async () => {
        expect(await drift(() => page.evaluate(() => window.list.append(5)))).toBeLessThanOrEqual(1);
        expect(await page.evaluate(() => window.list.pinned())).toBe(false);
    });

    it('does not move when a row above or below becomes taller', async () => {
        const { key } = await look();
        const n = Number(key.slice(1));
        for (const at of [n - 30, n - 14, n + 3, n + 25])
            expect(
                await drift(() => page.evaluate((row) => window.list.grow(row, 14), at)),
                `row ${at}`,
            ).toBeLessThanOrEqual(1);
    });

    it('keeps what is at the top of the pane when the composer grows', async () => {
        expect(await drift(() => page.evaluate(() => window.list.resize(480)))).toBeLessThanOrEqual(1);
        expect(await drift(() => page.evaluate(() => window.list.resize(640)))).toBeLessThanOrEqual(1);
    });
});

describe('who is at the end', () => {
    it('stays there through new rows, taller rows and another height', async () => {
        const stays = async () => {
            await frames(6);
            expect((await look()).fromEnd).toBe(0);
        };
        for (let round = 0; round < 60; round++) await page.evaluate(() => window.list.append(3));
        await stays();
        expect((await look()).last).toBe('m100179');
        await page.evaluate(() => window.list.grow(100_178, 12));
        await stays();
        await page.evaluate(() => window.list.grow(100_120, 12));
        await stays();
        await page.evaluate(() => window.list.resize(420));
        await stays();
        expect((await look()).count).toBeLessThanOrEqual(160);
    });
});

describe('scrolling through a hundred thousand rows', () => {
    it('at 3,000 pixels a second never shows a gap, holds at most 160 rows and goes on fetching', async () => {
        const seen = await page.evaluate(async () => {
            const pane = document.querySelector('section');
            const list = pane?.querySelector('ol');
            if (!pane || !list) throw new Error('no list');
            const found = { most: 0, blank: 0, frames: 0 };
            const until = performance.now() + 5000;
            let last = performance.now();
            while (last < until) {
                const now: number = await new Promise(requestAnimationFrame);
                pane.scrollBy(0, -3 * Math.min(100, Math.max(0, now - last)));
                last = Math.max(last, now);
                found.frames++;
                found.most = Math.max(found.most, list.children.length);
                const view = pane.getBoundingClientRect();
                const rows = list.getBoundingClientRect();
                if (rows.top > view.top + 1 || rows.bottom < view.bottom - 1) found.blank++;
            }
            return found;
        });
        expect(seen.most).toBeLessThanOrEqual(160);
        expect(seen.blank).toBe(0);
        const { key } = await look();
        expect(Number(key.slice(1))).toBeLessThan(99_800);
    });

    it('lets go of the elements that are out of the document', async () => {
        const session = await page.context().newCDPSession(page);
        const nodes = async () => {
            await session.send('HeapProfiler.collectGarbage');
            return (await session.send('Memory.getDOMCounters')).nodes;
        };
        for (let round = 0; round < 10; round++) await scrollUp(900);
        const before = await nodes();
        for (let round = 0; round < 40; round++) await scrollUp(900);
        expect(await nodes()).toBeLessThan(before * 1.5);
    });

    it('trims one end as it fetches at the other, without moving the reader', async () => {
        for (let round = 0; round < 25; round++) {
            await scrollUp(900);
            const before = await look();
            await frames(6);
            expect(Math.abs((await topOf(before.key)) - before.top)).toBeLessThanOrEqual(1);
            expect(before.count).toBeLessThanOrEqual(160);
        }
        expect((await look()).last).not.toBe('m99999');
        await page.evaluate(() => window.list.engine.toEnd());
        await frames(4);
        expect(await look()).toMatchObject({ fromEnd: 0, last: 'm99999' });
    });
});

describe('a jump', () => {
    const centred = async (n: number) => Math.abs((await topOf(`m${n}`)) - 300);

    it('goes to a row that is loaded, and one that is not, and shows which it is', async () => {
        await page.evaluate(() => window.list.jump(99_850));
        await frames(4);
        expect(await centred(99_850)).toBeLessThan(150);
        await page.evaluate(() => window.list.jump(50_000));
        await frames(4);
        expect(await centred(50_000)).toBeLessThan(150);
        expect(await page.locator('li[data-key="m50000"]').getAttribute('data-flash')).toBe('');
    });

    it('into the past leaves the way back to the end open while new rows arrive', async () => {
        await page.evaluate(() => window.list.jump(99_500));
        await frames(20);
        await page.evaluate(() => window.list.append(4));
        const box = await page.locator('section').boundingBox();
        await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 100);
        await expect
            .poll(
                async () => {
                    await page.mouse.wheel(0, 1500);
                    return (await look()).last;
                },
                { timeout: 30_000, interval: 30 },
            )
            .toBe('m100003');
        await expect.poll(async () => (await look()).fromEnd, { timeout: 20_000 }).toBeLessThan(2000);
    });
});

describe('the keyboard', () => {
    it('moves among the rows with one tab stop, and a row with the focus outlives being trimmed', async () => {
        await page.keyboard.press('Tab');
        await page.keyboard.press('Tab');
        const focused = () => page.evaluate(() => document.activeElement?.closest('li')?.dataset['key']);
        await page.locator('li[data-key="m99999"] [data-focus]').focus();
        for (let up = 0; up < 3; up++) await page.keyboard.press('ArrowUp');
        expect(await focused()).toBe('m99996');
        expect(await page.locator('[data-focus][tabindex="0"]').count()).toBe(1);
        for (let round = 0; round < 16; round++) await scrollUp(900);
        expect(await page.locator('li[data-key="m99996"]').getAttribute('data-away')).toBe('');
        expect(await focused()).toBe('m99996');
        await page.keyboard.press('End');
        await frames(6);
        expect(await focused()).toBe('m99999');
    });
});
