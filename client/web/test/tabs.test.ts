import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './lib/people.ts';
import { stage } from './lib/stage.ts';

const on = stage();

interface Told {
    title: string;
    body: string;
    click(): void;
}
declare global {
    interface Window {
        told: Told[];
        away: boolean;
    }
}

beforeAll(async () => {
    // What the browser would show is noted in its place; whether the window has the focus, the test says.
    await on.bob.context.addInitScript(() => {
        window.told = [];
        window.away = false;
        document.hasFocus = () => !window.away;
        class Noted {
            static permission = 'granted';
            click = () => {};
            constructor(
                readonly title: string,
                readonly options: { body: string },
            ) {
                window.told.push(this as unknown as Told);
            }
            get body() {
                return this.options.body;
            }
            addEventListener(_: 'click', run: () => void) {
                this.click = run;
            }
            close() {}
        }
        Object.assign(window, { Notification: Noted });
        if (location.protocol === 'http:')
            localStorage.setItem('banter.look', JSON.stringify({ notify: true }));
    });
});

const told = (page: Page) => page.evaluate(() => window.told.map(({ title, body }) => `${title}: ${body}`));
const leave = (page: Page, away: boolean) =>
    page.evaluate((is) => {
        window.away = is;
        dispatchEvent(new Event(is ? 'blur' : 'focus'));
    }, away);
async function tab(thread: string): Promise<Page> {
    const page = await on.bob.context.newPage();
    await page.goto(`${on.site.url}/t/${thread}`);
    await page.locator(`[data-composer="${thread}"]`).waitFor();
    return page;
}

describe('a notification', () => {
    it('tells of a message that can’t be seen, and of none that can; a click on it leads there', async () => {
        const here = await on.ada.direct(on.bob);
        const other = await on.ada.channel('elsewhere', [on.bob]);
        const { page } = on.bob;
        await on.bob.openThread(here);
        await on.ada.post(here, 'in view');
        await on.bob.row('in view').waitFor();
        await on.ada.post(other, `<@${on.bob.id}> in another thread`);
        await eventually(() => told(page)).toEqual(['elsewhere: New message']);
        await leave(page, true);
        await on.ada.post(here, 'while away');
        await eventually(() => told(page)).toEqual([
            'elsewhere: New message',
            expect.stringMatching(/^Ada Lovelace · .*: while away$/),
        ]);
        await leave(page, false);
        await on.ada.post(here, 'in view again');
        await on.bob.row('in view again').waitFor();
        expect(await told(page)).toHaveLength(2);
        // Who does not want to be disturbed isn't; the message that is told next shows that none came in between.
        const own = (name: string) => page.getByRole('menuitemradio', { name });
        const menu = page.getByRole('button', { name: 'Your menu' });
        await menu.click();
        await own('Do not disturb').click();
        await on.ada.post(other, `<@${on.bob.id}> while disturbing`);
        const count = page.locator(`[data-thread="${other}"]`);
        await eventually(() => count.innerText()).toMatch(/2 mentions/);
        await menu.click();
        await own('Online').click();
        await on.ada.post(other, `<@${on.bob.id}> afterwards`);
        await eventually(() => told(page)).toHaveLength(3);
        await eventually(() => count.innerText()).toMatch(/3 mentions/);
        expect(await told(page)).toHaveLength(3);
        await page.evaluate(() => window.told[0]?.click());
        await eventually(() => new URL(page.url()).pathname).toBe(`/t/${other}`);
        await on.bob.row('in another thread').waitFor();
    });
});

describe('two tabs', () => {
    it('have one draft, one count of what is unread, and tell once', async () => {
        const shared = await on.ada.channel('shared', [on.bob]);
        const quiet = await on.ada.channel('quiet', [on.bob]);
        const first = await tab(shared);
        const second = await tab(shared);
        const text = (page: Page) => page.locator('main [data-composer]').inputValue();
        await first.locator('main [data-composer]').fill('begun here');
        await eventually(() => text(second)).toBe('begun here');
        await second.locator('main [data-composer]').fill('ended there');
        await eventually(() => text(first)).toBe('ended there');
        await second.locator('main [data-composer]').fill('');

        await on.ada.post(quiet, 'read me once');
        const unread = (page: Page) => page.locator(`[data-thread="${quiet}"]`).getAttribute('data-unread');
        for (const page of [first, second]) await eventually(() => unread(page)).toBe('true');
        await first.locator(`[data-thread="${quiet}"]`).click();
        for (const page of [first, second]) await eventually(() => unread(page)).toBe('false');

        for (const page of [first, second]) await leave(page, true);
        await on.bob.page.goto('about:blank');
        const count = async () => (await told(first)).length + (await told(second)).length;
        const before = await count();
        await on.ada.post(shared, `<@${on.bob.id}> look`);
        const seen = (page: Page) =>
            page.locator(`[data-thread="${shared}"]`).evaluate((link) => /mention/.test(link.textContent));
        for (const page of [first, second]) await eventually(() => seen(page)).toBe(true);
        await eventually(count).toBe(before + 1);
        // Both have heard of it: whoever tells a second time would do so by now.
        await first.waitForTimeout(500);
        expect(await count()).toBe(before + 1);
        await first.close();
        await second.close();
    });
});
