import { describe, expect, test } from 'vitest';
import { settled, VirtualClock } from '../test/support/virtual-clock.ts';
import { createApi } from './api.ts';
import { tokenAuth } from './auth.ts';

const threadId = 'a b';

function scripted(...answers: (Response | Error)[]) {
    const asked: { url: string; init: RequestInit }[] = [];
    const clock = new VirtualClock();
    const fetcher: typeof fetch = async (input, init = {}) => {
        asked.push({ url: String(input), init });
        const answer = answers.shift();
        if (answer === undefined || answer instanceof Error) throw answer ?? new TypeError('fetch failed');
        return answer;
    };
    let count = 1;
    const auth = tokenAuth((renew) => (renew ? `t${++count}` : `t${count}`));
    const api = createApi({ url: 'http://chat.test', auth, fetch: fetcher, clock });
    return { api, asked, clock };
}

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
    Response.json({ code, detail: 'because' }, { status, headers });

describe('the api', () => {
    test('fills in path, query and body, and says who asks', async () => {
        const { api, asked } = scripted(Response.json({ items: [] }), Response.json({}));
        const query = { before: 5, limit: 10 };
        await api.get('/api/threads/{threadId}/messages', { path: { threadId }, query });
        expect(asked[0]?.url).toBe('http://chat.test/api/threads/a%20b/messages?before=5&limit=10');
        expect(new Headers(asked[0]?.init.headers).get('Authorization')).toBe('Bearer t1');
        await api.patch('/api/me', { body: { displayName: 'Ada' } });
        expect(asked[1]?.init).toMatchObject({ method: 'PATCH', body: '{"displayName":"Ada"}' });
    });

    test('does not compile what the contract does not have', () => {
        const { api } = scripted();
        // @ts-expect-error: it has a body.
        void (() => api.post('/api/auth/login'));
        // @ts-expect-error: there is no such method.
        void (() => api.get('/api/auth/login'));
        // @ts-expect-error: there is no such parameter.
        void (() => api.get('/api/users', { query: { name: 'x' } }));
        expect(api).toHaveProperty('get');
    });

    test('renews a refused token once', async () => {
        const { api, asked } = scripted(problem(401, 'unauthenticated'), Response.json({ id: 'me' }));
        expect(await api.get('/api/me')).toEqual({ id: 'me' });
        expect(asked.map(({ init }) => new Headers(init.headers).get('Authorization'))).toEqual([
            'Bearer t1',
            'Bearer t2',
        ]);
        const again = scripted(problem(401, 'unauthenticated'), problem(401, 'unauthenticated'));
        await expect(again.api.get('/api/me')).rejects.toMatchObject({ code: 'unauthenticated' });
        expect(again.asked).toHaveLength(2);
    });

    test('a problem is a value with all that it says', async () => {
        const { api } = scripted(problem(429, 'rate_limited', { 'Retry-After': '3' }));
        const failed = api.put('/api/threads/{threadId}/read', { path: { threadId }, body: { seq: 1 } });
        const expected = {
            name: 'BanterError',
            code: 'rate_limited',
            status: 429,
            detail: 'because',
            retryAfterMs: 3_000,
        };
        await expect(failed).rejects.toMatchObject(expected);
    });

    test('asks again while the server is busy or out of reach, but only what it may', async () => {
        const { api, asked, clock } = scripted(
            new TypeError('fetch failed'),
            problem(503, 'busy', { 'Retry-After': '2' }),
            Response.json({ id: 'me' }),
        );
        const found = api.get('/api/me');
        await clock.advance(5_000);
        expect(await found).toEqual({ id: 'me' });
        expect(asked).toHaveLength(3);
        const { api: other, asked: once } = scripted(problem(503, 'busy'));
        await expect(other.patch('/api/me', { body: {} })).rejects.toMatchObject({ code: 'busy' });
        expect(once).toHaveLength(1);
    });

    test('an answer of a proxy that is no problem of ours is still an error of ours', async () => {
        const { api, clock } = scripted(
            ...Array.from({ length: 3 }, () => new Response('<html>', { status: 502 })),
        );
        const failed = api.get('/api/me').catch((error) => error);
        await clock.advance(10_000);
        expect(await failed).toMatchObject({ code: 'busy', status: 502 });
        const garbled = scripted(new Response('<html>')).api.patch('/api/me', { body: {} });
        await expect(garbled).rejects.toMatchObject({ name: 'BanterError' });
    });

    test('an abort is told as one', async () => {
        const aborted = new AbortController();
        const asked: RequestInit[] = [];
        const fetcher: typeof fetch = (_, init = {}) => {
            asked.push(init);
            return new Promise((_, reject) =>
                init.signal?.addEventListener('abort', () =>
                    reject(new DOMException('aborted', 'AbortError')),
                ),
            );
        };
        const context = { url: '', auth: tokenAuth(() => 't'), fetch: fetcher, clock: new VirtualClock() };
        const found = createApi(context).get('/api/users', { query: { q: 'a' }, signal: aborted.signal });
        await settled();
        aborted.abort();
        await expect(found).rejects.toMatchObject({ code: 'aborted' });
        expect(asked).toHaveLength(1);
    });
});
