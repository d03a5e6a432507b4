import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import { byFrame } from './clock.ts';
import type { Core } from './core.ts';
import type { Events, Membership, Message, Thread } from './wire.ts';

const mostMentions = 100;

/** All threads that are known, and which of them are the user's own. */
export class Threads {
    readonly #core: Core;
    readonly #known = new Map<string, Thread>();
    #own: string[] = [];
    readonly #hidden = new Set<string>();
    readonly #published = signal<ReadonlyMap<string, Thread>>(new Map());
    /** Many changes before one frame of the screen are one. */
    readonly #publish: () => void;
    readonly list: ReadonlySignal<readonly Thread[]>;

    constructor(core: Core) {
        this.#core = core;
        this.#publish = byFrame(core.clock, () => {
            this.#published.value = new Map(this.#known);
        });
        this.list = computed(() => {
            const known = this.#published.value;
            return this.#own.flatMap((id) => known.get(id) ?? []);
        });
    }

    get(id: string): Thread | undefined {
        return this.#known.get(id);
    }

    watch(id: string): ReadonlySignal<Thread | undefined> {
        return computed(() => this.#published.value.get(id));
    }

    /** The user's own threads, as the server lists them. */
    listed(threads: readonly Thread[]): void {
        const before = this.#own;
        this.#own = threads.map(({ id }) => id);
        this.#hidden.clear();
        for (const thread of threads) this.#merge(thread);
        const gone = before.filter((id) => !this.#own.includes(id));
        for (const id of gone) this.#withdraw(id);
        this.#publish();
    }

    /** A thread as an answer or a broadcast has it. */
    add(thread: Thread): void {
        this.#merge(thread);
        const { membership } = this.#known.get(thread.id) ?? {};
        const isOwn = this.#own.includes(thread.id);
        if (membership && !isOwn && !this.#hidden.has(thread.id)) this.#own.unshift(thread.id);
        if (!membership && isOwn) this.#own = this.#own.filter((id) => id !== thread.id);
        this.#publish();
    }

    /** What a live event says of a new message. */
    said(message: Message, rev: number): void {
        const thread = this.#known.get(message.threadId);
        if (!thread) return;
        const isNew = message.seq > thread.seq;
        this.#set({ ...thread, seq: Math.max(thread.seq, message.seq), rev: Math.max(thread.rev, rev) });
        if (message.authorId === this.#core.me()) this.read(thread.id, message.seq);
        else if (isNew) this.#unread(thread.id, message.mentions);
    }

    /** Something was said in a thread that is not joined here. */
    activity({ threadId, seq, mentioned }: Events['thread:activity']): void {
        const thread = this.#known.get(threadId);
        if (!thread?.membership || this.#hidden.delete(threadId)) {
            this.fetch(threadId);
        } else if (seq > thread.seq) {
            this.#set({ ...thread, seq });
            this.#unread(threadId, mentioned);
        }
    }

    /** The user has read so far: never less than before, if it is not `exactly`. */
    read(threadId: string, seq: number, exactly?: Partial<Membership>): void {
        const thread = this.#known.get(threadId);
        if (!thread?.membership || (!exactly && seq <= thread.membership.readSeq)) return;
        const unread = Math.max(0, thread.seq - seq);
        const mentions = unread === 0 ? 0 : thread.membership.mentions;
        this.member(threadId, { readSeq: seq, unread, mentions, ...exactly });
    }

    member(threadId: string, change: Partial<Membership>): void {
        const thread = this.#known.get(threadId);
        if (thread?.membership) this.#set({ ...thread, membership: { ...thread.membership, ...change } });
    }

    /** No longer the user's own; hidden ones come back when something is said. */
    remove(threadId: string, isHidden = false): void {
        if (isHidden) this.#hidden.add(threadId);
        else this.#withdraw(threadId);
        this.#own = this.#own.filter((id) => id !== threadId);
        this.#publish();
    }

    fetch(threadId: string): void {
        const found = this.#core.api.get('/api/threads/{threadId}', { path: { threadId } });
        found.then((thread) => this.add(thread)).catch(() => {});
    }

    /** Lays down all that is known of another user. */
    clear(): void {
        this.#known.clear();
        this.#own = [];
        this.#hidden.clear();
        this.#publish();
    }

    #withdraw(id: string): void {
        const thread = this.#known.get(id);
        if (thread) this.#known.set(id, { ...thread, membership: null });
    }

    #unread(threadId: string, mentioned: readonly string[]): void {
        const thread = this.#known.get(threadId);
        if (!thread?.membership) return;
        const { readSeq, mentions } = thread.membership;
        const isMeant = mentioned.includes('all') || mentioned.includes(this.#core.me() ?? '');
        const now = isMeant ? Math.min(mostMentions, mentions + 1) : mentions;
        this.member(threadId, { unread: Math.max(0, thread.seq - readSeq), mentions: now });
    }

    /** Answers may be older than events that came before them. */
    #merge(given: Thread): void {
        const known = this.#known.get(given.id);
        const membership = given.membership === undefined ? (known?.membership ?? null) : given.membership;
        if (!known) return void this.#known.set(given.id, { ...given, membership });
        const newer = given.rev >= known.rev ? given : known;
        const counts = given.seq >= known.seq || !known.membership ? membership : known.membership;
        const seq = Math.max(given.seq, known.seq);
        this.#known.set(given.id, { ...newer, seq, membership: counts });
    }

    #set(thread: Thread): void {
        this.#known.set(thread.id, thread);
        this.#publish();
    }
}
