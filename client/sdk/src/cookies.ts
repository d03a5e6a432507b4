/**
 * A fetch that keeps cookies, which Node's does not: `localAuth` needs it there for the refresh cookie. For one server;
 * it looks at names and ends of cookies only.
 */
export function cookieFetch(inner: typeof fetch = fetch): typeof fetch {
    const kept = new Map<string, string>();
    return async (input, init) => {
        const headers = new Headers(init?.headers);
        if (kept.size > 0)
            headers.set('Cookie', [...kept].map(([name, value]) => `${name}=${value}`).join('; '));
        const response = await inner(input, { ...init, headers });
        for (const line of response.headers.getSetCookie()) {
            const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? [];
            if (value === '' || /;\s*max-age=0/i.test(line)) kept.delete(name);
            else kept.set(name, value);
        }
        return response;
    };
}
