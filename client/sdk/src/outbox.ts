import { type ReadonlySignal, signal } from '@preact/signals-core';
import { slept } from './clock.ts';
import type { Core } from './core.ts';
import { BanterError, type ErrorCode } from './error.ts';
import type { Outgoing } from './rows.ts';
import { alone } from './tabs.ts';
import type { NewMessage, PendingMessage, Sent } from './types.ts';
import { uuidMaker } from './uuid.ts';
import type { Message } from './wire.ts';

interface Entry extends Outgoing {
    message?: never;
    settle: (message: Message) => void;
    refuse: (error: BanterError) => void;
    stored: Promise<void>;
    /** Another tab may have it too, and may have sent it. */
    isRestored: boolean;
    tries: number;
}

interface Stored {
    pending: PendingMessage;
    failed?: { code: ErrorCode; detail: string };
}

/** After these the same message is sent again by itself. */
const passing = new Set<ErrorCode>([
    'rate_limited',
    'busy',
    'outcome_unknown',
    'storage_unavailable',
    'internal',
    'timeout',
    'disconnected',
    'unauthenticated',
    'signed_out',
    'network',
]);
/** A fault of the server that stays is shown after so many tries. */
const mostFaults = 5;
/** A store that does not answer must not keep a message from being sent. */
const storeMs = 1_000;

/**
 * Messages that the server does not have. They are sent one after the other in each thread, with a nonce that makes a
 * second sending harmless, and are stored until they are settled or discarded.
 */
export class Outbox {
    readonly #core: Core;
    /** Called at each change of a thread's messages; `settled` is one that the server has now. */
    readonly #changed: (threadId: string, settled?: Message) => void;
    readonly #entries = new Map<string, Entry>();
    /** Threads of which one is being sent. */
    readonly #busy = new Set<string>();
    readonly #wakers = new Set<() => void>();
    readonly #all = signal<readonly PendingMessage[]>([]);
    readonly all: ReadonlySignal<readonly PendingMessage[]> = this.#all;
    readonly #newNonce: () => string;

    constructor(core: Core, changed: (threadId: string, settled?: Message) => void) {
        this.#core = core;
        this.#changed = changed;
        this.#newNonce = uuidMaker(() => core.clock.now());
    }

    of(threadId: string): Outgoing[] {
        return [...this.#entries.values()].filter(({ pending }) => pending.threadId === threadId);
    }

    send(threadId: string, { content, attachments = [], replyTo = null }: NewMessage): Sent {
        const nonce = this.#newNonce();
        const createdAt = new Date(this.#core.clock.now()).toISOString();
        const settled = this.#add({ nonce, threadId, content, attachments, replyTo, createdAt });
        this.#notify(threadId);
        void this.#pump(threadId);
        return { nonce, settled };
    }

    retry(nonce: string): void {
        const entry = this.#entries.get(nonce);
        if (entry?.state !== 'failed') return;
        // Under a nonce that holds something else it can never be sent.
        const isTaken = entry.error?.code === 'nonce_reused';
        this.#remove(nonce);
        void this.#add(isTaken ? { ...entry.pending, nonce: this.#newNonce() } : entry.pending);
        this.#notify(entry.pending.threadId);
        void this.#pump(entry.pending.threadId);
    }

    discard(nonce: string): void {
        const entry = this.#entries.get(nonce);
        if (!entry) return;
        this.#remove(nonce);
        entry.refuse(new BanterError('aborted', 'discarded'));
        this.#notify(entry.pending.threadId);
    }

    /** A message that the server has; gives whether it was ours to send. */
    seen(message: Message): boolean {
        const entry = this.#entries.get(message.nonce);
        if (!entry || message.authorId !== this.#core.me()) return false;
        this.#remove(message.nonce);
        entry.settle(message);
        this.#notify(message.threadId, message);
        return true;
    }

    /** Takes up what is stored of this user. */
    async restore(): Promise<void> {
        // What was written before it was known by whom.
        for (const { pending } of this.#entries.values()) void this.#store({ pending });
        for (const [nonce, value] of await this.#core.shelf.list('outbox')) {
            if (this.#entries.has(nonce)) continue;
            const { pending, failed } = value as Stored;
            void this.#add(pending, failed ? new BanterError(failed.code, failed.detail) : undefined, true);
            this.#notify(pending.threadId);
        }
        this.up();
    }

    /** There is a connection: sends all that waits, pauses or not. */
    up(): void {
        for (const wake of [...this.#wakers]) wake();
        const threads = new Set([...this.#entries.values()].map(({ pending }) => pending.threadId));
        for (const threadId of threads) void this.#pump(threadId);
    }

    /** Another user; what is stored stays for this one. */
    clear(): void {
        const threads = new Set([...this.#entries.values()].map(({ pending }) => pending.threadId));
        this.#entries.clear();
        for (const threadId of threads) this.#notify(threadId);
    }

    #add(pending: PendingMessage, error?: BanterError, isRestored = false): Promise<Message> {
        const settled = new Promise<Message>((settle, refuse) => {
            const stored = isRestored ? Promise.resolve() : this.#store({ pending });
            const state = error ? 'failed' : 'sending';
            const entry: Entry = { pending, state, settle, refuse, stored, isRestored, tries: 0 };
            if (error) entry.error = error;
            this.#entries.set(pending.nonce, entry);
        });
        // Nobody has to wait for it.
        settled.catch(() => {});
        return settled;
    }

    #remove(nonce: string): void {
        this.#entries.delete(nonce);
        void this.#core.shelf.save('outbox', nonce, undefined);
    }

    #store(value: Stored): Promise<void> {
        // A URL of a file works for minutes only.
        const attachments = value.pending.attachments.map((file) => ({ ...file, url: '', variants: [] }));
        const pending = { ...value.pending, attachments };
        return this.#core.shelf.save('outbox', pending.nonce, { ...value, pending });
    }

    #notify(threadId: string, settled?: Message): void {
        this.#all.value = [...this.#entries.values()].map(({ pending }) => pending);
        this.#changed(threadId, settled);
    }

    /** Sends what waits in one thread, in order. */
    async #pump(threadId: string): Promise<void> {
        if (this.#busy.has(threadId)) return;
        this.#busy.add(threadId);
        const backoff = this.#core.link.backoff();
        while (this.#core.link.up) {
            const entry = this.of(threadId).find(({ state }) => state === 'sending') as Entry | undefined;
            if (!entry) break;
            const error = await this.#sendOne(entry);
            if (!error) backoff.reset();
            else if (this.#isPassing(entry, error)) await this.#pause(error.retryAfterMs ?? backoff.next());
        }
        this.#busy.delete(threadId);
    }

    /** Undefined when it is settled, here or in another tab. */
    async #sendOne(entry: Entry): Promise<BanterError | undefined> {
        const { nonce, threadId, content, attachments, replyTo } = entry.pending;
        await Promise.race([entry.stored, slept(this.#core.clock, storeMs)]);
        const fields = {
            threadId,
            nonce,
            content,
            ...(attachments.length > 0 && { attachments: attachments.map(({ id }) => id) }),
            ...(replyTo !== null && { replyTo }),
        };
        try {
            await alone(`banter:send:${this.#core.me()}:${threadId}`, async () => {
                const isThere = !entry.isRestored || (await this.#core.shelf.has('outbox', nonce));
                if (!isThere) return this.#sentElsewhere(entry);
                if (!this.#entries.has(nonce)) return;
                await this.#core.link.ask('message:send', fields, {
                    take: ({ message }) => this.seen(message),
                });
            });
            return undefined;
        } catch (thrown) {
            return BanterError.from(thrown);
        }
    }

    #isPassing(entry: Entry, error: BanterError): boolean {
        if (error.code === 'internal') entry.tries++;
        const isPassing = passing.has(error.code) && entry.tries < mostFaults;
        if (!this.#entries.has(entry.pending.nonce)) return isPassing;
        // An object of its own for each state, by which rows are told apart.
        const next: Entry = { ...entry, error, state: isPassing ? 'sending' : 'failed' };
        this.#entries.set(entry.pending.nonce, next);
        if (!isPassing) {
            void this.#store({ pending: entry.pending, failed: { code: error.code, detail: error.detail } });
            entry.refuse(error);
        }
        this.#notify(entry.pending.threadId);
        return isPassing;
    }

    /** The message comes, or came, as everybody's do. */
    #sentElsewhere({ pending }: Entry): void {
        this.#entries.delete(pending.nonce);
        this.#notify(pending.threadId);
    }

    /** Until then, or until there is a new connection. */
    #pause(ms: number): Promise<void> {
        return new Promise((resolve) => {
            const done = () => {
                timer.cancel();
                this.#wakers.delete(done);
                resolve();
            };
            const timer = this.#core.clock.after(ms, done);
            this.#wakers.add(done);
        });
    }
}
