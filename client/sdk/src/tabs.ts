// What tabs of one browser do together. Elsewhere there is one program, and everything is its own.
const inBrowser = typeof document !== 'undefined';

/** Runs alone among all tabs, as far as the browser knows how. */
export function alone<T>(name: string, run: () => Promise<T>): Promise<T> {
    if (!inBrowser || !navigator.locks) return run();
    // The type of `request` loses what its callback gives.
    return navigator.locks.request(name, run) as Promise<T>;
}

export interface TabChannel<T> {
    tell(message: T): void;
    close(): void;
}

/** Messages to the other tabs, never to this one. */
export function tabChannel<T>(name: string, on: (message: T) => void): TabChannel<T> {
    if (!inBrowser || typeof BroadcastChannel === 'undefined') return { tell() {}, close() {} };
    const channel = new BroadcastChannel(name);
    channel.onmessage = (event) => on(event.data as T);
    return { tell: (message) => channel.postMessage(message), close: () => channel.close() };
}
