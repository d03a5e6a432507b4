// All that one device of a person knows: what it was given when it came and joined, and every event
// since. It asks again only for a thread that it is told of for the first time, so what the server
// would answer now has to be what stands here.
import assert from 'node:assert/strict';

import { View } from './view.mjs';

const mentionsMax = 100;

/** What is kept of one thread. */
class Room {
    /** By user id, once the thread was joined. */
    members = new Map();
    view = new View(0, { renamed: true });

    constructor(thread) {
        this.take(thread);
    }

    /** The thread as the user was answered it. */
    take({ membership, ...thread }) {
        this.thread = thread;
        this.membership = membership;
    }
}

export class Copy {
    #me;
    rooms = new Map();
    /** Threads that the user came into, and of which nothing else is known yet. */
    unknown = new Set();

    constructor(userId) {
        this.#me = userId;
    }

    /** Whether live events of a thread come. */
    isLive(threadId) {
        return this.rooms.get(threadId)?.view.live ?? false;
    }

    isMember(threadId) {
        return Boolean(this.rooms.get(threadId)?.membership);
    }

    rev(threadId) {
        return this.rooms.get(threadId)?.view.rev ?? 0;
    }

    /** A thread of the own list, or one that was fetched because it is new. */
    found(thread) {
        this.unknown.delete(thread.id);
        if (this.rooms.has(thread.id)) this.rooms.get(thread.id).take(thread);
        else this.rooms.set(thread.id, new Room(thread));
    }

    /** The answer to a join with `since`. */
    joined(answer, since) {
        this.found(answer.thread);
        this.rooms.get(answer.threadId).view.joined(answer, since);
    }

    hasMembers(threadId, items) {
        const { members } = this.rooms.get(threadId);
        members.clear();
        for (const { userId, role } of items) members.set(userId, role);
    }

    /** No more events of this thread, until it is joined again. */
    left(threadId) {
        const room = this.rooms.get(threadId);
        if (!room) return;
        // What was counted in the messages is told from now on.
        room.membership = this.membership(room);
        room.view.live = false;
    }

    lost() {
        for (const threadId of this.rooms.keys()) this.left(threadId);
    }

    /** An event, of whatever type. */
    take(frame) {
        const room = this.rooms.get(frame.threadId);
        const take = takes[frame.type];
        if (take && (room || take.takesUnknown)) take.call(this, frame, room);
    }

    messageNew(frame, room) {
        room.view.event(frame);
        const { seq, authorId } = frame.message;
        room.thread = { ...room.thread, seq, rev: frame.rev };
        if (authorId === this.#me && room.membership) this.#readTo(room, { readSeq: seq });
    }

    messageUpdate(frame, room) {
        room.view.event(frame);
        room.thread = { ...room.thread, rev: frame.rev };
    }

    threadUpdate({ rev, thread }, room) {
        if (room.view.live) room.view.change(rev);
        room.thread = thread;
    }

    /** Others' markers are told too, in small conversations; no answer shows them. */
    readUpdate({ userId, seq, unread, mentions }, room) {
        if (userId !== this.#me || !room.membership) return;
        this.#readTo(room, { readSeq: seq, unread, mentions });
        if (!room.view.live) return;
        const counted = this.membership(room);
        assert.deepEqual([counted.unread, counted.mentions], [unread, mentions], 'own counts');
    }

    #readTo(room, read) {
        room.membership = { ...room.membership, ...read };
    }

    memberUpdate({ threadId, userId, role, level, mutedUntil }, room) {
        if (room?.view.live) {
            if (role) room.members.set(userId, role);
            else room.members.delete(userId);
        }
        if (userId !== this.#me) return;
        if (!role) {
            this.unknown.delete(threadId);
            if (!room) return;
            room.membership = null;
            // Who leaves has left on every device; replies are still read by who only follows no more.
            if (room.thread.kind !== 'reply') this.#ended(threadId);
        } else if (room?.membership) {
            room.membership = { ...room.membership, role, level, mutedUntil };
        } else {
            this.unknown.add(threadId);
        }
    }

    threadRemoved({ threadId }) {
        this.#ended(threadId);
        this.rooms.delete(threadId);
        this.unknown.delete(threadId);
    }

    /** No more events of the thread, nor of the replies to its messages. */
    #ended(threadId) {
        for (const { thread, view } of this.rooms.values())
            if (thread.id === threadId || thread.parent?.threadId === threadId) view.live = false;
    }

    /** Something new where this device has not joined. */
    threadActivity({ seq }, room) {
        if (room.view.live || !room.membership) return;
        const unread = Math.max(0, seq - room.membership.readSeq);
        room.membership = { ...room.membership, unread };
    }

    /** The own membership, of a thread that was joined counted anew. */
    membership({ thread, membership, view }) {
        if (!membership || !view.live) return membership;
        const { readSeq } = membership;
        let mentions = 0;
        for (let seq = thread.seq; seq > readSeq && mentions < mentionsMax; seq--)
            if (this.#isMentioned(view.messages.get(seq))) mentions++;
        return { ...membership, unread: thread.seq - readSeq, mentions };
    }

    #isMentioned({ mentions }) {
        return mentions.includes(this.#me) || mentions.includes('all');
    }

    /** What the answer to GET of a thread that was joined has to be. */
    asThread(threadId) {
        const room = this.rooms.get(threadId);
        return room && { ...room.thread, membership: this.membership(room) };
    }

    /** The part of the own list that stays true of threads that were not joined. */
    outline(threadId) {
        const room = this.rooms.get(threadId);
        return outline({ ...room.thread, membership: this.membership(room) });
    }

    /** A message as everybody sees it. */
    message(threadId, seq) {
        return this.rooms.get(threadId)?.view.messages.get(seq);
    }

    /** Holds the copy of a thread against its whole history, as everybody sees it. */
    compare(threadId, history) {
        assert.equal(history.length, this.rooms.get(threadId).thread.seq);
        for (const message of history) {
            const known = this.message(threadId, message.seq);
            // The members of both come in the server's order; what differs in that alone is equal too.
            if (JSON.stringify(known) !== JSON.stringify(message)) assert.deepEqual(known, message);
        }
    }
}

/** Mentions and revs are told to those who have joined. */
export function outline({ id, name, topic, visibility, archivedAt, membership }) {
    const { role, readSeq, unread, level, mutedUntil } = membership;
    return { id, name, topic, visibility, archivedAt, role, readSeq, unread, level, mutedUntil };
}

const takes = {
    'message:new': Copy.prototype.messageNew,
    'message:update': Copy.prototype.messageUpdate,
    'read:update': Copy.prototype.readUpdate,
    'thread:update': Copy.prototype.threadUpdate,
    'thread:removed': Copy.prototype.threadRemoved,
    'thread:activity': Copy.prototype.threadActivity,
    'member:update': Copy.prototype.memberUpdate,
};
takes['member:update'].takesUnknown = true;
