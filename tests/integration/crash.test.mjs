// Atomic under kill -9: fifty rounds at random moments under load, with a checker over what every
// client saw and what the database holds after each start. Repeat a run's choices with
// BANTER_SEED; rounds with BANTER_ROUNDS.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { Worker } from 'node:worker_threads';

import { randomFrom, Record } from './lib/record.mjs';
import { people, Server } from './harness.mjs';

const seed = Number(process.env.BANTER_SEED ?? (Math.random() * 2 ** 32) >>> 0);
const rounds = Number(process.env.BANTER_ROUNDS ?? 50);
const senders = 8;
const inFlightEach = 8;
const random = randomFrom(seed);
const pick = (list) => list[Math.floor(random() * list.length)];

/** One sender of one round: keeps several requests in flight until the server is killed. */
class Sender {
    #answers = new Map();
    #next = 0;

    constructor(client, index, record, threads, observed) {
        Object.assign(this, { client, index, record, threads, observed, acknowledged: [] });
        client.onFrame = (frame) => {
            try {
                this.#arrived(frame);
            } catch (error) {
                this.failure ??= error;
            }
        };
    }

    #arrived(frame) {
        if (frame.type === 'message:new' || frame.type === 'message:update')
            return this.#event(frame);
        const answer = this.#answers.get(frame.re);
        if (!answer) return;
        this.#answers.delete(frame.re);
        assert.notEqual(frame.type, 'error', JSON.stringify(frame));
        answer(frame.message);
        this.act();
    }

    /** Live events of a thread never skip: each has the rev after the one before. */
    #event({ threadId, rev, message }) {
        assert.equal(rev, this.revs.get(threadId) + 1, 'live events skip');
        this.revs.set(threadId, rev);
        const seen = this.observed.get(threadId).get(rev);
        if (seen)
            assert.deepEqual(
                [seen.id, seen.seq],
                [message.id, message.seq],
                'two readers saw two orders',
            );
        else this.observed.get(threadId).set(rev, message);
        this.record.counts.delivered++;
    }

    #ask(type, fields, answer) {
        const id = `s${this.#next++}`;
        this.#answers.set(id, answer);
        this.client.tell(type, { id, ...fields });
    }

    send(send) {
        this.record.sending(send);
        const { nonce, content } = send;
        this.#ask('message:send', { threadId: send.thread.id, nonce, content }, (message) => {
            this.record.answered(send, message);
            if (send.thread.edited) this.acknowledged.push(message.id);
        });
    }

    edit(messageId) {
        const content = `edited ${randomUUID()}`;
        this.record.editing(messageId, content);
        this.#ask('message:edit', { messageId, content }, (message) => this.record.edited(message));
    }

    act() {
        if (this.client.ws.readyState !== 1) return;
        const thread = pick(this.threads);
        if (thread.edited && this.acknowledged.length > 0 && random() < 0.5)
            return this.edit(pick(this.acknowledged));
        const content = `${this.index} ${'x'.repeat(Math.floor(random() * 400))}`;
        this.send({ nonce: randomUUID(), thread, author: this.index, content });
    }
}

/** Reads what changed in every thread since it was last read, and lets the record check it. */
async function readBack(client, record, threads) {
    for (const thread of threads) {
        const messages = [];
        let since = record.rev.get(thread.id);
        for (let complete = false; !complete;) {
            const part = await client.request('thread:join', {
                threadId: thread.id,
                since,
                epoch: client.hello.epoch,
            });
            assert.equal(part.reset, false, 'a restart is no new epoch');
            messages.push(...part.messages);
            ({ rev: since, complete } = part);
            if (complete) record.changed(thread.id, messages, part.thread, thread.edited);
        }
    }
}

/** The whole history once more by pages of HTTP, against what the joins gave. */
async function compareHistory(person, record, threads) {
    for (const thread of threads) {
        const all = [];
        for (let after = 0, items; ; after = all.at(-1).seq) {
            ({ items } = await person.history(thread, `?after=${after}&limit=200`));
            if (items.length === 0) break;
            all.push(...items);
        }
        const brief = (messages) =>
            messages.map(({ id, seq, rev, nonce, content }) => [id, seq, rev, nonce, content]);
        assert.deepEqual(brief(all), brief(record.stored.get(thread.id)));
    }
}

test(`kill -9 at ${rounds} random moments loses, doubles and reorders nothing (seed ${seed})`, async (t) => {
    const server = await Server.start();
    const killer = new Worker(new URL('./lib/killer.mjs', import.meta.url));
    t.after(() => Promise.all([killer.terminate(), server.dispose()]));
    const writers = await people(server, 'writer', senders);
    const threads = [];
    for (let i = 0; i < 4; i++) threads.push(await writers[0].channel());
    threads[3].edited = true;
    for (const writer of writers.slice(1)) for (const thread of threads) await writer.join(thread);
    for (const thread of threads) thread.rev = (await writers[0].thread(thread)).rev;
    const record = new Record(threads);
    let observed = new Map();

    for (let round = 0; round <= rounds; round++) {
        if (round > 0) await server.start();
        const clients = await Promise.all(writers.map((writer) => writer.connect()));
        await readBack(clients[0], record, threads);
        const { lost, unheard } = record.settle(observed);
        record.checkEdits();
        if (round === rounds) {
            await compareHistory(writers[0], record, threads);
            await Promise.all(clients.map((client) => client.close()));
            break;
        }

        observed = new Map(threads.map(({ id }) => [id, new Map()]));
        const load = clients.map(
            (client, index) => new Sender(client, index, record, threads, observed),
        );
        for (const [index, client] of clients.entries()) {
            load[index].revs = new Map(record.rev);
            const joins = threads.map(({ id }) =>
                client.request('thread:join', { threadId: id, since: record.rev.get(id) }),
            );
            for (const { complete, messages } of await Promise.all(joins))
                assert.deepEqual([complete, messages], [true, []]);
        }
        killer.postMessage({ pid: server.pid, afterMs: 5 + random() * 250 });
        for (const send of [...lost, ...unheard].filter(() => random() < 0.5))
            load[send.author].send(send);
        for (const sender of load) for (let i = 0; i < inFlightEach; i++) sender.act();
        await Promise.all(clients.map((client) => client.expectClose(1006)));
        const { signal } = await server.ended;
        assert.equal(signal, 'SIGKILL', server.output);
        for (const { failure } of load) assert.ifError(failure);
    }

    const { counts } = record;
    t.diagnostic(
        `seed ${seed}: ${rounds} kills, ${counts.sends} sends, ${counts.acknowledged} acknowledged, ` +
            `${counts.edits} edits, ${counts.delivered} deliveries`,
    );
    t.diagnostic(
        `${counts.inFlight} kills found sends in flight, ` +
            `${counts.committedUnacknowledged} a committed, unacknowledged one`,
    );
    assert.ok(counts.inFlight > 0, 'no kill found a batch in flight: the run proves nothing');
    assert.ok(
        counts.committedUnacknowledged > 0,
        'no kill found a committed, unacknowledged batch: the run proves nothing',
    );
});
