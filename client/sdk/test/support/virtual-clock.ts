import type { Clock, Timer } from '../../src/clock.ts';

interface Alarm {
    at: number;
    run: () => void;
}

/** Time that passes only when a test says so. */
export class VirtualClock implements Clock {
    #now = Date.parse('2026-11-22T12:00:00Z');
    readonly #alarms = new Set<Alarm>();
    random: () => number;

    constructor(random: () => number = () => 0.5) {
        this.random = random;
    }

    now = (): number => this.#now;

    after(ms: number, run: () => void): Timer {
        const alarm = { at: this.#now + ms, run };
        this.#alarms.add(alarm);
        return { cancel: () => this.#alarms.delete(alarm) };
    }

    frame(run: () => void): void {
        this.after(0, run);
    }

    /** Runs all that is due, in order, with the promises that follow from each. */
    async advance(ms: number): Promise<void> {
        const end = this.#now + ms;
        await settled();
        for (;;) {
            const next = [...this.#alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
            if (!next) break;
            this.#alarms.delete(next);
            this.#now = Math.max(this.#now, next.at);
            next.run();
            await settled();
        }
        this.#now = end;
    }

    /** Time passes and nothing runs, as when the machine sleeps; what was due runs with the next `advance`. */
    sleep(ms: number): void {
        this.#now += ms;
    }
}

/** Lets all promises go on that can. */
export function settled(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
}
