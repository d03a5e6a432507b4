import type { Message, Thread } from '@banter/sdk';
import { say } from '../app/announce.tsx';
import { isAdmin, me } from '../app/chat.ts';
import { go, paths } from '../app/router.ts';
import { failed } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import type { MenuItem } from '../ui/Menu.tsx';
import { signal } from '../ui/runtime.ts';
import type { ThreadModel } from './model.ts';

/** What can be done with a message; one key each, that counts while its row has the focus. */
export interface MessageAction extends MenuItem {
    id: 'react' | 'quote' | 'replies' | 'edit' | 'unread' | 'link' | 'copy' | 'delete';
}

/** The message that is to be deleted, once the person has confirmed it. */
export const deleting = signal<{ model: ThreadModel; message: Message } | null>(null);
/** Where the whole table of emoji is open: for a reaction to a message. */
export const picking = signal<{ model: ThreadModel; message: Message; anchor: HTMLElement } | null>(null);

export const isOwn = (message: Message) => message.authorId === me()?.id;

export function mayDelete(message: Message, thread: Thread | undefined): boolean {
    return isOwn(message) || thread?.membership?.role === 'owner' || isAdmin();
}

export function actionsOf(
    model: ThreadModel,
    message: Message,
    row: HTMLElement | null,
): readonly MessageAction[] {
    if (message.deletedAt !== null) return [];
    const thread = model.room.thread.value;
    const actions: MessageAction[] = [];
    const add = (id: MessageAction['id'], action: Omit<MessageAction, 'id'>) =>
        actions.push({ id, ...action });
    const writes = model.mayWrite;
    if (writes && row)
        add('react', {
            label: t('message.react'),
            icon: 'react',
            keys: '+',
            run: () => {
                picking.value = { model, message, anchor: row };
            },
        });
    if (writes)
        add('quote', {
            label: t('message.quote'),
            icon: 'quote',
            keys: 'R',
            run: () => quote(model, message),
        });
    if (thread && thread.kind !== 'reply')
        add('replies', {
            label: t('message.replies'),
            icon: 'reply',
            keys: 'T',
            run: () => go(paths.replies(message.threadId, message.id)),
        });
    if (writes && isOwn(message))
        add('edit', {
            label: t('message.edit'),
            icon: 'edit',
            keys: 'E',
            run: () => {
                model.editing.value = message.id;
            },
        });
    add('unread', {
        label: t('message.unread'),
        icon: 'unread',
        keys: 'U',
        run: () => void model.markUnread(message),
    });
    add('link', {
        label: t('message.copyLink'),
        icon: 'link',
        keys: 'C',
        run: () => void copy(location.origin + paths.message(message.threadId, message.id)),
    });
    add('copy', { label: t('message.copyText'), icon: 'copy', run: () => void copy(message.content) });
    if (writes && mayDelete(message, thread))
        add('delete', {
            label: t('message.delete'),
            icon: 'trash',
            keys: 'Del',
            danger: true,
            run: () => {
                deleting.value = { model, message };
            },
        });
    return actions;
}

function quote(model: ThreadModel, message: Message): void {
    model.quoting.value = message;
    document.querySelector<HTMLElement>(`[data-composer="${model.threadId}"]`)?.focus();
}

async function copy(text: string): Promise<void> {
    try {
        await navigator.clipboard.writeText(text);
        say(t('copied'));
    } catch (thrown) {
        failed(thrown);
    }
}

export function toggleReaction(model: ThreadModel, message: Message, emoji: string): void {
    const own = me()?.id;
    const mine = message.reactions.some(
        (each) => each.emoji === emoji && (each.mine || (own !== undefined && each.userIds.includes(own))),
    );
    const done = mine ? model.room.unreact(message.id, emoji) : model.room.react(message.id, emoji);
    done.catch(failed);
}

/** Runs what a key stands for on a focused message; false if it stands for nothing. */
export function runKey(
    event: KeyboardEvent,
    model: ThreadModel,
    message: Message,
    row: HTMLElement | null,
): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const pressed = event.key === 'Delete' ? 'Del' : event.key.toUpperCase();
    const action = actionsOf(model, message, row).find((each) => each.keys === pressed);
    action?.run();
    return action !== undefined;
}
