import { describe, expect, it } from 'vitest';
import { launchChromium } from './lib/browser.ts';
import { eventually, Person } from './lib/people.ts';
import { Site } from './lib/site.ts';
import { stage } from './lib/stage.ts';

const on = stage();

describe('the installed app', () => {
    it('is kept by who has it from the server itself, and starts when that is gone', async () => {
        const site = await Site.start({ bare: true });
        const browser = await launchChromium();
        const ada = await Person.arrive(site, browser, 'Ada Lovelace');
        const thread = await ada.channel('kept');
        await ada.openThread(thread);
        await eventually(() => ada.page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(
            true,
        );
        await site.killServer();
        await ada.page.goto(`${site.url}/t/${thread}`);
        await ada.page.locator('main').waitFor();
        expect(ada.trouble).toEqual([]);
        await browser.close();
        await site.stop();
    });

    it('starts without any network, shows what was read, and sends what is written then once it is back', async () => {
        const thread = await on.ada.channel('offline', [on.bob]);
        await on.ada.openThread(thread);
        await on.ada.send('read before');
        await on.ada.row('read before').locator('[data-state="settled"]').waitFor();
        await on.ada.page.evaluate(() => navigator.serviceWorker.ready);
        await eventually(() =>
            on.ada.page.evaluate(async (id) => {
                const opened = <T>(request: IDBRequest<T>) =>
                    new Promise<T>((resolve) => {
                        request.onsuccess = () => resolve(request.result);
                    });
                const database = await opened(indexedDB.open('banter'));
                const values = database.transaction('values').objectStore('values');
                const keys = (await opened(values.getAllKeys())).map(String);
                const snapshot = keys.find((key) => key.includes('/snapshot/'));
                const kept = snapshot === undefined ? null : await opened(values.get(snapshot));
                database.close();
                return JSON.stringify(kept).includes(id) && keys.some((key) => key.includes(`/room/${id}`));
            }, thread),
        ).toBe(true);
        await on.ada.context.setOffline(true);
        on.site.cut();
        await on.ada.page.goto(`${on.site.url}/t/${thread}`);
        await on.ada.row('read before').waitFor();
        await on.ada.page.getByText('You’re offline').first().waitFor({ timeout: 20_000 });
        await on.ada.shot('offline');
        await on.ada.send('written offline');
        await on.ada.row('written offline').waitFor();
        on.site.mend();
        await on.ada.context.setOffline(false);
        await on.ada.row('written offline').locator('[data-state="settled"]').waitFor({ timeout: 60_000 });
        expect(
            (await on.bob.call<{ items: unknown[] }>('GET', `/api/threads/${thread}/messages`)).items.length,
        ).toBe(2);
    });
});
