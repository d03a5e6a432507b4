// What a program that uses the library sees. Signals are those of @preact/signals-core: read `.value` inside an
// effect or a component, or `.subscribe(fn)` without any framework.
import type { ReadonlySignal, Signal } from '@preact/signals-core';
import type { Api } from './api.ts';
import type { Auth } from './auth.ts';
import type { Clock } from './clock.ts';
import type { BanterError } from './error.ts';
import type { Store } from './store.ts';
import type {
    Account,
    AnyEvent,
    Attachment,
    Membership,
    Message,
    Presence,
    Role,
    Thread,
    User,
    Workspace,
} from './wire.ts';

export interface ChatOptions {
    /** Where the server is, as `https://chat.example.com`; a page of the server's own gives `location.origin`. */
    url: string;
    auth: Auth;
    /** Unsent messages, drafts and what to show before the server has answered. IndexedDB in browsers by default, memory elsewhere. */
    store?: Store;
    /** Bounds of the pause before the next try to connect, which is chosen at random below a doubling limit. */
    backoff?: { minMs: number; maxMs: number };
    /** For tests and unusual platforms. */
    fetch?: typeof fetch;
    WebSocket?: typeof WebSocket;
    clock?: Clock;
}

/**
 * - `idle`: not started, or stopped.
 * - `connecting`, `online`: what they say.
 * - `waiting`: not connected; the next try is at `retryAt`.
 * - `offline`: as `waiting`, and the browser says that there is no network.
 * - `signed-out`: there is no token; connects by itself when `auth` has one again.
 * - `refused`: the server does not speak with this version of the library; it does not try again.
 */
export interface Connection {
    state: 'idle' | 'connecting' | 'online' | 'waiting' | 'offline' | 'signed-out' | 'refused';
    /** When it came to this state, in ms since 1970. */
    since: number;
    /** When it will try again, in ms since 1970. */
    retryAt?: number;
    /** Why it is not online. */
    error?: BanterError;
}

export interface Session {
    user: User;
    workspace: Workspace;
    role: Role;
    /** Changes when the server was restored from a backup. */
    epoch: string;
}

/** A message that the server has not acknowledged. It is kept over reloads until it is sent or discarded. */
export interface PendingMessage {
    nonce: string;
    threadId: string;
    content: string;
    attachments: readonly Attachment[];
    replyTo: string | null;
    /** RFC 3339. */
    createdAt: string;
}

interface RowBase {
    /** The same from the optimistic row to the settled one. */
    key: string;
    authorId: string;
    /** RFC 3339: when the message was made. */
    createdAt: string;
    /** The day in the time zone of this device, as `2026-11-22`. */
    day: string;
    /** Whether it is the first of its day in the window. */
    startsDay: boolean;
    /** Whether it goes on from the row above: same author, same day, within five minutes, and quotes nothing. */
    grouped: boolean;
}
export interface SettledRow extends RowBase {
    state: 'settled';
    message: Message;
    pending?: undefined;
    error?: undefined;
}
export interface SendingRow extends RowBase {
    state: 'sending';
    message?: undefined;
    pending: PendingMessage;
    /** Why the last try failed, while it is tried again. */
    error?: BanterError;
}
export interface FailedRow extends RowBase {
    state: 'failed';
    message?: undefined;
    pending: PendingMessage;
    error: BanterError;
}
/** One line of the list. Stays the same object while nothing of it changes. */
export type Row = SettledRow | SendingRow | FailedRow;

export interface RoomWindow {
    /** Whether the first row is the first message of the thread. */
    atStart: boolean;
    /** Whether the last row is the newest message, so that new ones are added to it. */
    atEnd: boolean;
    /** What is on its way: the first rows of all, older or newer ones, or another place. */
    loading: 'first' | 'older' | 'newer' | 'place' | null;
    /** Why the last of these failed; null after one that succeeded. */
    error: BanterError | null;
}

export interface NewMessage {
    content: string;
    attachments?: readonly Attachment[];
    /** The id of the quoted message of the same thread. */
    replyTo?: string | null;
}

export interface Sent {
    nonce: string;
    /** The message once the server has it; rejects with a BanterError when it is refused. Need not be awaited. */
    settled: Promise<Message>;
}

/**
 * One open thread. It joins when it is opened, stays joined over lost connections, and catches up with all that it
 * missed. All changes of one frame of the screen come as one change of `rows`.
 */
export interface Room {
    readonly threadId: string;
    /** Undefined until it is known. */
    readonly thread: ReadonlySignal<Thread | undefined>;
    /**
     * `joining` until the first answer; `live` when up to date and told of changes; `behind` while not connected or
     * catching up; `gone` when there is no such thread for this user (any more).
     */
    readonly state: ReadonlySignal<'joining' | 'live' | 'behind' | 'gone'>;
    /** Messages in order, then those that are being sent (when the window is at the end). */
    readonly rows: ReadonlySignal<readonly Row[]>;
    readonly window: ReadonlySignal<RoomWindow>;
    /** Loads the page above or below the window. At most 1,000 messages are kept; the far end is dropped. */
    older(): Promise<void>;
    newer(): Promise<void>;
    /** Replaces the window by one around a message, from a time on, or at the end. */
    around(seq: number): Promise<void>;
    at(time: Date): Promise<void>;
    latest(): Promise<void>;

    /** Shows the message at once, sends it as soon as it can, and moves the window to the end. */
    send(message: NewMessage): Sent;
    /** Tries a failed message again. */
    retry(nonce: string): void;
    /** Gives a message up that is not sent. Whether one that is on its way arrives is not known. */
    discard(nonce: string): void;
    /** With `ifRev`, fails with `conflict` if the message is not as it was then. */
    edit(messageId: string, content: string, ifRev?: number): Promise<Message>;
    remove(messageId: string): Promise<Message>;
    /** Shown at once and taken back if it fails. */
    react(messageId: string, emoji: string): Promise<void>;
    unreact(messageId: string, emoji: string): Promise<void>;

    /** The others who are typing. */
    readonly typing: ReadonlySignal<readonly string[]>;
    /** To be called at each change of the text; tells the others at most every three seconds. */
    startTyping(): void;
    stopTyping(): void;

    /** How far others have read, in direct threads and small groups: seq by user id. */
    readonly readers: ReadonlySignal<ReadonlyMap<string, number>>;
    /** Everything up to this seq is read; without one, everything. Never goes back. */
    markRead(seq?: number): void;
    /** The message with this seq is the first unread one. */
    markUnread(seq: number): Promise<void>;

    /** What is being written, kept over reloads and shared between tabs; `send` does not clear it. */
    readonly draft: Signal<string>;
    /** Ends this opening. The last one leaves the thread after a while; what is cached stays. */
    close(): void;
}

export interface Users {
    /** Looked up in the background if it is not known. */
    get(id: string): ReadonlySignal<User | undefined>;
    /** By the beginning of a handle, of a name, or of a word in one. */
    search(query: string, signal?: AbortSignal): Promise<Account[]>;
}

export interface PresenceWatch {
    get(userId: string): ReadonlySignal<Presence | undefined>;
    /** Asks to be told of these users until the returned function is called. At most 500 in all are watched. */
    watch(userIds: readonly string[]): () => void;
}

export interface UploadOptions {
    /** The file's name where the Blob has none. */
    name?: string;
    /** Both in bytes; `sent` never goes back. */
    onProgress?: (sent: number, total: number) => void;
    signal?: AbortSignal;
}

/** Everything of one signed-in person. */
export interface Chat {
    /** Shows what is stored, then connects; resolves when what is stored is shown. */
    start(): Promise<void>;
    /** Disconnects, and resolves when all that was written is stored. Can be started again. */
    stop(): Promise<void>;
    /** Tries to connect now instead of at `retryAt`. */
    connectNow(): void;
    readonly connection: ReadonlySignal<Connection>;
    /** Stays when the sign-in ends, so that the view can stay; another user's sign-in replaces everything. */
    readonly session: ReadonlySignal<Session | null>;
    /** True while what is shown comes from the store and not from the server. */
    readonly stale: ReadonlySignal<boolean>;
    /** The user's own threads, in the server's order; each is replaced by a new object when it changes. */
    readonly threads: ReadonlySignal<readonly Thread[]>;
    readonly users: Users;
    readonly presence: PresenceWatch;
    /** How the user is shown on all devices; said again after a lost connection. */
    setPresence(presence: 'online' | 'away' | 'dnd'): void;
    /** Text by thread id, of threads with one that is not empty. */
    readonly drafts: ReadonlySignal<ReadonlyMap<string, string>>;
    /** Messages of all threads that are not sent, in the order of writing; failed ones too. */
    readonly unsent: ReadonlySignal<readonly PendingMessage[]>;
    /** Opens a thread; each call counts, and needs its own `close()`. */
    open(threadId: string): Room;
    /** Puts a thread that an answer of the API brought into `threads`, as one that was just made. */
    addThread(thread: Thread): void;
    /** What the user wants to be told of in a thread. */
    setLevel(threadId: string, level: Membership['level'], mutedUntil?: string | null): Promise<void>;
    /** Ends the membership, or hides a direct thread. */
    leave(threadId: string): Promise<void>;
    /** Uploads a file, in a way that survives a lost connection if it is large. Send it with `room.send`. */
    upload(file: Blob, options?: UploadOptions): Promise<Attachment>;
    /** The same attachment with a URL that works for a minute at least; asks the server only if it has to. */
    fresh(attachment: Attachment): Promise<Attachment>;
    /** All of the HTTP contract. */
    readonly api: Api;
    /** Everything that the server tells, after the library has taken it in. Returns the function that ends it. */
    onEvent(listener: (event: AnyEvent) => void): () => void;
    /** Stops, and removes all that is stored of this user on this device, unsent messages too. */
    forget(): Promise<void>;
}
