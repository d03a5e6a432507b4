import { describe, expect, it } from 'vitest';
import { stage } from './lib/stage.ts';

const on = stage();
const asleepMs = 120_000;

describe('a machine that slept', () => {
    it('is back in less than a second of its own time, with what was said meanwhile', async () => {
        const thread = await on.ada.channel('asleep', [on.bob]);
        const { page } = on.bob;
        await page.clock.install();
        await on.bob.openThread(thread);
        await on.ada.post(thread, 'before');
        await on.bob.row('before').waitFor();
        await on.bob.composer.fill('typed befo');
        // The line is dead, and nobody says so: as when the lid was closed and another network is there now.
        on.site.freeze();
        await on.ada.post(thread, 'while asleep');
        const again = page.waitForEvent('websocket');
        const joined = again.then((socket) =>
            socket.waitForEvent('framereceived', ({ payload }) =>
                String(payload).includes('"thread:joined"'),
            ),
        );
        const now = await page.evaluate(() => Date.now());
        await page.clock.pauseAt(now + asleepMs);
        const woken = await page.evaluate(() => Date.now());
        await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
        await page.clock.runFor(1);
        await joined;
        await page.clock.runFor(200);
        expect(await on.bob.row('while asleep').count()).toBe(1);
        expect(await page.evaluate((since) => Date.now() - since, woken)).toBeLessThan(1000);
        expect(await on.bob.composer.inputValue()).toBe('typed befo');
        expect(await page.locator('[data-shown]').count()).toBe(0);
        await page.clock.resume();
    });
});
