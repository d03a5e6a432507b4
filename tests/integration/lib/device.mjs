// One device of a person in the property test of state and events: a socket, and the Copy that is
// kept from what arrives on it.
import { Copy } from './copy.mjs';
import { patience, within } from './deadline.mjs';

export class Device {
    #woken = new Set();

    constructor(person) {
        this.person = person;
        this.copy = new Copy(person.id);
    }

    async connect() {
        this.client = await this.person.connect({ perMessageDeflate: false });
        this.client.keepsLog = false;
        this.client.onFrame = (frame) => {
            try {
                this.copy.take(frame);
            } catch (error) {
                error.message += `; after ${JSON.stringify(frame).slice(0, 600)}`;
                this.failure ??= error;
            }
            for (const wake of [...this.#woken]) wake();
        };
    }

    /** Joins from where the copy stands, until nothing is missing. */
    async join(threadId) {
        for (;;) {
            const since = this.copy.rooms.has(threadId) ? this.copy.rev(threadId) : 0;
            const fields = { threadId, since, epoch: this.client.hello.epoch };
            let answer;
            // Taken as it arrives: the events that follow build on it.
            const take = (frame) => {
                if (frame.type !== 'thread:joined' || frame.threadId !== threadId) return;
                answer = frame;
                this.copy.joined(frame, since);
            };
            const next = this.client.onFrame;
            this.client.onFrame = (frame) => (frame.re ? take(frame) : next(frame));
            await this.client.request('thread:join', fields);
            this.client.onFrame = next;
            if (answer.complete) return;
        }
    }

    async leave(threadId) {
        await this.client.request('thread:leave', { threadId });
        this.copy.left(threadId);
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

    /** Waits until `compare()` finds no difference any more; throws the last one it found. */
    async agree(compare) {
        let difference;
        const agrees = () => {
            try {
                compare();
                return true;
            } catch (error) {
                difference = error;
                return false;
            }
        };
        await this.until(agrees, () => `${difference.message}\nstill`);
    }
}
