import { describe, expect, test } from 'vitest';
import { me } from '../test/support/fake-server.ts';
import { VirtualClock } from '../test/support/virtual-clock.ts';
import { type AuthChange, localAuth } from './index.ts';

/** A server that gives tokens of fifteen minutes, and what was asked of it. */
function bound() {
    const clock = new VirtualClock();
    const asked: { path: string; init: RequestInit }[] = [];
    const state = {
        refuses: false,
        isDown: false,
        count: 0,
        aheadMs: 0,
        late: undefined as Promise<void> | undefined,
    };
    const fetcher: typeof fetch = async (input, init = {}) => {
        const path = new URL(String(input)).pathname;
        asked.push({ path, init });
        if (state.isDown) throw new TypeError('fetch failed');
        if (state.late && path.endsWith('refresh')) {
            await state.late;
            return Response.json({ code: 'unauthenticated', detail: 'no cookie' }, { status: 401 });
        }
        if (state.refuses) return Response.json({ code: 'unauthenticated', detail: 'over' }, { status: 401 });
        if (path.endsWith('logout')) return new Response(null, { status: 204 });
        const tokenExpiresAt = new Date(clock.now() - state.aheadMs + 900_000).toISOString();
        return Response.json({ user: me, token: `t${++state.count}`, tokenExpiresAt });
    };
    const auth = localAuth();
    auth.bind?.({ url: 'http://chat.test', fetch: fetcher, clock });
    const changes: AuthChange[] = [];
    auth.onChange?.((change) => changes.push(change));
    return { auth, clock, asked, state, changes };
}

describe('signing in with handle and password', () => {
    test('a page that loads asks once with its cookie, for however many who need a token', async () => {
        const { auth, asked } = bound();
        expect(auth.state.value).toBe('unknown');
        const tokens = await Promise.all([auth.token(), auth.token(), auth.token()]);
        expect(new Set(tokens).size).toBe(1);
        expect(asked).toHaveLength(1);
        expect(asked[0]).toMatchObject({
            path: '/api/auth/refresh',
            init: { method: 'POST', credentials: 'include' },
        });
        expect(asked[0]?.init.headers).toMatchObject({ 'X-Requested-With': 'banter' });
        expect(auth.state.value).toBe('signed-in');
    });

    test('no sign-in is no token, and is not asked about again', async () => {
        const { auth, asked, state } = bound();
        state.refuses = true;
        expect(await auth.token()).toBeNull();
        expect(await auth.token()).toBeNull();
        expect(asked).toHaveLength(1);
        expect(auth.state.value).toBe('signed-out');
    });

    test('no network is no answer: it stays open whether somebody is signed in', async () => {
        const { auth, state } = bound();
        state.isDown = true;
        await expect(auth.token()).rejects.toMatchObject({ code: 'network' });
        expect(auth.state.value).toBe('unknown');
        state.isDown = false;
        expect(await auth.token()).not.toBeNull();
    });

    test('a token is used until ten seconds before its end', async () => {
        const { auth, clock, asked } = bound();
        await auth.token();
        clock.sleep(889_000);
        await auth.token();
        expect(asked).toHaveLength(1);
        clock.sleep(2_000);
        await auth.token();
        expect(asked).toHaveLength(2);
    });

    test('a device whose clock is hours ahead asks once a minute, not each time', async () => {
        const { auth, clock, asked, state } = bound();
        state.aheadMs = 5 * 3_600_000;
        for (let seconds = 0; seconds < 59; seconds++) {
            await auth.token();
            clock.sleep(1_000);
        }
        expect(asked).toHaveLength(1);
    });

    test('a refused token is traded for another; one that was already traded is not', async () => {
        const { auth, asked } = bound();
        const first = (await auth.token()) ?? '';
        const second = await auth.token(first);
        expect(second).not.toBe(first);
        expect(await auth.token(first)).toBe(second);
        expect(asked).toHaveLength(2);
    });

    test('signing in and out is told', async () => {
        const { auth, changes, state } = bound();
        state.refuses = true;
        await auth.token();
        state.refuses = false;
        const user = await auth.login({ handle: 'me', password: 'secret' });
        expect(user.handle).toBe('me');
        await auth.logout();
        expect(changes).toEqual(['signed-out', 'signed-in', 'signed-out']);
        expect(await auth.token()).toBeNull();
    });

    test('who signs in while the page is told late that nobody is signed in stays so', async () => {
        const { auth, state, changes } = bound();
        let answer = () => {};
        state.late = new Promise((resolve) => {
            answer = resolve;
        });
        const asked = auth.token();
        await auth.login({ handle: 'ada', password: 'right' });
        answer();
        expect(await asked).toBe('t1');
        expect(await auth.token()).toBe('t1');
        expect(auth.state.value).toBe('signed-in');
        expect(changes).toEqual(['signed-in']);
    });

    test('a wrong password is a value to act on', async () => {
        const { auth, state } = bound();
        state.refuses = true;
        const wrong = auth.login({ handle: 'me', password: 'guess' });
        await expect(wrong).rejects.toMatchObject({
            name: 'BanterError',
            code: 'unauthenticated',
            status: 401,
        });
    });
});
