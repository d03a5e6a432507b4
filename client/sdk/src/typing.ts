import { signal } from '@preact/signals-core';
import type { Timer } from './clock.ts';
import type { Core } from './core.ts';
import type { Events } from './wire.ts';

/** The others hear of it so often at most, which is before it expires for them. */
const tellMs = 3_000;

/** Who is typing in one thread, and telling that this user is. */
export class Typing {
    readonly #core: Core;
    readonly #threadId: string;
    readonly ids = signal<readonly string[]>([]);
    readonly #ends = new Map<string, Timer>();
    #toldAt = Number.NEGATIVE_INFINITY;

    constructor(core: Core, threadId: string) {
        this.#core = core;
        this.#threadId = threadId;
    }

    start(): void {
        const now = this.#core.clock.now();
        if (now - this.#toldAt < tellMs || !this.#core.link.up) return;
        this.#toldAt = now;
        this.#core.link.tell('typing:start', { threadId: this.#threadId });
    }

    /** Says so if the others still believe it. */
    stop(): void {
        if (this.#toldAt === Number.NEGATIVE_INFINITY) return;
        this.sent();
        this.#core.link.tell('typing:stop', { threadId: this.#threadId });
    }

    /** A message says it, too. */
    sent(): void {
        this.#toldAt = Number.NEGATIVE_INFINITY;
    }

    told({ userId, typing, expiresInMs }: Events['typing:update']): void {
        if (!typing || userId === this.#core.me()) {
            this.stopped(userId);
            return;
        }
        this.#ends.get(userId)?.cancel();
        this.#ends.set(
            userId,
            this.#core.clock.after(expiresInMs, () => this.stopped(userId)),
        );
        if (!this.ids.peek().includes(userId)) this.ids.value = [...this.ids.peek(), userId];
    }

    stopped(userId: string): void {
        this.#ends.get(userId)?.cancel();
        if (this.#ends.delete(userId)) this.ids.value = this.ids.peek().filter((id) => id !== userId);
    }

    /** What was told ends with the connection. */
    clear(): void {
        for (const userId of [...this.#ends.keys()]) this.stopped(userId);
        this.sent();
    }
}
