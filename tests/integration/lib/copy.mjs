// All that one session of a person knows: what it was given when it joined, and every event since.
// It asks nobody again, so what the server would answer now has to be what stands here.
import assert from 'node:assert/strict';

import { View } from './view.mjs';

const mentionsMax = 100;

/** What a thread is to everybody, and what it is to the asking user. */
const split = ({ membership, ...thread }) => ({ thread, membership });

class Room {
    constructor({ thread, membership }) {
        this.thread = thread;
        this.membership = membership;
        this.view = new View(0);
    }
}

export class Copy {
    #me;
    rooms = new Map();

    constructor(userId) {
        this.#me = userId;
    }

    /** Whether live events of a thread come. */
    isLive(threadId) {
        return this.rooms.get(threadId)?.view.live ?? false;
    }

    rev(threadId) {
        return this.rooms.get(threadId).view.rev;
    }

    /** The answer to a join with `since`. */
    joined(answer, since) {
        const { thread, membership } = split(answer.thread);
        const room = this.rooms.get(answer.threadId) ?? new Room({ thread, membership });
        this.rooms.set(answer.threadId, room);
        room.view.joined(answer, since);
        // An answer that is not complete reaches less far than the thread that it shows.
        Object.assign(room, { thread, membership });
    }

    /** No more events of this thread, until it is joined again. */
    left(threadId) {
        this.rooms.get(threadId).view.live = false;
    }

    lost() {
        for (const { view } of this.rooms.values()) view.live = false;
    }

    /** An event, of whatever type. */
    take(frame) {
        const take = takes[frame.type];
        if (take) take.call(this, frame, this.rooms.get(frame.threadId));
    }

    messageNew(frame, room) {
        room.view.event(frame);
        const { seq, authorId } = frame.message;
        room.thread = { ...room.thread, seq, rev: frame.rev };
        if (authorId === this.#me) this.#readTo(room, seq);
    }

    messageUpdate(frame, room) {
        room.view.event(frame);
        room.thread = { ...room.thread, rev: frame.rev };
    }

    /** Others' markers are told too, in small conversations; no answer shows them. */
    readUpdate({ userId, seq, unread, mentions }, room) {
        if (userId !== this.#me) return;
        this.#readTo(room, seq);
        const { unread: counted, mentions: found } = this.membership(room);
        if (room.view.live) assert.deepEqual([counted, found], [unread, mentions], 'own counts');
    }

    #readTo(room, seq) {
        room.membership = { ...room.membership, readSeq: seq };
    }

    /** The own membership, counted anew. */
    membership({ thread, membership, view }) {
        if (!membership) return null;
        const { readSeq } = membership;
        let mentions = 0;
        for (let seq = thread.seq; seq > readSeq && mentions < mentionsMax; seq--)
            if (this.#isMentioned(view.messages.get(seq))) mentions++;
        return { ...membership, unread: thread.seq - readSeq, mentions };
    }

    #isMentioned({ mentions }) {
        return mentions.includes(this.#me) || mentions.includes('all');
    }

    /** What the answer to GET of the thread has to be. */
    asThread(threadId) {
        const room = this.rooms.get(threadId);
        return { ...room.thread, membership: this.membership(room) };
    }

    /** A message as everybody sees it. */
    message(threadId, seq) {
        return this.rooms.get(threadId).view.messages.get(seq);
    }

    /** Holds the copy of a thread against all that the server has of it, as everybody sees it. */
    compare(threadId, thread, history) {
        assert.deepEqual(this.asThread(threadId), thread);
        assert.equal(history.length, thread.seq);
        for (const message of history) {
            const known = this.message(threadId, message.seq);
            // The members of both come in the server's order; what differs in that alone is equal too.
            if (JSON.stringify(known) !== JSON.stringify(message)) assert.deepEqual(known, message);
        }
    }
}

const takes = {
    'message:new': Copy.prototype.messageNew,
    'message:update': Copy.prototype.messageUpdate,
    'read:update': Copy.prototype.readUpdate,
};
