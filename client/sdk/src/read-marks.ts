import type { Timer } from './clock.ts';
import type { Core } from './core.ts';
import { BanterError } from './error.ts';
import type { Threads } from './threads.ts';
import type { Events } from './wire.ts';

/** The server writes one mark a second for each user and thread. */
const pauseMs = 1_000;

interface Mark {
    seq: number;
    /** What the server has taken of it. */
    told: number;
    /** Runs while nothing is said, so that a stretch of reading is one mark. */
    timer: Timer | undefined;
    isOnItsWay: boolean;
}

/** How far the user has read: seen at once, told at most once a second, and again after a lost connection. */
export class ReadMarks {
    readonly #core: Core;
    readonly #threads: Threads;
    readonly #marks = new Map<string, Mark>();

    constructor(core: Core, threads: Threads) {
        this.#core = core;
        this.#threads = threads;
    }

    mark(threadId: string, seq: number): void {
        const { membership, seq: last = 0 } = this.#threads.get(threadId) ?? {};
        const upTo = Math.min(seq, last);
        if (!membership || upTo <= membership.readSeq) return;
        this.#threads.read(threadId, upTo);
        const mark = this.#marks.get(threadId);
        if (mark) mark.seq = upTo;
        else {
            const begun: Mark = { seq: upTo, told: 0, timer: undefined, isOnItsWay: false };
            this.#marks.set(threadId, begun);
            this.#tell(threadId, begun);
        }
    }

    /** The message is the first unread one. */
    async markUnread(threadId: string, seq: number): Promise<void> {
        this.#marks.get(threadId)?.timer?.cancel();
        this.#marks.delete(threadId);
        const path = { threadId };
        const state = await this.#core.api.put('/api/threads/{threadId}/read', {
            path,
            body: { seq: seq - 1 },
        });
        this.#threads.read(threadId, state.seq, { unread: state.unread, mentions: state.mentions });
    }

    /** The server says how far this user has read, maybe elsewhere. */
    told({ threadId, seq, unread, mentions }: Events['read:update']): void {
        const mark = this.#marks.get(threadId);
        // Older than what is still to be told.
        if ((mark && mark.told < mark.seq) || unread === undefined || mentions === undefined) return;
        this.#threads.read(threadId, seq, { unread, mentions });
    }

    up(): void {
        for (const [threadId, mark] of this.#marks) if (!mark.isOnItsWay) this.#tell(threadId, mark);
    }

    clear(): void {
        for (const { timer } of this.#marks.values()) timer?.cancel();
        this.#marks.clear();
    }

    #tell(threadId: string, mark: Mark): void {
        mark.timer?.cancel();
        if (mark.told === mark.seq) this.#marks.delete(threadId);
        else if (this.#core.link.up) void this.#ask(threadId, mark);
    }

    async #ask(threadId: string, mark: Mark): Promise<void> {
        const { seq } = mark;
        mark.isOnItsWay = true;
        try {
            await this.#core.link.ask('read:mark', { threadId, seq });
            mark.told = seq;
        } catch (thrown) {
            // Of a thread that is gone nothing is to be told.
            if (/not_found|forbidden/.test(BanterError.from(thrown).code)) mark.told = mark.seq;
        }
        mark.isOnItsWay = false;
        if (this.#marks.get(threadId) !== mark) return;
        mark.timer = this.#core.clock.after(pauseMs, () => this.#tell(threadId, mark));
    }
}
