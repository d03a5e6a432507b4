import { describe, expect, test } from 'vitest';
import { newWorld } from '../test/support/fake-chat.ts';
import { me, other, threadId } from '../test/support/fake-server.ts';
import { memoryStore, type Room } from './index.ts';

async function opened(store = memoryStore()) {
    const world = newWorld();
    const chat = world.chat({ store });
    await chat.start();
    const room = chat.open(threadId);
    await world.clock.advance(100);
    return { ...world, store, chat, room };
}

const states = (room: Room) =>
    room.rows.value.map((row) => [row.state, row.message?.content ?? row.pending?.content]);
const refusal = (code: string, retryAfterMs: number | null = null) => ({
    type: 'error',
    code,
    detail: 'because',
    retryAfterMs,
});

describe('sending', () => {
    test('the row is there before anything is sent, and keeps its key when it settles', async () => {
        const { room, clock } = await opened();
        const { nonce } = room.send({ content: 'hi' });
        expect(states(room)).toEqual([['sending', 'hi']]);
        await clock.advance(100);
        expect(states(room)).toEqual([['settled', 'hi']]);
        expect(room.rows.value[0]?.key).toBe(nonce);
    });

    test('messages of one thread go one after the other, and are shown in that order', async () => {
        const { room, server, clock } = await opened();
        server.isPrompt = false;
        for (const content of ['1', '2', '3']) room.send({ content });
        await clock.advance(100);
        expect(server.socket?.asked.filter(({ type }) => type === 'message:send')).toHaveLength(1);
        server.isPrompt = true;
        if (server.socket) server.run(server.socket);
        await clock.advance(100);
        expect(states(room).map(([, text]) => text)).toEqual(['1', '2', '3']);
        expect(server.messages.map(({ content }) => content)).toEqual(['1', '2', '3']);
    });

    test('an acknowledged message stays in its place until the order of the thread reaches it', async () => {
        const { room, server, clock } = await opened();
        server.isPrompt = false;
        server.say('before');
        room.send({ content: 'mine' });
        await clock.advance(10);
        const { socket } = server;
        if (socket) server.run(socket);
        // The acknowledgement first, though the thread has something before it.
        socket?.told.sort((a, b) => Number('re' in b) - Number('re' in a));
        socket?.deliver(1);
        await clock.advance(10);
        expect(states(room)).toEqual([['settled', 'mine']]);
        socket?.deliver();
        await clock.advance(10);
        expect(states(room)).toEqual([
            ['settled', 'before'],
            ['settled', 'mine'],
        ]);
    });

    test('the broadcast alone settles it, too', async () => {
        const { room, server, clock } = await opened();
        server.rules.push((frame) => {
            if (frame.type !== 'message:send') return undefined;
            server.say(String(frame['content']), me, String(frame['nonce']));
            return null;
        });
        const { settled } = room.send({ content: 'hi' });
        await clock.advance(100);
        expect(await settled).toMatchObject({ content: 'hi' });
        expect(states(room)).toEqual([['settled', 'hi']]);
    });

    test('another person who uses the same nonce settles nothing', async () => {
        const { room, server, clock } = await opened();
        server.rules.push(({ type }) => (type === 'message:send' ? null : undefined));
        const { nonce } = room.send({ content: 'mine' });
        server.say('theirs', other, nonce);
        await clock.advance(100);
        expect(states(room)).toEqual([
            ['settled', 'theirs'],
            ['sending', 'mine'],
        ]);
        expect(new Set(room.rows.value.map(({ key }) => key)).size).toBe(2);
    });

    test('no answer in ten seconds sends the same nonce again, and there is one message', async () => {
        const { room, server, clock } = await opened();
        let isLost = true;
        server.rules.push((frame) => {
            if (frame.type !== 'message:send' || !isLost) return undefined;
            isLost = false;
            server.post(String(frame['content']), me, String(frame['nonce']));
            return null;
        });
        room.send({ content: 'hi' });
        await clock.advance(15_000);
        expect(server.received.filter(({ type }) => type === 'message:send')).toHaveLength(2);
        expect(server.messages).toHaveLength(1);
        expect(states(room)).toEqual([['settled', 'hi']]);
    });

    test.each(['rate_limited', 'busy', 'outcome_unknown', 'storage_unavailable'])(
        '%s is tried again after the time that it says, in order',
        async (code) => {
            const { room, server, clock } = await opened();
            let refusals = 2;
            server.rules.push(({ type }) =>
                type === 'message:send' && refusals-- > 0 ? refusal(code, 3_000) : undefined,
            );
            room.send({ content: 'first' });
            room.send({ content: 'second' });
            await clock.advance(2_900);
            expect(room.rows.value[0]).toMatchObject({ state: 'sending', error: { code } });
            await clock.advance(4_000);
            expect(states(room)).toEqual([
                ['settled', 'first'],
                ['settled', 'second'],
            ]);
        },
    );

    test.each(['forbidden', 'too_large', 'not_found', 'conflict', 'storage_full'])(
        '%s is shown with the text, and lets the next message pass',
        async (code) => {
            const { room, server, clock } = await opened();
            server.rules.push((frame) => (frame['content'] === 'refused' ? refusal(code) : undefined));
            const { settled } = room.send({ content: 'refused' });
            room.send({ content: 'fine' });
            await clock.advance(100);
            await expect(settled).rejects.toMatchObject({ code });
            expect(states(room)).toEqual([
                ['settled', 'fine'],
                ['failed', 'refused'],
            ]);
        },
    );

    test('a fault of the server that stays is shown in the end', async () => {
        const { room, server, clock } = await opened();
        server.rules.push(({ type }) => (type === 'message:send' ? refusal('internal') : undefined));
        room.send({ content: 'poison' });
        await clock.advance(60_000);
        expect(room.rows.value[0]).toMatchObject({ state: 'failed', error: { code: 'internal' } });
        expect(server.received.filter(({ type }) => type === 'message:send')).toHaveLength(5);
    });
});

describe('a failed message', () => {
    async function failed(code: string) {
        const world = await opened();
        let isRefused = true;
        world.server.rules.push(({ type }) =>
            type === 'message:send' && isRefused ? refusal(code) : undefined,
        );
        const { nonce } = world.room.send({ content: 'text' });
        await world.clock.advance(100);
        isRefused = false;
        return { ...world, nonce };
    }

    test('is sent when it is tried again, with the same nonce', async () => {
        const { room, server, clock, nonce } = await failed('forbidden');
        room.retry(nonce);
        await clock.advance(100);
        expect(server.messages).toMatchObject([{ content: 'text', nonce }]);
        expect(states(room)).toEqual([['settled', 'text']]);
    });

    test('whose nonce holds something else gets another one', async () => {
        const { room, server, clock, nonce } = await failed('nonce_reused');
        room.retry(nonce);
        await clock.advance(100);
        expect(server.messages).toMatchObject([{ content: 'text' }]);
        expect(server.messages[0]?.nonce).not.toBe(nonce);
    });

    test('is still there, failed, after a reload', async () => {
        const { chat, clock, store, nonce } = await failed('forbidden');
        const again = chatAgain(store);
        await again.chat.start();
        const room = again.chat.open(threadId);
        await again.clock.advance(1_000);
        expect(room.rows.value).toMatchObject([
            { state: 'failed', key: nonce, error: { code: 'forbidden' } },
        ]);
        room.discard(nonce);
        await again.clock.advance(100);
        expect(room.rows.value).toEqual([]);
        expect((await store.list('')).filter(([name]) => name.includes('/outbox/'))).toEqual([]);
        await chat.stop();
        await clock.advance(0);
    });
});

function chatAgain(store: ReturnType<typeof memoryStore>) {
    const world = newWorld();
    return { ...world, chat: world.chat({ store }) };
}

describe('without a connection', () => {
    test('messages wait, survive a reload, and are sent once, in order', async () => {
        const { room, chat, server, clock, store } = await opened();
        server.isReachable = false;
        server.cut();
        for (const content of ['1', '2', '3']) room.send({ content });
        await clock.advance(100);
        expect(chat.unsent.value).toHaveLength(3);

        // As when the page is killed: nothing of it runs any more.
        const later = newWorld();
        const second = later.chat({ store });
        await second.start();
        const again = second.open(threadId);
        await later.clock.advance(1_000);
        expect(later.server.messages.map(({ content }) => content)).toEqual(['1', '2', '3']);
        expect(states(again).map(([state]) => state)).toEqual(['settled', 'settled', 'settled']);
        expect(second.unsent.value).toEqual([]);
        expect((await store.list('')).filter(([name]) => name.includes('/outbox/'))).toEqual([]);
    });

    test('two tabs that both have a message make one of it', async () => {
        const { room, server, clock, store, chat } = await opened();
        server.isReachable = false;
        server.cut();
        room.send({ content: 'once' });
        await clock.advance(100);
        server.isReachable = true;
        const second = chat;
        const third = newWorldOn(server, clock, store);
        await third.start();
        const there = third.open(threadId);
        await clock.advance(5_000);
        expect(server.messages).toHaveLength(1);
        expect(states(there)).toEqual([['settled', 'once']]);
        expect(second.unsent.value).toEqual([]);
        expect(third.unsent.value).toEqual([]);
    });

    test('what is written before anybody is signed in goes out as the first who is', async () => {
        const world = newWorld();
        const store = memoryStore();
        world.server.isReachable = false;
        const chat = world.chat({ store });
        await chat.start();
        chat.open(threadId).send({ content: 'early' });
        world.server.isReachable = true;
        await world.clock.advance(60_000);
        expect(world.server.messages).toMatchObject([{ content: 'early', authorId: me.id }]);
    });

    test('a store that is broken keeps no message from being sent', async () => {
        const broken = () => Promise.reject(new Error('quota'));
        const { room, server, clock } = await opened({
            get: broken,
            write: broken,
            list: broken,
        });
        room.send({ content: 'anyway' });
        await clock.advance(2_000);
        expect(server.messages).toMatchObject([{ content: 'anyway' }]);
    });

    test('a store that never answers keeps no message from being sent', async () => {
        const store = memoryStore();
        const { room, server, clock } = await opened(store);
        store.write = () => new Promise(() => {});
        room.send({ content: 'anyway' });
        await clock.advance(2_000);
        expect(server.messages).toMatchObject([{ content: 'anyway' }]);
    });
});

function newWorldOn(
    server: ReturnType<typeof newWorld>['server'],
    clock: ReturnType<typeof newWorld>['clock'],
    store: ReturnType<typeof memoryStore>,
) {
    return newWorld().chat({ store, clock, WebSocket: server.WebSocket, fetch: server.fetch });
}
