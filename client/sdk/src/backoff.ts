import type { Clock } from './clock.ts';

/** Pauses chosen at random below a limit that doubles with each failure, so that many clients do not come at once. */
export class Backoff {
    readonly #clock: Clock;
    readonly #minMs: number;
    readonly #maxMs: number;
    #failures = 0;

    constructor(clock: Clock, minMs: number = 500, maxMs: number = 30_000) {
        this.#clock = clock;
        this.#minMs = minMs;
        this.#maxMs = maxMs;
    }

    /** The pause before the next try. */
    next(): number {
        const limit = Math.min(this.#maxMs, this.#minMs * 2 ** this.#failures);
        this.#failures++;
        return this.#clock.random() * limit;
    }

    /** Counts as if so many tries had failed, if they were fewer. */
    atLeast(failures: number): void {
        this.#failures = Math.max(this.#failures, failures);
    }

    reset(): void {
        this.#failures = 0;
    }
}
