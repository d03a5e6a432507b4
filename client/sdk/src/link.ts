// The connection to the server: one WebSocket at a time, made anew whenever it is lost.
import { type ReadonlySignal, signal } from '@preact/signals-core';
import { Backoff } from './backoff.ts';
import type { Clock, Timer } from './clock.ts';
import { type CloseAction, closeAction } from './close-codes.ts';
import { BanterError } from './error.ts';
import { Heartbeat } from './heartbeat.ts';
import { Requests } from './requests.ts';
import type { Surroundings } from './surroundings.ts';
import type { Connection } from './types.ts';
import type { Answer, Connected, Fields, RequestType } from './wire.ts';

export interface LinkOptions {
    url: string;
    clock: Clock;
    WebSocket: typeof WebSocket;
    surroundings: Surroundings;
    backoff?: { minMs: number; maxMs: number };
    token(refused?: string): Promise<string | null>;
    /** The server knows who we are. */
    onUp(connected: Connected): void;
    /** A connection that was up is gone. */
    onDown(): void;
    /** A frame that answers nothing. */
    onEvent(frame: { type: string }): void;
}

/** From the first step to `connected`; a token may have to be fetched meanwhile. */
const connectMs = 15_000;
export const answerMs = 10_000;
/** A connection that lasted so long was a good one. */
const stableMs = 5_000;
/** Longer lives of tokens are not watched: timers don't go further, and the server says when they end. */
const watchedLifeMs = 86_400_000;

export class Link {
    readonly #options: LinkOptions;
    readonly #connection = signal<Connection>({ state: 'idle', since: 0 });
    readonly connection: ReadonlySignal<Connection> = this.#connection;
    readonly #backoff: Backoff;
    readonly #requests: Requests;
    #socket: WebSocket | undefined;
    #heartbeat: Heartbeat | undefined;
    /** The timer of the state: the end of a try, the next try, or the end of the token. */
    #timer: Timer | undefined;
    #token: string | undefined;
    /** Whether a token was renewed since the last good connection because the server refused one. */
    #renewed = false;
    #renewedAt = Number.NEGATIVE_INFINITY;
    /** The server's clock less ours. */
    #serverAhead = 0;
    /** Counts tries, so that what belongs to an older one is known. */
    #try = 0;
    #unwatch: (() => void) | undefined;

    constructor(options: LinkOptions) {
        this.#options = options;
        this.#backoff = this.backoff();
        this.#requests = new Requests(options.clock);
    }

    /** As the app wants its pauses. */
    backoff(): Backoff {
        const { clock, backoff } = this.#options;
        return new Backoff(clock, backoff?.minMs, backoff?.maxMs);
    }

    get up(): boolean {
        return this.#connection.peek().state === 'online';
    }

    /** Now, as far as we know, by the server's clock. */
    serverNow(): number {
        return this.#options.clock.now() + this.#serverAhead;
    }

    start(): void {
        if (this.#unwatch) return;
        this.#unwatch = this.#options.surroundings.watch({
            online: () => this.connectNow(),
            visible: () => this.connectNow(),
            offline: () => this.#lost(new BanterError('disconnected', 'no network')),
        });
        this.#connect();
    }

    stop(): void {
        this.#unwatch?.();
        this.#unwatch = undefined;
        this.#end(new BanterError('disconnected', 'stopped'));
        this.#state({ state: 'idle' });
    }

    /** Ends a pause; a connection that is up is looked at. */
    connectNow(): void {
        const { state } = this.#connection.peek();
        if (state === 'waiting' || state === 'offline') this.#connect();
        else if (state === 'online') this.#heartbeat?.check();
    }

    /** Begins anew, as somebody else or somebody again. */
    reconnect(): void {
        if (!this.#unwatch) return;
        this.#renewed = false;
        this.#end(new BanterError('disconnected', 'connecting anew'));
        this.#connect();
    }

    signedOut(error?: BanterError): void {
        if (!this.#unwatch) return;
        this.#end(new BanterError('signed_out', 'signed out'));
        this.#state(error ? { state: 'signed-out', error } : { state: 'signed-out' });
    }

    /** Takes a newer token of the same sign-in onto the connection. */
    async renewed(refused?: string): Promise<void> {
        const turn = this.#try;
        const token = await this.#options.token(refused).catch(() => undefined);
        if (turn !== this.#try || !this.up) return;
        if (token === null) return this.signedOut();
        if (token === undefined || token === this.#token) return;
        this.#token = token;
        const take = (answer: Answer<'auth:refresh'>) => this.#watchToken(answer.tokenExpiresAt);
        await this.ask('auth:refresh', { token }, { take }).catch(() => {});
    }

    /**
     * Asks, and gives the answer; rejects with what the server says against it, or `timeout`, or `disconnected`. `take`
     * runs before any later frame is looked at.
     */
    ask<T extends RequestType>(
        type: T,
        fields: Fields<T>,
        { ms = answerMs, take }: { ms?: number; take?: (answer: Answer<T>) => void } = {},
    ): Promise<Answer<T>> {
        if (!this.up) return Promise.reject(new BanterError('disconnected', 'not connected'));
        return this.#requests.ask((id) => this.#send({ type, id, ...fields }), ms, take);
    }

    /** Says what is not answered, if there is a connection. */
    tell<T extends RequestType>(type: T, fields: Fields<T>): void {
        if (this.up) this.#send({ type, ...fields });
    }

    #send(frame: object): void {
        this.#socket?.send(JSON.stringify(frame));
    }

    #state(state: Omit<Connection, 'since'>): void {
        this.#connection.value = { ...state, since: this.#options.clock.now() };
    }

    async #connect(refused?: string): Promise<void> {
        this.#timer?.cancel();
        const turn = ++this.#try;
        this.#state({ state: 'connecting' });
        const late = () => this.#lost(new BanterError('timeout', 'no connection in time'));
        this.#timer = this.#options.clock.after(connectMs, late);
        try {
            const token = await this.#options.token(refused);
            if (turn !== this.#try) return;
            if (token !== null && token !== refused) return this.#open(token);
            this.signedOut(refused ? new BanterError('unauthenticated', 'the token is refused') : undefined);
        } catch (thrown) {
            if (turn === this.#try) this.#lost(BanterError.from(thrown));
        }
    }

    #open(token: string): void {
        this.#token = token;
        const socket = new this.#options.WebSocket(
            `${this.#options.url.replace(/^http/, 'ws')}/ws?protocol=1`,
        );
        this.#socket = socket;
        const ours =
            <E>(run: (event: E) => void) =>
            (event: E) => {
                if (socket === this.#socket) run(event);
            };
        socket.onopen = ours(() => this.#send({ type: 'connect', token }));
        socket.onmessage = ours((event: MessageEvent) => this.#received(event.data));
        socket.onclose = ours((event: CloseEvent) => this.#closed(event.code, event.reason));
        // A close follows each error; without a listener Node ends the program.
        socket.onerror = () => {};
    }

    #received(data: unknown): void {
        this.#heartbeat?.heard();
        const frame = parsed(data);
        if (!frame) return;
        if (frame.type === 'connected') this.#connected(frame as Connected);
        else if (frame.re !== undefined) this.#requests.answered(frame);
        else if (frame.type !== 'error') this.#options.onEvent(frame);
    }

    #connected(connected: Connected): void {
        this.#renewed = false;
        this.#heartbeat = new Heartbeat(
            this.#options.clock,
            connected.heartbeatMs,
            () => this.#send({ type: 'ping' }),
            () => this.#lost(new BanterError('disconnected', 'the server is silent'), 0),
        );
        this.#state({ state: 'online' });
        this.#serverAhead = Date.parse(connected.serverTime) - this.#options.clock.now();
        this.#watchToken(connected.tokenExpiresAt);
        this.#options.onUp(connected);
    }

    /** Renews a token when a fifth of its life is left, a minute at most. */
    #watchToken(expiresAt: string | null): void {
        this.#timer?.cancel();
        if (expiresAt === null) return;
        const life = Date.parse(expiresAt) - this.serverNow();
        if (life > watchedLifeMs) return;
        const at = Math.max(life - Math.min(60_000, life / 5), 1_000);
        const again = () => {
            // Until it comes through, or the server closes with 4401.
            this.#timer = this.#options.clock.after(5_000, again);
            void this.renewed(this.#token);
        };
        this.#timer = this.#options.clock.after(at, again);
    }

    #closed(code: number, reason: string): void {
        const action = closeAction(code, reason);
        const error = new BanterError(action.code, `closed with ${code} ${reason}`.trim());
        if (action.next === 'refused') {
            this.#end(error);
            this.#state({ state: 'refused', error });
        } else if (action.next === 'renew') this.#renew(error);
        else this.#lost(error, action.afterMs, action);
    }

    /** The token is not taken: once a new one, then the person has to sign in. */
    #renew(error: BanterError): void {
        const wasUp = this.up;
        const now = this.#options.clock.now();
        const again = now - this.#renewedAt < stableMs;
        if (!wasUp && this.#renewed) this.signedOut(error);
        else if (wasUp && again) this.#lost(error);
        else {
            this.#renewed = true;
            this.#renewedAt = now;
            this.#end(error);
            void this.#connect(this.#token);
        }
    }

    /** Ends what is left of a connection or a try, and waits for the next one. */
    #lost(error: BanterError, afterMs?: number, { failures = 0 }: Partial<CloseAction> = {}): void {
        if (!this.#unwatch) return;
        const { state, since } = this.#connection.peek();
        if (state === 'signed-out' || state === 'refused') return;
        const now = this.#options.clock.now();
        if (state === 'online' && now - since >= stableMs) this.#backoff.reset();
        this.#end(error);
        this.#backoff.atLeast(failures);
        const pause = afterMs ?? this.#backoff.next();
        this.#timer = this.#options.clock.after(pause, () => void this.#connect());
        const offline = !this.#options.surroundings.online();
        this.#state({ state: offline ? 'offline' : 'waiting', retryAt: now + pause, error });
    }

    /** Forgets the socket: nothing that it still says is heard. */
    #end(error: BanterError): void {
        const wasUp = this.up;
        this.#try++;
        this.#timer?.cancel();
        this.#heartbeat?.stop();
        this.#heartbeat = undefined;
        const socket = this.#socket;
        this.#socket = undefined;
        socket?.close();
        // Who asked may ask again at once: that has to find it down.
        if (wasUp) this.#state({ state: 'waiting', error });
        this.#requests.failAll(error);
        if (wasUp) this.#options.onDown();
    }
}

function parsed(data: unknown): { type: string; re?: string } | undefined {
    try {
        const frame = JSON.parse(String(data));
        return typeof frame?.type === 'string' ? frame : undefined;
    } catch {
        return undefined;
    }
}
