import { describe, expect, it } from 'vitest';
import { eventually } from './lib/people.ts';
import { stage } from './lib/stage.ts';

const on = stage({ args: ['--sign-up', 'open'] });

describe('two people in one thread', () => {
    it('see the same messages in the same order', async () => {
        const thread = await on.ada.channel('order', [on.bob]);
        await on.ada.openThread(thread);
        await on.bob.openThread(thread);
        for (let at = 0; at < 10; at++) await (at % 2 ? on.bob : on.ada).send(`message ${at}`);
        const texts = (person: typeof on.ada) =>
            person.page.locator('main li[data-key] article').allInnerTexts();
        for (const person of [on.ada, on.bob])
            await eventually(async () => (await texts(person)).join()).toMatch(/message 9/);
        const order = (all: string[]) => all.flatMap((text) => /message \d/.exec(text) ?? []);
        await eventually(async () => order(await texts(on.ada))).toEqual(order(await texts(on.bob)));
        await on.ada.shot('thread');
    });

    it('see what is typed before it is sent, and nothing moves for it', async () => {
        const thread = await on.ada.direct(on.bob);
        await on.ada.openThread(thread);
        await on.bob.openThread(thread);
        await on.ada.send('hello bob');
        await on.bob.row('hello bob').waitFor();
        const before = await on.ada.composer.boundingBox();
        await on.bob.composer.pressSequentially('I am wri');
        await eventually(() => on.ada.page.locator('main form').innerText()).toMatch(/Bob Babbage is typing/);
        expect(await on.ada.composer.boundingBox()).toEqual(before);
        await on.bob.composer.fill('');
        await eventually(() => on.ada.page.locator('main form').innerText()).not.toMatch(/typing/);
    });

    it('see that a direct message was read', async () => {
        const thread = await on.ada.direct(on.bob);
        await on.bob.openThread(thread);
        await on.ada.openThread(thread);
        await on.ada.page.bringToFront();
        await on.ada.send('did you see this?');
        await on.bob.page.bringToFront();
        await on.bob.row('did you see this?').waitFor();
        await eventually(() => on.ada.page.locator('main').innerText()).toMatch(/Seen/);
    });
});

describe('a message', () => {
    it('is shown at once, and the same element stays when the server has it', async () => {
        const thread = await on.ada.channel('optimistic');
        await on.ada.openThread(thread);
        await on.ada.composer.fill('at once');
        const shown = await on.ada.page.evaluate(async () => {
            const area = document.querySelector<HTMLTextAreaElement>('main [data-composer]');
            area?.dispatchEvent(
                new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }),
            );
            let count = 0;
            let row: Element | undefined;
            while (!row && count < 30) {
                await new Promise(requestAnimationFrame);
                count++;
                row = [...document.querySelectorAll('main li[data-key]')].find((each) =>
                    each.textContent.includes('at once'),
                );
            }
            Object.assign(window, { firstRow: row });
            return count;
        });
        expect(shown).toBeLessThanOrEqual(3);
        await on.ada.page.locator('main article[data-state="settled"]', { hasText: 'at once' }).waitFor();
        const same = await on.ada.page.evaluate(
            () =>
                (window as unknown as { firstRow: Element }).firstRow ===
                [...document.querySelectorAll('main li[data-key]')].find((each) =>
                    each.textContent.includes('at once'),
                ),
        );
        expect(same).toBe(true);
    });

    it('is sent by Enter; Shift+Enter makes a line, and Enter in the middle of composing does nothing', async () => {
        const thread = await on.ada.channel('enter');
        await on.ada.openThread(thread);
        await on.ada.composer.fill('first');
        await on.ada.composer.press('Shift+Enter');
        await on.ada.composer.pressSequentially('second');
        expect(await on.ada.composer.inputValue()).toBe('first\nsecond');
        await on.ada.composer.evaluate((area) =>
            area.dispatchEvent(
                new KeyboardEvent('keydown', {
                    key: 'Enter',
                    bubbles: true,
                    cancelable: true,
                    isComposing: true,
                }),
            ),
        );
        expect(await on.ada.composer.inputValue()).toBe('first\nsecond');
        await on.ada.composer.press('Enter');
        await on.ada.row('second').waitFor();
        expect(await on.ada.composer.inputValue()).toBe('');
    });

    it('is edited with Up, left with Escape, and shows that it was edited', async () => {
        const thread = await on.ada.channel('edit', [on.bob]);
        await on.ada.openThread(thread);
        await on.bob.openThread(thread);
        await on.ada.send('helo');
        await on.ada.row('helo').locator('[data-state="settled"]').waitFor();
        await on.ada.composer.press('ArrowUp');
        const box = on.ada.page.getByLabel('Edit message');
        await box.waitFor();
        await box.press('Escape');
        await eventually(() => on.ada.composer.evaluate((area) => area === document.activeElement)).toBe(
            true,
        );
        await on.ada.composer.press('ArrowUp');
        await box.fill('hello');
        await box.press('Enter');
        await on.bob.row('hello').locator('text=(edited)').waitFor();
    });

    it('that is being edited is not lost by a reload', async () => {
        const thread = await on.ada.channel('edit-kept');
        await on.ada.openThread(thread);
        await on.ada.send('short');
        await on.ada.row('short').locator('[data-state="settled"]').waitFor();
        await on.ada.composer.press('ArrowUp');
        await on.ada.page.getByLabel('Edit message').fill('a much longer text');
        await on.ada.page.reload();
        await eventually(() => on.ada.page.getByLabel('Edit message').inputValue()).toBe(
            'a much longer text',
        );
        await on.ada.page.getByLabel('Edit message').press('Escape');
    });

    it('leaves a tombstone when it is deleted, and the focus goes on to the next row', async () => {
        const thread = await on.ada.channel('delete', [on.bob]);
        await on.ada.openThread(thread);
        await on.bob.openThread(thread);
        for (const text of ['one', 'two', 'three']) {
            await on.ada.send(text);
            await on.ada.row(text).locator('[data-state="settled"]').waitFor();
        }
        await on.ada.row('two').locator('[data-focus]').focus();
        await on.ada.page.keyboard.press('Delete');
        await on.ada.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
        await on.bob.row('This message was deleted').waitFor();
        await eventually(() =>
            on.ada.page.evaluate(() => document.activeElement?.closest('li')?.textContent ?? ''),
        ).toMatch(/three/);
    });

    it('takes reactions of two people, and gives them back', async () => {
        const thread = await on.ada.channel('react', [on.bob]);
        await on.ada.post(thread, 'react to me');
        await on.ada.openThread(thread);
        await on.bob.openThread(thread);
        for (const person of [on.ada, on.bob]) {
            await person.row('react to me').hover();
            await person.row('react to me').getByRole('button', { name: 'React with 👍' }).click();
        }
        const count = (person: typeof on.ada) =>
            person.row('react to me').getByRole('button', { name: /^👍 \d/ });
        await eventually(() => count(on.ada).innerText()).toMatch(/👍\s*2/);
        await eventually(() => count(on.bob).innerText()).toMatch(/👍\s*2/);
        expect(await count(on.ada).getAttribute('aria-pressed')).toBe('true');
        await count(on.ada).click();
        await eventually(() => count(on.bob).innerText()).toMatch(/👍\s*1/);
    });

    it('is quoted, and answered in a pane of its own', async () => {
        const thread = await on.ada.channel('replies', [on.bob]);
        const root = await on.ada.post(thread, 'what do you think?');
        await on.bob.openThread(thread);
        await on.bob.row('what do you think?').locator('[data-focus]').focus();
        await on.bob.page.keyboard.press('r');
        await on.bob.send('quoting you');
        await on.bob.row('quoting you').locator('a', { hasText: 'Ada Lovelace' }).waitFor();
        await on.bob.row('quoting you').locator('[data-state="settled"]').waitFor();
        await on.bob.open(`/t/${thread}/r/${root.id}`);
        const pane = on.bob.page.locator('aside');
        await pane.locator('[data-composer]').fill('in the thread');
        await pane.locator('[data-composer]').press('Enter');
        await pane.locator('li[data-key]', { hasText: 'in the thread' }).waitFor();
        await on.bob.shot('replies');
        await on.ada.openThread(thread);
        await eventually(() => on.ada.page.locator('main a', { hasText: '1 reply' }).count()).toBe(1);
    });
});

describe('hostile text', () => {
    const corpus = [
        '<script>window.pwned = 1</script>',
        '<img src=x onerror="window.pwned = 1">',
        '[click](javascript:window.pwned=1)',
        '[click](data:text/html,<script>window.pwned=1</script>)',
        '<svg onload=window.pwned=1>',
        '```html\n<script>window.pwned = 1</script>\n```',
        '"><iframe srcdoc="<script>parent.pwned=1</script>">',
        '\u202egpj.exe\u200f\u200f',
    ];

    it('does nothing but show as text', async () => {
        const thread = await on.ada.channel('hostile', [on.bob]);
        for (const text of corpus) await on.ada.post(thread, text);
        await on.bob.openThread(thread);
        await on.bob.row('pwned').last().waitFor();
        const found = await on.bob.page.evaluate(() => ({
            pwned: 'pwned' in window,
            elements: document.querySelectorAll(
                'main li script, main li img, main li iframe, main li svg[onload]',
            ).length,
            handlers: [...document.querySelectorAll('main li *')].filter((each) =>
                [...each.attributes].some(({ name }) => name.startsWith('on')),
            ).length,
            links: [...document.querySelectorAll<HTMLAnchorElement>('main li a')].filter(
                ({ protocol }) => !/^https?:|mailto:/.test(protocol),
            ).length,
        }));
        expect(found).toEqual({ pwned: false, elements: 0, handlers: 0, links: 0 });
    });

    it('of any shape is shown', async () => {
        const thread = await on.ada.channel('long', [on.bob]);
        await on.bob.openThread(thread);
        for (const text of [
            '>'.repeat(4000),
            '['.repeat(9000),
            '*a '.repeat(3000),
            `${'> '.repeat(20)}a\n`.repeat(200),
            ':smile:'.repeat(1400),
        ])
            await on.ada.post(thread, text);
        await eventually(() => on.bob.rows.count()).toBe(5);
        await on.bob.shot('hostile');
    });
});

describe('a mention', () => {
    it('is completed by keyboard, tells who is meant, and shows in their sidebar', async () => {
        const thread = await on.ada.channel('mentions', [on.bob]);
        await on.ada.openThread(thread);
        await on.bob.open('/');
        await on.ada.composer.pressSequentially('hi @bo');
        await on.ada.page.getByRole('option', { name: /Bob Babbage/ }).waitFor();
        await on.ada.shot('suggestions');
        await on.ada.composer.press('Tab');
        expect(await on.ada.composer.inputValue()).toBe('hi @bob ');
        await on.ada.composer.pressSequentially('there');
        await on.ada.composer.press('Enter');
        await on.ada.row('@Bob Babbage').waitFor();
        const link = on.bob.page.locator(`[data-thread="${thread}"]`);
        await eventually(() => link.innerText()).toMatch(/1 mention/);
        await eventually(() => on.bob.page.title()).toMatch(/^\(\d+\)/);
        await link.click();
        await on.bob.row('@Bob Babbage').waitFor();
    });

    it('of everybody asks first', async () => {
        const thread = await on.ada.channel('everybody', [on.bob]);
        await on.ada.openThread(thread);
        await on.ada.send('@channel lunch');
        await on.ada.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
        expect(await on.ada.composer.inputValue()).toBe('@channel lunch');
        await on.ada.composer.press('Enter');
        await on.ada.page.getByRole('dialog').getByRole('button', { name: 'Notify everybody' }).click();
        await on.ada.row('lunch').waitFor();
    });
});

describe('an emoji', () => {
    it('is completed by its name, and picked from the table', async () => {
        const thread = await on.ada.channel('emoji');
        await on.ada.openThread(thread);
        await on.ada.composer.pressSequentially(':rocke');
        await on.ada.page
            .getByRole('option', { name: /rocket/ })
            .first()
            .waitFor();
        await on.ada.composer.press('Enter');
        expect(await on.ada.composer.inputValue()).toBe('🚀 ');
        await on.ada.page.getByRole('button', { name: 'Emoji', exact: true }).click();
        await on.ada.page.getByPlaceholder('Find an emoji').fill('octopus');
        await on.ada.shot('emoji');
        await on.ada.page.keyboard.press('Enter');
        await eventually(() => on.ada.composer.inputValue()).toBe('🚀 🐙');
    });
});
