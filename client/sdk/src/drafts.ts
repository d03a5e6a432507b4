import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import { byFrame } from './clock.ts';
import type { Core } from './core.ts';
import type { TabChannel } from './tabs.ts';
import { tabChannel } from './tabs.ts';

/** What is being written, by thread; stored at each change. */
export class Drafts {
    readonly #core: Core;
    readonly #drafts = new Map<string, Signal<string>>();
    readonly #kept = new Map<string, string>();
    readonly #all = signal<ReadonlyMap<string, string>>(new Map());
    readonly all: ReadonlySignal<ReadonlyMap<string, string>> = this.#all;
    readonly #publish: () => void;
    #tabs: TabChannel<{ threadId: string; text: string }> | undefined;

    constructor(core: Core) {
        this.#core = core;
        this.#publish = byFrame(core.clock, () => {
            this.#all.value = new Map([...this.#kept].filter(([, text]) => text !== ''));
        });
    }

    get(threadId: string): Signal<string> {
        let draft = this.#drafts.get(threadId);
        if (!draft) {
            draft = signal(this.#kept.get(threadId) ?? '');
            this.#drafts.set(threadId, draft);
            draft.subscribe((text) => this.#changed(threadId, text));
        }
        return draft;
    }

    /** Takes up what is stored; what was written meanwhile stays. */
    async restore(): Promise<void> {
        this.#tabs?.close();
        this.#tabs = tabChannel(`banter:drafts:${this.#core.me()}`, ({ threadId, text }) => {
            this.#kept.set(threadId, text);
            this.get(threadId).value = text;
            this.#publish();
        });
        for (const [threadId, text] of this.#kept)
            void this.#core.shelf.save('draft', threadId, text || undefined);
        for (const [threadId, text] of await this.#core.shelf.list('draft')) {
            if (this.#kept.get(threadId)) continue;
            this.#kept.set(threadId, String(text));
            this.get(threadId).value = String(text);
        }
        this.#publish();
    }

    /** Another user begins with nothing here; what is stored stays where it is. */
    clear(): void {
        this.#kept.clear();
        for (const draft of this.#drafts.values()) draft.value = '';
        this.#publish();
    }

    close(): void {
        this.#tabs?.close();
        this.#tabs = undefined;
    }

    #changed(threadId: string, text: string): void {
        if (text === (this.#kept.get(threadId) ?? '')) return;
        this.#kept.set(threadId, text);
        void this.#core.shelf.save('draft', threadId, text || undefined);
        this.#tabs?.tell({ threadId, text });
        this.#publish();
    }
}
