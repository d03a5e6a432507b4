// One device of a person in the property test of state and events: a socket, and the Copy that is
// kept from what arrives on it.
import assert from 'node:assert/strict';

import { Copy } from './copy.mjs';
import { patience, within } from './deadline.mjs';

export class Device {
    #woken = new Set();

    /** `ask` is asked over HTTP, as Circle's. */
    constructor(person, ask) {
        Object.assign(this, { person, ask });
        this.copy = new Copy(person.id);
    }

    async connect() {
        this.client = await this.person.connect({ perMessageDeflate: false });
        this.client.keepsLog = false;
        this.client.onFrame = (frame) => {
            try {
                this.#take(frame);
            } catch (error) {
                error.message += `; after ${JSON.stringify(frame).slice(0, 600)}`;
                this.failure ??= error;
            }
            for (const wake of [...this.#woken]) wake();
        };
        for (const thread of await this.list()) this.copy.found(thread);
    }

    /** Answers to joins are taken as they arrive: the events that follow build on them. */
    #take(frame) {
        if (frame.re) this.#joining?.(frame);
        else this.copy.take(frame);
    }
    #joining;

    /** All threads of the own list. */
    async list() {
        const all = [];
        for (let next = ''; next !== null;) {
            const query = next && `&cursor=${encodeURIComponent(next)}`;
            const page = await this.ask(this.person, 'GET', `/api/threads?limit=200${query}`);
            all.push(...page.items);
            ({ next } = page);
        }
        return all;
    }

    /** Joins from where the copy stands, until nothing is missing. */
    async join(threadId) {
        for (let complete = false; !complete;) {
            const since = this.copy.rev(threadId);
            const { epoch } = this.client.hello;
            this.#joining = (frame) => {
                if (frame.type === 'thread:joined') this.copy.joined(frame, since);
            };
            const answer = await this.client.request('thread:join', { threadId, since, epoch });
            this.#joining = undefined;
            if (this.failure) throw this.failure;
            ({ complete } = answer);
        }
        this.copy.hasMembers(threadId, await this.members(threadId));
    }

    async members(threadId) {
        const path = `/api/threads/${threadId}/members?limit=200`;
        return (await this.ask(this.person, 'GET', path)).items;
    }

    async leave(threadId) {
        await this.client.request('thread:leave', { threadId });
        this.copy.left(threadId);
    }

    /**
     * Gets what the events said that there is: who is mentioned in replies follows them from then on. What is there no
     * more, as the person was removed meanwhile, an event takes back, which may come after the answer.
     */
    async fetchUnknown() {
        for (const threadId of this.copy.unknown) {
            const thread = await this.ask(this.person, 'GET', `/api/threads/${threadId}`, undefined, 404);
            if (thread) this.copy.found(thread);
            else await this.until(() => !this.copy.unknown.has(threadId), () => `the end of ${threadId}`);
        }
    }

    /** The socket goes without a word, and everything is joined again on another. */
    async reconnect() {
        const live = [...this.copy.rooms.keys()].filter((id) => this.copy.isLive(id));
        this.client.onFrame = undefined;
        this.client.ws.terminate();
        this.copy.lost();
        await this.connect();
        for (const threadId of live) await this.join(threadId);
    }

    /** Waits until `reached()` is true of the copy; looks again whenever something arrives. */
    async until(reached, what) {
        if (!this.failure && reached()) return;
        let wake;
        const done = new Promise((resolve, reject) => {
            wake = () => {
                if (this.failure) reject(this.failure);
                else if (reached()) resolve();
            };
            this.#woken.add(wake);
            wake();
        });
        await within(patience, done, () => `${what()} at ${this.person.handle}`).finally(() =>
            this.#woken.delete(wake),
        );
    }

    /**
     * Fetches and compares. What differs may be told by an event that is still to come, or was told by one that came
     * after the fetch: so it does both again with the next frame, or a moment later, until they agree.
     */
    async agree(fetch, compare) {
        const end = Date.now() + patience;
        for (;;) {
            await this.fetchUnknown();
            const fetched = await fetch();
            if (this.failure) throw this.failure;
            const difference = differenceOf(() => compare(fetched));
            if (!difference) return;
            if (Date.now() > end) throw difference;
            await this.#nextFrame(50);
        }
    }

    #nextFrame(ms) {
        let wake;
        return new Promise((resolve) => {
            wake = resolve;
            this.#woken.add(wake);
            setTimeout(resolve, ms);
        }).finally(() => this.#woken.delete(wake));
    }
}

function differenceOf(compare) {
    try {
        compare();
        return undefined;
    } catch (error) {
        if (!(error instanceof assert.AssertionError)) throw error;
        return error;
    }
}
