import type { Core } from './core.ts';
import type { Standing } from './sync.ts';
import type { Message } from './wire.ts';

const mostRooms = 30;
const mostMessages = 50;

interface Saved {
    standing: Standing;
    messages: Message[];
}

/** The newest messages of the threads that were open last, for a start without waiting. */
export class RoomCache {
    readonly #core: Core;
    #recent: string[] | undefined;

    constructor(core: Core) {
        this.#core = core;
    }

    async load(threadId: string): Promise<Saved | undefined> {
        return (await this.#core.shelf.load('room', threadId)) as Saved | undefined;
    }

    save(threadId: string, standing: Standing, messages: readonly Message[]): void {
        const kept = messages.slice(-mostMessages).map(withoutUrls);
        void this.#core.shelf.save('room', threadId, { standing, messages: kept });
        void this.#note(threadId);
    }

    drop(threadId: string): void {
        void this.#core.shelf.save('room', threadId, undefined);
    }

    /** Another user. */
    clear(): void {
        this.#recent = undefined;
    }

    async #note(threadId: string): Promise<void> {
        this.#recent ??= ((await this.#core.shelf.load('rooms')) as string[] | undefined) ?? [];
        const recent = [threadId, ...this.#recent.filter((id) => id !== threadId)];
        for (const id of recent.splice(mostRooms)) this.drop(id);
        this.#recent = recent;
        void this.#core.shelf.save('rooms', '', recent);
    }
}

/** URLs of files work for minutes; `chat.fresh` gets new ones. */
function withoutUrls(message: Message): Message {
    if (message.attachments.length === 0) return message;
    return {
        ...message,
        attachments: message.attachments.map((file) => ({ ...file, url: '', variants: [] })),
    };
}
