import type { LiveChat } from './chat.ts';
import type { AnyEvent, Events, EventType } from './wire.ts';

type Handlers = { [T in EventType]: (chat: LiveChat, event: Events[T]) => void };

const handlers: Handlers = {
    'message:new': (chat, event) => chat.room(event.threadId)?.said(event),
    'message:update': (chat, event) => chat.room(event.threadId)?.updated(event),
    'typing:update': (chat, event) => chat.room(event.threadId)?.typed(event),
    'thread:activity': (chat, event) => chat.book.activity(event),
    'thread:update'(chat, event) {
        chat.room(event.threadId)?.threadUpdated(event);
        chat.book.add(event.thread);
    },
    'thread:removed': (chat, { threadId }) => removed(chat, threadId),
    'read:update'(chat, event) {
        if (event.userId === chat.core.me()) chat.marks.told(event);
        else chat.room(event.threadId)?.readBy(event);
    },
    'member:update': member,
    'presence:update': (chat, event) => chat.presence.update(event),
    'user:update': (chat, { user }) => chat.users.add([user]),
};

/** Takes what the server tells to the parts that it concerns. What a later server tells more is left alone. */
export function dispatch(chat: LiveChat, event: AnyEvent): void {
    if (!Object.hasOwn(handlers, event.type)) return;
    // The table has for each type what takes its event, which the compiler can't see through an index.
    (handlers[event.type] as (chat: LiveChat, event: AnyEvent) => void)(chat, event);
}

function removed(chat: LiveChat, threadId: string): void {
    chat.book.remove(threadId);
    chat.room(threadId)?.gone();
}

function member(chat: LiveChat, event: Events['member:update']): void {
    const { threadId, userId, role, level, mutedUntil = null } = event;
    if (userId !== chat.core.me()) return;
    if (role === null) {
        removed(chat, threadId);
        return;
    }
    const isMember = Boolean(chat.book.get(threadId)?.membership);
    if (isMember) chat.book.member(threadId, { role, ...(level && { level, mutedUntil }) });
    else chat.book.fetch(threadId);
    chat.room(threadId)?.back();
}
