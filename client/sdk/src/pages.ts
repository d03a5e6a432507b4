import { signal } from '@preact/signals-core';
import type { Core } from './core.ts';
import { BanterError } from './error.ts';
import type { RoomWindow } from './types.ts';
import type { MessageWindow } from './window.ts';
import type { MessagePage } from './wire.ts';

const limit = 50;
type Loading = NonNullable<RoomWindow['loading']>;
type Place = { before?: number; after?: number; around?: number; at?: string };

/** Moves a window through the history of its thread. */
export class Pages {
    readonly #core: Core;
    readonly #threadId: string;
    readonly #window: MessageWindow;
    readonly #newest: () => number;
    readonly #took: (page: MessagePage) => void;
    readonly state = signal<RoomWindow>({ atStart: false, atEnd: false, loading: 'first', error: null });
    #loading: { what: Loading; done: Promise<void> } | undefined;
    #error: BanterError | null = null;
    #isEmpty = true;
    /** Counts the stretches: a page that was asked for in another one fits nowhere. */
    #stretch = 0;

    constructor(
        core: Core,
        threadId: string,
        window: MessageWindow,
        newest: () => number,
        took: (page: MessagePage) => void,
    ) {
        this.#core = core;
        this.#threadId = threadId;
        this.#window = window;
        this.#newest = newest;
        this.#took = took;
    }

    /** The window was replaced, or has changed at its ends. */
    changed(isAnew = false): void {
        if (isAnew) {
            this.#stretch++;
            this.#isEmpty = false;
        }
        const { atStart, atEnd } = this.#window;
        const loading = this.#loading?.what ?? (this.#isEmpty ? 'first' : null);
        const now = { atStart, atEnd, loading, error: this.#error };
        const before = this.state.peek();
        const keys = ['atStart', 'atEnd', 'loading', 'error'] as const;
        if (keys.some((key) => now[key] !== before[key])) this.state.value = now;
    }

    emptied(): void {
        this.#isEmpty = true;
        this.#stretch++;
        this.changed();
    }

    async older(): Promise<void> {
        const { atStart, firstSeq } = this.#window;
        if (atStart || firstSeq < 0) return;
        await this.#load('older', { before: firstSeq }, ({ items, next }) =>
            this.#window.addOlder(items, next === null),
        );
    }

    async newer(): Promise<void> {
        const { atEnd, lastSeq } = this.#window;
        if (atEnd || lastSeq < 0) return;
        await this.#load('newer', { after: lastSeq }, ({ items, next }) =>
            this.#window.addNewer(items, next === null || this.#reachesEnd(items)),
        );
    }

    around(seq: number): Promise<void> {
        return this.#load('place', { around: seq }, ({ items, next }) => {
            this.#window.replace(items, { atStart: next === null, atEnd: this.#reachesEnd(items) });
        });
    }

    async at(time: Date, firstSeq: number): Promise<void> {
        let isOver = false;
        await this.#load('place', { at: time.toISOString() }, ({ items, next }) => {
            isOver = items.length === 0;
            if (isOver) return;
            const atStart = (items[0]?.seq ?? 0) <= firstSeq;
            this.#window.replace(items, { atStart, atEnd: next === null });
        });
        if (isOver) await this.latest();
    }

    async latest(): Promise<void> {
        if (this.#window.atEnd || this.#isEmpty) return;
        await this.#load('place', {}, ({ items, next }) => {
            this.#window.replace(items, { atStart: next === null, atEnd: true });
        });
    }

    #reachesEnd(items: MessagePage['items']): boolean {
        return (items.at(-1)?.seq ?? 0) >= this.#newest();
    }

    /** One page at a time; the same asked twice is one, and another place goes before everything. */
    #load(what: Loading, query: Place, take: (page: MessagePage) => void): Promise<void> {
        if (this.#loading && what !== 'place') {
            if (this.#loading.what === what || this.#loading.what === 'place') return this.#loading.done;
        }
        if (what === 'place') this.#stretch++;
        const done = this.#fetch(this.#stretch, query, what, take);
        const loading = { what, done };
        this.#loading = loading;
        this.changed();
        return done.finally(() => {
            if (this.#loading === loading) this.#loading = undefined;
            this.changed();
        });
    }

    async #fetch(
        stretch: number,
        query: Place,
        what: Loading,
        take: (page: MessagePage) => void,
    ): Promise<void> {
        const loaded = this.#window.loading();
        try {
            const path = { threadId: this.#threadId };
            const options = { path, query: { ...query, limit } };
            const page = await this.#core.api.get('/api/threads/{threadId}/messages', options);
            if (stretch !== this.#stretch) return;
            take(page);
            if (what === 'place') this.#isEmpty = false;
            this.#error = null;
            this.#took(page);
        } catch (thrown) {
            if (stretch === this.#stretch) this.#error = BanterError.from(thrown);
        } finally {
            loaded();
        }
    }
}
