import type { ReadonlySignal } from '@preact/signals-core';

/** Waits end by an event; this only says that it never came. Generous, as machines are slow and busy. */
export const patience = 20_000 * Number(process.env['BANTER_PATIENCE'] ?? 1);

/** Settles as `promise` does, or rejects with the name of what was waited for. */
export async function within<T>(promise: Promise<T>, what: () => string, ms = patience): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what()}: not within ${ms} ms`)), ms);
    });
    return Promise.race([promise, expired]).finally(() => clearTimeout(timer));
}

/** The first value of a signal that fits. */
export function when<T>(of: ReadonlySignal<T>, fits: (value: T) => boolean, ms = patience): Promise<T> {
    let end = () => {};
    const found = new Promise<T>((resolve) => {
        end = of.subscribe((value) => {
            if (fits(value)) resolve(value);
        });
    });
    const what = () => `${fits}; now ${JSON.stringify(of.peek())?.slice(0, 2000)}`;
    return within(found, what, ms).finally(() => end());
}
