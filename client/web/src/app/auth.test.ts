import { type AuthChange, BanterError, type Config, realClock } from '@banter/sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppAuth } from './auth.ts';
import type { ClerkSession } from './clerk.ts';

// Who signs in by the server's cookie and who by Clerk, and that Clerk's script is not loaded for who has no need of it.

class FakeClerk implements ClerkSession {
    readonly publishableKey = 'pk_live_x';
    readonly name = 'Acme';
    isActive = false;
    isInOrganization = false;
    readonly refused: (string | undefined)[] = [];
    #listener: (isActive: boolean) => void = () => {};

    async token(refused?: string): Promise<string | null> {
        this.refused.push(refused);
        return this.isActive ? 'of clerk' : null;
    }
    signInUrl = (returnTo: string) => `https://accounts.example${returnTo}`;
    async signOut(): Promise<void> {
        this.become(false);
    }
    onChange(listener: (isActive: boolean) => void): void {
        this.#listener = listener;
    }
    become(isActive: boolean): void {
        this.isActive = isActive;
        this.#listener(isActive);
    }
}

const stored = new Map<string, string>();
beforeEach(() => {
    vi.stubGlobal('localStorage', {
        getItem: (name: string) => stored.get(name) ?? null,
        setItem: (name: string, text: string) => stored.set(name, text),
        removeItem: (name: string) => stored.delete(name),
    });
});
afterEach(() => {
    vi.unstubAllGlobals();
    stored.clear();
});

/** An app on a server that knows the cookie or not, and offers Clerk or not. */
function begin({ cookie = false, offered = true, clerk = new FakeClerk() } = {}) {
    const world = { cookie, loads: [] as string[], comes: true, configs: 0, isAway: false };
    const auth = new AppAuth(
        async () => {
            world.configs++;
            if (world.isAway) return null;
            return { auth: offered ? { clerk: { publishableKey: 'pk_live_x' } } : {} } as Config;
        },
        async (key) => {
            world.loads.push(key);
            if (!world.comes) throw new Error('blocked');
            return clerk;
        },
    );
    const answered = {
        user: { id: 'u' },
        token: 'of the cookie',
        tokenExpiresAt: new Date(Date.now() + 900_000).toISOString(),
    };
    const problem = { type: 'about:blank', title: 'Unauthorized', status: 401, code: 'unauthenticated' };
    auth.bind({
        url: '',
        clock: realClock,
        fetch: async (input) => {
            if (String(input).endsWith('/logout')) return new Response(null, { status: 204 });
            const body = JSON.stringify(world.cookie ? answered : problem);
            const type = world.cookie ? 'application/json' : 'application/problem+json';
            return new Response(body, {
                status: world.cookie ? 200 : 401,
                headers: { 'Content-Type': type },
            });
        },
    });
    const changes: AuthChange[] = [];
    auth.onChange((change) => changes.push(change));
    return { auth, clerk, world, changes };
}

describe('who has the cookie', () => {
    it('signs in by it, and no script is loaded', async () => {
        const { auth, world } = begin({ cookie: true });
        expect(await auth.token()).toBe('of the cookie');
        expect(auth.state.value).toBe('signed-in');
        expect(world).toMatchObject({ loads: [], configs: 0 });
    });

    it('is signed out by the server, not at Clerk', async () => {
        const { auth, clerk, changes } = begin({ cookie: true });
        await auth.token();
        await auth.logout();
        await vi.waitFor(() => expect(changes.at(-1)).toBe('signed-out'));
        expect(auth.state.value).toBe('signed-out');
        expect(clerk.refused).toEqual([]);
    });
});

describe('who has none', () => {
    it('is signed out where Clerk is not offered, and no script is loaded', async () => {
        const { auth, world } = begin({ offered: false });
        expect(await auth.token()).toBeNull();
        expect(auth.state.value).toBe('signed-out');
        expect(world.loads).toEqual([]);
    });

    it('signs in by the session at Clerk, and gets a new token for one that is refused', async () => {
        const { auth, clerk, world } = begin();
        clerk.isActive = true;
        expect(await auth.token()).toBe('of clerk');
        expect(await auth.token('of clerk')).toBe('of clerk');
        expect(clerk.refused.at(-1)).toBe('of clerk');
        expect(auth.state.value).toBe('signed-in');
        expect(auth.isByClerk).toBe(true);
        expect(world.loads).toEqual(['pk_live_x']);
    });

    it('is known to come by way of an organization, if they do', async () => {
        const { auth, clerk } = begin();
        expect(auth.isInOrganization).toBe(false);
        clerk.isActive = true;
        await auth.token();
        expect(auth.isInOrganization).toBe(false);
        clerk.isInOrganization = true;
        expect(auth.isInOrganization).toBe(true);
    });

    it('is signed out with no session there, and signed in when one begins', async () => {
        const { auth, clerk, changes } = begin();
        expect(await auth.token()).toBeNull();
        expect(auth.state.value).toBe('signed-out');
        clerk.become(true);
        expect(auth.state.value).toBe('signed-in');
        expect(changes.at(-1)).toBe('signed-in');
        clerk.become(false);
        expect(changes.at(-1)).toBe('signed-out');
    });

    it('is told when the script does not come, and it is tried again', async () => {
        const { auth, clerk, world } = begin();
        world.comes = false;
        expect(await auth.token()).toBeNull();
        expect(auth.clerkFailed.value).toBe(true);
        world.comes = true;
        clerk.isActive = true;
        await auth.begin();
        expect(auth.clerkFailed.value).toBe(false);
        expect(await auth.token()).toBe('of clerk');
    });

    it('signs out at Clerk', async () => {
        const { auth, clerk } = begin();
        clerk.isActive = true;
        await auth.token();
        await auth.logout();
        expect(clerk.isActive).toBe(false);
        expect(auth.state.value).toBe('signed-out');
    });
});

describe('a device that was signed in at Clerk last', () => {
    it('loads the script at once, before anything is asked of the server', async () => {
        stored.set('banter.clerk', 'pk_live_x');
        const clerk = new FakeClerk();
        clerk.isActive = true;
        const { auth, world } = begin({ clerk });
        expect(world.loads).toEqual(['pk_live_x']);
        expect(await auth.token()).toBe('of clerk');
        expect(world.configs).toBe(0);
    });

    it('asks the server when nobody is signed in there any more, and forgets it', async () => {
        stored.set('banter.clerk', 'pk_live_x');
        const { auth } = begin({ offered: false });
        expect(await auth.token()).toBeNull();
        expect(stored.has('banter.clerk')).toBe(false);
    });

    it('is remembered while the server can’t say what it offers', async () => {
        stored.set('banter.clerk', 'pk_live_x');
        const { auth, world } = begin();
        world.isAway = true;
        expect(await auth.token()).toBeNull();
        expect(stored.get('banter.clerk')).toBe('pk_live_x');
    });

    it('is remembered from one sign-in to its end', async () => {
        const { auth, clerk } = begin();
        clerk.isActive = true;
        await auth.token();
        expect(stored.get('banter.clerk')).toBe('pk_live_x');
        clerk.become(false);
        expect(stored.has('banter.clerk')).toBe(false);
    });
});

it('while the server can’t be reached nobody is signed out', async () => {
    const { auth } = begin();
    auth.bind({ url: '', clock: realClock, fetch: async () => Promise.reject(new TypeError('offline')) });
    await expect(auth.token()).rejects.toBeInstanceOf(BanterError);
    expect(auth.state.value).toBe('unknown');
});
