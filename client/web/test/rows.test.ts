import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { faults } from './lib/axe.ts';
import { eventually, frames } from './lib/people.ts';
import { png } from './lib/png.ts';
import { stage } from './lib/stage.ts';

const on = stage({ args: ['--sign-up', 'open'] });

describe('a picture', () => {
    it('shows what it looks like from far away until it is there', async () => {
        const thread = await on.ada.channel('blurred', [on.bob]);
        await on.ada.openThread(thread);
        await on.ada.page
            .locator('main input[type=file]')
            .setInputFiles([
                { name: 'red.png', mimeType: 'image/png', buffer: png(320, 200, [200, 40, 40]) },
            ]);
        await eventually(() =>
            on.ada.page.getByRole('list', { name: 'Files to send' }).locator('[data-state="there"]').count(),
        ).toBe(1);
        await on.ada.send('a red one');
        await on.ada.row('a red one').locator('[data-state="settled"]').first().waitFor();
        const waiting: (() => void)[] = [];
        on.site.intercept = ({ url = '' }, response) => {
            if (!url.startsWith('/files/')) return false;
            waiting.push(() =>
                response.writeHead(200, { 'Content-Type': 'image/png' }).end(png(320, 200, [200, 40, 40])),
            );
            return true;
        };
        await on.bob.openThread(thread);
        const canvas = on.bob.row('a red one').locator('canvas');
        await canvas.waitFor();
        const [red = 0, green = 0, blue = 0, alpha = 0] = await canvas.evaluate((element) => [
            ...((element as HTMLCanvasElement).getContext('2d')?.getImageData(8, 8, 1, 1).data ?? []),
        ]);
        expect(alpha).toBe(255);
        expect(red).toBeGreaterThan(150);
        expect(Math.max(green, blue)).toBeLessThan(90);
        const box = await canvas.boundingBox();
        expect([box?.width, box?.height]).toEqual([320, 200]);
        await on.bob.shot('picture-coming');
        await eventually(() => waiting.length).toBeGreaterThan(0);
        for (const answer of waiting) answer();
        await on.bob.row('a red one').locator('img[data-state="there"]').waitFor();
        await canvas.waitFor({ state: 'detached' });
        on.site.intercept = null;
    });
});

describe('the menu of a message', () => {
    const menu = () => on.ada.page.getByRole('menu', { name: 'Message actions' });

    it('opens with the other mouse button and with Enter, and Escape leads back to the row', async () => {
        const thread = await on.ada.channel('menus');
        await on.ada.post(thread, 'do something');
        await on.ada.openThread(thread);
        await on.ada.row('do something').locator('p').first().click({ button: 'right' });
        await menu().waitFor();
        expect(await faults(on.ada.page)).toEqual([]);
        await on.ada.page.keyboard.press('Escape');
        await menu().waitFor({ state: 'detached' });
        const row = on.ada.row('do something').locator('[data-focus]');
        await row.focus();
        await on.ada.page.keyboard.press('Enter');
        await menu().waitFor();
        await on.ada.page.keyboard.press('Escape');
        await eventually(() => row.evaluate((element) => element === document.activeElement)).toBe(true);
        await on.ada.page.keyboard.press('Enter');
        await menu().getByRole('menuitem', { name: 'Quote' }).click();
        await on.ada.page.getByText('Quoting').waitFor();
    });

    it('is a sheet for a finger that stays, and none for one that scrolls', async () => {
        const thread = await on.ada.channel('fingers', [on.bob]);
        await on.ada.post(thread, 'touch me');
        const page = await on.bob.phone(on.browser);
        await page.goto(`${on.site.url}/t/${thread}`);
        const row = page.locator('main li[data-key]', { hasText: 'touch me' });
        await row.waitFor();
        const touch = await touching(page, row.locator('article'));
        const sheet = page.getByRole('dialog', { name: 'Message actions' });
        await touch.start();
        await touch.move(0, -60);
        await touch.end();
        await page.waitForTimeout(600);
        expect(await sheet.count()).toBe(0);
        await touch.start();
        await sheet.waitFor();
        await touch.end();
        await frames(page, 12);
        expect(await sheet.isVisible()).toBe(true);
        expect(await faults(page)).toEqual([]);
        await page.screenshot({ path: `${import.meta.dirname}/artefacts/phone-sheet.png` });
        const small = await sheet.evaluate((dialog) =>
            [...dialog.querySelectorAll('button')]
                .filter((button) => button.getBoundingClientRect().height < 44)
                .map((button) => button.textContent),
        );
        expect(small).toEqual([]);
        await sheet.getByRole('button', { name: 'React with 👍' }).tap();
        await sheet.waitFor({ state: 'detached' });
        await row.getByRole('button', { name: /^👍 1/ }).waitFor();
        await page.context().close();
    });
});

/** One finger on the middle of an element. */
async function touching(page: Page, element: ReturnType<Page['locator']>) {
    const session = await page.context().newCDPSession(page);
    const box = await element.boundingBox();
    const x = (box?.x ?? 0) + (box?.width ?? 0) / 2;
    const y = (box?.y ?? 0) + (box?.height ?? 0) / 2;
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) =>
        session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    return {
        start: () => send('touchStart', [{ x, y }]),
        move: (right: number, down: number) => send('touchMove', [{ x: x + right, y: y + down }]),
        end: () => send('touchEnd', []),
    };
}

describe('a long message', () => {
    it('shows its beginning, and all of it when asked', async () => {
        const thread = await on.ada.channel('long-ones');
        const lines = Array.from({ length: 60 }, (_, at) => `line ${at} of many`).join('\n');
        await on.ada.post(thread, lines);
        await on.ada.post(thread, 'short');
        await on.ada.openThread(thread);
        const row = on.ada.row('line 0 of many');
        const height = async () => (await row.boundingBox())?.height ?? 0;
        const folded = await height();
        expect(folded).toBeLessThan(560);
        await on.ada.shot('folded');
        await row.getByRole('button', { name: 'Show more' }).click();
        await eventually(height).toBeGreaterThan(1200);
        await row.getByRole('button', { name: 'Show less' }).click();
        await eventually(height).toBe(folded);
        expect(await on.ada.row('short').getByRole('button', { name: 'Show more' }).count()).toBe(0);
    });
});

describe('the sidebar', () => {
    it('is made wider by keys and by hand, within bounds, and stays so', async () => {
        const { page } = on.ada;
        await on.ada.open('/');
        const edge = page.getByRole('separator', { name: 'Width of the sidebar' });
        const width = async () => (await page.locator('nav').boundingBox())?.width;
        expect(await width()).toBe(264);
        await edge.focus();
        await page.keyboard.press('ArrowRight');
        await eventually(width).toBe(280);
        await page.keyboard.press('Home');
        await eventually(width).toBe(220);
        const box = await edge.boundingBox();
        await page.mouse.move((box?.x ?? 0) + 4, 400);
        await page.mouse.down();
        await page.mouse.move(300, 400);
        await page.mouse.up();
        await eventually(width).toBe(300);
        expect(await edge.getAttribute('aria-valuenow')).toBe('300');
        await page.reload();
        await page.locator('nav').waitFor();
        await eventually(width).toBe(300);
        await edge.dblclick();
        await eventually(width).toBe(264);
    });
});

describe('what stands beside a thread', () => {
    it('is made wider by keys and by hand, and stays so', async () => {
        const { page } = on.ada;
        const thread = await on.ada.channel('beside');
        await on.ada.open(`/t/${thread}/details`);
        const edge = page.getByRole('separator', { name: 'Width of what stands beside the thread' });
        const width = async () => (await page.locator('aside').boundingBox())?.width;
        await eventually(width).toBe(360);
        await edge.focus();
        await page.keyboard.press('ArrowLeft');
        await eventually(width).toBe(376);
        const box = await edge.boundingBox();
        await page.mouse.move((box?.x ?? 0) + 4, 400);
        await page.mouse.down();
        await page.mouse.move(1280 - 420, 400);
        await page.mouse.up();
        await eventually(width).toBe(420);
        await page.reload();
        await eventually(width).toBe(420);
        await edge.dblclick();
        await eventually(width).toBe(360);
    });
});

describe('a compact list', () => {
    it('has time, author and text in one line, and no faces', async () => {
        const { page } = on.ada;
        const thread = await on.ada.channel('compact');
        await on.ada.post(thread, 'in one line');
        await on.ada.post(thread, `long ${'and longer '.repeat(40)}`);
        await on.ada.openThread(thread);
        await page.evaluate(() => {
            document.documentElement.dataset['density'] = 'compact';
        });
        const row = on.ada.row('in one line');
        const middle = async (part: string) => {
            const box = await row.locator(part).first().boundingBox();
            return Math.round((box?.y ?? 0) + (box?.height ?? 0) / 2);
        };
        const [time, author, text] = [await middle('time'), await middle('h3'), await middle('p')];
        expect(Math.max(time, author, text) - Math.min(time, author, text)).toBeLessThanOrEqual(4);
        const left = async (part: string) => (await row.locator(part).first().boundingBox())?.x ?? 0;
        expect(await left('time')).toBeLessThan(await left('h3'));
        expect(await left('h3')).toBeLessThan(await left('p'));
        expect(await row.locator('[data-hue]').first().isVisible()).toBe(false);
        await on.ada.shot('compact');
        await page.reload();
    });
});

describe('the replies to a message', () => {
    const pane = () => on.bob.page.locator('aside');
    const replyThreads = async () =>
        (await on.bob.call<{ items: { kind: string }[] }>('GET', '/api/threads')).items.filter(
            ({ kind }) => kind === 'reply',
        ).length;

    it('make no thread by being looked at; what is written there stays, and makes it when it is sent', async () => {
        const thread = await on.ada.channel('first-replies', [on.bob]);
        const root = await on.ada.post(thread, 'any thoughts?');
        await on.bob.open(`/t/${thread}/r/${root.id}`);
        await pane().getByText('any thoughts?').waitFor();
        await pane().locator('[data-composer]').fill('half a thou');
        expect(await replyThreads()).toBe(0);
        await on.bob.page.reload();
        await eventually(() => pane().locator('[data-composer]').inputValue()).toBe('half a thou');
        await pane().locator('[data-composer]').fill('one thought');
        await pane().locator('[data-composer]').press('Enter');
        await pane().locator('li[data-key] [data-state="settled"]', { hasText: 'one thought' }).waitFor();
        expect(await pane().locator('[data-composer]').inputValue()).toBe('');
        await eventually(replyThreads).toBe(1);
        await pane().locator('[data-composer]').fill('and another');
        await pane().locator('[data-composer]').press('Enter');
        await pane().locator('li[data-key] [data-state="settled"]', { hasText: 'and another' }).waitFor();
        expect(await replyThreads()).toBe(1);
    });

    it('go on in the thread that somebody else has made meanwhile, with what was being written', async () => {
        const thread = await on.ada.channel('other-replies', [on.bob]);
        const root = await on.ada.post(thread, 'who is first?');
        await on.bob.open(`/t/${thread}/r/${root.id}`);
        await pane().locator('[data-composer]').fill('I am slow');
        const { id } = await on.ada.call<{ id: string }>('POST', '/api/threads', {
            kind: 'reply',
            parent: { threadId: thread, messageId: root.id },
        });
        await on.ada.post(id, 'I am');
        await pane().locator('li[data-key]', { hasText: 'I am' }).waitFor();
        await eventually(() => pane().locator('[data-composer]').inputValue()).toBe('I am slow');
    });

    it('that can’t be sent stay where they were written', async () => {
        const thread = await on.ada.channel('no-replies', [on.bob]);
        const root = await on.ada.post(thread, 'is anybody there?');
        await on.bob.open(`/t/${thread}/r/${root.id}`);
        await pane().locator('[data-composer]').fill('nobody');
        on.site.intercept = ({ url, method }, response) => {
            if (url !== '/api/threads' || method !== 'POST') return false;
            response.writeHead(503, { 'Content-Type': 'application/problem+json' });
            response.end(JSON.stringify({ status: 503, code: 'busy', title: 'busy', detail: '' }));
            return true;
        };
        await pane().locator('[data-composer]').press('Enter');
        await on.bob.page.getByRole('status').filter({ hasText: /\S/ }).first().waitFor();
        on.site.intercept = null;
        expect(await pane().locator('[data-composer]').inputValue()).toBe('nobody');
        await pane().locator('[data-composer]').press('Enter');
        await pane().locator('li[data-key] [data-state="settled"]', { hasText: 'nobody' }).waitFor();
    });
});
