import type { ReadonlySignal } from '@preact/signals-core';
import type { Core } from './core.ts';
import { SignalMap } from './signals.ts';
import type { Users } from './types.ts';
import type { Account, User } from './wire.ts';

const mostIds = 200;

/** Everyone who was named in an answer, and whoever is asked for. */
export class UserDirectory implements Users {
    readonly #core: Core;
    readonly #users = new SignalMap<User>();
    #wanted = new Set<string>();
    readonly #asked = new Set<string>();

    constructor(core: Core) {
        this.#core = core;
    }

    get(id: string): ReadonlySignal<User | undefined> {
        const user = this.#users.of(id);
        if (!user.peek()) this.#want(id);
        return user;
    }

    async search(query: string, aborted?: AbortSignal): Promise<Account[]> {
        const signal = aborted ? { signal: aborted } : {};
        const { items } = await this.#core.api.get('/api/users', { query: { q: query }, ...signal });
        this.add(items);
        return items;
    }

    add(users: readonly User[]): void {
        for (const user of users) {
            const known = this.#users.of(user.id);
            // Most answers name people who are known as they are.
            if (JSON.stringify(known.peek()) !== JSON.stringify(user)) known.value = user;
        }
    }

    known(): User[] {
        return [...this.#users.values()].flatMap((user) => user.peek() ?? []);
    }

    /** After a lost connection those who were not found may be. */
    askAgain(): void {
        this.#asked.clear();
        for (const [id, user] of this.#users) if (!user.peek()) this.#want(id);
    }

    #want(id: string): void {
        if (this.#asked.has(id)) return;
        this.#asked.add(id);
        if (this.#wanted.size === 0) this.#core.clock.frame(() => this.#ask());
        this.#wanted.add(id);
    }

    #ask(): void {
        const ids = [...this.#wanted];
        this.#wanted = new Set();
        for (let from = 0; from < ids.length; from += mostIds) {
            const some = ids.slice(from, from + mostIds);
            this.#core.api.get('/api/users', { query: { ids: some.join(',') } }).then(
                ({ items }) => this.add(items),
                () => some.forEach((id) => void this.#asked.delete(id)),
            );
        }
    }
}
