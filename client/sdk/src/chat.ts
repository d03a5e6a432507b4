import { batch } from '@preact/signals-core';
import { type Api, createApi } from './api.ts';
import type { AuthContext } from './auth.ts';
import { realClock } from './clock.ts';
import type { Core } from './core.ts';
import { Drafts } from './drafts.ts';
import { Files } from './files.ts';
import { Home } from './home.ts';
import { Link } from './link.ts';
import { Outbox } from './outbox.ts';
import { PresenceBook } from './presence.ts';
import { ReadMarks } from './read-marks.ts';
import { LiveRoom } from './room.ts';
import { RoomCache } from './room-cache.ts';
import { dispatch } from './dispatch.ts';
import { Shelf } from './shelf.ts';
import { memoryStore } from './store.ts';
import { indexedDbStore } from './store-indexeddb.ts';
import { browserSurroundings } from './surroundings.ts';
import { Threads } from './threads.ts';
import type { Chat, ChatOptions, UploadOptions } from './types.ts';
import { UserDirectory } from './users.ts';
import type { AnyEvent, Attachment, Connected, Membership, Thread } from './wire.ts';

/** Closed threads of which the messages are kept in memory. */
const mostClosedRooms = 20;
export function createChat(options: ChatOptions): Chat {
    return new LiveChat(options);
}

export class LiveChat implements Chat {
    readonly #options: ChatOptions;
    readonly api: Api;
    readonly core: Core;
    readonly link: Link;
    readonly users: UserDirectory;
    readonly presence: PresenceBook;
    readonly book: Threads;
    readonly outbox: Outbox;
    readonly marks: ReadMarks;
    readonly #drafts: Drafts;
    readonly #files: Files;
    readonly #cache: RoomCache;
    readonly #rooms = new Map<string, LiveRoom>();
    readonly #listeners = new Set<(event: AnyEvent) => void>();
    readonly #context: AuthContext;
    #isStarted = false;
    readonly #home: Home;

    constructor(options: ChatOptions) {
        this.#options = options;
        const url = options.url.replace(/\/+$/, '');
        const clock = options.clock ?? realClock;
        // Unbound, as a method of something else, browsers refuse to run it.
        const fetcher = options.fetch ?? ((input, init) => fetch(input, init));
        this.#context = { url, fetch: fetcher, clock };
        options.auth.bind?.(this.#context);
        this.api = createApi({ ...this.#context, auth: options.auth });
        this.link = this.#newLink();
        this.core = this.#newCore();
        this.users = new UserDirectory(this.core);
        this.presence = new PresenceBook(this.core);
        this.book = new Threads(this.core);
        this.#home = new Home(this.core, this.users, this.book);
        this.marks = new ReadMarks(this.core, this.book);
        this.outbox = new Outbox(this.core, (threadId, settled) =>
            this.room(threadId)?.outboxChanged(settled),
        );
        this.#drafts = new Drafts(this.core);
        this.#files = new Files(this.core);
        this.#cache = new RoomCache(this.core);
        options.auth.onChange?.((change) => {
            if (change === 'renewed') void this.link.renewed();
            else if (change === 'signed-in') this.link.reconnect();
            else this.link.signedOut();
        });
    }

    get connection() {
        return this.link.connection;
    }

    get session() {
        return this.#home.session;
    }

    get stale() {
        return this.#home.stale;
    }

    get threads() {
        return this.book.list;
    }

    get drafts() {
        return this.#drafts.all;
    }

    get unsent() {
        return this.outbox.all;
    }

    async start(): Promise<void> {
        if (this.#isStarted) return;
        this.#isStarted = true;
        const userId = await this.core.shelf.lastOwner();
        if (userId !== undefined && this.#me === undefined) await this.#become(userId);
        this.link.start();
        void this.#home.boot();
    }

    async stop(): Promise<void> {
        this.#isStarted = false;
        this.#home.down();
        // Before the connection ends, while it is known what is up to date.
        for (const room of this.#rooms.values()) room.save();
        this.#home.save();
        this.link.stop();
        this.#drafts.close();
        await this.core.shelf.flush();
    }

    connectNow(): void {
        this.link.connectNow();
    }

    setPresence(presence: 'online' | 'away' | 'dnd'): void {
        this.presence.setOwn(presence);
    }

    room(threadId: string): LiveRoom | undefined {
        return this.#rooms.get(threadId);
    }

    open(threadId: string): LiveRoom {
        const room = this.#rooms.get(threadId) ?? this.#newRoom(threadId);
        // The newest last, so that the oldest closed one goes first.
        this.#rooms.delete(threadId);
        this.#rooms.set(threadId, room);
        room.open();
        this.#forgetRooms();
        return room;
    }

    addThread(thread: Thread): void {
        this.book.add(thread);
    }

    async setLevel(
        threadId: string,
        level: Membership['level'],
        mutedUntil: string | null = null,
    ): Promise<void> {
        const body = { level, mutedUntil };
        this.book.add(
            await this.api.put('/api/threads/{threadId}/preferences', { path: { threadId }, body }),
        );
    }

    async leave(threadId: string): Promise<void> {
        await this.api.post('/api/threads/{threadId}/leave', { path: { threadId } });
        this.book.remove(threadId, this.book.get(threadId)?.kind === 'direct');
    }

    async upload(file: Blob, options?: UploadOptions): Promise<Attachment> {
        // Most visits upload nothing: who does loads this then.
        const { upload } = await import('./upload.ts');
        const token = (refused?: string) => this.#options.auth.token(refused);
        return upload({ ...this.#context, core: this.core, token }, file, options);
    }

    fresh(attachment: Attachment): Promise<Attachment> {
        return this.#files.fresh(attachment);
    }

    onEvent(listener: (event: AnyEvent) => void): () => void {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    }

    async forget(): Promise<void> {
        await this.stop();
        this.#clear();
        await this.core.shelf.forget();
    }

    get #me(): string | undefined {
        return this.core.shelf.owner;
    }

    #newLink(): Link {
        const { auth, backoff, WebSocket: socket } = this.#options;
        const { url, clock } = this.#context;
        return new Link({
            url,
            clock,
            WebSocket: socket ?? WebSocket,
            surroundings: browserSurroundings,
            ...(backoff && { backoff }),
            token: (refused) => auth.token(refused),
            onUp: (connected) => this.#up(connected),
            onDown: () => this.#down(),
            onEvent: (frame) => this.#told(frame as AnyEvent),
        });
    }

    #newCore(): Core {
        const store =
            this.#options.store ?? (typeof indexedDB === 'undefined' ? memoryStore() : indexedDbStore());
        const shelf = new Shelf(store);
        return {
            link: this.link,
            api: this.api,
            clock: this.#context.clock,
            shelf,
            me: () => shelf.owner,
            epoch: () => this.session.peek()?.epoch,
        };
    }

    #newRoom(threadId: string): LiveRoom {
        const { core, users, outbox, marks } = this;
        const parts = {
            core,
            users,
            outbox,
            marks,
            threads: this.book,
            drafts: this.#drafts,
            cache: this.#cache,
        };
        const room = new LiveRoom(parts, threadId);
        this.#rooms.set(threadId, room);
        return room;
    }

    #forgetRooms(): void {
        const closed = [...this.#rooms].filter(([, room]) => !room.isOpen);
        for (const [threadId, room] of closed.slice(0, -mostClosedRooms)) {
            room.end();
            this.#rooms.delete(threadId);
        }
    }

    #up(connected: Connected): void {
        batch(() => {
            if (connected.user.id !== this.#me) void this.#become(connected.user.id);
            this.#home.up(connected);
        });
        this.outbox.up();
        for (const room of this.#rooms.values()) room.up();
        this.marks.up();
        this.presence.up();
        this.users.askAgain();
    }

    #down(): void {
        this.#home.down();
        for (const room of this.#rooms.values()) room.down();
    }

    #told(event: AnyEvent): void {
        dispatch(this, event);
        for (const listener of [...this.#listeners]) listener(event);
    }

    /** Shows another user's things, or the first one's. */
    async #become(userId: string): Promise<void> {
        if (this.#me !== undefined) this.#clear();
        this.core.shelf.own(userId);
        await Promise.all([this.#home.restore(), this.outbox.restore(), this.#drafts.restore()]);
    }

    #clear(): void {
        this.outbox.clear();
        this.#drafts.clear();
        this.marks.clear();
        this.#cache.clear();
        for (const room of this.#rooms.values()) room.reset();
        this.#home.clear();
    }
}
