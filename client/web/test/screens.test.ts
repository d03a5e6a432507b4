import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { faults } from './lib/axe.ts';
import { eventually, frames } from './lib/people.ts';
import { stage } from './lib/stage.ts';

// Every screen in every look: axe-core finds nothing, and a picture of each is kept.

const on = stage({ args: ['--sign-up', 'open'] });
let thread = '';
let root = '';
let direct = '';

beforeAll(async () => {
    thread = await on.ada.channel('general', [on.bob]);
    await on.ada.call('PATCH', `/api/threads/${thread}`, { topic: 'Everything that has no better place' });
    await on.ada.channel('releases', [on.bob]);
    await on.ada.call('POST', '/api/threads', {
        kind: 'channel',
        name: 'board',
        visibility: 'private',
        memberIds: [on.bob.id],
    });
    direct = await on.ada.direct(on.bob);
    await on.bob.post(direct, 'lunch at one?');
    await on.ada.post(thread, 'Good morning! **Today** we ship the _first_ release 🎉');
    ({ id: root } = await on.bob.post(
        thread,
        `<@${on.ada.id}> what is left to do? See https://example.com/list`,
    ));
    await on.ada.post(
        thread,
        'Not much:\n1. the notes\n2. `make release`\n   - and the tag\n\n> nothing is finished until it is shipped',
    );
    await on.ada.post(thread, '```ts\nexport const answer: number = 42; // of course\n```');
    await on.bob.post(thread, '👍');
    await on.bob.post(thread, 'שלום עולם, and a [link](https://example.org)', { replyTo: root });
    await on.bob.call('PUT', `/api/messages/${root}/reactions/${encodeURIComponent('👀')}`);
    await on.ada.call('PUT', `/api/messages/${root}/reactions/${encodeURIComponent('👀')}`);
    await on.ada.call('PUT', `/api/messages/${root}/reactions/${encodeURIComponent('🎉')}`);
    const gone = await on.bob.post(thread, 'never mind');
    await on.bob.call('DELETE', `/api/messages/${gone.id}`);
    const replies = await on.ada.call<{ id: string }>('POST', '/api/threads', {
        kind: 'reply',
        parent: { threadId: thread, messageId: root },
    });
    await on.ada.post(replies.id, 'only the release notes');
});

const looks = ['light', 'dark', 'contrast'] as const;

async function look(page: Page, name: (typeof looks)[number]) {
    await page.evaluate(
        (look) => {
            localStorage.clear();
            localStorage.setItem('banter.look', JSON.stringify(look));
        },
        name === 'contrast' ? { theme: 'light', contrast: 'more' } : { theme: name },
    );
}

const screens: Record<string, { path: () => string; ready: string; act?: (page: Page) => Promise<unknown> }> =
    {
        home: { path: () => '/', ready: 'main' },
        thread: { path: () => `/t/${thread}`, ready: 'main li[data-key]' },
        direct: { path: () => `/t/${direct}`, ready: 'main li[data-key]' },
        details: { path: () => `/t/${thread}/details`, ready: 'aside ul' },
        replies: { path: () => `/t/${thread}/r/${root}`, ready: 'aside li[data-key]' },
        browse: { path: () => '/browse', ready: 'main ul a' },
        gone: { path: () => '/t/01923456-789a-7bcd-8ef0-123456789abc', ready: 'main' },
        'settings-profile': { path: () => '/settings/profile', ready: 'main form' },
        'settings-appearance': { path: () => '/settings/appearance', ready: 'main fieldset' },
        'settings-notifications': { path: () => '/settings/notifications', ready: 'main label' },
        'settings-keyboard': { path: () => '/settings/keyboard', ready: 'main fieldset' },
        'settings-security': { path: () => '/settings/security', ready: 'main form' },
        'settings-invites': { path: () => '/settings/invites', ready: 'main form' },
        'settings-people': { path: () => '/settings/people', ready: 'main li p' },
        'settings-about': { path: () => '/settings/about', ready: 'main p' },
        row: {
            path: () => `/t/${thread}`,
            ready: 'main li[data-key]',
            act: (page) => page.locator('main li[data-key]').nth(1).hover(),
        },
        edit: {
            path: () => `/t/${thread}`,
            ready: 'main li[data-key]',
            act: (page) => page.locator('main [data-composer]').press('ArrowUp'),
        },
        menu: {
            path: () => `/t/${thread}`,
            ready: 'main li[data-key]',
            act: (page) => page.getByRole('button', { name: 'Your menu' }).click(),
        },
        switcher: {
            path: () => `/t/${thread}`,
            ready: 'main li[data-key]',
            act: (page) => page.keyboard.press('Control+k'),
        },
        palette: {
            path: () => `/t/${thread}`,
            ready: 'main li[data-key]',
            act: (page) => page.keyboard.press('Control+Shift+k'),
        },
        help: {
            path: () => `/t/${thread}`,
            ready: 'main li[data-key]',
            act: (page) => page.keyboard.press('Control+/'),
        },
        profile: {
            path: () => `/t/${thread}`,
            ready: 'main li[data-key]',
            act: (page) => page.locator('main h3 button').first().click(),
        },
        date: {
            path: () => `/t/${thread}`,
            ready: 'main li[data-key]',
            act: (page) => page.getByRole('button', { name: 'Jump to a date' }).click(),
        },
        emojis: {
            path: () => `/t/${thread}`,
            ready: 'main li[data-key]',
            act: (page) => page.getByRole('button', { name: 'Emoji', exact: true }).click(),
        },
        'new-channel': {
            path: () => '/',
            ready: 'main',
            act: (page) => page.locator('main').getByRole('button', { name: 'New channel' }).click(),
        },
        'new-direct': {
            path: () => '/',
            ready: 'main',
            act: (page) => page.locator('main').getByRole('button', { name: 'New direct message' }).click(),
        },
    };

/** Goes there as a click on a link does: each load of the page takes a new token, of which there are thirty a minute. */
const visit = (page: Page, path: string) =>
    page.evaluate((to) => {
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
    }, path);

describe.each(looks)('in the look %s', (name) => {
    beforeAll(async () => {
        const { page } = on.ada;
        await page.goto(on.site.url);
        await look(page, name);
        await page.goto(on.site.url);
        await page.locator('main').waitFor();
    });

    it.each(Object.entries(screens))('the screen %s has no fault', async (screen, { path, ready, act }) => {
        const { page } = on.ada;
        await visit(page, '/');
        await visit(page, path());
        await page.locator(ready).first().waitFor();
        await frames(page, 4);
        if (act) {
            await act(page);
            await page
                .locator('dialog[open], [popover]:popover-open, [role=toolbar], main li form')
                .first()
                .waitFor();
            await frames(page, 12);
        }
        await page.evaluate(() =>
            Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {}))),
        );
        await on.ada.shot(`${screen}-${name}`);
        const found = await faults(page);
        if (act) await page.keyboard.press('Escape');
        await page.mouse.move(0, 0);
        expect(found).toEqual([]);
    });

    it.each(['/login', '/signup', '/invite/x'])('the door %s has no fault', async (path) => {
        const context = await on.browser.newContext({ viewport: { width: 1280, height: 800 } });
        const page = await context.newPage();
        await page.goto(on.site.url + path);
        await look(page, name);
        await page.goto(on.site.url + path);
        await page.locator('form').waitFor();
        await page.screenshot({
            path: `${import.meta.dirname}/artefacts/door${path.replaceAll('/', '-')}-${name}.png`,
        });
        expect(await faults(page)).toEqual([]);
        await context.close();
    });
});

describe('a narrow page', () => {
    const wide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

    it.each(['thread', 'details', 'settings-security', 'browse', 'home'])(
        'of 320 pixels has no sideways scroll: %s',
        async (screen) => {
            const { page } = on.ada;
            await look(page, 'light');
            await page.setViewportSize({ width: 320, height: 640 });
            const { path, ready } = screens[screen] ?? { path: () => '/', ready: 'main' };
            await page.goto(on.site.url + path());
            await page.locator(ready).first().waitFor({ state: 'attached' });
            await frames(page, 4);
            await on.ada.shot(`${screen}-320`);
            expect(await wide(page)).toBeLessThanOrEqual(0);
            const cut = await page.evaluate(
                () =>
                    [...document.querySelectorAll('main, aside')].filter(
                        (pane) =>
                            getComputedStyle(pane).display !== 'none' &&
                            pane.scrollWidth > pane.clientWidth + 1,
                    ).length,
            );
            expect(cut).toBe(0);
            await page.setViewportSize({ width: 1280, height: 800 });
        },
    );

    it('of a phone is a stack of panes with a way back, and large enough to touch', async () => {
        const page = await on.bob.phone(on.browser);
        await page.goto(on.site.url);
        const link = page.locator(`[data-thread="${thread}"]`);
        await link.waitFor();
        await page.screenshot({ path: `${import.meta.dirname}/artefacts/phone-list.png` });
        await link.tap();
        await page.locator('main li[data-key]').first().waitFor();
        await frames(page, 4);
        await page.screenshot({ path: `${import.meta.dirname}/artefacts/phone-thread.png` });
        expect(await faults(page)).toEqual([]);
        expect(await page.locator('nav').isVisible()).toBe(false);
        const composer = page.locator('main [data-composer]');
        await composer.fill('first');
        await composer.press('Enter');
        expect(await composer.inputValue()).toBe('first\n');
        await composer.fill('from a phone');
        await page.getByRole('button', { name: 'Send' }).tap();
        await page.locator('main li[data-key]', { hasText: 'from a phone' }).waitFor();
        await page.getByRole('button', { name: 'Back' }).tap();
        await link.waitFor();
        const small = await page.evaluate(() =>
            [...document.querySelectorAll<HTMLElement>('nav a, nav button')]
                .filter((each) => each.offsetParent !== null && each.getBoundingClientRect().height < 24)
                .map((each) => each.outerHTML.slice(0, 80)),
        );
        expect(small).toEqual([]);
        await page.context().close();
    });
});

describe('other ways of seeing', () => {
    it('nothing moves for who asks for that', async () => {
        const { page } = on.ada;
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await page.goto(`${on.site.url}/t/${thread}/m/${root}`);
        await page.locator('li[data-flash]').waitFor();
        expect(
            await page.evaluate(
                () => document.getAnimations().filter((each) => each.playState === 'running').length,
            ),
        ).toBe(0);
        await page.emulateMedia({ reducedMotion: 'no-preference' });
    });

    it('forced colours keep every border that matters', async () => {
        const { page } = on.ada;
        await page.emulateMedia({ forcedColors: 'active' });
        await page.goto(`${on.site.url}/t/${thread}`);
        await page.locator('main li[data-key]').first().waitFor();
        await on.ada.shot('thread-forced-colors');
        await page.emulateMedia({ forcedColors: 'none' });
    });

    it('from right to left nothing is cut off', async () => {
        const { page } = on.ada;
        await page.goto(`${on.site.url}/t/${thread}/details`);
        await page.locator('aside ul').waitFor();
        await page.evaluate(() => {
            document.documentElement.dir = 'rtl';
        });
        await frames(page, 3);
        await on.ada.shot('details-rtl');
        const [nav, aside] = await page.evaluate(() =>
            ['nav', 'aside'].map((each) => document.querySelector(each)?.getBoundingClientRect().left ?? -1),
        );
        expect(nav).toBeGreaterThan(900);
        expect(aside).toBe(0);
        expect(
            await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        ).toBeLessThanOrEqual(0);
    });

    it('in German and twice as large all texts are there and fit', async () => {
        const { page } = on.ada;
        await page.evaluate(() =>
            localStorage.setItem('banter.look', JSON.stringify({ language: 'de', size: 'large' })),
        );
        await page.goto(`${on.site.url}/settings/appearance`);
        await page.getByRole('heading', { name: 'Aussehen' }).waitFor();
        expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
        await on.ada.shot('settings-german');
        await page.setViewportSize({ width: 640, height: 400 });
        await frames(page, 3);
        expect(
            await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        ).toBeLessThanOrEqual(0);
        await page.setViewportSize({ width: 1280, height: 800 });
        await page.evaluate(() => localStorage.removeItem('banter.look'));
    });

    it('who listens is told of a message once, and of many only how many', async () => {
        const { page } = on.ada;
        await on.ada.openThread(direct);
        await page.locator('main li[data-key]').first().waitFor();
        await page.evaluate(() => {
            const told: string[] = [];
            const status = document.querySelector('[role=status][aria-live]');
            if (status)
                new MutationObserver(() => told.push(status.textContent)).observe(status, {
                    childList: true,
                    characterData: true,
                    subtree: true,
                });
            Object.assign(window, { told });
        });
        const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
        await on.bob.post(direct, 'just one');
        await eventually(told).toEqual(['Bob Babbage: just one']);
        await Promise.all(Array.from({ length: 6 }, (_, at) => on.bob.post(direct, `burst ${at}`)));
        await eventually(async () => (await told()).at(-1)).toMatch(/^\d new messages$/);
        expect((await told()).length).toBeLessThanOrEqual(3);
    });
});
