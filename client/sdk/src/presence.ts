import type { ReadonlySignal } from '@preact/signals-core';
import type { Timer } from './clock.ts';
import type { Core } from './core.ts';
import { SignalMap } from './signals.ts';
import type { PresenceWatch } from './types.ts';
import type { Presence } from './wire.ts';

const mostWatched = 500;
/** The server takes five of these a second. */
const settleMs = 250;

/** Whom the app shows, counted, as the one list that the server is told. */
export class PresenceBook implements PresenceWatch {
    readonly #core: Core;
    readonly #shown = new SignalMap<Presence>();
    readonly #counts = new Map<string, number>();
    #timer: Timer | undefined;
    #own: 'online' | 'away' | 'dnd' = 'online';

    constructor(core: Core) {
        this.#core = core;
    }

    get(userId: string): ReadonlySignal<Presence | undefined> {
        return this.#shown.of(userId);
    }

    watch(userIds: readonly string[]): () => void {
        const ids = [...new Set(userIds)];
        for (const id of ids) this.#count(id, 1);
        this.#later();
        let ended = false;
        return () => {
            if (ended) return;
            ended = true;
            for (const id of ids) this.#count(id, -1);
            this.#later();
        };
    }

    update({ userId, presence, lastActiveAt }: Presence): void {
        this.#shown.of(userId).value = { userId, presence, lastActiveAt };
    }

    setOwn(presence: 'online' | 'away' | 'dnd'): void {
        this.#own = presence;
        if (this.#core.link.up) this.#core.link.ask('presence:set', { presence }).catch(() => {});
    }

    /** A new connection knows nothing of the old one's list. */
    up(): void {
        if (this.#own !== 'online') this.setOwn(this.#own);
        if (this.#counts.size > 0) this.#tell();
    }

    #count(userId: string, by: number): void {
        const count = (this.#counts.get(userId) ?? 0) + by;
        if (count > 0) this.#counts.set(userId, count);
        else this.#counts.delete(userId);
    }

    #later(): void {
        this.#timer ??= this.#core.clock.after(settleMs, () => {
            this.#timer = undefined;
            this.#tell();
        });
    }

    #tell(): void {
        if (!this.#core.link.up) return;
        const userIds = [...this.#counts.keys()].slice(-mostWatched);
        this.#core.link.ask('presence:watch', { userIds }).then(
            ({ presences }) => {
                const told = new Set(presences.map(({ userId }) => userId));
                for (const id of userIds) if (!told.has(id)) this.#shown.of(id).value = undefined;
                for (const presence of presences) this.update(presence);
            },
            // Refused for a while, or gone with the connection, which tells it anew.
            () => this.#core.link.up && this.#later(),
        );
    }
}
