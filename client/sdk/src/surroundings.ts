/** What the browser says about the network and the page; nothing where there is no browser. */
export interface Surroundings {
    online(): boolean;
    /** Calls back until the returned function is called. */
    watch(on: { online(): void; offline(): void; visible(): void }): () => void;
}

export const browserSurroundings: Surroundings = {
    online: () => typeof navigator === 'undefined' || navigator.onLine !== false,
    watch(on) {
        if (typeof document === 'undefined') return () => {};
        const ended = new AbortController();
        const { signal } = ended;
        addEventListener('online', () => on.online(), { signal });
        addEventListener('offline', () => on.offline(), { signal });
        const seen = () => document.visibilityState === 'visible' && on.visible();
        document.addEventListener('visibilitychange', seen, { signal });
        // A page that comes back out of the browser's cache has lost its socket without a word.
        addEventListener('pageshow', seen, { signal });
        return () => ended.abort();
    },
};
