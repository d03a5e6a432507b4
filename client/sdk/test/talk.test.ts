import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../src/index.ts';
import { when } from './support/deadline.ts';
import { newChannel, newPerson, type Person, texts } from './support/people.ts';
import { Server } from './support/server.ts';

let server: Server;
let ada: Person;
let ben: Person;
beforeAll(async () => {
    server = await Server.start();
    ada = await newPerson(server.url, 'ada');
    ben = await newPerson(server.url, 'ben');
});
afterAll(async () => {
    await ada?.chat.stop();
    await ben?.chat.stop();
    await server?.dispose();
});

/** A channel that both have open. */
async function together(name: string) {
    const thread = await newChannel(ada.chat, name, [ben.userId]);
    const rooms = [ada.chat.open(thread.id), ben.chat.open(thread.id)] as const;
    for (const room of rooms) await when(room.state, (state) => state === 'live');
    return { thread, adas: rooms[0], bens: rooms[1] };
}

describe('two people in one channel', () => {
    test('a message is shown at once, settles in the same row, and reaches the other', async () => {
        const { adas, bens } = await together('first');
        const { nonce, settled } = adas.send({ content: 'hi' });
        const [optimistic] = adas.rows.value;
        expect(optimistic).toMatchObject({ key: nonce, state: 'sending', pending: { content: 'hi' } });
        const message = await settled;
        expect(message).toMatchObject({ seq: 1, content: 'hi', authorId: ada.userId, nonce });
        const mine = await when(adas.rows, ([row]) => row?.state === 'settled');
        expect(mine[0]?.key).toBe(nonce);
        const theirs = await when(bens.rows, (rows) => rows.length === 1);
        expect(theirs[0]).toMatchObject({
            state: 'settled',
            key: message.id,
            startsDay: true,
            grouped: false,
        });
    });

    test('many messages of both have the same order for both', async () => {
        const { adas, bens } = await together('many');
        const sent = Array.from({ length: 40 }, (_, index) =>
            (index % 2 ? adas : bens).send({ content: `m${index}` }),
        );
        await Promise.all(sent.map(({ settled }) => settled));
        const all = (rows: readonly Row[]) =>
            rows.length === 40 && rows.every(({ state }) => state === 'settled');
        const first = texts(await when(adas.rows, all));
        const second = texts(await when(bens.rows, all));
        expect(first).toEqual(second);
        const ofAda = first.filter((text) => Number(text?.slice(1)) % 2 === 1);
        expect(ofAda).toEqual(ofAda.toSorted((a, b) => Number(a?.slice(1)) - Number(b?.slice(1))));
    });

    test('an edit, a deletion and a reaction show for both', async () => {
        const { adas, bens } = await together('changes');
        const kept = await adas.send({ content: 'before' }).settled;
        const doomed = await adas.send({ content: 'wrong' }).settled;
        await adas.edit(kept.id, 'after');
        await adas.remove(doomed.id);
        await when(bens.rows, (rows) => rows.length === 2);
        const reacted = bens.react(kept.id, '👍');
        expect(bens.rows.value[0]?.message?.reactions).toMatchObject([{ emoji: '👍', count: 1, mine: true }]);
        await reacted;
        const rows = await when(adas.rows, ([row]) => row?.message?.reactions.length === 1);
        expect(texts(rows)).toEqual(['after', '']);
        expect(rows[1]?.message?.deletedAt).not.toBeNull();
        expect(rows[0]?.message?.reactions[0]?.mine).toBeUndefined();
        await bens.unreact(kept.id, '👍');
        await when(adas.rows, ([row]) => row?.message?.reactions.length === 0);
        await when(bens.rows, ([row]) => row?.message?.reactions.length === 0);
    });

    test('an edit of what has changed meanwhile is refused as a conflict', async () => {
        const { adas } = await together('conflict');
        const message = await adas.send({ content: 'one' }).settled;
        await adas.edit(message.id, 'two', message.rev);
        await expect(adas.edit(message.id, 'three', message.rev)).rejects.toMatchObject({ code: 'conflict' });
    });

    test('typing shows for the other, and ends with the message', async () => {
        const { adas, bens } = await together('typing');
        adas.startTyping();
        expect(await when(bens.typing, (ids) => ids.length > 0)).toEqual([ada.userId]);
        adas.send({ content: 'there' });
        await when(bens.typing, (ids) => ids.length === 0);
    });

    test('what is unread and who is mentioned is counted in and out of the thread', async () => {
        const { thread, adas, bens } = await together('unread');
        const counts = (person: Person) =>
            person.chat.threads.value.find(({ id }) => id === thread.id)?.membership;
        await adas.send({ content: `<@${ben.userId}> look` }).settled;
        await when(ben.chat.threads, () => counts(ben)?.unread === 1);
        expect(counts(ben)).toMatchObject({ unread: 1, mentions: 1, readSeq: 0 });
        bens.markRead();
        await when(ben.chat.threads, () => counts(ben)?.unread === 0);
        await bens.markUnread(1);
        await when(ben.chat.threads, () => counts(ben)?.unread === 1);
        expect(counts(ada)?.unread).toBe(0);
        bens.markRead();
    });

    test('a thread that is not open tells of its activity', async () => {
        const thread = await newChannel(ada.chat, 'elsewhere', [ben.userId]);
        const own = () => ben.chat.threads.value.find(({ id }) => id === thread.id)?.membership;
        await when(ben.chat.threads, () => own() !== undefined);
        const room = ada.chat.open(thread.id);
        await room.send({ content: 'psst <!channel>' }).settled;
        await when(ben.chat.threads, () => own()?.unread === 1);
        expect(own()?.mentions).toBe(1);
        room.close();
    });

    test('a direct thread appears with its first message, and shows how far the other has read', async () => {
        const body = { kind: 'direct' as const, memberIds: [ben.userId] };
        const thread = await ada.chat.api.post('/api/threads', { body });
        ada.chat.addThread(thread);
        const adas = ada.chat.open(thread.id);
        await adas.send({ content: 'just you' }).settled;
        await when(ben.chat.threads, (threads) => threads.some(({ id }) => id === thread.id));
        const bens = ben.chat.open(thread.id);
        await when(bens.rows, (rows) => rows.length === 1);
        bens.markRead();
        const readers = await when(adas.readers, (map) => map.size > 0);
        expect(readers.get(ben.userId)).toBe(1);
    });

    test('presence is told to who watches', async () => {
        const end = ada.chat.presence.watch([ben.userId]);
        const bens = ada.chat.presence.get(ben.userId);
        await when(bens, (shown) => shown?.presence === 'online');
        ben.chat.setPresence('dnd');
        await when(bens, (shown) => shown?.presence === 'dnd');
        ben.chat.setPresence('online');
        await when(bens, (shown) => shown?.presence === 'online');
        end();
    });

    test('a refused message keeps its text until it is discarded', async () => {
        const { adas } = await together('refused');
        const { nonce, settled } = adas.send({ content: 'x'.repeat(10_001) });
        await expect(settled).rejects.toMatchObject({ code: 'too_large' });
        const [row] = await when(adas.rows, ([first]) => first?.state === 'failed');
        expect(row).toMatchObject({ key: nonce, error: { code: 'too_large' } });
        expect(row?.pending?.content).toHaveLength(10_001);
        const after = await adas.send({ content: 'fine' }).settled;
        expect(after.seq).toBe(1);
        adas.discard(nonce);
        await when(adas.rows, (rows) => rows.length === 1);
    });

    test('people are found by name, and looked up by id', async () => {
        const found = await ada.chat.users.search('be');
        expect(found.map(({ handle }) => handle)).toContain('ben');
        const carl = await newPerson(server.url, 'carl');
        const user = await when(ada.chat.users.get(carl.userId), (known) => known !== undefined);
        expect(user?.handle).toBe('carl');
        await carl.chat.stop();
    });

    test('who is removed from a private thread loses it, rows and all', async () => {
        const memberIds = [ben.userId];
        const body = { kind: 'channel' as const, visibility: 'private' as const, name: 'secret', memberIds };
        const thread = await ada.chat.api.post('/api/threads', { body });
        const room = ben.chat.open(thread.id);
        await when(room.state, (state) => state === 'live');
        await room.send({ content: 'I was here' }).settled;
        const path = { threadId: thread.id, userId: ben.userId };
        await ada.chat.api.delete('/api/threads/{threadId}/members/{userId}', { path });
        await when(room.state, (state) => state === 'gone');
        expect(room.rows.value).toEqual([]);
        await when(ben.chat.threads, (threads) => !threads.some(({ id }) => id === thread.id));
    });
});
