import type { Thread, User } from '@banter/sdk';
import { t } from '../i18n/t.ts';
import { chat, me, threadById } from './chat.ts';

const byHandle = new Map<string, User>();

/** A person, or undefined until they are looked up; whoever renders it is rendered again then. */
export function userOf(id: string): User | undefined {
    const user = chat.users.get(id).value;
    if (user) learn(user);
    return user;
}

/** Notes whose handle it is, for the mentions that are written. */
export function learn(user: User): void {
    if (user.deletedAt === null) byHandle.set(user.handle, user);
}

export const userByHandle = (handle: string): User | undefined => byHandle.get(handle);

export function nameOf(id: string): string {
    const user = userOf(id);
    if (!user) return '…';
    return user.deletedAt === null ? isolated(user.displayName || user.handle) : t('person.deleted');
}

/** A name that can't turn the text around it: what changes directions goes. */
export function isolated(name: string): string {
    return name.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}

/** Who else is in a direct thread; the reader alone for notes to self. */
export function othersOf(thread: Thread): string[] {
    const own = me()?.id;
    return (thread.memberIds ?? []).filter((id) => id !== own);
}

export function titleOf(thread: Thread): string {
    if (thread.kind === 'direct') {
        const others = othersOf(thread);
        return others.length > 0 ? others.map(nameOf).join(', ') : t('thread.notes');
    }
    if (thread.kind === 'reply') {
        const parent = thread.parent && threadById(thread.parent.threadId);
        return parent ? t('thread.repliesIn', { thread: titleOf(parent) }) : t('thread.replies');
    }
    return isolated(thread.name) || t('thread.group');
}

export const isMuted = ({ membership }: Thread): boolean =>
    membership?.level === 'none' ||
    (membership?.mutedUntil ? Date.parse(membership.mutedUntil) > Date.now() : false);

/** What is counted as unread, which is nothing where the person doesn't want to be told. */
export function unreadOf(thread: Thread): { unread: number; mentions: number } {
    const { unread = 0, mentions = 0, level } = thread.membership ?? {};
    if (isMuted(thread)) return { unread: 0, mentions };
    return {
        unread: level === 'mentions' ? 0 : unread,
        mentions: thread.kind === 'direct' ? unread : mentions,
    };
}
