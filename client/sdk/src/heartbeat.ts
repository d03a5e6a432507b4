import type { Clock, Timer } from './clock.ts';

const tickMs = 2_000;
/** After so long without running, the server has closed the connection, whatever the socket says. */
const sleptMs = 75_000;
/** Timers that come so late mean that the machine slept, or that the browser slowed a hidden tab down. */
const lateMs = 5_000;
const pongMs = 10_000;
const quickPongMs = 2_000;

/** Finds out that a connection is dead though no close came: silence, or a machine that slept. */
export class Heartbeat {
    readonly #clock: Clock;
    readonly #silenceMs: number;
    readonly #ping: () => void;
    readonly #dead: () => void;
    #heardAt: number;
    #nextTick = 0;
    #tick: Timer | undefined;
    #probe: Timer | undefined;

    constructor(clock: Clock, silenceMs: number, ping: () => void, dead: () => void) {
        this.#clock = clock;
        this.#silenceMs = silenceMs;
        this.#ping = ping;
        this.#dead = dead;
        this.#heardAt = clock.now();
        this.#schedule();
    }

    /** Something came from the server. */
    heard(): void {
        this.#heardAt = this.#clock.now();
        this.#probe?.cancel();
        this.#probe = undefined;
    }

    /** Looks now, as when the page comes to the front. */
    check(): void {
        const late = this.#clock.now() - this.#nextTick;
        this.#schedule();
        if (late >= sleptMs) this.#dead();
        else if (late >= lateMs) this.probe(quickPongMs);
        else if (this.#clock.now() - this.#heardAt >= this.#silenceMs) this.probe(pongMs);
    }

    /** Pings, and takes the connection for dead if nothing comes in time. */
    probe(ms = quickPongMs): void {
        if (this.#probe) return;
        this.#probe = this.#clock.after(ms, () => this.#dead());
        this.#ping();
    }

    stop(): void {
        this.#tick?.cancel();
        this.#probe?.cancel();
    }

    #schedule(): void {
        this.#tick?.cancel();
        this.#nextTick = this.#clock.now() + tickMs;
        this.#tick = this.#clock.after(tickMs, () => this.check());
    }
}
