// A few people with two devices each who do random things in a few threads, one at a time. After
// each, what a device made of the events is compared with what the server answers now.
import assert from 'node:assert/strict';

import { acts, weights } from './acts.mjs';
import { outline } from './copy.mjs';
import { Device } from './device.mjs';
import { asBroadcast } from './view.mjs';

const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);

export class Circle {
    counts = {};
    #last = [];

    /** `random` gives [0, 1); `wire` is asked what the server says now. */
    constructor(people, random, wire) {
        Object.assign(this, { people, random, wire });
        this.ask = this.ask.bind(this);
        this.devices = [...people, ...people].map((person) => new Device(person, this.ask));
    }

    /** Threads of every kind, all of the circle in each. */
    async start() {
        const [first, ...others] = this.people;
        const memberIds = others.map(({ id }) => id);
        const make = (body) => this.ask(first, 'POST', '/api/threads', body);
        const open = await first.channel();
        const closed = await first.channel({ visibility: 'private' });
        const group = await make({ kind: 'group', memberIds });
        const direct = await make({ kind: 'direct', memberIds });
        for (const { id } of others)
            for (const thread of [open, closed])
                await this.ask(first, 'PUT', `/api/threads/${thread.id}/members/${id}`, {});
        this.threads = [open, closed, group, direct];
        for (const parent of [open, closed]) this.threads.push(await this.#replies(parent));
        for (const device of this.devices) {
            await device.connect();
            for (const { id } of this.threads) await device.join(id);
        }
    }

    /** The replies to a message of the thread, followed by all. */
    async #replies({ id: threadId }) {
        const [first, ...others] = this.people;
        const { id: messageId } = await first.send({ id: threadId }, 'to be replied to');
        const body = { kind: 'reply', parent: { threadId, messageId } };
        const replies = await this.ask(first, 'POST', '/api/threads', body);
        for (const person of others) await person.join(replies);
        return replies;
    }

    below(bound) {
        return Math.floor(this.random() * bound);
    }

    pick(list) {
        return list[this.below(list.length)];
    }

    chance(share) {
        return this.random() < share;
    }

    /** Gives nothing if the answer is `otherwise`, a status that is expected as well. */
    async ask(person, method, path, body, otherwise) {
        const { token } = person;
        const answer = await this.wire.ask(method, path, { token, body });
        if (answer.status === otherwise) return undefined;
        assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
        return answer.body;
    }

    /** Does `steps` things; every `thorough` of them everything is compared. */
    async run(steps, thorough) {
        for (let step = 1; step <= steps; step++) {
            try {
                await this.#step();
                if (step % thorough === 0) await this.compareAll();
            } catch (error) {
                error.message += `\nstep ${step}, the last were: ${this.#last.join(', ')}`;
                throw error;
            }
        }
    }

    async #step() {
        const thread = this.pick(this.threads);
        const ofThread = thread.parent?.threadId ?? thread.id;
        const device = this.pick(this.devices.filter(({ copy }) => copy.isMember(ofThread)));
        const name = this.#choose(device, thread.id);
        this.counts[name] = (this.counts[name] ?? 0) + 1;
        this.#last.push(`${name} in ${thread.kind}`);
        if (this.#last.length > 10) this.#last.shift();
        const message = await acts[name](this, device, thread);
        if (message) this.reached(thread, message.rev);
        await this.#heard(thread);
        await this.#compareOne(this.pick(this.devices), thread.id, message);
    }

    #choose(device, threadId) {
        if (!device.copy.isMember(threadId)) return 'follow';
        // What was left is joined again soon, so that most devices hear most things.
        if (!device.copy.isLive(threadId)) return this.chance(0.7) ? 'join' : 'markUnread';
        let roll = this.below(total);
        return Object.keys(weights).find((name) => (roll -= weights[name]) < 0);
    }

    /** The thread is known to have had a change with this rev. */
    reached(thread, rev) {
        thread.rev = Math.max(thread.rev, rev);
    }

    /** Every device that has joined the thread has heard of its last change. */
    async #heard({ id, rev }) {
        for (const device of this.devices) {
            const heard = () => !device.copy.isLive(id) || device.copy.rev(id) >= rev;
            await device.until(heard, () => `rev ${rev} after ${device.copy.rev(id)}`);
        }
    }

    /** Everybody has heard who is a member now, and what else there is to know of a thread and its replies. */
    async settle({ id }) {
        for (const thread of this.threads)
            if (thread.id === id || thread.parent?.threadId === id) await this.#settle(thread);
    }

    async #settle(thread) {
        for (const device of this.devices) {
            const { copy } = device;
            const fetch = async () => (await device.list()).find(({ id }) => id === thread.id);
            await device.agree(fetch, (found) => {
                const known = copy.isMember(thread.id) || copy.unknown.has(thread.id);
                assert.equal(known, found !== undefined, `membership in ${thread.kind}`);
            });
            await device.fetchUnknown();
            if (copy.isLive(thread.id)) await this.#compareMembers(device, thread.id);
        }
    }

    #compareMembers(device, threadId) {
        return device.agree(
            () => device.members(threadId),
            (members) => {
                const wanted = members.map(({ userId, role }) => [userId, role]).sort();
                assert.deepEqual([...device.copy.rooms.get(threadId).members].sort(), wanted);
            },
        );
    }

    /** What was touched, as the server has it now and as a device has it. */
    async #compareOne(device, threadId, message) {
        const { person, copy } = device;
        if (!copy.isLive(threadId)) return;
        await device.agree(
            () => this.ask(person, 'GET', `/api/threads/${threadId}`),
            (thread) => assert.deepEqual(copy.asThread(threadId), thread),
        );
        if (!message) return;
        await device.agree(
            () => this.ask(person, 'GET', `/api/messages/${message.id}`),
            (found) => assert.deepEqual(copy.message(threadId, message.seq), asBroadcast(found)),
        );
    }

    /** Every thread, member and message, as everybody has it on every device. */
    async compareAll() {
        for (const device of this.devices) await this.#compareList(device);
        for (const person of this.people) {
            for (const { id } of this.threads) {
                const live = (device) => device.person === person && device.copy.isLive(id);
                const devices = this.devices.filter(live);
                let known = devices.length > 0 && (await this.#history(person, id));
                for (const device of devices) {
                    await this.#compareOne(device, id);
                    await this.#compareMembers(device, id);
                    await device.agree(
                        async () => known ?? this.#history(person, id),
                        (history) => {
                            known = undefined;
                            device.copy.compare(id, history);
                            known = history;
                        },
                    );
                }
            }
        }
    }

    /** The own list, of which a device knows the outlines at least. */
    #compareList(device) {
        const { copy } = device;
        return device.agree(
            () => device.list(),
            (list) => {
                const known = [...copy.rooms.keys()].filter((id) => copy.isMember(id));
                assert.deepEqual(known.sort(), list.map(({ id }) => id).sort());
                for (const thread of list) assert.deepEqual(copy.outline(thread.id), outline(thread));
            },
        );
    }

    async #history(person, threadId) {
        const all = [];
        const path = `/api/threads/${threadId}/messages?limit=200&after=`;
        for (;;) {
            const { items } = await this.ask(person, 'GET', path + (all.at(-1)?.seq ?? 0));
            if (items.length === 0) return all.map(asBroadcast);
            all.push(...items);
        }
    }
}
