import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Row } from '../src/index.ts';
import { when } from './support/deadline.ts';
import { newChannel, newPerson, online, type Person, texts } from './support/people.ts';
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

test.each(['SIGKILL', 'SIGTERM'] as const)(
    'after %s and a start nothing is missing or doubled',
    async (signal) => {
        const thread = await newChannel(ada.chat, signal.toLowerCase(), [ben.userId]);
        const [adas, bens] = [ada.chat.open(thread.id), ben.chat.open(thread.id)];
        for (const room of [adas, bens]) await when(room.state, (state) => state === 'live');
        const before = Array.from({ length: 20 }, (_, index) => adas.send({ content: `before ${index}` }));
        await before[5]?.settled;
        await server.kill(signal);
        await when(ada.chat.connection, ({ state }) => state === 'waiting');
        const during = Array.from({ length: 5 }, (_, index) => adas.send({ content: `during ${index}` }));
        expect(adas.rows.value.at(-1)).toMatchObject({ state: 'sending', pending: { content: 'during 4' } });
        await server.launch();
        await online(ada.chat, 60_000);
        await Promise.all([...before, ...during].map(({ settled }) => settled));
        const expected = [
            ...before.map((_, index) => `before ${index}`),
            ...during.map((_, index) => `during ${index}`),
        ];
        const whole = (rows: readonly Row[]) =>
            rows.length >= expected.length && rows.every((row) => row.message);
        expect(texts(await when(adas.rows, whole))).toEqual(expected);
        expect(texts(await when(bens.rows, whole, 60_000))).toEqual(expected);
    },
);

test('a backup that is restored is a new epoch: what was said since is gone for everyone', async () => {
    const thread = await newChannel(ada.chat, 'epoch', [ben.userId]);
    const room = ada.chat.open(thread.id);
    await room.send({ content: 'kept' }).settled;
    const epoch = ada.chat.session.value?.epoch;
    await server.backUp();
    await room.send({ content: 'lost' }).settled;
    await server.kill('SIGTERM');
    await server.restore();
    await server.launch();
    await when(ada.chat.session, (session) => session !== null && session.epoch !== epoch, 60_000);
    const rows = await when(room.rows, (now) => now.length === 1 && now.every((row) => row.message));
    expect(texts(rows)).toEqual(['kept']);
    expect((await room.send({ content: 'on' }).settled).seq).toBe(2);
});
