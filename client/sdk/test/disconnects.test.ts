// A thousand random disconnects, and a checker: every acknowledged message is there once, in one order for everyone.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cookieFetch } from '../src/node.ts';
import { type Message, memoryStore, type Room, tokenAuth } from '../src/index.ts';
import { createChat } from '../src/index.ts';
import { when } from './support/deadline.ts';
import { newChannel, newPerson, online, type Person } from './support/people.ts';
import { CuttingProxy } from './support/proxy.ts';
import { randomFrom } from './support/random.ts';
import { Server } from './support/server.ts';

const disconnects = Number(process.env['BANTER_DISCONNECTS'] ?? 1_000);
const seed = Number(process.env['BANTER_SEED'] ?? Date.now() % 1e9);
const random = randomFrom(seed);
/** Below the limit of a window, so that each client ends with the whole thread. */
const most = 900;

let server: Server;
let proxy: CuttingProxy;
let owner: Person;
beforeAll(async () => {
    server = await Server.start();
    proxy = await CuttingProxy.start(() => server.port);
    owner = await newPerson(server.url, 'owner');
});
afterAll(async () => {
    await owner?.chat.stop();
    proxy?.stop();
    await server?.dispose();
});

const clients = 3;
const backoff = { minMs: 1, maxMs: 30 };

/** Someone who talks through the failing network; the server itself is asked about without it. */
async function talker(index: number) {
    const person = await newPerson(server.url, `talker${index}`);
    await person.chat.stop();
    const auth = tokenAuth(() => person.auth.token());
    const chat = createChat({ url: proxy.url, auth, fetch: cookieFetch(), backoff, store: memoryStore() });
    await chat.start();
    await online(chat);
    return { chat, userId: person.userId, acknowledged: [] as Message[], sent: new Map<string, string>() };
}
type Talker = Awaited<ReturnType<typeof talker>>;

async function history(threadId: string): Promise<Message[]> {
    const all: Message[] = [];
    for (let after = 0; ; ) {
        const query = { after, limit: 200 };
        const page = await owner.chat.api.get('/api/threads/{threadId}/messages', {
            path: { threadId },
            query,
        });
        all.push(...page.items);
        if (page.next === null) return all;
        after = page.items.at(-1)?.seq ?? after;
    }
}

/** Talks until there were enough disconnects; each message is acknowledged in the end, however often it is sent. */
async function talk(one: Talker, room: Room, isOver: () => boolean): Promise<void> {
    const own: Promise<void>[] = [];
    const waiting = new Set<string>();
    const total = () => one.sent.size * clients;
    while (!isOver()) {
        if (total() < most && waiting.size < 4) {
            const content = `${one.userId} ${one.sent.size}`;
            const { nonce, settled } = room.send({ content });
            one.sent.set(nonce, content);
            waiting.add(nonce);
            own.push(
                settled.then((message) => {
                    waiting.delete(nonce);
                    one.acknowledged.push(message);
                }),
            );
        } else if (one.acknowledged.length > 0 && random() < 0.3) {
            // Changes take revs of their own, and are tried once.
            const target = one.acknowledged[Math.floor(random() * one.acknowledged.length)];
            if (target) await room.react(target.id, '👍').catch(() => {});
        }
        await new Promise((next) => setTimeout(next, random() * 20));
    }
    await Promise.all(own);
}

/** Cuts single connections and all of them, at any moment of their life. */
async function cutAtRandom(): Promise<void> {
    while (proxy.cuts < disconnects) {
        await new Promise((next) => setTimeout(next, random() * 12));
        if (random() < 0.05) proxy.cut();
        else proxy.cut(Math.floor(random() * 1000));
    }
}

test(`nothing is lost, doubled or out of order after ${disconnects} disconnects (BANTER_SEED=${seed})`, async () => {
    const talkers = await Promise.all(Array.from({ length: clients }, (_, index) => talker(index)));
    const ids = talkers.map(({ userId }) => userId);
    const { id: threadId } = await newChannel(owner.chat, 'storm', ids);
    const rooms = talkers.map(({ chat }) => chat.open(threadId));
    for (const room of rooms) await when(room.state, (state) => state === 'live');

    let isOver = false;
    const talking = talkers.map((one, index) => talk(one, rooms[index] as Room, () => isOver));
    await cutAtRandom();
    isOver = true;
    await Promise.all(talking);

    const stored = await history(threadId);
    const acknowledged = talkers.flatMap((one) => one.acknowledged);
    expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => index + 1));
    // Each message that was written is stored once, as it was written, and nothing else is.
    expect(new Set(stored.map(({ nonce }) => nonce)).size).toBe(stored.length);
    const written = new Map(talkers.flatMap(({ sent }) => [...sent]));
    expect(new Map(stored.map(({ nonce, content }) => [nonce, content]))).toEqual(written);
    expect(acknowledged).toHaveLength(stored.length);
    for (const { seq, id, nonce } of acknowledged) expect(stored[seq - 1]).toMatchObject({ id, nonce });
    // Each author's messages are in the order of writing.
    for (const { userId, sent } of talkers) {
        const own = stored.filter(({ authorId }) => authorId === userId);
        expect(own.map(({ nonce }) => nonce)).toEqual([...sent.keys()]);
    }
    // Everybody sees the same: the history, with every change.
    const expected = stored.map(({ id, seq, rev, reactions }) => [id, seq, rev, reactions.length]);
    for (const [index, room] of rooms.entries()) {
        await when(room.state, (state) => state === 'live');
        const rows = await when(
            room.rows,
            (now) =>
                now.length === stored.length && now.every((row, at) => row.message?.rev === stored[at]?.rev),
        );
        const seen = rows.map(({ message }) => [
            message?.id,
            message?.seq,
            message?.rev,
            message?.reactions.length,
        ]);
        expect(seen).toEqual(expected);
        expect(talkers[index]?.chat.unsent.value).toEqual([]);
    }
    console.log(
        `${proxy.cuts} disconnects, ${stored.length} messages, rev ${stored.reduce((a, { rev }) => Math.max(a, rev), 0)}`,
    );
    for (const { chat } of talkers) await chat.stop();
}, 300_000);
