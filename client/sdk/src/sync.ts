import { signal } from '@preact/signals-core';
import type { Backoff } from './backoff.ts';
import type { Timer } from './clock.ts';
import type { Core } from './core.ts';
import { BanterError } from './error.ts';
import type { MessageWindow } from './window.ts';
import type { Joined, Message } from './wire.ts';

/** Answers to a join are large, and lines may be slow. */
const joinMs = 30_000;
/** More pages of changes than these are not read: what is newest is asked for instead. */
const mostPages = 20;
/** The same for what a reload has left, of which little is kept. */
const mostPagesOfStored = 1;

/** Where a copy of a thread stands. */
export interface Standing {
    rev: number;
    epoch: string;
    /** The newest seq at that rev. */
    newest: number;
}

/**
 * Keeps a window of one thread as the server has it: joins, catches up by `rev`, takes live events only in their order
 * without a gap, and joins again at the first sign of one.
 */
export class ThreadSync {
    readonly #core: Core;
    readonly #threadId: string;
    readonly #window: MessageWindow;
    /** Called after each answer; `isAnew` when the window was replaced. */
    readonly #taken: (joined: Joined, isAnew: boolean) => void;
    readonly state = signal<'joining' | 'live' | 'behind' | 'gone'>('joining');
    #standing: Standing | undefined;
    #isWanted = false;
    #isAsking = false;
    /** Counts what was asked: the answer of an older one comes after the thread was left, and changes nothing. */
    #turn = 0;
    #pages = 0;
    #mostPages = mostPages;
    /** New messages of a join that takes several answers: they come by rev, and are added by seq when all are there. */
    readonly #incoming = new Map<number, Message>();
    #retry: Timer | undefined;
    readonly #backoff: Backoff;

    constructor(
        core: Core,
        threadId: string,
        window: MessageWindow,
        taken: (joined: Joined, isAnew: boolean) => void,
    ) {
        this.#core = core;
        this.#threadId = threadId;
        this.#window = window;
        this.#taken = taken;
        this.#backoff = core.link.backoff();
    }

    get standing(): Standing | undefined {
        return this.#standing;
    }

    /** The newest seq that is known in order. */
    get newest(): number {
        return this.#standing?.newest ?? 0;
    }

    /** Begins with what a reload has left. */
    restore(standing: Standing): void {
        this.#standing = standing;
        this.#mostPages = mostPagesOfStored;
        this.state.value = 'behind';
    }

    /** Joins, now or as soon as there is a connection. */
    want(): void {
        this.#isWanted = true;
        if (this.state.peek() === 'gone') this.state.value = 'joining';
        if (this.state.peek() !== 'live') this.up();
    }

    leave(): void {
        if (!this.#isWanted) return;
        this.down();
        this.#isWanted = false;
        if (this.#core.link.up)
            this.#core.link.ask('thread:leave', { threadId: this.#threadId }).catch(() => {});
    }

    up(): void {
        this.#retry?.cancel();
        if (this.#isWanted && !this.#isAsking && this.#core.link.up) this.#ask();
    }

    down(): void {
        this.#retry?.cancel();
        this.#isAsking = false;
        this.#turn++;
        if (this.state.peek() === 'live') this.state.value = 'behind';
    }

    /** There is no such thread for this user any more. */
    gone(): void {
        this.down();
        this.#isWanted = false;
        this.forget();
        this.state.value = 'gone';
    }

    /** Drops the copy. */
    forget(): void {
        this.#standing = undefined;
        this.#incoming.clear();
        this.#window.clear();
        if (this.state.peek() !== 'gone') this.state.value = 'joining';
    }

    /** Whether a live event is the next one; anything else is old, or shows that one is missing. */
    isNext(rev: number, newest = 0): boolean {
        const standing = this.#standing;
        if (this.state.peek() !== 'live' || !standing || rev <= standing.rev) return false;
        if (rev === standing.rev + 1) {
            this.#standing = { ...standing, rev, newest: Math.max(standing.newest, newest) };
            return true;
        }
        this.state.value = 'behind';
        this.up();
        return false;
    }

    #ask(): void {
        const { rev: since, epoch } = this.#standing ?? {};
        const isAnew = since === undefined || epoch === undefined;
        const fields = isAnew ? { threadId: this.#threadId } : { threadId: this.#threadId, since, epoch };
        this.#isAsking = true;
        // An answer that comes after the thread was left changes nothing.
        const turn = ++this.#turn;
        const take = (joined: Joined) => turn === this.#turn && this.#take(joined, isAnew);
        this.#core.link.ask('thread:join', fields, { take, ms: joinMs }).catch((thrown) => {
            if (turn === this.#turn) this.#failed(BanterError.from(thrown));
        });
    }

    #take(joined: Joined, wasAskedAnew: boolean): void {
        this.#isAsking = false;
        const isAnew = wasAskedAnew || joined.reset;
        if (isAnew) this.#begin(joined);
        else for (const message of joined.messages) this.#changedSince(message);
        const newest = Math.max(joined.thread.seq, isAnew ? 0 : this.newest);
        const epoch = this.#core.epoch() ?? '';
        const known = joined.complete ? newest : this.newest;
        this.#standing = { rev: joined.rev, epoch, newest: known };
        if (joined.complete) this.#complete();
        else this.#goOn();
        this.#taken(joined, isAnew);
    }

    #begin({ messages, thread }: Joined): void {
        this.#incoming.clear();
        const atStart = (messages[0]?.seq ?? 0) <= thread.firstSeq;
        this.#window.replace(messages, { atStart, atEnd: true });
    }

    #changedSince(message: Message): void {
        if (message.seq > this.newest) this.#incoming.set(message.seq, message);
        else this.#window.put(message);
    }

    #complete(): void {
        const added = [...this.#incoming.values()].sort((a, b) => a.seq - b.seq);
        for (const message of added) this.#window.put(message);
        this.#incoming.clear();
        this.#pages = 0;
        this.#mostPages = mostPages;
        this.#backoff.reset();
        this.state.value = 'live';
    }

    #goOn(): void {
        if (++this.#pages >= this.#mostPages) {
            this.#pages = 0;
            this.#standing = undefined;
        }
        this.#ask();
    }

    #failed({ code, retryAfterMs }: BanterError): void {
        this.#isAsking = false;
        if (code === 'not_found' || code === 'forbidden') this.gone();
        // After a lost connection the next one asks.
        else if (code !== 'disconnected') {
            this.#retry = this.#core.clock.after(retryAfterMs ?? this.#backoff.next(), () => this.up());
        }
    }
}
