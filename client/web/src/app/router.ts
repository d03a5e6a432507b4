import { type ReadonlySignal, signal } from '../ui/runtime.ts';

export type Door = 'login' | 'signup' | 'setup' | 'invite';
export type SettingsTab =
    | 'profile'
    | 'appearance'
    | 'notifications'
    | 'keyboard'
    | 'security'
    | 'invites'
    | 'people'
    | 'about';
export const settingsTabs: readonly SettingsTab[] = [
    ...(['profile', 'appearance', 'notifications', 'keyboard', 'security'] as const),
    ...(['invites', 'people', 'about'] as const),
];

/** What the address says is to be seen. */
export type Route =
    /** `code` of an invitation; `error` says why signing in elsewhere failed. */
    | { name: Door; code?: string; error?: string }
    | { name: 'home' }
    | { name: 'browse' }
    | { name: 'settings'; tab: SettingsTab }
    | { name: 'thread'; threadId: string; messageId?: string; side?: Side };
/** What stands beside the messages. */
export type Side = { name: 'details' } | { name: 'replies'; messageId: string };

const id = '[0-9a-f-]{36}';
const thread = new RegExp(`^/t/(${id})(?:/(?:m/(${id})|r/(${id})|(details)))?$`);

export function parseRoute(path: string, query = ''): Route {
    const [, threadId, messageId, root, details] = thread.exec(path) ?? [];
    if (threadId !== undefined) {
        const side: Side | undefined = root
            ? { name: 'replies', messageId: root }
            : details
              ? { name: 'details' }
              : undefined;
        return { name: 'thread', threadId, ...(messageId ? { messageId } : {}), ...(side ? { side } : {}) };
    }
    const [, first = '', second = ''] = path.split('/');
    const error = new URLSearchParams(query).get('error');
    if (first === 'login' && error) return { name: 'login', error };
    if (first === 'login' || first === 'signup' || first === 'setup') return { name: first };
    if (first === 'invite')
        return { name: 'invite', code: second || new URLSearchParams(query).get('code') || '' };
    if (first === 'browse') return { name: 'browse' };
    if (first === 'settings')
        return { name: 'settings', tab: settingsTabs.find((tab) => tab === second) ?? 'profile' };
    return { name: 'home' };
}

const here = signal<Route>(parseRoute(location.pathname, location.search));
export const route: ReadonlySignal<Route> = here;

export function go(to: string, { replace = false } = {}): void {
    if (to !== location.pathname + location.search)
        history[replace ? 'replaceState' : 'pushState'](null, '', to);
    here.value = parseRoute(location.pathname, location.search);
}

export const paths = {
    thread: (threadId: string) => `/t/${threadId}`,
    message: (threadId: string, messageId: string) => `/t/${threadId}/m/${messageId}`,
    replies: (threadId: string, messageId: string) => `/t/${threadId}/r/${messageId}`,
    details: (threadId: string) => `/t/${threadId}/details`,
    settings: (tab: SettingsTab) => `/settings/${tab}`,
};

/** Makes links of the app's own pages move within it. */
export function startRouter(): void {
    addEventListener('popstate', () => {
        here.value = parseRoute(location.pathname, location.search);
    });
    addEventListener('click', (event) => {
        if (
            event.defaultPrevented ||
            event.button !== 0 ||
            event.ctrlKey ||
            event.metaKey ||
            event.shiftKey ||
            event.altKey
        )
            return;
        const link = event.target instanceof Element ? event.target.closest('a') : null;
        if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
        if (/^\/(api|files)\//.test(link.pathname)) return;
        event.preventDefault();
        go(link.pathname + link.search);
    });
}
