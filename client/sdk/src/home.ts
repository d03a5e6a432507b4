import { batch, effect, signal } from '@preact/signals-core';
import type { Timer } from './clock.ts';
import type { Core } from './core.ts';
import type { Threads } from './threads.ts';
import type { Session } from './types.ts';
import type { UserDirectory } from './users.ts';
import type { Boot, Connected, Thread, User } from './wire.ts';

const saveMs = 5_000;
const againMs = 2_000;
const mostUsers = 500;

interface Snapshot {
    session: Session;
    threads: Thread[];
    users: User[];
}

/** Who is here, and with which threads: of the last visit at first, then as the server says with each connection. */
export class Home {
    readonly #core: Core;
    readonly #users: UserDirectory;
    readonly #threads: Threads;
    readonly session = signal<Session | null>(null);
    readonly stale = signal(true);
    #saving: Timer | undefined;
    #again: Timer | undefined;
    /** Answers are taken in the order of asking; a later one makes an earlier one old. */
    #asked = 0;
    #taken = 0;

    constructor(core: Core, users: UserDirectory, threads: Threads) {
        this.#core = core;
        this.#users = users;
        this.#threads = threads;
        effect(() => {
            const isWorthIt = threads.list.value && this.session.value && !this.stale.value;
            if (isWorthIt) this.#saving ??= core.clock.after(saveMs, () => this.save());
        });
    }

    /** Shows what the last visit left. */
    async restore(): Promise<void> {
        const owner = this.#core.me();
        const snapshot = (await this.#core.shelf.load('snapshot')) as Snapshot | undefined;
        if (!snapshot || !this.stale.peek() || owner !== this.#core.me()) return;
        batch(() => {
            this.session.value ??= snapshot.session;
            this.#show(snapshot.users, snapshot.threads);
        });
    }

    up({ user, workspace, epoch }: Connected): void {
        const before = this.session.peek();
        // After a backup was restored, what is known may be of a time that never was.
        if (before && before.epoch !== epoch) this.#threads.clear();
        this.session.value = { user, workspace, role: workspace.role, epoch };
        this.#users.add([user]);
        void this.boot();
    }

    down(): void {
        this.#again?.cancel();
    }

    /** Threads and counts as they are now: no event tells of what happened while there was no connection. */
    async boot(): Promise<void> {
        this.down();
        const order = ++this.#asked;
        try {
            const boot = await this.#core.api.get('/api/boot');
            const threads = await this.#all(boot.threads);
            if (order > this.#taken) this.#take(boot, threads, order);
        } catch {
            if (this.#core.link.up) this.#again = this.#core.clock.after(againMs, () => void this.boot());
        }
    }

    save(): void {
        this.#saving?.cancel();
        this.#saving = undefined;
        const session = this.session.peek();
        if (!session || this.stale.peek()) return;
        const users = this.#users.known().slice(-mostUsers);
        const snapshot: Snapshot = { session, users, threads: [...this.#threads.list.peek()] };
        void this.#core.shelf.save('snapshot', '', snapshot);
    }

    clear(): void {
        this.#taken = this.#asked;
        this.#threads.clear();
        batch(() => {
            this.session.value = null;
            this.stale.value = true;
        });
    }

    async #all({ items, next }: Boot['threads']): Promise<Thread[]> {
        const threads = [...items];
        for (let cursor = next; cursor !== null; ) {
            const page = await this.#core.api.get('/api/threads', { query: { cursor, limit: 200 } });
            threads.push(...page.items);
            cursor = page.next;
        }
        return threads;
    }

    #take({ user, workspace, users, epoch }: Boot, threads: Thread[], order: number): void {
        // Before the first connection nobody knows yet who this is.
        if (user.id !== (this.#core.me() ?? user.id)) return;
        this.#taken = order;
        batch(() => {
            this.session.value = { user, workspace, role: workspace.role, epoch };
            this.#show(users, threads);
            this.stale.value = false;
        });
    }

    #show(users: User[], threads: Thread[]): void {
        this.#users.add(users);
        this.#threads.listed(threads);
    }
}
