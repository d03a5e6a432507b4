// A few people with two devices each who do random things in a few threads, one at a time. After
// each, what a device made of the events is compared with what the server answers now.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { Device } from './device.mjs';
import { asBroadcast } from './view.mjs';

const emojis = ['👍', '🎉', '❤️', '👀'];

export class Circle {
    counts = {};
    #last = [];

    /** `random` gives [0, 1); `wire` is asked what the server says now. */
    constructor(people, threads, random, wire) {
        Object.assign(this, { people, threads, random, wire });
        this.devices = people.flatMap((person) => [new Device(person), new Device(person)]);
    }

    async start() {
        for (const device of this.devices) {
            await device.connect();
            for (const { id } of this.threads) await device.join(id);
        }
    }

    #pick(list) {
        return list[Math.floor(this.random() * list.length)];
    }

    async #ask(person, method, path, body) {
        const { status, body: answer, text } = await this.wire.ask(method, path, {
            token: person.token,
            body,
        });
        assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
        return answer;
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
        const device = this.#pick(this.devices);
        const thread = this.#pick(this.threads);
        const name = this.#choose(device, thread.id);
        this.counts[name] = (this.counts[name] ?? 0) + 1;
        this.#last.push(name);
        if (this.#last.length > 10) this.#last.shift();
        const message = await acts[name].call(this, device, thread.id);
        if (message) thread.rev = message.rev;
        await this.#heard(thread);
        await this.#compareOne(this.#pick(this.devices), thread.id, message);
    }

    #choose(device, threadId) {
        // What was left is joined again soon, so that most devices hear most things.
        if (!device.copy.isLive(threadId)) return 'join';
        let roll = this.random() * total;
        return weights.find(([, weight]) => (roll -= weight) < 0)[0];
    }

    /** Every device that has joined the thread has heard of its last change. */
    async #heard({ id, rev }) {
        for (const device of this.devices) {
            if (!device.copy.isLive(id)) continue;
            const heard = () => device.copy.rev(id) >= rev;
            await device.until(heard, () => `rev ${rev} after ${device.copy.rev(id)}`);
        }
    }

    /** What was touched, as the server has it now and as a device has it. */
    async #compareOne(device, threadId, message) {
        if (!device.copy.isLive(threadId)) return;
        const { person, copy } = device;
        const thread = await this.#ask(person, 'GET', `/api/threads/${threadId}`);
        await device.agree(() => assert.deepEqual(copy.asThread(threadId), thread));
        if (!message) return;
        const found = await this.#ask(person, 'GET', `/api/messages/${message.id}`);
        assert.deepEqual(copy.message(threadId, message.seq), asBroadcast(found));
    }

    async compareAll() {
        for (const person of this.people) {
            for (const { id } of this.threads) {
                const thread = await this.#ask(person, 'GET', `/api/threads/${id}`);
                const history = (await this.#history(person, id)).map(asBroadcast);
                const live = (device) => device.person === person && device.copy.isLive(id);
                for (const device of this.devices.filter(live))
                    await device.agree(() => device.copy.compare(id, thread, history));
            }
        }
    }

    async #history(person, threadId) {
        const all = [];
        const path = `/api/threads/${threadId}/messages?limit=200&after=`;
        for (;;) {
            const { items } = await this.#ask(person, 'GET', path + (all.at(-1)?.seq ?? 0));
            if (items.length === 0) return all;
            all.push(...items);
        }
    }

    /** Some message that the device knows of, its own if asked so, from the last twenty mostly. */
    #message({ copy, person }, threadId, own) {
        const { messages, seq } = copy.rooms.get(threadId).view;
        const near = this.random() < 0.9 ? Math.min(20, seq) : seq;
        for (let tries = 0; tries < 10 && seq > 0; tries++) {
            const message = messages.get(seq - Math.floor(this.random() * near));
            if (!own || message.authorId === person.id) return message;
        }
        return undefined;
    }

    #content() {
        const words = [];
        for (const { id } of this.people) if (this.random() < 0.2) words.push(`<@${id}>`);
        if (this.random() < 0.05) words.push('<!channel>');
        return `${words.join(' ')} ${'x'.repeat(1 + this.random() * 40)} ${randomUUID()}`;
    }

    /** Over the socket or over HTTP, as it happens; gives the message, or nothing if it changed none. */
    async #change(device, type, fields, method, path, body) {
        if (this.random() < 0.5) return this.#ask(device.person, method, path, body);
        return (await device.client.request(type, fields)).message;
    }

    send(device, threadId) {
        const quoted = this.random() < 0.1 && this.#message(device, threadId);
        const body = {
            nonce: randomUUID(),
            content: this.#content(),
            ...(quoted && { replyTo: quoted.id }),
        };
        const path = `/api/threads/${threadId}/messages`;
        return this.#change(device, 'message:send', { threadId, ...body }, 'POST', path, body);
    }

    edit(device, threadId) {
        const message = this.#message(device, threadId, true);
        if (!message || message.deletedAt) return undefined;
        const content = this.random() < 0.1 ? message.content : this.#content();
        const fields = { messageId: message.id, content };
        const path = `/api/messages/${message.id}`;
        return this.#change(device, 'message:edit', fields, 'PATCH', path, { content });
    }

    remove(device, threadId) {
        const message = this.#message(device, threadId, true);
        if (!message) return undefined;
        const fields = { messageId: message.id };
        const path = `/api/messages/${message.id}`;
        return this.#change(device, 'message:delete', fields, 'DELETE', path);
    }

    react(device, threadId) {
        const message = this.#message(device, threadId);
        if (!message || message.deletedAt) return undefined;
        const add = this.random() < 0.6;
        const emoji = this.#pick(emojis);
        const path = `/api/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
        const type = add ? 'reaction:add' : 'reaction:remove';
        const fields = { messageId: message.id, emoji };
        return this.#change(device, type, fields, add ? 'PUT' : 'DELETE', path);
    }

    async mark(device, threadId) {
        const seq = Math.floor(this.random() * (device.copy.rooms.get(threadId).view.seq + 1));
        await device.client.request('read:mark', { threadId, seq });
    }

    async markUnread({ person, copy }, threadId) {
        const { seq } = copy.rooms.get(threadId).view;
        const back = Math.max(0, seq - Math.floor(this.random() * 150));
        await this.#ask(person, 'PUT', `/api/threads/${threadId}/read`, { seq: back });
    }

    join(device, threadId) {
        return device.join(threadId);
    }

    leave(device, threadId) {
        return device.leave(threadId);
    }

    reconnect(device) {
        return device.reconnect();
    }
}
const acts = Circle.prototype;

/** How often each is done. */
const weights = Object.entries({
    send: 40,
    edit: 12,
    remove: 3,
    react: 22,
    mark: 12,
    markUnread: 6,
    join: 2,
    leave: 2,
    reconnect: 1,
});
const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
