import { type Chat, type ChatOptions, createChat, memoryStore, tokenAuth } from '../../src/index.ts';
import { FakeServer } from './fake-server.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface World {
    clock: VirtualClock;
    server: FakeServer;
    /** A chat on this server; each call is another tab, or the next load of the page. */
    chat(options?: Partial<ChatOptions>): Chat;
}

export function newWorld(random?: () => number): World {
    const clock = new VirtualClock(random);
    const server = new FakeServer(clock.now);
    const chat = (options: Partial<ChatOptions> = {}) =>
        createChat({
            url: 'http://chat.test',
            auth: tokenAuth(() => 'token'),
            store: memoryStore(),
            clock,
            WebSocket: server.WebSocket,
            fetch: server.fetch,
            ...options,
        });
    return { clock, server, chat };
}
