// People who talk in the same threads at several nodes at once, and the checker of what they are told. A client sends
// one message after the other, repeats with the same nonce what was not acknowledged, and goes to the next node when
// its own is gone. What any of them sees out of order, twice, with a gap or otherwise than another fails at once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { patience, within } from './deadline.mjs';
import { Person } from './people.mjs';
import { again } from './sending.mjs';
import { asBroadcast, View } from './view.mjs';

const again_after_ms = 50;
/** A database that takes longer than that is away. */
const database_patience_ms = 1_500;
/** Between an answer and the next send of the same client. */
const breath_ms = 2;

/** One person at one node at a time. */
class Talker {
    moves = 0;
    refusals = 0;
    #talk;
    #node;
    #next = 0;
    #pending = new Map();

    constructor(talk, person, node) {
        this.#talk = talk;
        this.person = person;
        this.#node = node;
        this.views = new Map(talk.threads.map(({ id, rev }) => [id, new View(rev)]));
    }

    get server() {
        return this.#talk.servers[this.#node];
    }

    async connect() {
        const { token, user } = this.person;
        const client = await new Person(this.server, token, user).connect({ perMessageDeflate: false });
        client.keepsLog = false;
        client.onFrame = (frame) => this.#talk.guard(() => this.#arrived(frame));
        client.ws.on('close', () => this.#lost(client));
        this.client = client;
        for (const { id } of this.#talk.threads) await this.#join(id);
    }

    async #join(threadId) {
        const view = this.views.get(threadId);
        const { epoch } = this.client.hello;
        for (;;) {
            const since = view.rev;
            const take = (frame) => {
                if (frame.type === 'error') return;
                for (const message of frame.messages) this.#talk.seen(threadId, message);
                view.joined(frame, since);
            };
            const answer = await this.#ask('thread:join', { threadId, since, epoch }, take);
            assert.ok(answer, 'the node was lost while a thread was joined');
            if (answer.complete) return;
            if (answer.type === 'error') await pause(again_after_ms);
        }
    }

    #arrived(frame) {
        if (frame.re) {
            const { take, settle } = this.#pending.get(frame.re);
            this.#pending.delete(frame.re);
            take(frame);
            settle(frame);
        } else if (frame.type === 'message:new') {
            frame.message = this.#talk.seen(frame.threadId, frame.message);
            this.views.get(frame.threadId).event(frame);
            this.#talk.delivered(this, frame.message);
        }
    }

    /** The answer; undefined if the connection was lost first. `take` gets it in the turn in which it comes. */
    #ask(type, fields, take = () => {}) {
        if (this.client.closed) return undefined;
        const id = `t${this.#next++}`;
        const answer = new Promise((settle) => {
            this.#pending.set(id, { take, settle });
            this.client.tell(type, { id, ...fields });
        });
        return within(4 * patience, answer, () => `the answer to ${type}`);
    }

    #lost(client) {
        if (client !== this.client) return;
        for (const view of this.views.values()) view.live = false;
        for (const { settle } of this.#pending.values()) settle(undefined);
        this.#pending.clear();
    }

    /** To another node, with what was seen so far. */
    async #move() {
        this.moves++;
        this.#node = (this.#node + 1) % this.#talk.servers.length;
        await this.connect();
    }

    /** Connected, wherever. */
    async comeBack() {
        if (this.client.closed) await this.#move();
    }

    /** Sends until the talk ends. */
    async run() {
        const { threads } = this.#talk;
        for (let turn = Math.floor(Math.random() * threads.length); !this.#talk.ended; turn++) {
            const content = `${this.person.handle} ${'x'.repeat(turn % 200)}`;
            await this.#send({ threadId: threads[turn % threads.length].id, nonce: randomUUID(), content });
            await pause(this.#talk.breath_ms);
        }
    }

    /** Until it is acknowledged. */
    async #send(send) {
        this.#talk.sending(this, send);
        const { threadId, nonce, content } = send;
        while (!this.#talk.failure) {
            const asked = performance.now();
            const take = (frame) => this.#talk.answered(this, send, frame, performance.now() - asked);
            const answer = await this.#ask('message:send', { threadId, nonce, content }, take);
            if (answer?.type === 'message:sent') return;
            if (answer) await pause(again_after_ms);
            else if (!this.#talk.failure) await this.#move();
        }
    }

    reached(revs) {
        return [...revs].every(([id, rev]) => this.views.get(id).rev >= rev);
    }
}

export class Talk {
    breath_ms = breath_ms;
    ended = false;
    failure;
    /** Of what was answered: acknowledgements, and refusals by code. */
    counts = { acknowledged: 0, deliveries: 0, across: 0 };
    /** The longest from an acknowledgement to the arrival at another node's client since `measure()`, in ms. */
    slowest_ms = 0;
    /** Likewise, from a send to its acknowledgement, and to its refusal. */
    slowest_answer_ms = 0;
    slowest_refusal_ms = 0;
    #waiting = new Set();
    /** By nonce: {talker, threadId, order, message?, at, server}. */
    #sends = new Map();
    /** By thread, by rev: the message as the first one saw it, and as text. */
    #common;
    #running;

    /** Everybody of `people` is a member of the threads, and has a client at each of the servers; until `t` ends. */
    static async start(t, { servers, people, threads, breath_ms: between = breath_ms }) {
        const talk = new Talk();
        t.after(() => talk.#fail(new Error('the test has ended')));
        Object.assign(talk, { servers, people, threads, breath_ms: between });
        talk.#common = new Map(threads.map(({ id }) => [id, new Map()]));
        talk.talkers = servers.flatMap((_, node) => people.map((person) => new Talker(talk, person, node)));
        await Promise.all(talk.talkers.map((talker) => talker.connect()));
        talk.#running = Promise.all(talk.talkers.map((talker) => talker.run()));
        talk.#running.catch((error) => talk.#fail(error));
        return talk;
    }

    #fail(error) {
        this.failure ??= error;
        this.ended = true;
        for (const { client } of this.talkers ?? []) client?.ws.terminate();
        this.#wake();
    }

    #wake() {
        for (const check of [...this.#waiting]) check();
    }

    guard(work) {
        try {
            work();
        } catch (error) {
            this.#fail(error);
        }
        if (this.#waiting.size > 0) this.#wake();
    }

    sending(talker, { nonce, threadId, content }) {
        this.#sends.set(nonce, { talker, threadId, content, order: this.#sends.size });
    }

    answered(talker, { nonce }, frame, after_ms) {
        const send = this.#sends.get(nonce);
        if (frame.type === 'error') {
            talker.refusals++;
            this.slowest_refusal_ms = Math.max(this.slowest_refusal_ms, after_ms);
            assert.ok(again.has(frame.code), `a send was refused: ${JSON.stringify(frame)}`);
            this.counts[frame.code] = (this.counts[frame.code] ?? 0) + 1;
            return;
        }
        assert.equal(frame.message.nonce, nonce);
        Object.assign(send, { message: frame.message, at: performance.now(), server: talker.server });
        this.slowest_answer_ms = Math.max(this.slowest_answer_ms, after_ms);
        this.counts.acknowledged++;
    }

    /** Whatever has this rev is the same for all who see it; gives the one that they share. */
    seen(threadId, message) {
        const known = this.#common.get(threadId);
        const text = JSON.stringify(asBroadcast(message));
        const first = known.get(message.rev);
        if (first) assert.equal(text, first.text, 'two clients saw two orders');
        else known.set(message.rev, { message, text });
        return first?.message ?? message;
    }

    delivered({ server }, { nonce }) {
        this.counts.deliveries++;
        const send = this.#sends.get(nonce);
        assert.ok(send, 'a message that nobody sent');
        if (!send.at || send.server === server) return;
        this.counts.across++;
        this.slowest_ms = Math.max(this.slowest_ms, performance.now() - send.at);
    }

    /** Only a database that takes as long as one that is away refuses sends. */
    assertRefusedOnlyByDatabase() {
        const refused = this.talkers.some(({ refusals }) => refusals > 0);
        assert.ok(!refused || this.slowest_refusal_ms >= database_patience_ms, 'refused, and the database was there');
    }

    /** Counts the slowest from now on. */
    measure() {
        Object.assign(this, { slowest_ms: 0, slowest_answer_ms: 0, slowest_refusal_ms: 0 });
    }

    /** Settles when `holds` does, which is looked at whenever something arrives. */
    async until(holds, what, ms = patience) {
        let check;
        const held = new Promise((settle, fail) => {
            check = () => (this.failure ? fail(this.failure) : holds() && settle());
            this.#waiting.add(check);
            check();
        });
        await within(ms, held, () => `${what}; ${JSON.stringify(this.counts)}`).finally(() =>
            this.#waiting.delete(check),
        );
    }

    /** So many more sends are acknowledged from now on, and `ms` go by. */
    async goesOn(count, ms = 0) {
        const wanted = this.counts.acknowledged + count;
        await pause(ms);
        await this.until(() => this.counts.acknowledged >= wanted, `${count} more acknowledgements`);
    }

    /** Nobody sends any more; everybody has to see all that was said, and it has to be what is stored. */
    async end(reader = this.people[0]) {
        this.ended = true;
        await within(4 * patience, this.#running, () => 'the last answers');
        const revs = new Map();
        for (const thread of this.threads) revs.set(thread.id, (await reader.thread(thread)).rev);
        for (const talker of this.talkers) await talker.comeBack();
        await this.until(() => this.talkers.every((talker) => talker.reached(revs)), 'all that was said');
        for (const thread of this.threads) await this.#compare(reader, thread, revs.get(thread.id));
        for (const { message } of this.#sends.values()) assert.ok(message, 'a send that was never settled');
        assert.equal(this.#stored, this.#sends.size, 'as many are stored as were sent');
        await Promise.all(this.talkers.map(({ client }) => client.close()));
    }
    #stored = 0;

    async #compare(reader, thread, rev) {
        const history = [];
        for (let after = 0, items; ; after = history.at(-1).seq) {
            ({ items } = await reader.history(thread, `?after=${after}&limit=200`));
            if (items.length === 0) break;
            history.push(...items);
        }
        const last = new Map();
        for (const [index, message] of history.entries()) {
            assert.equal(message.seq, index + 1, 'a gap in what is stored');
            const send = this.#sends.get(message.nonce);
            assert.ok(send && send.threadId === thread.id, 'stored, and sent by nobody');
            assert.deepEqual([send.message.id, send.message.seq], [message.id, message.seq], 'one nonce, two messages');
            assert.equal(message.content, send.content);
            assert.ok(send.order > (last.get(send.talker) ?? -1), 'reordered: sends of one client');
            last.set(send.talker, send.order);
            this.#stored++;
        }
        for (const { views } of this.talkers) views.get(thread.id).compare(history, rev);
    }
}
