import type { Message } from './wire.ts';

export const windowLimit = 1_000;

/**
 * A stretch of a thread without holes: messages ascending by seq. Of two copies of a message the one with the higher
 * rev stays, in whatever order they come.
 */
export class MessageWindow {
    readonly #combine: (older: Message, newer: Message) => Message;
    #messages: Message[] = [];
    /** Nothing is older in the thread. */
    atStart = false;
    /** Nothing is newer: what is new is added here. */
    atEnd = false;
    /** The end that goes when there are too many: not the one that the reader moves to. */
    #dropsStart = true;
    /** What happened to messages while pages are on their way, which may have been read before it. */
    readonly #late = new Map<number, Message>();
    #loads = 0;

    /** `combine` gives a newer copy, of a broadcast, what only the older one of an answer can know. */
    constructor(combine: (older: Message, newer: Message) => Message = (_, newer) => newer) {
        this.#combine = combine;
    }

    get messages(): readonly Message[] {
        return this.#messages;
    }

    /** Of an empty window -1. */
    get firstSeq(): number {
        return this.#messages[0]?.seq ?? -1;
    }

    get lastSeq(): number {
        return this.#messages.at(-1)?.seq ?? -1;
    }

    find(seq: number): Message | undefined {
        const index = this.#indexOf(seq);
        return this.#messages[index]?.seq === seq ? this.#messages[index] : undefined;
    }

    /** A page is on its way. The returned function says that it is taken in or given up. */
    loading(): () => void {
        this.#loads++;
        return () => {
            if (--this.#loads === 0) this.#late.clear();
        };
    }

    /** Another stretch instead. */
    replace(messages: readonly Message[], ends: { atStart: boolean; atEnd: boolean }): void {
        this.#messages = messages.slice(-windowLimit).map((message) => this.#newest(message));
        this.atStart = ends.atStart && messages.length <= windowLimit;
        this.atEnd = ends.atEnd;
        this.#dropsStart = true;
        this.#addLate();
    }

    addOlder(page: readonly Message[], atStart: boolean): void {
        const first = this.firstSeq;
        const older = page.filter(({ seq }) => first === -1 || seq < first);
        this.#messages = [...older.map((message) => this.#newest(message)), ...this.#messages];
        this.atStart = atStart;
        this.#dropsStart = false;
        this.#trim();
    }

    addNewer(page: readonly Message[], atEnd: boolean): void {
        const last = this.lastSeq;
        const newer = page.filter(({ seq }) => seq > last);
        this.#messages = [...this.#messages, ...newer.map((message) => this.#newest(message))];
        this.atEnd = atEnd;
        this.#dropsStart = true;
        this.#addLate();
        this.#trim();
    }

    /**
     * The state of one message after a change, in the order of changes: a new one goes to the end if the window is
     * there. Gives whether anything is to be seen of it.
     */
    put(message: Message): boolean {
        if (this.update(message)) return true;
        if (message.seq <= this.lastSeq || !this.atEnd) return false;
        this.#messages.push(message);
        this.#trim();
        return true;
    }

    /** A newer copy of a message, if the window has it; from an answer, in no order. */
    update(message: Message): boolean {
        const late = this.#late.get(message.seq);
        if (this.#loads > 0 && (late?.rev ?? -1) <= message.rev) this.#late.set(message.seq, message);
        const index = this.#indexOf(message.seq);
        const known = this.#messages[index];
        if (known?.seq !== message.seq || known.rev > message.rev) return false;
        this.#messages[index] = message;
        return true;
    }

    clear(): void {
        this.replace([], { atStart: false, atEnd: false });
    }

    #newest(message: Message): Message {
        const late = this.#late.get(message.seq);
        return late && late.rev > message.rev ? this.#combine(message, late) : message;
    }

    #addLate(): void {
        if (!this.atEnd) return;
        const after = [...this.#late.values()].filter(({ seq }) => seq > this.lastSeq);
        this.#messages.push(...after.sort((a, b) => a.seq - b.seq));
    }

    #trim(): void {
        const over = this.#messages.length - windowLimit;
        if (over <= 0) return;
        if (this.#dropsStart) {
            this.#messages.splice(0, over);
            this.atStart = false;
        } else {
            this.#messages.length = windowLimit;
            this.atEnd = false;
        }
    }

    /** Where a message with this seq is or would be. */
    #indexOf(seq: number): number {
        let low = 0;
        let high = this.#messages.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if ((this.#messages[middle]?.seq ?? 0) < seq) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
