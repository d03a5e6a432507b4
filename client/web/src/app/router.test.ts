import { expect, it, vi } from 'vitest';

vi.stubGlobal('location', { pathname: '/', search: '' });
const { parseRoute } = await import('./router.ts');
const id = '01923456-789a-7bcd-8ef0-123456789abc';

it('an address says which thread, which message of it, and what stands beside', () => {
    expect(parseRoute(`/t/${id}`)).toEqual({ name: 'thread', threadId: id });
    expect(parseRoute(`/t/${id}/m/${id}`)).toEqual({ name: 'thread', threadId: id, messageId: id });
    expect(parseRoute(`/t/${id}/r/${id}`)).toEqual({
        name: 'thread',
        threadId: id,
        side: { name: 'replies', messageId: id },
    });
    expect(parseRoute(`/t/${id}/details`)).toEqual({
        name: 'thread',
        threadId: id,
        side: { name: 'details' },
    });
});

it('an address that says nothing leads home', () => {
    for (const path of ['/', '/nowhere', '/t/', `/t/${id}/x`, '/t/../api'])
        expect(parseRoute(path)).toEqual({ name: 'home' });
});

it('the page for signing in says why that failed elsewhere', () => {
    expect(parseRoute('/login')).toEqual({ name: 'login' });
    expect(parseRoute('/login', '?error=sign_in_stale')).toEqual({ name: 'login', error: 'sign_in_stale' });
    expect(parseRoute('/signup', '?error=sign_in_stale')).toEqual({ name: 'signup' });
});

it('an invitation has its code in the path or in the query', () => {
    expect(parseRoute('/invite/abc')).toEqual({ name: 'invite', code: 'abc' });
    expect(parseRoute('/invite', '?code=abc')).toEqual({ name: 'invite', code: 'abc' });
    expect(parseRoute('/settings/security')).toEqual({ name: 'settings', tab: 'security' });
});
