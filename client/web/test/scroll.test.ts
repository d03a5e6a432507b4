import { describe, expect, it } from 'vitest';
import { eventually, frames } from './lib/people.ts';
import { stage } from './lib/stage.ts';

const on = stage();

const inView = (text: string) =>
    on.bob.page.evaluate((wanted) => {
        const pane = document.querySelector('main section');
        const row = [...document.querySelectorAll('main li[data-key]')].find((each) =>
            each.textContent.includes(wanted),
        );
        if (!pane || !row) return false;
        const view = pane.getBoundingClientRect();
        const box = row.getBoundingClientRect();
        return box.bottom > view.top && box.top < view.bottom;
    }, text);
const fromEnd = () =>
    on.bob.page.evaluate(() => Math.abs(document.querySelector('main section')?.scrollTop ?? -1));

describe('a thread with much in it', () => {
    it('opens at the first unread message, says how many there are, and is read where it was seen', async () => {
        const thread = await on.ada.channel('unread', [on.bob]);
        await on.ada.postMany(thread, 30, (at) => `read ${at}`);
        await on.bob.openThread(thread);
        await on.bob.page.getByRole('button', { name: /Jump to latest|new message/ }).click();
        await eventually(
            async () =>
                (await on.bob.call<{ membership: { unread: number } }>('GET', `/api/threads/${thread}`))
                    .membership.unread,
        ).toBe(0);
        await on.bob.open('/');
        await on.ada.postMany(thread, 80, (at) => `unread ${at}.`);
        const link = on.bob.page.locator(`[data-thread="${thread}"]`);
        await eventually(() => link.innerText()).toMatch(/80 unread/);
        await link.click();
        await on.bob.row('unread 0.').waitFor();
        await eventually(() => inView('unread 0.')).toBe(true);
        expect(await on.bob.row('unread 0.').locator('p', { hasText: 'New' }).count()).toBe(1);
        await on.bob.shot('unread');
        await on.bob.page.getByRole('button', { name: /Jump to latest|new message/ }).click();
        await eventually(() => inView('unread 79.')).toBe(true);
        await on.bob.page.getByRole('button', { name: /jump to the first/ }).click();
        await eventually(() => inView('unread 0.')).toBe(true);
    });

    it('does not move who reads in it, and counts what comes', async () => {
        const thread = await on.ada.channel('reading', [on.bob]);
        await on.ada.postMany(thread, 60, (at) => `line ${at}.`);
        await on.bob.openThread(thread);
        await on.bob.row('line 59.').waitFor();
        await on.bob.page
            .locator('main')
            .getByRole('button', { name: /Jump to latest|new message/ })
            .click()
            .catch(() => {});
        await eventually(fromEnd).toBe(0);
        await on.bob.page.mouse.move(700, 400);
        await on.bob.page.mouse.wheel(0, -900);
        await eventually(fromEnd).toBeGreaterThan(600);
        await frames(on.bob.page, 20);
        const top = () =>
            on.bob.page.evaluate(() => {
                const row = [...document.querySelectorAll('main li[data-key]')].find((each) =>
                    each.textContent.includes('line 30.'),
                );
                return row?.getBoundingClientRect().top ?? Number.NaN;
            });
        const before = await top();
        await on.ada.postMany(thread, 5, (at) => `late ${at}`);
        const way = on.bob.page.getByRole('button', { name: '5 new messages' });
        await way.waitFor();
        expect(await way.locator('[data-hue]').allTextContents()).toEqual(['AL']);
        await frames(on.bob.page, 6);
        expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(1);
        await on.bob.shot('reading');
    });

    it('leads to a message by its link, shows which it is, and back again', async () => {
        const thread = await on.ada.channel('link', [on.bob]);
        const old = await on.ada.post(thread, 'the old one');
        await on.ada.postMany(thread, 120, (at) => `later ${at}.`);
        await on.bob.openThread(thread);
        await on.bob.page
            .getByRole('button', { name: /Jump to latest|new message/ })
            .click()
            .catch(() => {});
        await eventually(() => inView('later 119.')).toBe(true);
        await on.ada.post(thread, 'see what I said', { replyTo: old.id });
        await on.bob.row('see what I said').locator('a').first().click();
        await eventually(() => inView('the old one')).toBe(true);
        await eventually(() => on.bob.row('the old one').getAttribute('data-flash')).toBe('');
        await on.bob.page.goBack();
        await eventually(() => inView('see what I said')).toBe(true);
    });

    it('in whose past one reads goes on to the end, though new messages came meanwhile', async () => {
        const thread = await on.ada.channel('past', [on.bob]);
        const first = await on.ada.post(thread, 'the first');
        await on.ada.postMany(thread, 150, (at) => `then ${at}.`);
        await on.bob.open(`/t/${thread}/m/${first.id}`);
        await eventually(() => inView('the first')).toBe(true);
        await on.ada.postMany(thread, 3, (at) => `meanwhile ${at}.`);
        await on.bob.page.mouse.move(700, 400);
        await eventually(async () => {
            await on.bob.page.mouse.wheel(0, 1200);
            return inView('meanwhile 2.');
        }).toBe(true);
        expect(await on.bob.rows.count()).toBeLessThanOrEqual(160);
    });

    it('leads to a date', async () => {
        const thread = await on.ada.channel('date', [on.bob]);
        await on.ada.postMany(thread, 70, (at) => `day ${at}.`);
        await on.bob.openThread(thread);
        await on.bob.page.getByRole('button', { name: 'Jump to a date' }).click();
        await on.bob.page.getByRole('button', { name: 'First message' }).click();
        await eventually(() => inView('day 0.')).toBe(true);
    });
});
