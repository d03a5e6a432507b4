import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import { byFrame, type Timer } from './clock.ts';
import type { Core } from './core.ts';
import type { Drafts } from './drafts.ts';
import type { Outbox } from './outbox.ts';
import { Pages } from './pages.ts';
import { keepMine, withWishes } from './reactions.ts';
import type { ReadMarks } from './read-marks.ts';
import type { RoomCache } from './room-cache.ts';
import { type Outgoing, RowBuilder } from './rows.ts';
import { ThreadSync } from './sync.ts';
import type { Threads } from './threads.ts';
import type { NewMessage, Room, RoomWindow, Row, Sent } from './types.ts';
import { Typing } from './typing.ts';
import type { UserDirectory } from './users.ts';
import { MessageWindow } from './window.ts';
import type { Events, Joined, Message, Thread } from './wire.ts';

/** A thread that was closed is left after this, as people go back and forth. */
const lingerMs = 60_000;
const saveMs = 1_000;

export interface RoomParts {
    core: Core;
    threads: Threads;
    users: UserDirectory;
    outbox: Outbox;
    drafts: Drafts;
    marks: ReadMarks;
    cache: RoomCache;
}

/** One thread for the app: its window, what is being sent, and what others do in it. */
export class LiveRoom implements Room {
    readonly #parts: RoomParts;
    readonly thread: ReadonlySignal<Thread | undefined>;
    readonly state: ThreadSync['state'];
    readonly rows = signal<readonly Row[]>([]);
    readonly window: ReadonlySignal<RoomWindow>;
    readonly typing: ReadonlySignal<readonly string[]>;
    readonly readers = signal<ReadonlyMap<string, number>>(new Map());
    readonly draft: Signal<string>;
    readonly #window = new MessageWindow((older, newer) => keepMine(older, newer, this.#core.me()));
    readonly #sync: ThreadSync;
    readonly #pages: Pages;
    readonly #typing: Typing;
    readonly #builder = new RowBuilder();
    readonly #core: Core;
    /** What the server has acknowledged and the thread's own order has not brought yet. */
    #acknowledged: Message[] = [];
    /** Reactions that are on their way: by message, emoji and whether it is added. */
    readonly #wishes = new Map<string, Map<string, boolean>>();
    #opened = 0;
    readonly #buildByFrame: () => void;
    #linger: Timer | undefined;
    #saving: Timer | undefined;

    constructor(
        parts: RoomParts,
        readonly threadId: string,
    ) {
        this.#parts = parts;
        const { core, threads, users, drafts } = parts;
        this.#core = core;
        this.#buildByFrame = byFrame(core.clock, () => this.#build());
        this.thread = threads.watch(threadId);
        this.draft = drafts.get(threadId);
        this.#sync = new ThreadSync(core, threadId, this.#window, this.#joined);
        this.state = this.#sync.state;
        this.#pages = new Pages(
            core,
            threadId,
            this.#window,
            () => this.#sync.newest,
            (page) => {
                users.add(page.users);
                this.#settle(page.items);
                this.#build();
            },
        );
        this.window = this.#pages.state;
        this.#typing = new Typing(core, threadId);
        this.typing = this.#typing.ids;
        this.#build();
    }

    get isOpen(): boolean {
        return this.#opened > 0;
    }

    open(): void {
        this.#linger?.cancel();
        if (this.#opened++ === 0) void this.#begin();
    }

    close(): void {
        if (this.#opened === 0 || --this.#opened > 0) return;
        this.#typing.stop();
        this.#linger = this.#core.clock.after(lingerMs, () => this.#sync.leave());
    }

    /** Nothing of it is kept any more. */
    end(): void {
        this.save();
        this.#linger?.cancel();
        this.#sync.leave();
    }

    older = (): Promise<void> => this.#pages.older();
    newer = (): Promise<void> => this.#pages.newer();
    around = (seq: number): Promise<void> => this.#pages.around(seq);
    at = (time: Date): Promise<void> =>
        this.#pages.at(time, this.#parts.threads.get(this.threadId)?.firstSeq ?? 1);
    latest = (): Promise<void> => this.#pages.latest();

    send(message: NewMessage): Sent {
        this.#typing.sent();
        void this.latest();
        return this.#parts.outbox.send(this.threadId, message);
    }

    retry = (nonce: string): void => this.#parts.outbox.retry(nonce);
    discard = (nonce: string): void => this.#parts.outbox.discard(nonce);

    async edit(messageId: string, content: string, ifRev?: number): Promise<Message> {
        const fields = { messageId, content, ...(ifRev !== undefined && { ifRev }) };
        return (await this.#core.link.ask('message:edit', fields, { take: this.#done })).message;
    }

    async remove(messageId: string): Promise<Message> {
        return (await this.#core.link.ask('message:delete', { messageId }, { take: this.#done })).message;
    }

    react = (messageId: string, emoji: string): Promise<void> => this.#wish(messageId, emoji, true);
    unreact = (messageId: string, emoji: string): Promise<void> => this.#wish(messageId, emoji, false);

    startTyping = (): void => this.#typing.start();
    stopTyping = (): void => this.#typing.stop();

    markRead(seq = this.#parts.threads.get(this.threadId)?.seq ?? 0): void {
        this.#parts.marks.mark(this.threadId, seq);
    }

    markUnread = (seq: number): Promise<void> => this.#parts.marks.markUnread(this.threadId, seq);

    up(): void {
        this.#sync.up();
    }

    down(): void {
        this.#sync.down();
        this.#typing.clear();
    }

    /** The user has lost the thread, or left it. */
    gone(): void {
        this.#sync.gone();
        this.#emptied();
        this.#parts.cache.drop(this.threadId);
    }

    /** Everything here is another user's, or of a time that is no more. */
    reset(): void {
        this.#sync.forget();
        this.#emptied();
        this.readers.value = new Map();
    }

    /** A member again. */
    back(): void {
        if (this.isOpen && this.state.peek() === 'gone') this.#sync.want();
    }

    said({ rev, message }: Events['message:new']): void {
        if (!this.#sync.isNext(rev, message.seq)) return;
        this.#window.put(keepMine(undefined, message, this.#core.me()));
        this.#typing.stopped(message.authorId);
        this.#parts.threads.said(message, rev);
        if (!this.#parts.outbox.seen(message)) this.#changed();
    }

    updated({ rev, message, reaction }: Events['message:update']): void {
        if (!this.#sync.isNext(rev)) return;
        const before = this.#window.find(message.seq);
        if (this.#window.put(keepMine(before, message, this.#core.me(), reaction))) this.#changed();
    }

    /** Gives whether the thread is joined, so that the event counts as one of its order. */
    threadUpdated({ rev }: Events['thread:update']): void {
        this.#sync.isNext(rev);
    }

    typed(update: Events['typing:update']): void {
        this.#typing.told(update);
    }

    readBy({ userId, seq }: Events['read:update']): void {
        this.readers.value = new Map(this.readers.peek()).set(userId, seq);
    }

    /** The outbox has something else of this thread; `settled` is a message that the server has now. */
    outboxChanged(settled?: Message): void {
        const isThere = !settled || this.#window.lastSeq >= settled.seq;
        if (!isThere && this.#window.atEnd) this.#acknowledged.push(settled);
        this.#build();
    }

    /** Keeps the newest messages for the next start, if there is something new to keep. */
    save(): void {
        this.#saving?.cancel();
        this.#saving = undefined;
        const { standing } = this.#sync;
        if (!standing || !this.#window.atEnd || this.state.peek() !== 'live') return;
        this.#parts.cache.save(this.threadId, standing, this.#window.messages);
    }

    #emptied(): void {
        this.#acknowledged = [];
        this.#pages.emptied();
        this.#build();
    }

    async #begin(): Promise<void> {
        if (!this.#sync.standing) {
            const saved = await this.#parts.cache.load(this.threadId);
            if (saved && !this.#sync.standing && this.state.peek() === 'joining') {
                this.#sync.restore(saved.standing);
                this.#window.replace(saved.messages, { atStart: false, atEnd: true });
                this.#pages.changed(true);
                this.#build();
            }
        }
        if (this.isOpen) this.#sync.want();
    }

    readonly #joined = ({ thread, users, messages }: Joined, isAnew: boolean): void => {
        this.#parts.threads.add(thread);
        this.#parts.users.add(users);
        this.#settle(messages);
        this.#pages.changed(isAnew);
        if (isAnew) this.#build();
        this.#changed();
    };

    /** The server has these, whether its acknowledgement comes or not. In one step: none is ever shown twice. */
    #settle(messages: readonly Message[]): void {
        batch(() => {
            for (const message of messages) this.#parts.outbox.seen(message);
        });
    }

    readonly #done = ({ message }: { message: Message }): void => {
        if (this.#window.update(message)) this.#build();
    };

    async #wish(messageId: string, emoji: string, isAdded: boolean): Promise<void> {
        const wishes = this.#wishes.get(messageId) ?? new Map<string, boolean>();
        this.#wishes.set(messageId, wishes.set(emoji, isAdded));
        this.#build();
        try {
            const type = isAdded ? 'reaction:add' : 'reaction:remove';
            await this.#core.link.ask(type, { messageId, emoji }, { take: this.#done });
        } finally {
            // Unless something else was wished meanwhile.
            if (wishes.get(emoji) === isAdded) wishes.delete(emoji);
            if (wishes.size === 0) this.#wishes.delete(messageId);
            this.#build();
        }
    }

    /** Something came from the server: shown with the next frame of the screen. */
    #changed(): void {
        this.#saving ??= this.#core.clock.after(saveMs, () => this.save());
        this.#buildByFrame();
    }

    #build(): void {
        const me = this.#core.me();
        const { lastSeq, atEnd } = this.#window;
        this.#acknowledged = this.#acknowledged.filter(({ seq }) => atEnd && seq > lastSeq);
        const messages = this.#window.messages.map((message) => {
            const wishes = this.#wishes.get(message.id);
            return wishes ? withWishes(message, wishes, me ?? '') : message;
        });
        const isElsewhere = messages.length > 0 && !atEnd;
        batch(() => {
            this.rows.value = this.#builder.build(messages, isElsewhere ? [] : this.#outgoing(), me);
            this.#pages.changed();
        });
    }

    #outgoing(): Outgoing[] {
        const acknowledged = this.#acknowledged.map(
            (message): Outgoing => ({ ...asPending(message), message }),
        );
        return [...acknowledged, ...this.#parts.outbox.of(this.threadId)];
    }
}

function asPending(message: Message): Outgoing {
    return { pending: message, state: 'sending' };
}
