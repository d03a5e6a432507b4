import { expect, test } from 'vitest';
import { newWorld } from '../test/support/fake-chat.ts';
import { threadId } from '../test/support/fake-server.ts';
import { memoryStore, type Store } from './index.ts';

/** A store that notes the names of each write, without the user and the ids, and may refuse it. */
function noting(refuses: (names: string[]) => boolean = () => false) {
    const store = memoryStore();
    const writes: string[][] = [];
    const noted: Store = {
        ...store,
        write: (values) => {
            const names = [...values.keys()].map((name) => name.split('/')[1] ?? name);
            writes.push(names);
            return refuses(names) ? Promise.reject(new Error('quota')) : store.write(values);
        },
    };
    return { store, noted, writes };
}

async function opened(store: Store) {
    const world = newWorld();
    const chat = world.chat({ store });
    await chat.start();
    const room = chat.open(threadId);
    await world.clock.advance(2_000);
    world.server.isReachable = false;
    world.server.cut();
    return { ...world, room };
}

test('what is written in one go is stored in one go, so that a reload keeps all of it', async () => {
    const { noted, writes } = noting();
    const { room, clock } = await opened(noted);
    writes.length = 0;
    for (const content of ['1', '2', '3']) room.send({ content });
    room.draft.value = 'and a dra';
    await clock.advance(10);
    expect(writes).toEqual([['outbox', 'outbox', 'outbox', 'draft']]);
});

test('what is written while the store is busy is one write, of the newest values', async () => {
    const { noted, writes, store } = noting();
    const { room, clock } = await opened(noted);
    let done = () => {};
    const write = noted.write;
    noted.write = (values) =>
        new Promise<void>((resolve) => {
            done = resolve;
        }).then(() => write(values));
    writes.length = 0;
    room.draft.value = 'a';
    await clock.advance(10);
    noted.write = write;
    for (const text of ['ab', 'abc']) room.draft.value = text;
    room.send({ content: '1' });
    await clock.advance(10);
    expect(writes).toEqual([]);
    done();
    await clock.advance(10);
    expect(writes).toEqual([['draft'], ['draft', 'outbox']]);
    expect((await store.list('')).find(([name]) => name.includes('/draft/'))?.[1]).toBe('abc');
});

test('a value that the store refuses costs nothing else of what was written with it', async () => {
    const { noted, store } = noting((names) => names.includes('draft'));
    const { room, clock } = await opened(noted);
    room.draft.value = 'too large';
    room.send({ content: '1' });
    await clock.advance(10);
    const names = (await store.list('')).map(([name]) => name.split('/')[1]);
    expect(names).toContain('outbox');
    expect(names).not.toContain('draft');
});
