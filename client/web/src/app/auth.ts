import { type Auth, type AuthChange, type AuthContext, type Config, localAuth } from '@banter/sdk';
import { signal } from '../ui/runtime.ts';
import type { ClerkSession } from './clerk.ts';
import { keep, kept } from './kept.ts';

/** Of the instance of Clerk at which this device was signed in last. */
const keptKey = 'banter.clerk';

/**
 * Signing in by whatever the server offers: its own accounts, and the issuers that end in a cookie of the server, or
 * Clerk, whose script is loaded only where it is configured and nobody is signed in by the cookie.
 */
export class AppAuth implements Auth {
    readonly local = localAuth();
    readonly state = signal<'unknown' | 'signed-in' | 'signed-out'>('unknown');
    /** Null until its script is there. */
    readonly clerk = signal<ClerkSession | null>(null);
    /** The script did not come, or not to its end: a network that is away, or a browser that keeps it out. */
    readonly clerkFailed = signal(false);
    readonly #config: () => Promise<Config | null>;
    readonly #load: (publishableKey: string) => Promise<ClerkSession>;
    #loading: Promise<void> | undefined;
    readonly #listeners = new Set<(change: AuthChange) => void>();

    /** `config` gives what the server offers; null: that could not be found out. */
    constructor(
        config: () => Promise<Config | null>,
        load = async (key: string) => (await import('./clerk.ts')).loadClerk(key),
    ) {
        this.#config = config;
        this.#load = load;
        const key = kept(keptKey);
        if (key !== null) void this.#loadClerk(key);
    }

    get isByClerk(): boolean {
        return this.clerk.peek()?.isActive ?? false;
    }

    /** Whether they are here by way of an organization at Clerk, which says who is in it. */
    get isInOrganization(): boolean {
        return this.clerk.value?.isInOrganization ?? false;
    }

    bind(context: AuthContext): void {
        this.local.bind?.(context);
        this.local.onChange?.((change) => void this.#changedHere(change));
    }

    onChange(listener: (change: AuthChange) => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    async token(refused?: string): Promise<string | null> {
        await this.#loading;
        return (
            (await this.#clerkToken(refused)) ?? (await this.local.token(refused)) ?? this.#elsewhere(refused)
        );
    }

    /** Loads Clerk's script if the server offers it; once, and again if that failed. */
    async begin(): Promise<void> {
        const config = await this.#config();
        if (config === null) return;
        const key = config.auth.clerk?.publishableKey;
        if (key === undefined) keep(keptKey, null);
        else await this.#loadClerk(key);
    }

    async logout(): Promise<void> {
        const clerk = this.clerk.peek();
        if (clerk?.isActive) await clerk.signOut();
        // A cookie beside it would sign in at the next visit.
        await this.local.logout();
    }

    /** Where nobody is signed in by the cookie. */
    async #elsewhere(refused?: string): Promise<string | null> {
        await this.begin();
        const token = await this.#clerkToken(refused);
        if (token === null) this.state.value = 'signed-out';
        return token;
    }

    async #clerkToken(refused?: string): Promise<string | null> {
        const token = (await this.clerk.peek()?.token(refused)) ?? null;
        if (token !== null) this.state.value = 'signed-in';
        return token;
    }

    /** The cookie's end means nothing to who is signed in by Clerk. */
    async #changedHere(change: AuthChange): Promise<void> {
        if (this.isByClerk) return;
        if (change === 'signed-out') {
            await this.begin();
            if (this.isByClerk) return;
        }
        this.state.value = change === 'signed-out' ? 'signed-out' : 'signed-in';
        this.#tell(change);
    }

    #changedAtClerk(isActive: boolean): void {
        keep(keptKey, isActive ? (this.clerk.peek()?.publishableKey ?? null) : null);
        this.state.value = isActive ? 'signed-in' : 'signed-out';
        this.#tell(isActive ? 'signed-in' : 'signed-out');
    }

    #tell(change: AuthChange): void {
        for (const listener of [...this.#listeners]) listener(change);
    }

    #loadClerk(publishableKey: string): Promise<void> {
        this.#loading ??= this.#load(publishableKey).then(
            (clerk) => this.#loaded(clerk),
            () => {
                this.#loading = undefined;
                this.clerkFailed.value = true;
            },
        );
        return this.#loading;
    }

    #loaded(clerk: ClerkSession): void {
        this.clerkFailed.value = false;
        this.clerk.value = clerk;
        clerk.onChange((isActive) => this.#changedAtClerk(isActive));
        if (clerk.isActive) this.#changedAtClerk(true);
    }
}
