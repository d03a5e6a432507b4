import { describe, expect, test } from 'vitest';
import { newWorld } from '../test/support/fake-chat.ts';
import { me, threadId } from '../test/support/fake-server.ts';
import { memoryStore, type Room } from './index.ts';

const texts = (room: Room) =>
    room.rows.value.map((row) => row.message?.content ?? `(${row.pending?.content})`);

/** A room that has joined a thread of so many messages. */
async function joined(count = 3) {
    const world = newWorld();
    for (let index = 1; index <= count; index++) world.server.post(`m${index}`);
    const chat = world.chat();
    await chat.start();
    const room = chat.open(threadId);
    await world.clock.advance(100);
    return { ...world, chat, room };
}

describe('joining', () => {
    test('shows the newest messages and is live', async () => {
        const { room } = await joined(60);
        expect(room.state.value).toBe('live');
        expect(room.rows.value).toHaveLength(50);
        expect(room.window.value).toEqual({ atStart: false, atEnd: true, loading: null, error: null });
    });

    test('an empty thread has a beginning and an end', async () => {
        const { room } = await joined(0);
        expect(room.window.value).toMatchObject({ atStart: true, atEnd: true });
    });

    test('after a lost connection only what changed is asked for', async () => {
        const { room, server, clock } = await joined();
        server.cut();
        expect(room.state.value).toBe('behind');
        server.post('missed');
        server.edit(1, 'changed');
        await clock.advance(1_000);
        expect(room.state.value).toBe('live');
        expect(texts(room)).toEqual(['changed', 'm2', 'm3', 'missed']);
        expect(server.received.findLast(({ type }) => type === 'thread:join')).toMatchObject({
            since: 3,
            epoch: 'e1',
        });
    });

    test('asks on until all pages of changes are there, and shows new messages by seq', async () => {
        const { room, server, clock } = await joined();
        server.cut();
        server.pageOfJoin = 2;
        for (const text of ['a', 'b', 'c', 'd']) server.post(text);
        // Its rev is now the last, its seq is not.
        server.edit(4, 'a, edited');
        await clock.advance(1_000);
        expect(texts(room)).toEqual(['m1', 'm2', 'm3', 'a, edited', 'b', 'c', 'd']);
    });

    test('a connection that is lost between two pages goes on where it was', async () => {
        const { room, server, clock } = await joined();
        server.cut();
        server.pageOfJoin = 2;
        for (const text of ['a', 'b', 'c', 'd', 'e']) server.post(text);
        let joins = 0;
        server.rules.push(({ type }, socket) => {
            if (type !== 'thread:join' || ++joins !== 2) return undefined;
            queueMicrotask(() => socket.cut());
            return null;
        });
        await clock.advance(3_000);
        expect(texts(room)).toEqual(['m1', 'm2', 'm3', 'a', 'b', 'c', 'd', 'e']);
    });

    test('more than twenty pages of changes are not read: the newest messages are shown instead', async () => {
        const { room, server, clock } = await joined();
        server.cut();
        server.pageOfJoin = 2;
        for (let index = 0; index < 100; index++) server.post(`n${index}`);
        await clock.advance(1_000);
        expect(room.state.value).toBe('live');
        expect(room.rows.value).toHaveLength(50);
        expect(texts(room).at(-1)).toBe('n99');
    });

    test('a restored backup drops the copy', async () => {
        const { room, server, clock } = await joined();
        server.cut();
        server.epoch = 'e2';
        server.messages.length = 1;
        server.rev = 1;
        await clock.advance(1_000);
        expect(texts(room)).toEqual(['m1']);
        server.say('after');
        await clock.advance(100);
        expect(texts(room)).toEqual(['m1', 'after']);
    });

    test('a thread that is not there for this user is gone', async () => {
        const { server, chat, clock } = await joined();
        server.rules.push(({ type }) =>
            type === 'thread:join'
                ? { type: 'error', code: 'not_found', detail: '', retryAfterMs: null }
                : undefined,
        );
        const room = chat.open('00000000-0000-7000-8000-00000000000b');
        await clock.advance(100);
        expect(room.state.value).toBe('gone');
    });

    test('a join that fails in passing is tried again', async () => {
        const { server, room, clock } = await joined();
        server.cut();
        let failures = 0;
        server.rules.push(({ type }) =>
            type === 'thread:join' && failures++ < 2
                ? { type: 'error', code: 'busy', detail: '', retryAfterMs: 700 }
                : undefined,
        );
        await clock.advance(5_000);
        expect(room.state.value).toBe('live');
        expect(failures).toBe(3);
    });
});

describe('live events', () => {
    test('come in order, and an event that skips makes it join again', async () => {
        const { room, server, clock } = await joined();
        server.say('heard');
        server.post('lost on the way');
        server.say('heard again');
        await clock.advance(100);
        expect(texts(room).slice(3)).toEqual(['heard', 'lost on the way', 'heard again']);
        expect(server.received.filter(({ type }) => type === 'thread:join')).toHaveLength(2);
    });

    test('those that arrive together with the answer to a join are taken after it', async () => {
        const { room, server, clock } = await joined();
        server.cut();
        server.isPrompt = false;
        await clock.advance(1_000);
        for (const step of ['connect', 'join']) {
            if (server.socket) server.run(server.socket);
            if (step === 'join') server.say('right behind it');
            server.socket?.deliver();
            await clock.advance(0);
        }
        expect(texts(room).at(-1)).toBe('right behind it');
        expect(server.received.filter(({ type }) => type === 'thread:join')).toHaveLength(2);
    });

    test('an event that comes twice changes nothing', async () => {
        const { room, server, clock } = await joined();
        const message = server.say('once');
        server.broadcast({ type: 'message:new', threadId, rev: message.rev, message });
        await clock.advance(100);
        expect(texts(room).slice(3)).toEqual(['once']);
        expect(server.received.filter(({ type }) => type === 'thread:join')).toHaveLength(1);
    });

    test('many before one frame of the screen are one change of the rows', async () => {
        const { room, server, clock } = await joined();
        let changes = -1;
        room.rows.subscribe(() => changes++);
        for (let index = 0; index < 200; index++) server.say(`burst ${index}`);
        await clock.advance(100);
        expect(changes).toBe(1);
        expect(room.rows.value).toHaveLength(203);
    });

    test('rows that do not change stay the same objects', async () => {
        const { room, server, clock } = await joined();
        const before = room.rows.value;
        server.edit(2, 'changed');
        await clock.advance(100);
        const after = room.rows.value;
        expect(after[0]).toBe(before[0]);
        expect(after[1]).not.toBe(before[1]);
        expect(after[2]).toBe(before[2]);
    });

    test('one reaction among more than twenty stays known as mine', async () => {
        const { room, server, clock } = await joined(1);
        const userIds = Array.from({ length: 20 }, (_, index) => `u${index}`);
        const change = (count: number, reaction: object) => {
            const [message] = server.messages;
            const reactions = [{ emoji: '👍', count, userIds }];
            const now = { ...message, rev: ++server.rev, reactions };
            server.broadcast({ type: 'message:update', threadId, rev: server.rev, message: now, reaction });
        };
        change(21, { emoji: '👍', userId: me.id, added: true });
        change(22, { emoji: '👍', userId: 'u30', added: true });
        await clock.advance(100);
        expect(room.rows.value[0]?.message?.reactions[0]).toMatchObject({ count: 22, mine: true });
        change(21, { emoji: '👍', userId: me.id, added: false });
        await clock.advance(100);
        expect(room.rows.value[0]?.message?.reactions[0]?.mine).toBeUndefined();
    });
});

describe('history', () => {
    test('pages go to the beginning of the thread', async () => {
        const { room, clock } = await joined(120);
        for (const expected of [100, 120]) {
            const done = room.older();
            expect(room.window.value.loading).toBe('older');
            await clock.advance(10);
            await done;
            expect(room.rows.value).toHaveLength(expected);
        }
        expect(room.window.value.atStart).toBe(true);
        expect(texts(room)[0]).toBe('m1');
    });

    test('at most a thousand messages are kept, and the end comes back by paging', async () => {
        const { room, clock } = await joined(1_100);
        for (let page = 0; page < 20; page++) await room.older();
        await clock.advance(10);
        expect(room.rows.value).toHaveLength(1_000);
        expect(room.window.value.atEnd).toBe(false);
        while (!room.window.value.atEnd) await room.newer();
        expect(room.rows.value).toHaveLength(1_000);
        expect(texts(room).at(-1)).toBe('m1100');
    });

    test('after a jump into history, new messages are not shown there, and the end can be reached', async () => {
        const { room, server, clock } = await joined(300);
        await room.around(100);
        expect(room.window.value).toMatchObject({ atStart: false, atEnd: false });
        server.say('live');
        await clock.advance(10);
        expect(texts(room)).not.toContain('live');
        while (!room.window.value.atEnd) await room.newer();
        expect(texts(room).at(-1)).toBe('live');
        server.say('and on');
        await clock.advance(10);
        expect(texts(room).at(-1)).toBe('and on');
    });

    test('sending moves to the end, with the message there', async () => {
        const { room, clock } = await joined(300);
        await room.around(100);
        room.send({ content: 'mine' });
        await clock.advance(100);
        expect(texts(room).at(-1)).toBe('mine');
        expect(room.window.value.atEnd).toBe(true);
    });

    test('a page that brings a message before its acknowledgement does not show it twice', async () => {
        const { room, server, chat, clock } = await joined(120);
        server.isPrompt = false;
        const { nonce } = room.send({ content: 'mine' });
        await clock.advance(10);
        if (server.socket) server.run(server.socket);
        await room.around(96);
        const nonces = room.rows.value.map(({ message, pending }) => message?.nonce ?? pending?.nonce);
        expect(nonces.filter((one) => one === nonce)).toHaveLength(1);
        expect(room.rows.value.at(-1)).toMatchObject({ state: 'settled', message: { nonce } });
        expect(chat.unsent.value).toEqual([]);
    });

    test('a page that was read before a change, and comes after it, does not undo it', async () => {
        const { room, server, clock } = await joined(120);
        server.holdsFetches = true;
        const page = room.older();
        await clock.advance(10);
        server.edit(60, 'changed meanwhile');
        await clock.advance(10);
        server.fetches.shift()?.answer();
        await page;
        expect(texts(room)).toContain('changed meanwhile');
    });

    test('a page of a place that was left fits nowhere', async () => {
        const { room, server, clock } = await joined(300);
        server.holdsFetches = true;
        const older = room.older();
        const around = room.around(50);
        await clock.advance(10);
        server.fetches[1]?.answer();
        await around;
        server.fetches[0]?.answer();
        await older;
        const seqs = room.rows.value.map((row) => row.message?.seq ?? 0);
        expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
        expect(seqs).toContain(50);
        expect(seqs).not.toContain(250);
    });

    test('a page that fails says why, and works when it is tried again', async () => {
        const { room, server, clock } = await joined(120);
        server.isReachable = false;
        const failed = room.older();
        await clock.advance(10_000);
        await failed;
        expect(room.window.value.error).toMatchObject({ code: 'network' });
        server.isReachable = true;
        await room.older();
        expect(room.window.value.error).toBeNull();
        expect(room.rows.value).toHaveLength(100);
    });
});

describe('grouping', () => {
    test('rows of one author within five minutes go together, until the day ends', async () => {
        const { room, server, clock } = await joined(0);
        server.say('a');
        await clock.advance(60_000);
        server.say('b');
        await clock.advance(6 * 60_000);
        server.say('c');
        server.say('d', me);
        await clock.advance(24 * 3_600_000);
        server.say('e', me);
        await clock.advance(100);
        const flags = room.rows.value.map(({ startsDay, grouped }) => [startsDay, grouped]);
        expect(flags).toEqual([
            [true, false],
            [false, true],
            [false, false],
            [false, false],
            [true, false],
        ]);
    });
});

describe('after a reload', () => {
    test('what was shown last is shown at once, and what was missed comes after it', async () => {
        const world = newWorld();
        const store = memoryStore();
        world.server.post('old');
        const first = world.chat({ store });
        await first.start();
        first.open(threadId);
        await world.clock.advance(100);
        await first.stop();

        world.server.isReachable = false;
        const second = world.chat({ store });
        await second.start();
        const room = second.open(threadId);
        await world.clock.advance(100);
        expect(second.threads.value.map(({ name }) => name)).toEqual(['general']);
        expect(second.stale.value).toBe(true);
        expect(texts(room)).toEqual(['old']);

        world.server.isReachable = true;
        world.server.post('new');
        await world.clock.advance(60_000);
        expect(texts(room)).toEqual(['old', 'new']);
        expect(second.stale.value).toBe(false);
        expect(world.server.received.findLast(({ type }) => type === 'thread:join')).toMatchObject({
            since: 1,
        });
    });

    test('drafts are there again, and those of threads that are not open', async () => {
        const world = newWorld();
        const store = memoryStore();
        const first = world.chat({ store });
        await first.start();
        const room = first.open(threadId);
        await world.clock.advance(100);
        room.draft.value = 'half a thou';
        await world.clock.advance(100);

        // No stop: as when the page is killed.
        const second = world.chat({ store });
        await second.start();
        await world.clock.advance(100);
        expect([...second.drafts.value]).toEqual([[threadId, 'half a thou']]);
        expect(second.open(threadId).draft.value).toBe('half a thou');
    });

    test('forgetting leaves nothing of the user behind', async () => {
        const world = newWorld();
        const store = memoryStore();
        const chat = world.chat({ store });
        await chat.start();
        const room = chat.open(threadId);
        room.draft.value = 'secret';
        await world.clock.advance(5_000);
        expect(await store.list('')).not.toEqual([]);
        await chat.forget();
        expect(await store.list('')).toEqual([]);
        expect(room.rows.value).toEqual([]);
        expect(room.draft.value).toBe('');
    });
});
