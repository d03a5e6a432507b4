import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, frames } from './lib/people.ts';
import { stage } from './lib/stage.ts';

const on = stage();
const worker = readFileSync(join(import.meta.dirname, '../dist/sw.js'), 'utf8');

describe('a newer version of the app', () => {
    it('is offered, and comes when the person asks for it: no reload by itself, and none over files', async () => {
        const { page } = on.ada;
        const thread = await on.ada.channel('updated');
        await on.ada.openThread(thread);
        await page.evaluate(() => navigator.serviceWorker.ready);
        // The page that the first worker was installed by is not its own yet.
        await eventually(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
        await on.ada.composer.fill('in the middle of a sen');
        await page.evaluate(() => Object.assign(window, { sameLoad: true }));
        const same = () => page.evaluate(() => 'sameLoad' in window);

        const newer = worker.replace(/const version ?= ?(['"`])/, 'const version = $1newer-');
        expect(newer).not.toBe(worker);
        on.site.intercept = ({ url }, response) => {
            if (url !== '/sw.js') return false;
            response.writeHead(200, { 'Content-Type': 'text/javascript', 'Cache-Control': 'no-cache' });
            response.end(newer);
            return true;
        };
        await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
        const offer = page.getByText('A newer version is ready.');
        await offer.waitFor();
        await frames(page, 10);
        expect(await same()).toBe(true);

        await page
            .locator('main input[type=file]')
            .setInputFiles([{ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('keep me') }]);
        await page.getByRole('list', { name: 'Files to send' }).locator('[data-state="there"]').waitFor();
        await page.getByRole('button', { name: 'Reload' }).click();
        await page.getByText('Send or remove the files first').waitFor();
        expect(await same()).toBe(true);
        await page.getByRole('button', { name: 'Remove note.txt' }).click();

        await offer.waitFor();
        await page.getByRole('button', { name: 'Reload' }).click();
        await eventually(() => same().catch(() => true)).toBe(false);
        await eventually(() => on.ada.composer.inputValue()).toBe('in the middle of a sen');
        await eventually(() => page.evaluate(() => caches.keys())).toEqual([
            expect.stringContaining('newer-'),
        ]);
        on.site.intercept = null;
    });
});
