// One lane of the race test: a private channel, and the replies to one of its messages, whose owner
// takes access away from somebody while another sends in both, again and again. What the one who
// lost it was told is held against where in the thread's order that happened.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { sendUntilStored } from './sending.mjs';

const socketsEach = 3;
const plain = { perMessageDeflate: false };

export class Lane {
    /** Rounds; those in which the access ended between two messages of a burst; messages that came late. */
    counts = { removals: 0, revocations: 0, between: 0, sends: 0, told: 0 };

    constructor(wire, random, { owner, sender, victim }) {
        Object.assign(this, { wire, random, owner, sender, victim });
    }

    async start() {
        this.thread = await this.owner.channel({ visibility: 'private' });
        this.threadId = this.thread.id;
        this.members = `/api/threads/${this.threadId}/members`;
        await this.#ask(this.owner, 'PUT', `${this.members}/${this.sender.id}`, {});
        this.owners = await this.owner.connect(plain);
        this.senders = await this.sender.connect(plain);
        const { id: messageId } = await this.owner.send(this.thread, 'to be replied to');
        const parent = { threadId: this.threadId, messageId };
        const replies = await this.#ask(this.owner, 'POST', '/api/threads', { kind: 'reply', parent });
        this.repliesId = replies.id;
        this.threadIds = [this.threadId, this.repliesId];
        for (const threadId of this.threadIds) await this.owners.request('thread:join', { threadId });
        this.victims = await this.#connect(this.victim.token);
    }

    #connect(token) {
        const { server } = this.victim;
        return Promise.all(
            Array.from({ length: socketsEach }, () =>
                this.victim.constructor.prototype.connect.call({ server, token }, plain),
            ),
        );
    }

    async #ask(person, method, path, body) {
        const answer = await this.wire.ask(method, path, { token: person.token, body });
        assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
        return answer.body;
    }

    #send(threadId) {
        this.counts.sends++;
        return sendUntilStored(this.senders, { threadId, nonce: randomUUID(), content: 'x' });
    }

    /** Sends a few messages, and ends the access somewhere among them; gives by thread a rev that is surely later. */
    async #race(end) {
        const count = 2 + Math.floor(this.random() * 5);
        const at = Math.floor(this.random() * count);
        const sends = [];
        let ended;
        let over = false;
        const late = [];
        for (let i = 0; i < count; i++) {
            if (i === at) ended = end().then(() => (over = true));
            const threadId = this.random() < 0.7 ? this.threadId : this.repliesId;
            sends.push(this.#send(threadId));
            if (over) late.push({ threadId, sent: sends.at(-1) });
            // Some of a burst go out in one turn, and some an answer later.
            if (this.random() < 0.3) await sends.at(-1);
        }
        await Promise.all([ended, ...sends]);
        const later = new Map();
        for (const threadId of this.threadIds) {
            const { message } = await this.#send(threadId);
            await this.owners.waitFor({ type: 'message:new', threadId, rev: message.rev });
            later.set(threadId, message.rev);
        }
        for (const { threadId, sent } of late)
            later.set(threadId, Math.min((await sent).message.rev, later.get(threadId)));
        return later;
    }

    /** Joins the sockets and forgets what the owner was told before; gives by thread the rev from which each listens. */
    async #listen(sockets) {
        const from = new Map();
        // Before the joins: what comes meanwhile counts for both.
        this.owners.log.length = 0;
        for (const threadId of this.threadIds) {
            const joins = sockets.map((socket) => socket.request('thread:join', { threadId }));
            from.set(
                threadId,
                (await Promise.all(joins)).map(({ rev }) => rev),
            );
        }
        return from;
    }

    /** The owner or the victim ends the membership. */
    async remove() {
        this.counts.removals++;
        await this.#ask(this.owner, 'PUT', `${this.members}/${this.victim.id}`, {});
        const from = await this.#listen(this.victims);
        const by = this.random() < 0.8 ? this.owner : this.victim;
        const path = `${this.members}/${this.victim.id}`;
        const later = await this.#race(() => this.#ask(by, 'DELETE', path));
        // Events of a thread are in its order for everybody who may see them.
        const { log } = this.owners;
        const gone = log.findIndex(({ type, role }) => type === 'member:update' && role === null);
        assert.ok(gone >= 0, 'the removal was not told');
        const before = log.slice(0, gone).filter((frame) => this.#isChange(frame, this.threadId));
        const first = Math.max(...from.get(this.threadId));
        const reached = before.at(-1)?.rev ?? first;
        if (reached > first && reached < later.get(this.threadId) - 1) this.counts.between++;
        for (const [index, socket] of this.victims.entries()) {
            await socket.request('thread:leave', { threadId: randomUUID() });
            this.#check(socket, this.threadId, from, index, reached);
            this.#check(socket, this.repliesId, from, index, later.get(this.repliesId) - 1);
            socket.log.length = 0;
        }
        for (const threadId of this.threadIds) {
            const { token } = this.victim;
            const path = `/api/threads/${threadId}/messages`;
            assert.equal((await this.wire.ask('GET', path, { token })).status, 404);
        }
    }

    /** A live event that takes a rev: the first reply changes the message too that it hangs off. */
    #isChange({ re, rev, threadId }, wanted) {
        return re === undefined && rev !== undefined && threadId === wanted;
    }

    /** What it was told goes on from where it joined, without a gap, and no further than `reached`. */
    #check(socket, threadId, from, index, reached) {
        const revs = socket.log
            .filter((frame) => this.#isChange(frame, threadId))
            .map(({ rev }) => rev);
        this.counts.told += revs.length;
        const first = from.get(threadId)[index];
        assert.deepEqual(
            revs,
            revs.map((_, after) => first + 1 + after),
        );
        assert.ok((revs.at(-1) ?? first) <= reached, `told of ${revs.at(-1)}, gone at ${reached}`);
    }

    /** A token is revoked with which sockets are open; its user stays a member. */
    async revoke() {
        this.counts.revocations++;
        await this.#ask(this.owner, 'PUT', `${this.members}/${this.victim.id}`, {});
        const { id, token } = await this.#ask(this.victim, 'POST', '/api/me/tokens', {
            name: 'race',
        });
        const sockets = await this.#connect(token);
        const from = await this.#listen(sockets);
        let answered = 0;
        const later = await this.#race(async () => {
            await this.#ask(this.victim, 'DELETE', `/api/me/tokens/${id}`);
            answered = this.owners.log.length;
        });
        if (answered > 0 && answered < this.owners.log.length - 2) this.counts.between++;
        for (const [index, socket] of sockets.entries()) {
            await socket.expectClose(4401);
            // What is sent after the answer is later than it in any case.
            for (const threadId of this.threadIds)
                this.#check(socket, threadId, from, index, later.get(threadId) - 1);
        }
        const refused = await this.wire.ask('GET', '/api/me', { token });
        assert.equal(refused.status, 401);
    }

    end() {
        for (const { ws } of [this.owners, this.senders, ...this.victims]) ws.terminate();
    }
}
