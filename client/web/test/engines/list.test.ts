import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Engine, startFirefox, startWebKit } from './driver.ts';

// The scroll engine where scroll anchoring is another one, or there is none.

let vite: ViteDevServer;
let address = '';
beforeAll(async () => {
    vite = await createServer({
        configFile: `${import.meta.dirname}/../../vite.config.ts`,
        root: `${import.meta.dirname}/../..`,
        server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
        logLevel: 'error',
    });
    await vite.listen();
    const at = vite.httpServer?.address();
    if (!at || typeof at === 'string') throw new Error('no address');
    address = `http://127.0.0.1:${at.port}/test/pages/list.html`;
});
afterAll(() => vite?.close());

describe.each([
    ['Firefox', startFirefox, /Firefox\//],
    ['WebKitGTK', startWebKit, /AppleWebKit\/(?!.*Chrome)/],
] as const)('in %s', (_, start, agent) => {
    let engine: Engine;
    beforeAll(async () => {
        engine = await start();
        expect(await engine.run(() => navigator.userAgent)).toMatch(agent);
    });
    afterAll(() => engine?.close());
    beforeEach(async () => {
        await engine.open(address);
        await engine.run(async () => {
            while (!document.querySelector('li[data-key="m99999"]')) await new Promise(requestAnimationFrame);
        });
        await frames(10);
    });

    const frames = (count: number) =>
        engine.run(async (left) => {
            for (let at = 0; at < left; at++) await new Promise(requestAnimationFrame);
        }, count);
    const scrollUp = async (pixels: number) => {
        await engine.run((by) => document.querySelector('section')?.scrollBy(0, -by), pixels);
        await frames(20);
    };
    /** The row that is read, and where it is. */
    const look = () =>
        engine.run(() => {
            const pane = document.querySelector('section');
            const top = pane?.getBoundingClientRect().top ?? 0;
            const rows = [...document.querySelectorAll<HTMLElement>('li[data-key]:not([data-away])')];
            const row = rows.find((each) => each.getBoundingClientRect().bottom > top + 200);
            return {
                key: row?.dataset['key'] ?? '',
                top: (row?.getBoundingClientRect().top ?? 0) - top,
                fromEnd: Math.abs(pane?.scrollTop ?? -1),
                count: rows.length,
            };
        });
    const topOf = (key: string) =>
        engine.run(
            (of) =>
                (document.querySelector(`li[data-key="${of}"]`)?.getBoundingClientRect().top ?? Number.NaN) -
                (document.querySelector('section')?.getBoundingClientRect().top ?? 0),
            key,
        );
    const drift = async (act: () => Promise<unknown>) => {
        const before = await look();
        await act();
        await frames(20);
        return Math.abs((await topOf(before.key)) - before.top);
    };

    it('who reads in the middle does not move when older rows come', async () => {
        await scrollUp(1800);
        for (let round = 0; round < 6; round++)
            expect(await drift(() => engine.run(() => window.list.prepend(20)))).toBeLessThanOrEqual(1);
    });

    it('who reads in the middle does not move when new rows come', async () => {
        await scrollUp(1800);
        for (let round = 0; round < 3; round++)
            expect(await drift(() => engine.run(() => window.list.append(5)))).toBeLessThanOrEqual(1);
    });

    it('who reads in the middle does not move when a row above or below becomes taller', async () => {
        await scrollUp(1800);
        const n = Number((await look()).key.slice(1));
        for (const at of [n - 30, n - 14, n + 3, n + 25])
            expect(
                await drift(() => engine.run((row) => window.list.grow(row, 14), at)),
                `row ${at}`,
            ).toBeLessThanOrEqual(1);
    });

    it('who is at the end stays there through new rows, taller ones and another height', async () => {
        for (const act of [
            () => engine.run(() => window.list.append(20)),
            () => engine.run(() => window.list.grow(100_018, 12)),
            () => engine.run(() => window.list.resize(420)),
        ]) {
            await act();
            await frames(20);
            expect((await look()).fromEnd).toBe(0);
        }
    });

    it('scrolling at 3,000 pixels a second shows no gap, and holds at most 160 rows', async () => {
        const seen = await engine.run(async () => {
            const pane = document.querySelector('section');
            const list = pane?.querySelector('ol');
            if (!pane || !list) throw new Error('no list');
            const found = { most: 0, blank: 0, frames: 0 };
            const until = performance.now() + 4000;
            for (let last = performance.now(); last < until; ) {
                const now = await new Promise<number>(requestAnimationFrame);
                pane.scrollBy(0, -3 * Math.min(100, Math.max(0, now - last)));
                last = Math.max(last, now);
                found.frames++;
                found.most = Math.max(found.most, list.children.length);
                const view = pane.getBoundingClientRect();
                const rows = list.getBoundingClientRect();
                if (rows.top > view.top + 1) found.blank++;
            }
            return found;
        });
        console.log(`${engine.name}: ${JSON.stringify(seen)}`);
        expect(seen.most).toBeLessThanOrEqual(160);
        expect(seen.blank).toBe(0);
        expect(Number((await look()).key.slice(1))).toBeLessThan(99_900);
    });
});
