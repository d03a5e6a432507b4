import { inView } from '../thread/ThreadView.tsx';
import { drawer, opened } from '../shell/opened.ts';
import { threadOrder } from '../shell/sections.ts';
import { type Key, t } from '../i18n/t.ts';
import type { IconName } from '../ui/icons.tsx';
import { chat, signOut } from './chat.ts';
import { unreadOf } from './people.ts';
import { prefs, setPrefs } from './prefs.ts';
import { go, paths, route } from './router.ts';
import { failed } from './toasts.tsx';

/** Something that the app can do: it has a name in the palette, perhaps keys, and one place where both are said. */
export interface Command {
    id: string;
    label: string;
    group: 'move' | 'thread' | 'view';
    icon?: IconName;
    /** As `Ctrl+Shift+K`; on Macs Ctrl is also the command key. */
    keys?: string;
    /** Keys that do the same, and aren't shown. */
    also?: readonly string[];
    run: () => void;
}

type Entry = Omit<Command, 'label'> & { label: Key };

const thread = () => inView[0];

const table: readonly Entry[] = [
    {
        id: 'switcher',
        group: 'move',
        label: 'command.switcher',
        keys: 'Ctrl+K',
        icon: 'search',
        run: () => {
            opened.value = 'switcher';
        },
    },
    {
        id: 'palette',
        group: 'move',
        label: 'command.palette',
        keys: 'Ctrl+Shift+K',
        icon: 'menu',
        run: () => {
            opened.value = 'palette';
        },
    },
    {
        id: 'next',
        group: 'move',
        label: 'command.next',
        keys: 'Alt+ArrowDown',
        icon: 'down',
        run: () => step(1, false),
    },
    {
        id: 'previous',
        group: 'move',
        label: 'command.previous',
        keys: 'Alt+ArrowUp',
        icon: 'up',
        run: () => step(-1, false),
    },
    {
        id: 'nextUnread',
        group: 'move',
        label: 'command.nextUnread',
        keys: 'Alt+Shift+ArrowDown',
        icon: 'down',
        run: () => step(1, true),
    },
    {
        id: 'previousUnread',
        group: 'move',
        label: 'command.previousUnread',
        keys: 'Alt+Shift+ArrowUp',
        icon: 'up',
        run: () => step(-1, true),
    },
    {
        id: 'region',
        group: 'move',
        label: 'command.region',
        keys: 'F6',
        also: ['Ctrl+F6'],
        run: () => region(1),
    },
    {
        id: 'regionBack',
        group: 'move',
        label: 'command.regionBack',
        keys: 'Shift+F6',
        also: ['Ctrl+Shift+F6'],
        run: () => region(-1),
    },
    { id: 'browse', group: 'move', label: 'browse.title', icon: 'hash', run: () => go('/browse') },
    {
        id: 'newThread',
        group: 'move',
        label: 'new.thread',
        icon: 'add',
        run: () => {
            opened.value = 'newThread';
        },
    },
    {
        id: 'newDirect',
        group: 'move',
        label: 'new.direct',
        icon: 'person',
        run: () => {
            opened.value = 'newDirect';
        },
    },
    {
        id: 'markRead',
        group: 'thread',
        label: 'command.markRead',
        keys: 'Escape',
        icon: 'check',
        run: () => thread()?.markRead(),
    },
    {
        id: 'markAllRead',
        group: 'thread',
        label: 'command.markAllRead',
        keys: 'Shift+Escape',
        icon: 'check',
        run: markAllRead,
    },
    {
        id: 'oldestUnread',
        group: 'thread',
        label: 'command.oldestUnread',
        keys: 'Shift+PageUp',
        icon: 'up',
        run: () => void thread()?.toNew(),
    },
    {
        id: 'latest',
        group: 'thread',
        label: 'command.latest',
        keys: 'Alt+End',
        icon: 'down',
        run: () => void thread()?.toLatest(),
    },
    {
        id: 'upload',
        group: 'thread',
        label: 'composer.attach',
        keys: 'Ctrl+U',
        also: ['Ctrl+Shift+U'],
        icon: 'attach',
        run: () => document.querySelector<HTMLInputElement>('[data-files]')?.click(),
    },
    {
        id: 'details',
        group: 'thread',
        label: 'command.details',
        keys: 'Ctrl+.',
        icon: 'details',
        run: toggleDetails,
    },
    {
        id: 'sidebar',
        group: 'view',
        label: 'command.sidebar',
        keys: 'Ctrl+Shift+D',
        icon: 'menu',
        run: () => {
            drawer.value = !drawer.peek();
        },
    },
    {
        id: 'theme',
        group: 'view',
        label: 'command.theme',
        run: () => setPrefs({ theme: dark() ? 'light' : 'dark' }),
    },
    {
        id: 'density',
        group: 'view',
        label: 'command.density',
        run: () => setPrefs({ density: prefs.peek().density === 'compact' ? 'comfortable' : 'compact' }),
    },
    {
        id: 'settings',
        group: 'view',
        label: 'settings.title',
        keys: 'Ctrl+,',
        icon: 'settings',
        run: () => go('/settings/profile'),
    },
    {
        id: 'shortcuts',
        group: 'view',
        label: 'shortcuts.title',
        keys: 'Ctrl+/',
        icon: 'keyboard',
        run: () => {
            opened.value = 'shortcuts';
        },
    },
    {
        id: 'signOut',
        group: 'view',
        label: 'own.signOut',
        icon: 'leave',
        run: () => void signOut().catch(failed),
    },
];

export const commands = (): readonly Command[] => table.map((entry) => ({ ...entry, label: t(entry.label) }));

const dark = () =>
    prefs.peek().theme === 'dark' ||
    (prefs.peek().theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);

/** The thread after or before the one that is open, as they stand in the sidebar. */
function step(by: 1 | -1, unread: boolean) {
    const order = threadOrder();
    const open = route.peek();
    const at = order.findIndex((each) => open.name === 'thread' && each.id === open.threadId);
    for (let far = 1; far <= order.length; far++) {
        const next =
            order[((((at < 0 && by < 0 ? 0 : at) + by * far) % order.length) + order.length) % order.length];
        if (!next) return;
        const { unread: count, mentions } = unreadOf(next);
        if (!unread || count > 0 || mentions > 0) return go(paths.thread(next.id));
    }
}

const regions = ['#threads', '#messages', '#details', '[data-composer]'];

/** Moves the focus to the next part of the page. */
function region(by: 1 | -1): void {
    const there = regions
        .map((each) => document.querySelector<HTMLElement>(each))
        .filter((each) => each !== null);
    const composer = there.find((each) => each.matches('[data-composer]'));
    const at =
        composer === document.activeElement
            ? there.length - 1
            : there.findIndex((each) => each !== composer && each.contains(document.activeElement));
    const next = there[(at + by + there.length) % there.length];
    if (!next) return;
    const inside =
        'a[aria-current], [data-focus][tabindex="0"], a[href], button:not([disabled]), input, textarea';
    (next.matches('textarea')
        ? next
        : (next.querySelector<HTMLElement>(next.id === 'messages' ? '[data-focus][tabindex="0"]' : inside) ??
          next.querySelector<HTMLElement>(inside))
    )?.focus();
}

function toggleDetails(): void {
    const open = route.peek();
    if (open.name === 'thread')
        go(open.side?.name === 'details' ? paths.thread(open.threadId) : paths.details(open.threadId));
}

function markAllRead(): void {
    for (const { id, seq, membership } of chat.threads.peek())
        if (membership && membership.unread > 0)
            chat.api
                .put('/api/threads/{threadId}/read', { path: { threadId: id }, body: { seq } })
                .catch(failed);
    thread()?.markRead();
}
