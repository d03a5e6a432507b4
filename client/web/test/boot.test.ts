import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchChromium } from './lib/browser.ts';
import { eventually, Person } from './lib/people.ts';
import { Site } from './lib/site.ts';

// From the first address that somebody opens to being in the app, and out again.

let site: Site;
let browser: Browser;
beforeAll(async () => {
    site = await Site.start({ args: ['--sign-up', 'open'] });
    browser = await launchChromium();
});
afterAll(async () => {
    await browser?.close();
    await site?.stop();
});

const fresh = async (options = {}) =>
    (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })).newPage();

describe('before any script', () => {
    it('the page shows the outline of the app', async () => {
        const page = await fresh({ javaScriptEnabled: false });
        await page.goto(site.url);
        expect(await page.locator('.bones-side').isVisible()).toBe(true);
        const { width } = (await page.locator('.bones-side').boundingBox()) ?? { width: 0 };
        expect(width).toBe(264);
        await page.context().close();
    });

    it('nothing is asked of anybody else, and of the server no more than six things before the first message', async () => {
        const ada = await Person.arrive(site, browser, 'First Owner');
        const thread = await ada.channel('requests');
        await ada.post(thread, 'the first message');
        const asked: string[] = [];
        ada.page.on('request', (request) => asked.push(request.url()));
        await ada.page.goto(`${site.url}/t/${thread}`);
        await ada.row('the first message').waitFor();
        const counted = asked.filter((url) => !/favicon|webmanifest/.test(url));
        expect(counted.length, counted.join('\n')).toBeLessThanOrEqual(6);
        expect(ada.trouble).toEqual([]);
        await ada.leave();
    });
});

describe('the first run', () => {
    it('makes the owner, names the server and leads to the first channel', async () => {
        const own = await Site.start();
        const page = await fresh();
        await page.goto(own.url);
        await page.getByRole('heading', { name: 'Set up Banter' }).waitFor();
        await page.getByLabel('Name of the server').fill('Analytical Engines');
        await page.getByLabel('Your name').fill('Ada Lovelace');
        await page.getByLabel('Handle').fill('ada');
        await page.getByLabel('Password', { exact: true }).fill('correct horse');
        await page.getByRole('button', { name: 'Create server' }).click();
        await page.getByText('Welcome to Analytical Engines').waitFor();
        await page.getByRole('main').getByRole('button', { name: 'New channel' }).click();
        await page.getByLabel('Name', { exact: true }).fill('general');
        await page.getByRole('button', { name: 'Create', exact: true }).click();
        await page.locator('[data-composer]').fill('hello, world');
        await page.keyboard.press('Enter');
        await page.locator('li[data-key]', { hasText: 'hello, world' }).waitFor();
        expect(await page.title()).toBe('general · Analytical Engines');
        await page.context().close();
        await own.stop();
    });
});

describe('signing in', () => {
    it('up, out and in again', async () => {
        const page = await fresh();
        await page.goto(`${site.url}/signup`);
        await page.getByLabel('Your name').fill('Grace Hopper');
        await page.getByLabel('Handle').fill('grace');
        await page.getByLabel('Password', { exact: true }).fill(Person.password);
        await page.getByRole('button', { name: 'Sign up' }).click();
        await page.getByText('Grace Hopper').waitFor();
        await page.getByRole('button', { name: 'Your menu' }).click();
        await page.getByRole('menuitem', { name: 'Sign out' }).click();
        await page.waitForURL(`${site.url}/login`);
        await page.getByLabel('Handle').fill('grace');
        await page.getByLabel('Password', { exact: true }).fill(Person.password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByText('Grace Hopper').waitFor();
        await page.context().close();
    });

    it('with a wrong password is told, and the focus goes to what is told', async () => {
        const page = await fresh();
        await page.goto(`${site.url}/login`);
        await page.getByLabel('Handle').fill('grace');
        await page.getByLabel('Password', { exact: true }).fill('wrong password');
        await page.getByRole('button', { name: 'Sign in' }).click();
        const told = page.getByRole('alert').filter({ hasText: 'Handle or password is wrong' });
        await told.waitFor();
        await eventually(() => told.evaluate((element) => element === document.activeElement)).toBe(true);
        expect(await page.getByLabel('Handle').inputValue()).toBe('grace');
        await page.context().close();
    });

    it('by an invitation leads in, and one that is over says so', async () => {
        const closed = await Site.start({ args: ['--sign-up', 'invite'] });
        const owner = await Person.arrive(closed, browser, 'Olive Owner');
        const { url } = await owner.call<{ url: string }>('POST', '/api/invites', { maxUses: 1 });
        const come = async (name: string) => {
            const page = await fresh();
            await page.goto(url);
            await page.getByLabel('Your name').fill(name);
            await page.getByLabel('Handle').fill(name.toLowerCase());
            await page.getByLabel('Password', { exact: true }).fill(Person.password);
            await page.getByRole('button', { name: 'Sign up' }).click();
            return page;
        };
        const first = await come('Ines');
        await first.getByText('Ines').waitFor();
        const second = await come('Late');
        await second.getByRole('alert').filter({ hasText: 'Ask for a new one' }).waitFor();
        await first.context().close();
        await second.context().close();
        await owner.leave();
        await closed.stop();
    });

    it('on the profile page finds there what one is called', async () => {
        const ada = await Person.arrive(site, browser, 'Petra Profile');
        await ada.page.goto(`${site.url}/settings/profile`);
        const form = ada.page.locator('main form');
        await form.waitFor();
        expect(await form.getByLabel('Your name').inputValue()).toBe('Petra Profile');
        expect(await form.getByLabel('Handle').inputValue()).toBe('petra');
        await ada.leave();
    });

    it('again, after it has ended, goes on where one was with what one wrote', async () => {
        const ada = await Person.arrive(site, browser, 'Expired Ada');
        const thread = await ada.channel('expired');
        await ada.openThread(thread);
        await ada.composer.fill('half a sentence');
        const { items } = await ada.call<{ items: { id: string; current: boolean }[] }>(
            'GET',
            '/api/me/sessions',
        );
        for (const session of items) await ada.call('DELETE', `/api/me/sessions/${session.id}`);
        const dialog = ada.page.getByRole('dialog', { name: 'You have been signed out' });
        await dialog.waitFor();
        await dialog.getByLabel('Password', { exact: true }).fill(Person.password);
        await dialog.getByRole('button', { name: 'Sign in' }).click();
        await dialog.waitFor({ state: 'detached' });
        expect(await ada.composer.inputValue()).toBe('half a sentence');
        await ada.composer.press('Enter');
        await ada.row('half a sentence').locator('[data-state="settled"]').waitFor();
        await ada.leave();
    });
});
