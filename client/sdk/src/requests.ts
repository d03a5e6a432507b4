import type { Clock, Timer } from './clock.ts';
import { BanterError } from './error.ts';
import type { Answer, ErrorFrame, RequestType } from './wire.ts';

interface Open {
    take(frame: unknown): void;
    fail(error: BanterError): void;
    timer: Timer;
}

/** What was asked on one connection and is not answered yet, by id. */
export class Requests {
    readonly #clock: Clock;
    #next = 1;
    readonly #open = new Map<string, Open>();

    constructor(clock: Clock) {
        this.#clock = clock;
    }

    /**
     * Notes a request; `send` gets its id. `take` runs inside the frame's own turn, before any later frame is looked at,
     * which a promise does not promise.
     */
    ask<T extends RequestType>(
        send: (id: string) => void,
        ms: number,
        take?: (answer: Answer<T>) => void,
    ): Promise<Answer<T>> {
        const id = String(this.#next++);
        return new Promise((resolve, reject) => {
            const done = (settle: () => void) => {
                this.#open.get(id)?.timer.cancel();
                this.#open.delete(id);
                settle();
            };
            const fail = (error: BanterError) => done(() => reject(error));
            const timer = this.#clock.after(ms, () =>
                fail(new BanterError('timeout', `nothing in ${ms} ms`)),
            );
            const taken = (frame: unknown) =>
                done(() => {
                    take?.(frame as Answer<T>);
                    resolve(frame as Answer<T>);
                });
            this.#open.set(id, { take: taken, fail, timer });
            send(id);
        });
    }

    /** Gives an answer to who asked; late and unknown ones are dropped. */
    answered(frame: { type: string; re?: string }): void {
        const open = this.#open.get(frame.re ?? '');
        if (!open) return;
        if (frame.type !== 'error') open.take(frame);
        else {
            const { code, detail, retryAfterMs } = frame as ErrorFrame;
            open.fail(new BanterError(code, detail, null, retryAfterMs));
        }
    }

    /** The connection is gone. */
    failAll(error: BanterError): void {
        for (const open of [...this.#open.values()]) open.fail(error);
    }
}
