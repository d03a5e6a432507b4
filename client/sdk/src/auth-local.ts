import { type ReadonlySignal, signal } from '@preact/signals-core';
import { answerMs, problem } from './api.ts';
import type { Auth, AuthChange, AuthContext } from './auth.ts';
import { realClock } from './clock.ts';
import { BanterError } from './error.ts';
import { alone, type TabChannel, tabChannel } from './tabs.ts';
import type { Granted, User } from './wire.ts';

/**
 * Handle and password of the server's own accounts. The refresh cookie is HttpOnly; the token is in memory only. Tabs
 * share each new token and the sign-out. All methods reject with a BanterError.
 */
export interface LocalAuth extends Auth {
    /** `unknown` until the server was asked for the first time. */
    readonly state: ReadonlySignal<'unknown' | 'signed-in' | 'signed-out'>;
    login(account: { handle: string; password: string }): Promise<User>;
    register(account: {
        handle: string;
        displayName: string;
        password: string;
        invite?: string;
    }): Promise<User>;
    /** Makes the owner of a new server and names it. */
    setUp(first: {
        code: string;
        handle: string;
        displayName: string;
        password: string;
        name: string;
        signUp: 'open' | 'invite' | 'closed';
    }): Promise<User>;
    changePassword(change: { old: string; new: string }): Promise<void>;
    /** Ends the sign-in on the server. `chat.forget()` removes what is stored on the device. */
    logout(): Promise<void>;
}

interface Held {
    token: string;
    /** By the server's clock; where this device's is far behind, the server refuses the token first. */
    endsAt: number;
    userId: string;
}

/** A token with less than this left is not used for anything new. */
const marginMs = 10_000;
/** Where this device's clock is far ahead, a new token is used all the same, and not asked for with every request. */
const leastLifeMs = 70_000;

export function localAuth(): LocalAuth {
    return new Local();
}

class Local implements LocalAuth {
    readonly state = signal<'unknown' | 'signed-in' | 'signed-out'>('unknown');
    #context: AuthContext = { url: '', fetch, clock: realClock };
    #held: Held | undefined;
    #refreshing: Promise<string | null> | undefined;
    #tabs: TabChannel<Held | null> | undefined;
    readonly #listeners = new Set<(change: AuthChange) => void>();

    bind(context: AuthContext): void {
        this.#context = context;
        this.#tabs?.close();
        this.#tabs = tabChannel(`banter:auth:${context.url}`, (held) => this.#hold(held));
    }

    onChange(listener: (change: AuthChange) => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    async token(refused?: string): Promise<string | null> {
        const usable = this.#usable(refused);
        if (usable) return usable;
        if (this.state.peek() === 'signed-out') return null;
        this.#refreshing ??= this.#refresh(refused).finally(() => {
            this.#refreshing = undefined;
        });
        return this.#refreshing;
    }

    login(account: { handle: string; password: string }): Promise<User> {
        return this.#signIn('/api/auth/login', account);
    }

    register(account: Parameters<LocalAuth['register']>[0]): Promise<User> {
        return this.#signIn('/api/auth/register', account);
    }

    setUp(first: Parameters<LocalAuth['setUp']>[0]): Promise<User> {
        return this.#signIn('/api/setup', first);
    }

    async changePassword(change: { old: string; new: string }): Promise<void> {
        const token = await this.token();
        this.#granted(await this.#post('/api/auth/password', change, token), 'renewed');
    }

    async logout(): Promise<void> {
        await this.#post('/api/auth/logout');
        this.#share(null, 'signed-out');
    }

    #usable(refused?: string): string | undefined {
        const held = this.#held;
        const counts = held && held.token !== refused && held.endsAt - marginMs > this.#context.clock.now();
        return counts ? held.token : undefined;
    }

    /** One tab after the other, and none that another has just done for it: a used cookie counts for 10 s only. */
    #refresh(refused?: string): Promise<string | null> {
        return alone(`banter:refresh:${this.#context.url}`, async () => {
            const meanwhile = this.#usable(refused);
            if (meanwhile) return meanwhile;
            const before = this.#held;
            try {
                return this.#granted(await this.#post('/api/auth/refresh'), 'renewed');
            } catch (thrown) {
                if (BanterError.from(thrown).code !== 'unauthenticated') throw thrown;
                // Somebody signed in while the answer, which is about the time before, was on its way.
                if (this.#held !== before) return this.#usable(refused) ?? null;
                this.#share(null, 'signed-out');
                return null;
            }
        });
    }

    async #signIn(path: string, body: object): Promise<User> {
        const granted = (await this.#post(path, body)) as Granted;
        this.#granted(granted, 'signed-in');
        return granted.user;
    }

    #granted(answer: unknown, change: AuthChange): string {
        const { token, tokenExpiresAt, user } = answer as Granted;
        const endsAt = Math.max(Date.parse(tokenExpiresAt), this.#context.clock.now() + leastLifeMs);
        this.#share({ token, endsAt, userId: user.id }, change);
        return token;
    }

    #share(held: Held | null, change: AuthChange): void {
        this.#hold(held, change);
        this.#tabs?.tell(held);
    }

    /** Takes what this tab was given, or another one. */
    #hold(held: Held | null, change?: AuthChange): void {
        const before = this.#held?.userId;
        const was = this.state.peek();
        this.#held = held ?? undefined;
        this.state.value = held ? 'signed-in' : 'signed-out';
        const other = was === 'signed-out' || (before !== undefined && held?.userId !== before);
        const happened = change ?? (held === null ? 'signed-out' : other ? 'signed-in' : 'renewed');
        for (const listener of [...this.#listeners]) listener(happened);
    }

    async #post(path: string, body?: object, token?: string | null): Promise<unknown> {
        const headers: Record<string, string> = { 'X-Requested-With': 'banter' };
        if (body) headers['Content-Type'] = 'application/json';
        if (token) headers['Authorization'] = `Bearer ${token}`;
        const signal = AbortSignal.timeout(answerMs);
        const init: RequestInit = { method: 'POST', headers, credentials: 'include', signal };
        if (body) init.body = JSON.stringify(body);
        const response = await this.#context
            .fetch(this.#context.url + path, init)
            .catch((thrown: unknown) => {
                throw BanterError.from(thrown);
            });
        if (!response.ok) throw await problem(response);
        return response.status === 204 ? undefined : response.json();
    }
}
