import type { Clock } from './clock.ts';

/** What a chat gives to its way of signing in. */
export interface AuthContext {
    url: string;
    fetch: typeof fetch;
    clock: Clock;
}

/**
 * - `renewed`: another token of the same sign-in.
 * - `signed-in`: somebody signed in; the connection begins anew.
 * - `signed-out`: the sign-in has ended, here or elsewhere.
 */
export type AuthChange = 'renewed' | 'signed-in' | 'signed-out';

/** Where tokens come from. `localAuth` and `tokenAuth` are the two that exist; anything else may be one. */
export interface Auth {
    /**
     * A token that counts, or null if the person has to sign in. `refused` is one that the server did not take, or that
     * is about to end: give another. Rejects when that could not be found out (no network); it is tried again later.
     */
    token(refused?: string): Promise<string | null>;
    /** Called once, by the chat that uses it. */
    bind?(context: AuthContext): void;
    /** Tells of changes that happen outside `token`. Returns the function that ends it. */
    onChange?(listener: (change: AuthChange) => void): () => void;
}

/**
 * Tokens of another system: Clerk's `getToken`, one from `banter token`, a personal access token. `get` is called for
 * every request and may cache; `renew` is true when the last token was refused or is about to end.
 */
export function tokenAuth(get: (renew: boolean) => Promise<string | null> | string | null): Auth {
    return {
        async token(refused) {
            return get(refused !== undefined);
        },
    };
}
