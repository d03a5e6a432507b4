import { describe, expect, it } from 'vitest';
import { eventually } from './lib/people.ts';
import { stage } from './lib/stage.ts';

const on = stage();

const settled = (text: string) => on.ada.row(text).locator('[data-state="settled"]');
/** Whether the device keeps a text of a thread: of a message, or the draft. */
const keeps = (thread: string, text: string, kind: 'room' | 'draft' = 'room') =>
    on.ada.page.evaluate(
        async ([id, wanted, what]) => {
            const opened = <T>(request: IDBRequest<T>) =>
                new Promise<T>((resolve) => {
                    request.onsuccess = () => resolve(request.result);
                });
            const database = await opened(indexedDB.open('banter'));
            const values = database.transaction('values').objectStore('values');
            const keys = (await opened(values.getAllKeys()))
                .map(String)
                .filter((key) => key.includes(`/${what}/${id}`));
            const kept = await Promise.all(keys.map((key) => opened(values.get(key))));
            database.close();
            return JSON.stringify(kept).includes(wanted);
        },
        [thread, text, kind] as const,
    );
const bar = () => on.ada.page.locator('[data-shown]');

describe('without a network', () => {
    it('what is written waits, outlives a reload, and is sent once when it is back', async () => {
        const thread = await on.ada.channel('cut', [on.bob]);
        await on.ada.openThread(thread);
        await on.bob.openThread(thread);
        await on.ada.send('before');
        await settled('before').waitFor();
        await eventually(() => keeps(thread, 'before')).toBe(true);
        on.site.cut();
        await on.ada.send('written while away');
        await on.ada.row('written while away').locator('[data-state="sending"]').waitFor();
        await bar().waitFor({ timeout: 20_000 });
        await on.ada.shot('reconnecting');
        await on.ada.composer.fill('a draft');
        await eventually(() => keeps(thread, 'a draft', 'draft')).toBe(true);
        await on.ada.page.reload();
        // The app itself comes from the front, as from a service worker; everything else from the device.
        await on.ada.row('before').waitFor();
        await on.ada.row('written while away').waitFor();
        await eventually(() => on.ada.composer.inputValue()).toBe('a draft');
        on.site.mend();
        await settled('written while away').waitFor({ timeout: 60_000 });
        await on.bob.row('written while away').waitFor({ timeout: 60_000 });
        expect(await on.bob.row('written while away').count()).toBe(1);
        expect(await on.ada.row('written while away').count()).toBe(1);
        await on.ada.composer.fill('');
    });
});

describe('a server that is killed and started again', () => {
    it('is said after two seconds, and nothing is missing or doubled afterwards', async () => {
        const thread = await on.ada.channel('killed', [on.bob]);
        await on.ada.openThread(thread);
        await on.bob.openThread(thread);
        await on.ada.send('one');
        await settled('one').waitFor();
        const clock = () => on.ada.page.evaluate(() => performance.now());
        const before = await clock();
        const said = on.ada.page.evaluate(
            () =>
                new Promise<number>((resolve) => {
                    new MutationObserver((_, observer) => {
                        if (!document.querySelector('[data-shown]')) return;
                        observer.disconnect();
                        resolve(performance.now());
                    }).observe(document.body, { childList: true, subtree: true, attributes: true });
                }),
        );
        await on.site.killServer();
        await on.ada.send('two');
        await on.bob.send('three');
        await bar().waitFor({ timeout: 20_000 });
        expect((await said) - before).toBeGreaterThanOrEqual(2000);
        await on.site.startServer();
        for (const person of [on.ada, on.bob])
            for (const text of ['one', 'two', 'three']) {
                await person.row(text).locator('[data-state="settled"]').waitFor({ timeout: 60_000 });
                expect(await person.row(text).count()).toBe(1);
            }
        await eventually(() => bar().count()).toBe(0);
        const order = (person: typeof on.ada) =>
            person.page
                .locator('main li[data-key] article')
                .allInnerTexts()
                .then((all) => all.flatMap((text) => /one|two|three/.exec(text) ?? []));
        expect(await order(on.ada)).toEqual(await order(on.bob));
    });
});

describe('a message that the server refuses', () => {
    it('says why, stays, and can be changed and sent again', async () => {
        const thread = await on.ada.channel('refused', [on.bob]);
        await on.bob.openThread(thread);
        await on.bob.composer.fill('will be refused');
        await on.ada.call('PATCH', `/api/threads/${thread}`, { archived: true });
        await eventually(() => on.bob.page.locator('main').innerText()).toMatch(/archived/);
        await on.ada.call('PATCH', `/api/threads/${thread}`, { archived: false });
        await eventually(() => on.bob.composer.inputValue()).toBe('will be refused');
        const long = 'x'.repeat(10_001);
        await on.bob.send(long);
        const failed = on.bob.page.locator('main article[data-state="failed"]');
        await failed.waitFor();
        await on.bob.shot('refused');
        await failed.getByRole('button', { name: 'Edit' }).click();
        await eventually(() => on.bob.composer.inputValue()).toBe(long);
        await on.bob.send('short enough');
        await on.bob.row('short enough').locator('[data-state="settled"]').waitFor();
    });
});
