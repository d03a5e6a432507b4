import type { Thread } from '@banter/sdk';
import { chat } from '../app/chat.ts';
import { titleOf, unreadOf } from '../app/people.ts';
import { language } from '../i18n/t.ts';
import { signal } from '../ui/runtime.ts';

export interface Section {
    id: 'channels' | 'direct' | 'replies';
    threads: readonly Thread[];
}

const place = 'banter.folded';
export const folded = signal<ReadonlySet<string>>(read());

export function toggleFolded(id: Section['id']): void {
    const next = new Set(folded.peek());
    if (!next.delete(id)) next.add(id);
    folded.value = next;
    try {
        localStorage.setItem(place, JSON.stringify([...next]));
    } catch {
        // Folded until the reload.
    }
}

function read(): Set<string> {
    try {
        const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
        return new Set(Array.isArray(kept) ? kept.map(String) : []);
    } catch {
        return new Set();
    }
}

/** The threads of the sidebar: channels by name, direct ones with unread first, replies only while something is new. */
export function sections(onlyUnread: boolean): Section[] {
    const threads = chat.threads.value.filter((thread) => thread.archivedAt === null);
    const news = (thread: Thread) => {
        const { unread, mentions } = unreadOf(thread);
        return unread > 0 || mentions > 0;
    };
    const shown = onlyUnread ? threads.filter(news) : threads;
    const byName = new Intl.Collator(language(), { numeric: true, sensitivity: 'base' });
    const channels = shown
        .filter(({ kind }) => kind === 'channel' || kind === 'group')
        .sort((a, b) => byName.compare(titleOf(a), titleOf(b)));
    const direct = shown
        .filter(({ kind }) => kind === 'direct')
        .sort((a, b) => Number(news(b)) - Number(news(a)));
    const replies = shown.filter((thread) => thread.kind === 'reply' && news(thread));
    const all: Section[] = [
        { id: 'channels', threads: channels },
        { id: 'direct', threads: direct },
        { id: 'replies', threads: replies },
    ];
    return all.filter(({ id, threads: own }) => id !== 'replies' || own.length > 0);
}

/** The order in which the arrow keys go through the threads: as they stand in the sidebar. */
export const threadOrder = (): readonly Thread[] => sections(false).flatMap((section) => section.threads);
