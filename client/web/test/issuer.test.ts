import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { faults } from './lib/axe.ts';
import { launchChromium } from './lib/browser.ts';
import { Issuer } from './lib/issuer.ts';
import { Person } from './lib/people.ts';
import { Site } from './lib/site.ts';

// Signing in at an issuer of OpenID Connect, from the button to the app, and what is said where it fails.

let issuer: Issuer;
let site: Site;
let browser: Browser;
beforeAll(async () => {
    issuer = await Issuer.start();
    site = await Site.start({ args: issuer.flag });
    browser = await launchChromium();
    // The owner: until there is one, the app asks for the set-up.
    await (await Person.arrive(site, browser, 'Olga Owner')).leave();
});
afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await issuer?.stop();
});

const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

const signInPage = async (path = '/login') => {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await page.goto(site.url + path);
    await page.getByRole('link', { name: 'Continue with corp' }).waitFor();
    return page;
};

it('while the issuer is away that is said, and the password still counts', async () => {
    const page = await signInPage();
    await page.getByRole('link', { name: 'Continue with corp' }).click();
    await page.getByRole('alert').getByText('doesn’t answer').waitFor();
    await page.getByLabel('Handle').fill('olga');
    await page.getByLabel('Password', { exact: true }).fill(Person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation').first().waitFor();
    await page.context().close();
});

it('each failure is said in words, and an unknown one too', async () => {
    const said = {
        account_closed: 'deactivated',
        rate_limited: 'Too much at once',
        sign_in_cancelled: 'cancelled',
        sign_in_refused: 'could not be proved',
        sign_in_stale: 'took too long',
        constructor: 'didn’t work',
        '<script>': 'didn’t work',
    };
    for (const [code, text] of Object.entries(said)) {
        const page = await signInPage(`/login?error=${encodeURIComponent(code)}`);
        await page.getByRole('alert').getByText(text).waitFor();
        expect(await faults(page)).toEqual([]);
        await page.context().close();
    }
});

it('the button leads to the issuer, and from there into the app', async () => {
    // Another server: this one asks the issuer again only after half a minute.
    const own = await Site.start({ args: issuer.flag });
    issuer.serve(own.url);
    await (await Person.arrive(own, browser, 'Olga Owner')).leave();
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    await page.goto(own.url);
    await page.getByRole('link', { name: 'Continue with corp' }).click();
    await page.getByPlaceholder('Enter any login').fill('ada');
    await page.getByPlaceholder('and password').fill('whatever');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Your menu' }).waitFor();
    expect(page.url().startsWith(own.url), page.url()).toBe(true);
    // A new page is signed in by the cookie alone.
    await page.reload();
    await page.getByRole('button', { name: 'Your menu' }).waitFor();
    const headers = { 'X-Requested-With': 'banter' };
    const renewed = await page.context().request.post(`${own.url}/api/auth/refresh`, { headers });
    expect(await renewed.json()).toMatchObject({ user: { handle: 'ada', displayName: 'ada of the firm' } });
    // And one whose session ended goes on where they were, by way of the issuer, which knows them still.
    const { token } = (await renewed.json()) as { token: string };
    const { items } = await (await fetch(`${own.url}/api/me/sessions`, bearer(token))).json();
    await page.goto(`${own.url}/browse`);
    await page.getByRole('button', { name: 'Your menu' }).waitFor();
    for (const { id } of items)
        await fetch(`${own.url}/api/me/sessions/${id}`, { method: 'DELETE', ...bearer(token) });
    const dialog = page.getByRole('dialog', { name: 'You have been signed out' });
    await dialog.getByRole('link', { name: 'Continue with corp' }).click();
    await page.getByRole('button', { name: 'Your menu' }).waitFor();
    expect(page.url()).toBe(`${own.url}/browse`);
    await dialog.waitFor({ state: 'detached' });
    await page.context().close();
    await own.stop();
});
