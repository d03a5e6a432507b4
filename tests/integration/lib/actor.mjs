// One session of the order test: does random things in every thread, loses its connection now and
// then, and keeps a View of each thread.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { patience, within } from './deadline.mjs';
import { View } from './view.mjs';

const emojis = ['👍', '🎉', '❤️', '👀'];
const together = 4;

export class Actor {
    counts = { sends: 0, repeats: 0, changes: 0, joins: 0, resumes: 0, losses: 0, events: 0 };
    /** Sends by nonce: {threadId, nonce, content, message?}. */
    sends = new Map();
    #pending = new Map();
    #lost = new Set();
    #next = 0;
    #waiting = new Set();
    /** Joins and leaves of a thread go one after the other: by thread, the end of the last. */
    #turns = new Map();
    #connecting = true;

    /** `threads` as {id, rev}; `random` gives [0, 1). */
    constructor(person, threads, random) {
        Object.assign(this, { person, threads, random });
        this.views = new Map(threads.map(({ id, rev }) => [id, new View(rev)]));
    }

    #pick(list) {
        return list[Math.floor(this.random() * list.length)];
    }

    /** A connection on which every thread is joined from where its view stands. */
    async connect() {
        this.client = await this.person.connect();
        this.client.keepsLog = false;
        this.client.onFrame = (frame) => this.#arrived(frame);
        this.#connecting = false;
        for (const { id } of this.threads) await this.join(id);
        for (const nonce of this.#lost) await this.#send(this.sends.get(nonce));
    }

    #arrived(frame) {
        if (this.failure) return;
        try {
            if (frame.re) this.#answered(frame);
            else if (frame.type === 'message:new' || frame.type === 'message:update')
                this.#event(frame);
        } catch (error) {
            this.failure = error;
            for (const { reject } of this.#pending.values()) reject(error);
        }
        for (const check of [...this.#waiting]) check();
    }

    #answered(frame) {
        const request = this.#pending.get(frame.re);
        this.#pending.delete(frame.re);
        request.settle(frame);
    }

    #event(frame) {
        const { nonce } = frame.message;
        if (frame.type === 'message:new')
            for (const { first } of this.#pending.values())
                assert.notEqual(first, nonce, 'message:new before its message:sent');
        this.counts.events++;
        this.views.get(frame.threadId).event(frame);
    }

    /** The answer, taken in the turn in which it comes; undefined if the connection was lost first. */
    #ask(type, fields, take, first) {
        if (this.#connecting) return undefined;
        const id = `a${this.#next++}`;
        const answer = new Promise((resolve, reject) => {
            const settle = (frame) => {
                take?.(frame);
                resolve(frame);
            };
            this.#pending.set(id, { settle, reject, resolve, first });
            this.client.tell(type, { id, ...fields });
        });
        return within(patience, answer, () => `the answer to ${type}`);
    }

    #inTurn(threadId, work) {
        const turn = (this.#turns.get(threadId) ?? Promise.resolve()).then(work);
        this.#turns.set(threadId, turn);
        return turn;
    }

    join(threadId) {
        return this.#inTurn(threadId, () => this.#join(threadId));
    }

    /** Joins from where the view stands, or anew. */
    async #join(threadId, anew = false) {
        const view = this.views.get(threadId);
        for (;;) {
            const since = anew ? undefined : view.rev;
            const { epoch } = this.client.hello;
            this.counts[anew ? 'joins' : 'resumes']++;
            const answer = await this.#ask('thread:join', { threadId, since, epoch }, (frame) => {
                assert.equal(frame.type, 'thread:joined', JSON.stringify(frame));
                view.joined(frame, since);
                // Nothing else takes a rev here.
                if (since !== undefined)
                    assert.equal(frame.messages.at(-1)?.rev ?? since, frame.rev);
            });
            if (!answer || answer.complete) return;
        }
    }

    #leave(threadId) {
        return this.#inTurn(threadId, async () => {
            await this.#ask('thread:leave', { threadId }, () => {
                this.views.get(threadId).live = false;
            });
            await this.#join(threadId, this.random() < 0.2);
        });
    }

    async #send(send) {
        const { threadId, nonce, content } = send;
        const repeated = this.sends.has(nonce);
        this.sends.set(nonce, send);
        this.#lost.add(nonce);
        this.counts[repeated ? 'repeats' : 'sends']++;
        const take = ({ type, message, code }) => {
            assert.equal(type, 'message:sent', code);
            assert.equal(message.nonce, nonce);
            if (send.message)
                assert.deepEqual([message.id, message.seq], [send.message.id, send.message.seq]);
            send.message ??= message;
            this.#lost.delete(nonce);
        };
        await this.#ask('message:send', { threadId, nonce, content }, take, repeated || nonce);
    }

    async #overHttp(thread) {
        const send = { threadId: thread.id, nonce: randomUUID(), content: 'over HTTP' };
        this.counts.sends++;
        this.sends.set(send.nonce, send);
        send.message = await this.person.send(thread, send.content, { nonce: send.nonce });
    }

    /** Edit, delete or react to some message; another may have deleted it meanwhile. */
    async #change(threadId) {
        const known = [...this.views.get(threadId).messages.values()];
        if (known.length === 0) return;
        const mine = known.filter(({ authorId }) => authorId === this.person.id);
        const message = this.#pick(this.random() < 0.5 && mine.length > 0 ? mine : known);
        const own = message.authorId === this.person.id;
        const roll = this.random();
        const [type, fields] =
            own && roll < 0.5
                ? ['message:edit', { content: `edited ${randomUUID()}` }]
                : own && roll < 0.6
                  ? ['message:delete', {}]
                  : [
                        roll < 0.8 ? 'reaction:add' : 'reaction:remove',
                        { emoji: this.#pick(emojis) },
                    ];
        this.counts.changes++;
        await this.#ask(type, { messageId: message.id, ...fields }, (frame) => {
            if (frame.type === 'error') assert.equal(frame.code, 'conflict', JSON.stringify(frame));
        });
    }

    /** The connection goes without a word, with whatever was under way. */
    async #lose() {
        this.counts.losses++;
        this.#connecting = true;
        this.client.onFrame = undefined;
        this.client.ws.terminate();
        for (const { resolve } of this.#pending.values()) resolve();
        this.#pending.clear();
        for (const view of this.views.values()) view.live = false;
        await this.connect();
    }

    async #act() {
        const thread = this.#pick(this.threads);
        const threadId = thread.id;
        const roll = this.random();
        if (roll < 0.45)
            return this.#send({
                threadId,
                nonce: randomUUID(),
                content: `${'x'.repeat(Math.floor(this.random() * 300))} <@${this.person.id}>`,
            });
        if (roll < 0.75) return this.#change(threadId);
        if (roll < 0.8) return this.#leave(threadId);
        if (roll < 0.84) return this.join(threadId);
        if (roll < 0.88 && this.sends.size > 0)
            return this.#send(this.#pick([...this.sends.values()]));
        if (roll < 0.92) return this.#overHttp(thread);
        if (roll < 0.96) return this.client.tell('typing:start', { threadId });
        const seq = this.views.get(threadId).seq;
        return this.#ask('read:mark', { threadId, seq }, ({ type, code }) =>
            assert.equal(type, 'read:marked', code),
        );
    }

    /** Does `steps` things, a few at a time, and loses the connection between some. */
    async run(steps) {
        for (let step = 0; step < steps; step += together) {
            const acts = Array.from({ length: together }, () => this.#act());
            if (this.random() < 0.04) {
                const lost = this.#lose();
                await Promise.all([...acts, lost]);
            } else {
                await Promise.all(acts);
            }
            if (this.failure) throw this.failure;
        }
    }

    /** Waits until the live events have reached these revs. */
    async reach(revs) {
        const reached = new Promise((resolve, reject) => {
            const check = () => {
                if (this.failure) reject(this.failure);
                if ([...revs].every(([id, rev]) => this.views.get(id).rev >= rev)) resolve();
            };
            this.#waiting.add(check);
            check();
        });
        const state = () =>
            JSON.stringify([...revs].map(([id, rev]) => [this.views.get(id).rev, rev]));
        await within(patience, reached, () => `the last events: ${state()}`);
        this.#waiting.clear();
    }
}
