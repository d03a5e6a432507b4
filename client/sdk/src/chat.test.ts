import { describe, expect, test } from 'vitest';
import { newWorld } from '../test/support/fake-chat.ts';
import { me, other, threadId } from '../test/support/fake-server.ts';

async function opened(count = 3) {
    const world = newWorld();
    for (let index = 1; index <= count; index++) world.server.post(`m${index}`);
    const chat = world.chat();
    await chat.start();
    const room = chat.open(threadId);
    await world.clock.advance(100);
    const own = () => chat.threads.value[0]?.membership;
    const asked = (type: string) => world.server.received.filter((frame) => frame.type === type);
    return { ...world, chat, room, own, asked };
}

describe('what is read', () => {
    test('is seen at once, and told at most once a second', async () => {
        const { room, own, asked, clock } = await opened();
        for (const seq of [1, 2, 3]) room.markRead(seq);
        await clock.advance(10);
        expect(own()).toMatchObject({ readSeq: 3, unread: 0 });
        await clock.advance(5_000);
        expect(asked('read:mark').map(({ seq }) => seq)).toEqual([1, 3]);
    });

    test('is told again after a lost connection', async () => {
        const { room, server, asked, clock } = await opened();
        server.cut();
        room.markRead();
        await clock.advance(5_000);
        expect(asked('read:mark')).toMatchObject([{ seq: 3 }]);
        expect(server.readSeq).toBe(3);
    });

    test('never goes back, and not beyond what there is', async () => {
        const { room, own, clock } = await opened();
        room.markRead(99);
        room.markRead(1);
        await clock.advance(10);
        expect(own()?.readSeq).toBe(3);
    });

    test('elsewhere is taken over; an older word than what is to be told here is not', async () => {
        const { room, server, own, clock } = await opened();
        const told = (seq: number) => ({
            type: 'read:update',
            threadId,
            userId: me.id,
            seq,
            unread: 3 - seq,
            mentions: 0,
        });
        server.socket?.tell(told(1));
        await clock.advance(10);
        expect(own()).toMatchObject({ readSeq: 1, unread: 2 });
        server.rules.push(({ type }) => (type === 'read:mark' ? null : undefined));
        room.markRead(3);
        server.socket?.tell(told(2));
        await clock.advance(10);
        expect(own()).toMatchObject({ readSeq: 3, unread: 0 });
    });

    test('by others is kept by who they are', async () => {
        const { room, server } = await opened();
        server.socket?.tell({ type: 'read:update', threadId, userId: other.id, seq: 2 });
        expect([...room.readers.value]).toEqual([[other.id, 2]]);
    });
});

describe('counts of a thread', () => {
    test('grow with messages of others, not with own ones', async () => {
        const { server, own, clock } = await opened(0);
        server.say('one');
        server.say('two');
        await clock.advance(10);
        expect(own()).toMatchObject({ unread: 2, readSeq: 0 });
        server.say('mine, from another device', me);
        await clock.advance(10);
        expect(own()).toMatchObject({ unread: 0, readSeq: 3 });
    });

    test('grow with activity where it is not joined', async () => {
        const { server, own, clock } = await opened(0);
        const activity = { type: 'thread:activity', threadId, seq: 5, mentioned: [me.id] };
        server.socket?.tell(activity);
        server.socket?.tell(activity);
        await clock.advance(10);
        expect(own()).toMatchObject({ unread: 5, mentions: 1 });
    });

    test('are asked for anew with each connection', async () => {
        const { server, own, clock } = await opened(0);
        server.cut();
        for (let index = 0; index < 4; index++) server.post('missed');
        server.readSeq = 1;
        await clock.advance(5_000);
        expect(own()).toMatchObject({ readSeq: 1, unread: 3 });
    });
});

describe('typing', () => {
    test('is told every three seconds at most, and ended once', async () => {
        const { room, asked, clock } = await opened();
        for (let keys = 0; keys < 40; keys++) {
            room.startTyping();
            await clock.advance(100);
        }
        expect(asked('typing:start')).toHaveLength(2);
        room.stopTyping();
        room.stopTyping();
        expect(asked('typing:stop')).toHaveLength(1);
    });

    test('of others is over by itself, with their message, and with the connection', async () => {
        const { room, server, clock } = await opened();
        const typing = {
            type: 'typing:update',
            threadId,
            userId: other.id,
            typing: true,
            expiresInMs: 5_000,
        };
        server.socket?.tell(typing);
        expect(room.typing.value).toEqual([other.id]);
        await clock.advance(5_000);
        expect(room.typing.value).toEqual([]);
        server.socket?.tell(typing);
        server.say('done');
        expect(room.typing.value).toEqual([]);
        server.socket?.tell(typing);
        server.cut();
        expect(room.typing.value).toEqual([]);
    });
});

describe('presence', () => {
    test('is watched for as long as somebody shows it, as one list', async () => {
        const { chat, asked, clock } = await opened();
        const first = chat.presence.watch(['a', 'b']);
        const second = chat.presence.watch(['b', 'c']);
        await clock.advance(1_000);
        expect(asked('presence:watch')).toMatchObject([{ userIds: ['a', 'b', 'c'] }]);
        first();
        first();
        await clock.advance(1_000);
        expect(asked('presence:watch').at(-1)).toMatchObject({ userIds: ['b', 'c'] });
        second();
        await clock.advance(1_000);
        expect(asked('presence:watch').at(-1)).toMatchObject({ userIds: [] });
    });

    test('is watched and said again after a lost connection, and forgotten where it is not told again', async () => {
        const { chat, server, asked, clock } = await opened();
        chat.presence.watch(['a']);
        chat.setPresence('dnd');
        await clock.advance(1_000);
        server.socket?.tell({ type: 'presence:update', userId: 'a', presence: 'away', lastActiveAt: null });
        server.cut();
        expect(chat.presence.get('a').value?.presence).toBe('away');
        await clock.advance(2_000);
        expect(asked('presence:watch')).toHaveLength(2);
        expect(asked('presence:set')).toMatchObject([{ presence: 'dnd' }, { presence: 'dnd' }]);
        expect(chat.presence.get('a').value).toBeUndefined();
    });
});

describe('membership', () => {
    test('a thread that is taken away leaves the list, and its room is gone', async () => {
        const { chat, room, server, clock } = await opened();
        server.socket?.tell({ type: 'thread:removed', threadId });
        await clock.advance(10);
        expect(chat.threads.value).toEqual([]);
        expect(room.state.value).toBe('gone');
        expect(room.rows.value).toEqual([]);
    });

    test('a thread that is given back is there again', async () => {
        const { chat, room, server, clock } = await opened();
        server.socket?.tell({ type: 'member:update', threadId, userId: me.id, role: null });
        await clock.advance(10);
        server.socket?.tell({ type: 'member:update', threadId, userId: me.id, role: 'member', level: 'all' });
        await clock.advance(10);
        expect(chat.threads.value).toHaveLength(1);
        expect(room.state.value).toBe('live');
        expect(room.rows.value).toHaveLength(3);
    });

    test('a thread that somebody renamed keeps what is the user’s own', async () => {
        const { chat, server, clock } = await opened();
        const { membership: _, ...thread } = server.thread();
        const renamed = { ...thread, name: 'renamed', rev: ++server.rev };
        server.broadcast({ type: 'thread:update', threadId, rev: server.rev, thread: renamed });
        server.say('goes on');
        await clock.advance(10);
        expect(chat.threads.value[0]).toMatchObject({
            name: 'renamed',
            membership: { role: 'member', unread: 4 },
        });
    });
});

describe('a closed room', () => {
    test('is left after a minute, and comes back with what was missed', async () => {
        const { chat, room, server, asked, clock } = await opened();
        room.close();
        await clock.advance(59_000);
        expect(asked('thread:leave')).toHaveLength(0);
        await clock.advance(2_000);
        expect(asked('thread:leave')).toHaveLength(1);
        server.say('missed');
        const again = chat.open(threadId);
        expect(again.rows.value).toHaveLength(3);
        await clock.advance(100);
        expect(again.rows.value).toHaveLength(4);
    });

    test('stays as long as one of its openings does', async () => {
        const { chat, room, asked, clock } = await opened();
        chat.open(threadId);
        room.close();
        await clock.advance(120_000);
        expect(asked('thread:leave')).toHaveLength(0);
    });
});

describe('another user who signs in', () => {
    test('sees nothing of the first one', async () => {
        const { chat, room, server, clock } = await opened();
        room.draft.value = 'not for you';
        await clock.advance(100);
        server.rules.push(({ type }) =>
            type === 'connect'
                ? { ...server.connected(), user: other }
                : type === 'thread:join'
                  ? null
                  : undefined,
        );
        server.cut(4403);
        await clock.advance(2_000);
        expect(chat.session.value?.user.handle).toBe('other');
        expect(room.rows.value).toEqual([]);
        expect(room.draft.value).toBe('');
        expect(chat.drafts.value.size).toBe(0);
    });
});
