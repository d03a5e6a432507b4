// A light load of text messages that nothing else may disturb: each has to be acknowledged, and to
// arrive, exactly once.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { patience, until } from './deadline.mjs';

/** Between an answer and the next send of the same person. */
const pause_ms = 5;

export class TextLoad {
    acknowledged = 0;
    /** The longest that an answer took, in ms. */
    slowest = 0;
    #nonces = new Set();
    #arrived = new Map();
    #clients = [];
    #stopped = false;
    #senders = [];
    #failure;

    /** Everybody of `people`, who are members of the thread, sends there; the first one reads along. */
    static async start(people, thread) {
        const load = new TextLoad();
        const reader = await people[0].joined(thread);
        reader.keepsLog = false;
        reader.onFrame = (frame) => load.#read(frame);
        load.#clients.push(reader);
        for (const person of people) load.#senders.push(load.#sends(person, thread));
        return load;
    }

    #read({ type, message }) {
        if (type !== 'message:new' || message.attachments.length > 0) return;
        this.#arrived.set(message.nonce, (this.#arrived.get(message.nonce) ?? 0) + 1);
    }

    async #sends(person, thread) {
        try {
            const client = await person.connect();
            client.keepsLog = false;
            this.#clients.push(client);
            while (!this.#stopped) await this.#send(client, thread);
        } catch (error) {
            this.#failure ??= error;
        }
    }

    async #send(client, thread) {
        const nonce = randomUUID();
        const began = performance.now();
        const { message } = await client.request('message:send', { threadId: thread.id, nonce, content: 'text' });
        assert.equal(message.nonce, nonce);
        this.#nonces.add(nonce);
        this.slowest = Math.max(this.slowest, performance.now() - began);
        this.acknowledged++;
        await new Promise((resolve) => setTimeout(resolve, pause_ms));
    }

    /** Waits until so many more are acknowledged; throws if one was not. */
    async more(count) {
        const enough = this.acknowledged + count;
        const reached = () => {
            assert.ifError(this.#failure);
            return this.acknowledged >= enough || undefined;
        };
        await until(reached, `${count} more messages`, 2 * patience);
    }

    /** Ends it, whatever came of it. */
    abandon() {
        this.#stopped = true;
        for (const client of this.#clients) client.ws.terminate();
    }

    /** Ends it, and throws if any send failed, or any message did not arrive once. */
    async stop() {
        this.#stopped = true;
        await Promise.all(this.#senders);
        assert.ifError(this.#failure);
        await until(() => this.#arrived.size === this.#nonces.size || undefined, 'the last messages to arrive');
        for (const nonce of this.#nonces) assert.equal(this.#arrived.get(nonce), 1);
        await Promise.all(this.#clients.map((client) => client.close()));
    }
}
