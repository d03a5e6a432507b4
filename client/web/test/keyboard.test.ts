import { describe, expect, it } from 'vitest';
import { eventually } from './lib/people.ts';
import { stage } from './lib/stage.ts';

const on = stage();
const press = (keys: string) => on.ada.page.keyboard.press(keys);
const focused = () =>
    on.ada.page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
const path = () => new URL(on.ada.page.url()).pathname;

describe('the keyboard', () => {
    it('goes to a thread by a few letters of its name, and back to where one was with Escape', async () => {
        const first = await on.ada.channel('alpha');
        const second = await on.ada.channel('team-beta');
        await on.ada.openThread(first);
        await on.ada.composer.focus();
        await press('Control+k');
        await on.ada.page.getByRole('combobox').fill('bet');
        await on.ada.page.getByRole('option', { name: /team-beta/ }).waitFor();
        await press('Escape');
        await eventually(() => on.ada.composer.evaluate((area) => area === document.activeElement)).toBe(
            true,
        );
        await press('Control+k');
        await on.ada.page.getByRole('combobox').fill('tb');
        await press('Enter');
        await eventually(path).toBe(`/t/${second}`);
    });

    it('runs anything from the palette', async () => {
        await press('Control+Shift+k');
        await on.ada.page.getByRole('combobox').fill('>light or');
        await press('Enter');
        await eventually(() => on.ada.page.evaluate(() => document.documentElement.dataset['theme'])).toBe(
            'dark',
        );
        await press('Control+Shift+k');
        await on.ada.page.getByRole('combobox').fill('>light or');
        await press('Enter');
        await eventually(() => on.ada.page.evaluate(() => document.documentElement.dataset['theme'])).toBe(
            'light',
        );
    });

    it('goes through the threads, and through those with something new', async () => {
        const quiet = await on.ada.channel('nav-1', [on.bob]);
        const middle = await on.ada.channel('nav-2', [on.bob]);
        const news = await on.ada.channel('nav-3', [on.bob]);
        await on.ada.openThread(quiet);
        await press('Alt+ArrowDown');
        await eventually(path).toBe(`/t/${middle}`);
        await press('Alt+ArrowUp');
        await eventually(path).toBe(`/t/${quiet}`);
        await on.bob.post(news, 'something new');
        await on.ada.page.locator(`[data-thread="${news}"][data-unread="true"]`).waitFor();
        await press('Alt+Shift+ArrowDown');
        await eventually(path).toBe(`/t/${news}`);
    });

    it('cycles through the parts of the page with F6', async () => {
        const thread = await on.ada.channel('regions');
        await on.ada.post(thread, 'a row');
        await on.ada.openThread(thread);
        await on.ada.row('a row').waitFor();
        await on.ada.composer.focus();
        const inside = (selector: string) =>
            on.ada.page.evaluate((each) => document.activeElement?.closest(each) !== null, selector);
        await press('F6');
        expect(await inside('nav')).toBe(true);
        await press('F6');
        expect(await inside('li[data-key]')).toBe(true);
        await press('F6');
        expect(await inside('[data-composer]')).toBe(true);
        await press('Shift+F6');
        expect(await inside('li[data-key]')).toBe(true);
    });

    it('acts on a message by single letters only while it has the focus', async () => {
        const thread = await on.ada.channel('letters');
        await on.ada.post(thread, 'mine');
        await on.ada.openThread(thread);
        await on.ada.row('mine').waitFor();
        await on.ada.composer.focus();
        await press('e');
        expect(await on.ada.composer.inputValue()).toBe('e');
        await on.ada.composer.fill('');
        await on.ada.row('mine').locator('[data-focus]').focus();
        await press('e');
        await on.ada.page.getByLabel('Edit message').waitFor();
        await press('Escape');
        await on.ada.row('mine').locator('[data-focus]').focus();
        await press('Escape');
        await eventually(() => on.ada.composer.evaluate((area) => area === document.activeElement)).toBe(
            true,
        );
    });

    it('is explained by itself', async () => {
        await press('Control+/');
        const help = on.ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
        await help.waitFor();
        expect(await help.innerText()).toMatch(/Quick switcher[\s\S]*Ctrl\+K/);
        await on.ada.shot('shortcuts');
        await press('Escape');
        await help.waitFor({ state: 'detached' });
    });

    it('is enough for a whole visit: make, send, react, edit, answer, set, leave', async () => {
        await on.ada.open('/');
        await on.ada.page.locator('nav').waitFor();
        await press('Control+Shift+k');
        await on.ada.page.getByRole('combobox').waitFor();
        await on.ada.page.keyboard.type('new channel');
        await press('Enter');
        await on.ada.page.getByRole('dialog', { name: 'New channel' }).waitFor();
        await on.ada.page.keyboard.type('by-hand');
        await press('Enter');
        await on.ada.page.locator('main [data-composer]').waitFor();
        await eventually(focused).toBe('Message by-hand');
        await on.ada.page.keyboard.type('no mouse here');
        await press('Enter');
        await on.ada.row('no mouse here').locator('[data-state="settled"]').waitFor();
        await press('F6');
        await press('F6');
        await press('+');
        await on.ada.page.getByPlaceholder('Find an emoji').waitFor();
        await on.ada.page.keyboard.type('rocket');
        await press('Enter');
        await on.ada.row('no mouse here').getByRole('button', { name: /^🚀 1/ }).waitFor();
        await press('e');
        await on.ada.page.keyboard.type('!');
        await press('Enter');
        await on.ada.row('no mouse here!').waitFor();
        await press('Shift+F6');
        await press('t');
        await on.ada.page.locator('aside [data-composer]').waitFor();
        await eventually(focused).toBe('Reply');
        await on.ada.page.keyboard.type('an answer');
        await press('Enter');
        await on.ada.page.locator('aside li[data-key]', { hasText: 'an answer' }).waitFor();
        await press('Control+,');
        await on.ada.page.getByRole('heading', { name: 'Profile' }).waitFor();
    });
});

describe('a draft', () => {
    it('stays with its thread, and shows in the sidebar', async () => {
        const first = await on.ada.channel('draft-1');
        const second = await on.ada.channel('draft-2');
        await on.ada.openThread(first);
        await on.ada.composer.fill('not yet');
        await press('Alt+ArrowDown');
        await eventually(path).toBe(`/t/${second}`);
        expect(await on.ada.composer.inputValue()).toBe('');
        await on.ada.page.locator(`[data-thread="${first}"]`, { hasText: 'Draft' }).waitFor();
        await on.ada.page.locator(`[data-thread="${first}"]`).click();
        await eventually(() => on.ada.composer.inputValue()).toBe('not yet');
    });
});

describe('what is unread', () => {
    it('can be made so again, and all of it read at once', async () => {
        const thread = await on.ada.channel('mark', [on.bob]);
        const other = await on.ada.channel('mark-other', [on.bob]);
        await on.bob.post(thread, 'read me again');
        await on.ada.openThread(thread);
        await on.ada.row('read me again').locator('[data-focus]').focus();
        await press('u');
        await on.ada.page.locator(`[data-thread="${other}"]`).click();
        await eventually(() =>
            on.ada.page.locator(`[data-thread="${thread}"]`).getAttribute('data-unread'),
        ).toBe('true');
        await eventually(() => on.ada.page.title()).toMatch(/^[•(]/);
        await press('Shift+Escape');
        await eventually(() => on.ada.page.locator('nav [data-unread="true"]').count()).toBe(0);
    });
});
