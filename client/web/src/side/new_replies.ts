import type { Message, NewMessage, Room, Sent } from '@banter/sdk';
import { chat } from '../app/chat.ts';
import { keep, kept } from '../app/kept.ts';
import { failed } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import type { Writing } from '../thread/writing.ts';
import { effect, signal } from '../ui/runtime.ts';

const prefix = 'banter.reply.';

/**
 * Where the first reply to a message is written. Its thread is made when it is sent: looking at a message makes nothing
 * on the server.
 */
export class NewReplies implements Writing {
    readonly threadId: string;
    readonly editing = signal<string | null>(null);
    readonly quoting = signal<Message | null>(null);
    readonly mayWrite = true;
    readonly room = {
        draft: signal(''),
        typing: signal<readonly string[]>([]),
        state: signal('live'),
        startTyping() {},
        stopTyping() {},
        send: (message: NewMessage) => this.#send(message),
    };
    readonly #root: Message;
    readonly #made: (threadId: string) => void;
    readonly #stop: () => void;
    #thread: Room | null = null;

    /** `made` is called with the thread once the first reply is on its way. */
    constructor(root: Message, made: (threadId: string) => void) {
        this.#root = root;
        this.#made = made;
        // Files are kept by it; no thread has the id of a message.
        this.threadId = root.id;
        this.room.draft.value = kept(prefix + root.id) ?? '';
        this.#stop = effect(() => keep(prefix + root.id, this.room.draft.value || null));
    }

    get label(): string {
        return t('composer.reply');
    }

    lastOwn(): undefined {}

    async ready(): Promise<boolean> {
        try {
            const { threadId, id: messageId } = this.#root;
            const body = { kind: 'reply' as const, parent: { threadId, messageId } };
            const thread = await chat.api.post('/api/threads', { body });
            chat.addThread(thread);
            this.#thread ??= chat.open(thread.id);
            return true;
        } catch (thrown) {
            failed(thrown);
            return false;
        }
    }

    sent(): void {
        const thread = this.#thread;
        this.#thread = null;
        if (!thread) return;
        this.#made(thread.threadId);
        thread.close();
    }

    close(): void {
        this.#stop();
        this.#thread?.close();
    }

    #send(message: NewMessage): Sent {
        if (!this.#thread) throw new Error('a reply is sent before its thread is made');
        return this.#thread.send(message);
    }
}

/** What was written for the first reply, which goes on as the draft of the thread that somebody else has made. */
export function takeReplyDraft(messageId: string): string {
    const text = kept(prefix + messageId) ?? '';
    keep(prefix + messageId, null);
    return text;
}
