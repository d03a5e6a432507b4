import { expect, it } from 'vitest';
import { asPath } from './path.ts';

// Where one comes back to after signing in at an issuer is what the server takes for a path of its own.

it('a path stays as it is', () => {
    for (const path of [
        '/',
        '/browse',
        "/a-b._~!$&'()*+,;=:@/c?d=%20%5B",
        '/t/01923456-789a-7bcd-8ef0-123456789abc',
    ])
        expect(asPath(path)).toBe(path);
});

it('what a path has no place for is escaped, once', () => {
    expect(asPath('/t/[x]|^`{}"<>\\ #')).toBe('/t/%5Bx%5D%7C%5E%60%7B%7D%22%3C%3E%5C%20%23');
    expect(asPath('/ü/😀')).toBe('/%C3%BC/%F0%9F%98%80');
    expect(asPath(asPath('/[ü]'))).toBe(asPath('/[ü]'));
});
