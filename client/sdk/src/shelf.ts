import type { Store } from './store.ts';

export type Kind = 'outbox' | 'draft' | 'room' | 'rooms' | 'snapshot';
const lastOwner = 'last-user';

/**
 * What one user has in a store. What is written while the store is busy goes to it together, each name's newest value
 * only. A store that fails (full, blocked, gone) costs what a reload would have kept, and nothing else. Before its owner
 * is known nothing is kept.
 */
export class Shelf {
    readonly #store: Store;
    #owner: string | undefined;
    readonly #waiting = new Map<string, unknown>();
    #running: Promise<void> | undefined;

    constructor(store: Store) {
        this.#store = store;
    }

    get owner(): string | undefined {
        return this.#owner;
    }

    own(userId: string): void {
        this.#owner = userId;
        void this.#save(lastOwner, userId);
    }

    async lastOwner(): Promise<string | undefined> {
        const userId = await this.#store.get(lastOwner).catch(() => undefined);
        return typeof userId === 'string' ? userId : undefined;
    }

    /** Resolves when it is stored, or can't be. `undefined` deletes. */
    save(kind: Kind, id: string, value: unknown): Promise<void> {
        return this.#owner === undefined ? Promise.resolve() : this.#save(this.#name(kind, id), value);
    }

    async load(kind: Kind, id = ''): Promise<unknown> {
        if (this.#owner === undefined) return undefined;
        return this.#store.get(this.#name(kind, id)).catch(() => undefined);
    }

    /** Whether it is there; also if that can't be found out. */
    has(kind: Kind, id: string): Promise<boolean> {
        return this.#store.get(this.#name(kind, id)).then(
            (value) => value !== undefined,
            () => true,
        );
    }

    async list(kind: Kind): Promise<[id: string, value: unknown][]> {
        const prefix = this.#name(kind, '');
        const found = await this.#store.list(prefix).catch(() => []);
        return found.map(([name, value]) => [name.slice(prefix.length), value]);
    }

    /** Resolves when nothing waits. */
    flush(): Promise<void> {
        return this.#running ?? Promise.resolve();
    }

    /** Removes all that is the owner's, who then is unknown. */
    async forget(): Promise<void> {
        const prefix = `${this.#owner}/`;
        this.#owner = undefined;
        await this.flush();
        const names = [lastOwner, ...(await this.#store.list(prefix)).map(([name]) => name)];
        await this.#store.write(new Map(names.map((name) => [name, undefined])));
    }

    #name(kind: Kind, id: string): string {
        return `${this.#owner}/${kind}/${id}`;
    }

    #save(name: string, value: unknown): Promise<void> {
        this.#waiting.delete(name);
        this.#waiting.set(name, value);
        this.#running ??= this.#run();
        return this.#running;
    }

    async #run(): Promise<void> {
        // What its caller writes in one go is kept in one go: no reload comes between.
        await Promise.resolve();
        while (this.#waiting.size > 0) {
            const round = [...this.#waiting];
            this.#waiting.clear();
            await this.#write(round).catch(async () => {
                // One that is too large must not take the others with it.
                for (const one of round) await this.#write([one]).catch(() => {});
            });
        }
        this.#running = undefined;
    }

    #write(values: [name: string, value: unknown][]): Promise<void> {
        return this.#store.write(new Map(values));
    }
}
