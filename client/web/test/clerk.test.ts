import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from './lib/browser.ts';
import { ClerkInstance } from './lib/clerk.ts';
import { Person } from './lib/people.ts';
import { Site } from './lib/site.ts';
import { TlsFront } from './lib/tls.ts';

// Signing in at Clerk by its own script, which is loaded only where Clerk is configured: from the button to the app, its
// tokens of a minute, and the end.

let clerk: ClerkInstance;
let site: Site;
/** Browsers keep the cookie of Clerk's host from pages of another site, and of another scheme. */
let front: TlsFront;
let browser: Browser;
beforeAll(async () => {
    clerk = await ClerkInstance.start();
    // The app as the binary gives it out, with the policy that it sends.
    front = await TlsFront.start();
    site = await Site.start({ args: [...clerk.flags, '--public-url', front.url], bare: true });
    front.port = Number(new URL(site.url).port);
    // A certificate of the page alone is not enough: its service worker has to come through, too.
    browser = await launchChromium(['--ignore-certificate-errors']);
    await (await Person.arrive(site, browser, 'Olga Owner')).leave();
});
afterAll(async () => {
    await browser?.close();
    await front?.stop();
    await site?.stop();
    await clerk?.stop();
});

/** A page of a browser of its own, and what went wrong on it. */
async function visit(path = '/'): Promise<{ page: Page; trouble: string[] }> {
    const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        ignoreHTTPSErrors: true,
    });
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on('pageerror', (error) => trouble.push(String(error)));
    page.on('console', (message) => {
        const text = message.text();
        if (message.type() === 'error' && !/status of 401|net::ERR_/.test(text)) trouble.push(text);
    });
    await page.goto(front.url + path);
    return { page, trouble };
}

const menuOf = (page: Page) => page.getByRole('button', { name: 'Your menu' });
const linkTo = (page: Page) => page.getByRole('link', { name: 'Continue with Analytical Engines' });

async function signIn(page: Page): Promise<void> {
    await linkTo(page).click();
    await page.getByRole('button', { name: 'Sign in as Ada' }).click();
    await menuOf(page).waitFor();
}

it('the button leads to Clerk and back, a reload goes on, and signing out ends the session there', async () => {
    const { page, trouble } = await visit('/browse');
    await signIn(page);
    expect(page.url()).toBe(`${front.url}/`);
    await page.reload();
    await menuOf(page).waitFor();
    await menuOf(page).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await linkTo(page).waitFor();
    expect(new URL(page.url()).pathname).toBe('/login');
    expect(clerk.asked).toContain('DELETE /v1/client/sessions');
    await page.reload();
    await linkTo(page).waitFor();
    expect(trouble).toEqual([]);
    await page.context().close();
});

it('the account of the server works beside it', async () => {
    const { page, trouble } = await visit('/login');
    await page.getByLabel('Handle').fill('olga');
    await page.getByLabel('Password', { exact: true }).fill(Person.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await menuOf(page).waitFor();
    expect(trouble).toEqual([]);
    await page.context().close();
});

it('a token that ends is renewed on the open connection', async () => {
    clerk.tokenSeconds = 10;
    const { page } = await visit('/login');
    let closed = 0;
    page.on('websocket', (socket) => socket.on('close', () => closed++));
    await signIn(page);
    const before = clerk.tokens;
    await expect.poll(() => clerk.tokens, { timeout: 60_000 }).toBeGreaterThanOrEqual(before + 3);
    clerk.tokenSeconds = 60;
    expect(closed).toBe(0);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.context().close();
});

it('whose session ends at Clerk is told so, and goes on where they were', async () => {
    const { page } = await visit('/login');
    await signIn(page);
    await page.goto(`${front.url}/browse`);
    await menuOf(page).waitFor();
    clerk.endSessions();
    await page.evaluate(() =>
        (globalThis as { Clerk?: { session: { touch(): Promise<unknown> } } }).Clerk?.session
            .touch()
            .catch(() => {}),
    );
    const dialog = page.getByRole('dialog', { name: 'You have been signed out' });
    await linkTo(page).click({ timeout: 80_000 });
    await page.getByRole('button', { name: 'Sign in as Ada' }).click();
    await menuOf(page).waitFor();
    expect(page.url()).toBe(`${front.url}/browse`);
    await dialog.waitFor({ state: 'detached' });
    await page.context().close();
});

it('where the script does not come that is said, and the password still counts', async () => {
    clerk.isBlocked = true;
    const { page } = await visit('/login');
    await page.getByRole('alert').getByText('didn’t load').waitFor();
    clerk.isBlocked = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await linkTo(page).waitFor();
    await page.context().close();
});
