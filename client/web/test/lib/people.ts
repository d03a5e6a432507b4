import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Site } from './site.ts';

const password = 'correct horse battery';
const artefacts = join(import.meta.dirname, '../artefacts');

/** Somebody with a browser of their own, who is signed in. */
export class Person {
    /** What the page's policy refused, what was asked of other hosts, and what broke. Tests end with none. */
    readonly trouble: string[] = [];

    private constructor(
        readonly site: Site,
        readonly context: BrowserContext,
        readonly page: Page,
        readonly handle: string,
        readonly name: string,
        readonly id: string,
        private readonly token: string,
    ) {}

    /** Registers and opens the app; the first on a server is its owner. */
    static async arrive(
        site: Site,
        browser: Browser,
        name: string,
        options: BrowserContextOptions = {},
    ): Promise<Person> {
        const handle = name.toLowerCase().split(' ')[0] ?? name;
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
        const answer = await context.request.post(`${site.url}/api/auth/register`, {
            data: { handle, displayName: name, password },
        });
        expect(answer.status(), await answer.text()).toBe(201);
        const { user, token } = (await answer.json()) as { user: { id: string }; token: string };
        const page = await context.newPage();
        const person = new Person(site, context, page, handle, name, user.id, token);
        person.#watch(page);
        return person;
    }

    static password = password;

    async open(path = '/'): Promise<void> {
        await this.page.goto(this.site.url + path);
        await this.page.waitForSelector('nav, main');
    }

    async openThread(threadId: string): Promise<void> {
        await this.open(`/t/${threadId}`);
        await this.page.waitForSelector(`[data-composer="${threadId}"]`);
    }

    get composer() {
        return this.page.locator('main [data-composer]');
    }

    get rows() {
        return this.page.locator('main li[data-key]');
    }

    row(text: string) {
        return this.page.locator('main li[data-key]', { hasText: text });
    }

    async send(text: string): Promise<void> {
        await this.composer.fill(text);
        await this.composer.press('Enter');
    }

    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
        const answer = await fetch(this.site.url + path, {
            method,
            headers: {
                Authorization: `Bearer ${this.token}`,
                ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
            },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
        return (answer.status === 204 ? undefined : await answer.json()) as T;
    }

    async channel(name: string, members: readonly Person[] = []): Promise<string> {
        const { id } = await this.call<{ id: string }>('POST', '/api/threads', {
            kind: 'channel',
            name,
            memberIds: members.map((member) => member.id),
        });
        return id;
    }

    async direct(other: Person): Promise<string> {
        const { id } = await this.call<{ id: string }>('POST', '/api/threads', {
            kind: 'direct',
            memberIds: [other.id],
        });
        return id;
    }

    post(threadId: string, content: string, more: object = {}) {
        return this.call<{ id: string; seq: number }>('POST', `/api/threads/${threadId}/messages`, {
            nonce: randomUUID(),
            content,
            ...more,
        });
    }

    /** Many messages, in their order. */
    async postMany(threadId: string, count: number, text: (at: number) => string): Promise<void> {
        for (let at = 0; at < count; at++) await this.post(threadId, text(at));
    }

    /** Their phone: a sign-in of its own, and fingers. */
    async phone(browser: Browser): Promise<Page> {
        const context = await browser.newContext({
            viewport: { width: 390, height: 844 },
            hasTouch: true,
            isMobile: true,
        });
        const data = { handle: this.handle, password };
        const answer = await context.request.post(`${this.site.url}/api/auth/login`, { data });
        expect(answer.status(), await answer.text()).toBe(200);
        return context.newPage();
    }

    async shot(name: string, page = this.page): Promise<void> {
        mkdirSync(artefacts, { recursive: true });
        await page.screenshot({ path: join(artefacts, `${name}.png`) });
    }

    async leave(): Promise<void> {
        await this.context.close();
    }

    #watch(page: Page): void {
        page.on('pageerror', (error) => this.trouble.push(String(error.stack)));
        page.on('console', (message) => {
            const text = message.text();
            if (/Content.Security.Policy|Trusted|Refused to/i.test(text)) this.trouble.push(text);
        });
        page.on('request', (request) => {
            const url = new URL(request.url());
            if (/^https?:$/.test(url.protocol) && url.origin !== this.site.url)
                this.trouble.push(`asked ${url.origin}`);
        });
    }
}

/** Waits until the page has painted so many times more. */
export const frames = (page: Page, count: number) =>
    page.evaluate(async (left) => {
        for (let at = 0; at < left; at++) await new Promise(requestAnimationFrame);
    }, count);

/** Like expect.poll, with a time limit for busy machines. */
export const eventually = <T>(read: () => Promise<T> | T) =>
    expect.poll(read, { timeout: 20_000, interval: 50 });
