// One session's copy of one thread, kept from joins and live events alone, as a client keeps it. It
// judges what it is given: a rev that is skipped or comes twice is a failure of the server.
import assert from 'node:assert/strict';

/** A message as everyone sees it: `mine` stands in answers only. */
export function asBroadcast(message) {
    const reactions = message.reactions.map(({ mine, ...reaction }) => reaction);
    return { ...message, reactions };
}

export class View {
    /** By seq, from `first` on: a join without `since` gives the newest messages only. */
    messages = new Map();
    first = 1;
    rev = 0;
    seq = 0;
    /** Whether live events may come: from a complete join until the thread is left or the socket is gone. */
    live = false;

    /** renamed: whether the thread itself changes too, and not its messages alone. */
    constructor(rev, { renamed = false } = {}) {
        this.rev = rev;
        this.renamed = renamed;
    }

    /** Takes the answer to a join with `since`, or without one. */
    joined({ messages, thread, rev, complete, reset }, since) {
        assert.equal(reset, false, 'the history was not changed');
        assert.ok(rev >= this.rev, `an answer that reaches ${rev} after events up to ${this.rev}`);
        const revs = messages.map((message) => message.rev);
        if (since === undefined) {
            assert.equal(complete, true);
            this.messages.clear();
            this.first = messages[0]?.seq ?? thread.seq + 1;
            const seqs = messages.map(({ seq }) => seq);
            assert.deepEqual(
                seqs,
                [...Array(seqs.length).keys()].map((i) => this.first + i),
            );
            assert.ok(Math.max(0, ...revs) <= rev, 'a message newer than the answer');
            assert.ok(this.seq <= thread.seq);
        } else {
            for (let i = 0, last = since; i < revs.length; last = revs[i++])
                assert.ok(revs[i] > last, 'changes come ascending, each once, after since');
            // A rename takes a rev too, and only the last of several pages knows of it.
            const reached = revs.at(-1) ?? since;
            if (complete && this.renamed) assert.ok(reached <= rev, 'an answer stops before its last change');
            else assert.equal(reached, rev, 'an answer reaches its last change');
        }
        for (const message of messages) this.#take(asBroadcast(message));
        if (complete) this.seq = thread.seq;
        this.rev = rev;
        this.live = complete;
    }

    /** Takes the rev of a live event. */
    change(rev) {
        assert.ok(this.live, 'an event before the thread was joined');
        assert.equal(rev, this.rev + 1, 'live events skip, or come twice');
        this.rev = rev;
    }

    /** Takes a live event of a message. */
    event({ type, rev, message }) {
        this.change(rev);
        assert.equal(message.rev, rev);
        if (type === 'message:new') assert.equal(message.seq, this.seq + 1, 'a gap in seq');
        else assert.ok(message.seq <= this.seq, 'a change of a message that nobody was told of');
        this.seq = Math.max(this.seq, message.seq);
        this.#take(message);
    }

    #take(message) {
        if (message.seq < this.first) return;
        const known = this.messages.get(message.seq);
        if (known) {
            assert.deepEqual([message.id, message.nonce], [known.id, known.nonce]);
            assert.ok(message.rev >= known.rev, 'an older state after a newer one');
            if (message.rev === known.rev)
                assert.deepEqual(message, known, 'two states of one rev');
        }
        this.messages.set(message.seq, message);
    }

    /** Holds the copy against the whole history. */
    compare(history, rev) {
        assert.equal(this.rev, rev, 'the copy does not reach the end');
        const wanted = history.filter(({ seq }) => seq >= this.first).map(asBroadcast);
        for (const message of wanted)
            assert.deepEqual(
                this.messages.get(message.seq),
                message,
                'the copy is not the history',
            );
        assert.equal(this.messages.size, wanted.length, 'the copy holds more than the history');
    }
}
