// What the clients of a crash test know, and the checker that holds the server's database against
// it. A send is `pending` until its answer is seen; after a crash the database decides what became
// of it.
import assert from 'node:assert/strict';

export class Record {
    /** By nonce: {nonce, thread, author, order, content, acknowledged?: {id, seq, rev}, stored?, gone, settled}. */
    sends = new Map();
    /** By thread: stored messages in order of seq, as last read. */
    stored = new Map();
    /** By message id: acknowledged and attempted edits. */
    edits = new Map();
    pending = new Set();
    rev = new Map();
    counts = {
        sends: 0,
        acknowledged: 0,
        edits: 0,
        inFlight: 0,
        committedUnacknowledged: 0,
        delivered: 0,
    };
    #order = 0;

    constructor(threads) {
        for (const { id, rev } of threads) {
            this.stored.set(id, []);
            this.rev.set(id, rev);
        }
    }

    /** Notes that a send goes out, for the first time or again with its nonce. */
    sending(send) {
        if (!send.stored) send.order = this.#order++;
        send.gone = false;
        if (!this.sends.has(send.nonce)) this.counts.sends++;
        this.sends.set(send.nonce, send);
        this.pending.add(send);
    }

    /** Notes the answer to a send; an answer that differs from what is known to be stored is a failure. */
    answered(send, { id, seq, rev, nonce, content }) {
        assert.equal(nonce, send.nonce);
        if (!send.thread.edited) assert.equal(content, send.content);
        if (send.stored)
            assert.deepEqual(
                [id, seq],
                [send.stored.id, send.stored.seq],
                'a retry made another message',
            );
        send.acknowledged = { id, seq, rev };
        this.pending.delete(send);
        this.counts.acknowledged++;
    }

    editing(messageId, content) {
        if (!this.edits.has(messageId))
            this.edits.set(messageId, { attempted: new Set(), acknowledged: [] });
        this.edits.get(messageId).attempted.add(content);
    }

    edited({ id, rev, content }) {
        this.edits.get(id).acknowledged.push({ rev, content });
        this.counts.edits++;
    }

    /** Takes what changed in a thread since it was last read, in the order of the answer, and checks each change. */
    changed(threadId, messages, thread, hasEdits) {
        const known = this.stored.get(threadId);
        const revs = messages.map(({ rev }) => rev);
        assert.deepEqual(
            revs,
            [...new Set(revs)].sort((a, b) => a - b),
            'changes come ascending, each once',
        );
        for (const message of [...messages].sort((a, b) => a.seq - b.seq)) {
            const index = message.seq - 1;
            if (index < known.length) this.#again(known[index], message, hasEdits);
            else this.#first(known, message);
            known[index] = message;
        }
        assert.equal(
            known.length,
            thread.seq,
            'gap: seq of the thread is not the number of its messages',
        );
        if (!hasEdits) {
            const first = this.rev.get(threadId);
            assert.deepEqual(
                revs,
                messages.map((_, index) => first + 1 + index),
                'gap in rev',
            );
        }
        assert.ok(
            messages.length === 0 || thread.rev === revs.at(-1),
            'the rev of the thread is that of its last change',
        );
        this.rev.set(threadId, thread.rev);
        this.#authorsInOrder(messages);
    }

    #again(before, now, hasEdits) {
        assert.ok(hasEdits, 'a message changed that nobody edited');
        assert.deepEqual([now.id, now.seq, now.nonce], [before.id, before.seq, before.nonce]);
        assert.ok(now.rev > before.rev);
        assert.ok(this.edits.get(now.id).attempted.has(now.content), 'content that nobody wrote');
    }

    #first(known, message) {
        assert.equal(message.seq, known.length + 1, 'gap or disorder in seq');
        const send = this.sends.get(message.nonce);
        assert.ok(send, 'a message that nobody sent');
        assert.equal(send.stored, undefined, 'doubled: one nonce, two messages');
        assert.ok(!send.gone, 'a send that a crash had swallowed came back by itself');
        const edited = this.edits.get(message.id)?.attempted.has(message.content);
        assert.ok(message.content === send.content || edited, 'content that nobody wrote');
        send.stored = message;
    }

    /** Sends of one client go out on one connection in order, so they are stored in order. */
    #authorsInOrder(messages) {
        const last = new Map();
        for (const message of [...messages].sort((a, b) => a.seq - b.seq)) {
            const { author, order } = this.sends.get(message.nonce);
            assert.ok(order > (last.get(author) ?? -1), 'reordered: sends of one connection');
            last.set(author, order);
        }
    }

    /** After all threads were read: nothing acknowledged or delivered is lost. Gives the sends that are not stored. */
    settle(deliveredByThread) {
        for (const [threadId, delivered] of deliveredByThread) {
            const byId = this.stored.get(threadId);
            for (const message of delivered.values()) {
                const stored = byId[message.seq - 1];
                assert.equal(
                    stored?.id,
                    message.id,
                    'delivered and lost, or delivered otherwise than stored',
                );
                assert.ok(stored.rev >= message.rev, 'a delivered change is lost');
            }
        }
        for (const send of this.sends.values()) if (!send.settled) this.#acknowledgedIsStored(send);
        const unresolved = [...this.pending];
        this.pending.clear();
        const lost = unresolved.filter((send) => !send.stored);
        for (const send of lost) send.gone = true;
        if (lost.length > 0) this.counts.inFlight++;
        if (lost.length < unresolved.length) this.counts.committedUnacknowledged++;
        return { lost, unheard: unresolved.filter((send) => send.stored) };
    }

    #acknowledgedIsStored(send) {
        if (!send.acknowledged) return;
        assert.ok(send.stored, 'acknowledged and lost');
        assert.deepEqual(
            [send.stored.id, send.stored.seq],
            [send.acknowledged.id, send.acknowledged.seq],
        );
        send.settled = true;
    }

    /** Every acknowledged edit is in the database, or a later one is. */
    checkEdits() {
        for (const messages of this.stored.values()) {
            for (const message of messages) {
                for (const { rev, content } of this.edits.get(message.id)?.acknowledged ?? []) {
                    assert.ok(message.rev >= rev, 'an acknowledged edit is lost');
                    if (message.rev === rev) assert.equal(message.content, content);
                }
            }
        }
    }
}

/** How often to do something at random: so often, unless the environment says otherwise. */
export function stepsOf(usual) {
    const { BANTER_STEPS, BANTER_STEPS_DIVIDED_BY: divisor = 1 } = process.env;
    return Number(BANTER_STEPS ?? usual / Number(divisor));
}

/** A stream of random numbers in [0, 1) from a seed, so that a run can be repeated. */
export function randomFrom(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}
