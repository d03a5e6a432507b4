// A server of one thread that does what a test says: it answers when it is told to, loses, repeats and cuts.
import type { Attachment, Message, Thread, User } from '../../src/index.ts';

export const threadId = '00000000-0000-7000-8000-00000000000a';
export const me = person('00000000-0000-7000-8000-000000000001', 'me');
export const other = person('00000000-0000-7000-8000-000000000002', 'other');

function person(id: string, handle: string): User {
    return { id, handle, displayName: handle, avatarUrl: null, bot: false, status: null, deletedAt: null };
}

type Frame = Record<string, unknown> & { type: string; id?: string };

/** What a test may decide about a request before the server does: an answer, silence (null), or nothing special. */
export type Rule = (frame: Frame, socket: FakeSocket) => object | null | undefined;

export class FakeSocket {
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    onclose?: (event: { code: number; reason: string }) => void;
    onerror?: () => void;
    /** From the client, not looked at yet. */
    readonly asked: Frame[] = [];
    /** For the client, not delivered yet. */
    readonly told: object[] = [];
    isOpen = false;
    isJoined = false;
    isKnown = false;

    constructor(private readonly server: FakeServer) {
        queueMicrotask(() => this.server.arrived(this));
    }

    open(): void {
        this.isOpen = true;
        this.onopen?.();
    }

    send(text: string): void {
        if (!this.isOpen) return;
        this.asked.push(JSON.parse(text) as Frame);
        if (this.server.isPrompt) this.server.run(this);
    }

    tell(frame: object): void {
        if (!this.isOpen) return;
        this.told.push(frame);
        if (this.server.isPrompt) this.deliver();
    }

    /** Gives the client what waits for it, or so many of it. */
    deliver(count = Number.POSITIVE_INFINITY): void {
        for (; count > 0 && this.told.length > 0; count--) {
            this.onmessage?.({ data: JSON.stringify(this.told.shift()) });
        }
    }

    /** What was on its way in either direction is lost. */
    cut(code = 1006, reason = ''): void {
        if (!this.isOpen) return;
        this.isOpen = false;
        this.asked.length = 0;
        this.told.length = 0;
        this.onclose?.({ code, reason });
    }

    close(): void {
        this.isOpen = false;
    }
}

export class FakeServer {
    readonly sockets: FakeSocket[] = [];
    readonly messages: Message[] = [];
    readonly received: Frame[] = [];
    /** Requests over HTTP that wait, if `holdsFetches`. */
    readonly fetches: { url: URL; answer: () => void; fail: () => void }[] = [];
    rev = 0;
    readSeq = 0;
    epoch = 'e1';
    heartbeatMs = 60_000;
    tokenExpiresAt: string | null = null;
    /** Whether everything is looked at and delivered at once. */
    isPrompt = true;
    isReachable = true;
    holdsFetches = false;
    rules: Rule[] = [];
    /** So many new messages at most in one answer to a join. */
    pageOfJoin = 500;

    constructor(private readonly now: () => number) {}

    get socket(): FakeSocket | undefined {
        return this.sockets.findLast(({ isOpen }) => isOpen);
    }

    readonly WebSocket = ((server: FakeServer) =>
        class {
            constructor() {
                const socket = new FakeSocket(server);
                server.sockets.push(socket);
                // The library holds what it makes as a WebSocket.
                // biome-ignore lint/correctness/noConstructorReturn: stands in for a class of the platform.
                return socket;
            }
        })(this) as unknown as typeof WebSocket;

    arrived(socket: FakeSocket): void {
        if (this.isReachable) socket.open();
        else socket.onclose?.({ code: 1006, reason: '' });
    }

    /** Looks at what the client asked, or at so many of it. */
    run(socket: FakeSocket, count = Number.POSITIVE_INFINITY): void {
        for (; count > 0 && socket.asked.length > 0; count--) {
            const frame = socket.asked.shift() as Frame;
            this.received.push(frame);
            const ruled = this.rules
                .map((rule) => rule(frame, socket))
                .find((answer) => answer !== undefined);
            const answer = ruled === undefined ? this.#answer(frame, socket) : ruled;
            if (answer) socket.tell({ ...answer, ...(frame.id !== undefined && { re: frame.id }) });
        }
    }

    thread(): Thread {
        const seq = this.messages.length;
        const membership = {
            role: 'member',
            readSeq: this.readSeq,
            unread: seq - this.readSeq,
            mentions: 0,
        } as const;
        return {
            id: threadId,
            workspaceId: 'w',
            kind: 'channel',
            visibility: 'public',
            name: 'general',
            topic: '',
            parent: null,
            memberIds: null,
            seq,
            rev: this.rev,
            firstSeq: 1,
            createdBy: other.id,
            createdAt: '2026-11-01T00:00:00.000Z',
            archivedAt: null,
            membership: { ...membership, level: 'all', mutedUntil: null },
        };
    }

    /** Somebody writes; the same nonce of the same author is the same message. */
    post(
        content: string,
        author: User = other,
        nonce: string = crypto.randomUUID(),
        attachments: Attachment[] = [],
    ): Message {
        const known = this.messages.find(
            (message) => message.nonce === nonce && message.authorId === author.id,
        );
        if (known) return known;
        const seq = this.messages.length + 1;
        const message: Message = {
            id: `00000000-0000-7000-9000-${String(seq).padStart(12, '0')}`,
            threadId,
            seq,
            rev: ++this.rev,
            authorId: author.id,
            nonce,
            content,
            attachments,
            mentions: [],
            replyTo: null,
            reactions: [],
            replyThread: null,
            createdAt: new Date(this.now()).toISOString(),
            editedAt: null,
            deletedAt: null,
        };
        this.messages.push(message);
        return message;
    }

    edit(seq: number, content: string): void {
        const known = this.messages[seq - 1];
        if (!known) return;
        const message = { ...known, content, rev: ++this.rev, editedAt: new Date(this.now()).toISOString() };
        this.messages[seq - 1] = message;
        this.broadcast({ type: 'message:update', threadId, rev: this.rev, message });
    }

    /** As `post`, and everybody who has joined is told. */
    say(content: string, author?: User, nonce?: string): Message {
        const before = this.rev;
        const message = this.post(content, author, nonce);
        if (this.rev > before) this.broadcast({ type: 'message:new', threadId, rev: message.rev, message });
        return message;
    }

    broadcast(frame: object): void {
        for (const socket of this.sockets) if (socket.isJoined) socket.tell(frame);
    }

    cut(code?: number, reason?: string): void {
        this.socket?.cut(code, reason);
    }

    #answer(frame: Frame, socket: FakeSocket): object | null {
        switch (frame.type) {
            case 'connect':
                socket.isKnown = true;
                return this.connected();
            case 'thread:join':
                return this.#join(frame, socket);
            case 'thread:leave':
                socket.isJoined = false;
                return { type: 'thread:left', threadId };
            case 'message:send':
                return this.#send(frame, socket);
            case 'read:mark':
                this.readSeq = Math.max(this.readSeq, Number(frame['seq']));
                return { type: 'read:marked', threadId, seq: this.readSeq, unread: 0, mentions: 0 };
            case 'auth:refresh':
                return { type: 'auth:refreshed', tokenExpiresAt: this.tokenExpiresAt };
            case 'presence:watch':
                return { type: 'presence:watching', presences: [] };
            case 'presence:set':
                return { type: 'presence:changed', presence: frame['presence'] };
            case 'ping':
                return { type: 'pong', serverTime: new Date(this.now()).toISOString() };
            default:
                return null;
        }
    }

    connected(): object {
        return {
            type: 'connected',
            protocol: 1,
            features: [],
            epoch: this.epoch,
            user: me,
            workspace: { id: 'w', name: 'w', role: 'member' },
            sessionId: 's',
            serverTime: new Date(this.now()).toISOString(),
            heartbeatMs: this.heartbeatMs,
            tokenExpiresAt: this.tokenExpiresAt,
        };
    }

    #join(frame: Frame, socket: FakeSocket): object {
        const { since, epoch } = frame as { since?: number; epoch?: string };
        const common = { type: 'thread:joined', threadId, thread: this.thread(), users: [me, other] };
        const isAnew = since === undefined || epoch !== this.epoch || since > this.rev;
        if (isAnew) {
            socket.isJoined = true;
            const messages = this.messages.slice(-50);
            return { ...common, messages, rev: this.rev, complete: true, reset: since !== undefined };
        }
        const changed = this.messages.filter(({ rev }) => rev > since).sort((a, b) => a.rev - b.rev);
        const messages = changed.slice(0, this.pageOfJoin);
        const complete = messages.length === changed.length;
        if (complete) socket.isJoined = true;
        const rev = complete ? this.rev : (messages.at(-1)?.rev ?? since);
        return { ...common, messages, rev, complete, reset: false };
    }

    #send(frame: Frame, socket: FakeSocket): null {
        const before = this.rev;
        const message = this.post(String(frame['content']), me, String(frame['nonce']));
        socket.tell({ type: 'message:sent', message, re: frame.id });
        if (this.rev > before) this.broadcast({ type: 'message:new', threadId, rev: message.rev, message });
        return null;
    }

    readonly fetch: typeof fetch = async (input) => {
        const url = new URL(String(input));
        if (!this.isReachable) throw new TypeError('fetch failed');
        // Read when it is asked, whenever it is answered.
        const body = JSON.stringify(this.#fetched(url));
        const response = () => new Response(body, { headers: { 'Content-Type': 'application/json' } });
        if (!this.holdsFetches) return response();
        return new Promise((resolve, reject) => {
            const answer = () => resolve(response());
            const fail = () => reject(new TypeError('fetch failed'));
            this.fetches.push({ url, answer, fail });
        });
    };

    #fetched(url: URL): object {
        if (url.pathname === '/api/boot') {
            const workspace = { id: 'w', name: 'w', role: 'member' };
            const threads = { items: [this.thread()], next: null };
            return { user: me, workspace, threads, users: [me, other], epoch: this.epoch, serverTime: '' };
        }
        if (url.pathname.endsWith('/messages')) return this.#history(url.searchParams);
        if (url.pathname.endsWith('/read')) return { threadId, seq: this.readSeq, unread: 0, mentions: 0 };
        if (url.pathname === `/api/threads/${threadId}`) return this.thread();
        return { items: [me, other], next: null };
    }

    #history(query: URLSearchParams): object {
        const limit = Number(query.get('limit') ?? 50);
        const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
        const [before, after, around] = [number('before'), number('after'), number('around')];
        if (after !== undefined) {
            const items = this.messages.slice(after, after + limit);
            return { items, next: after + limit < this.messages.length ? 'more' : null, users: [] };
        }
        const end = around ? around + limit / 2 : (before ?? this.messages.length + 1) - 1;
        const start = Math.max(0, Math.min(end, this.messages.length) - limit);
        return { items: this.messages.slice(start, end), next: start > 0 ? 'more' : null, users: [] };
    }
}
