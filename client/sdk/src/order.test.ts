// In whatever order connections end, frames are lost, doubled or late, and pages arrive: each message is there once.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newWorld } from '../test/support/fake-chat.ts';
import { threadId } from '../test/support/fake-server.ts';
import { settled } from '../test/support/virtual-clock.ts';
import type { Room } from './index.ts';

const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('say' as const) }) },
    {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('edit' as const), seq: fc.oneof(fc.nat(3), fc.nat(150)) }),
    },
    // The server looks at so many requests; so many frames arrive.
    {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('run' as const), count: fc.integer({ min: 1, max: 4 }) }),
    },
    {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('deliver' as const), count: fc.integer({ min: 1, max: 5 }) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), at: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), at: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('unreachable' as const), is: fc.boolean() }) },
    {
        weight: 2,
        arbitrary: fc.record({
            do: fc.constant('page' as const),
            what: fc.constantFrom('older', 'newer', 'latest'),
        }),
    },
    {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('around' as const), seq: fc.integer({ min: 1, max: 150 }) }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('answer' as const), at: fc.nat(3) }) },
    {
        weight: 3,
        arbitrary: fc.record({
            do: fc.constant('wait' as const),
            ms: fc.constantFrom(1, 300, 3_000, 12_000),
        }),
    },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What holds at every moment: one row for each message, ascending, and nothing twice. */
function consistent(room: Room): void {
    const rows = room.rows.value;
    expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
    const seqs = rows.flatMap(({ message }) => message?.seq ?? []);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    const nonces = rows.map(({ message, pending }) => message?.nonce ?? pending?.nonce);
    expect(new Set(nonces).size).toBe(nonces.length);
}

function newRun(pageOfJoin: number) {
    const world = newWorld();
    const { server } = world;
    server.pageOfJoin = pageOfJoin;
    for (let index = 0; index < 120; index++) server.post(`old ${index}`);
    const chat = world.chat();
    const sent: string[] = [];
    let said = 0;
    const room = chat.open(threadId);
    const acts: { [K in Step['do']]: (step: Extract<Step, { do: K }>) => void } = {
        send: () => sent.push(room.send({ content: `mine ${sent.length}` }).nonce),
        say: () => server.say(`said ${said++}`),
        edit: ({ seq }) => server.edit(server.messages.length - seq, `edited at ${server.rev}`),
        run: ({ count }) => server.socket && server.run(server.socket, count),
        deliver: ({ count }) => server.socket?.deliver(count),
        cut: () => server.cut(),
        // Only broadcasts: an answer that never comes is told by a cut.
        lose({ at }) {
            const told = server.socket?.told ?? [];
            if (told[at] && !('re' in told[at])) told.splice(at, 1);
        },
        repeat({ at }) {
            const told = server.socket?.told ?? [];
            if (told[at]) told.splice(at, 0, told[at]);
        },
        unreachable({ is }) {
            server.isReachable = !is;
        },
        page: ({ what }) => void room[what as 'older' | 'newer' | 'latest'](),
        around: ({ seq }) => void room.around(seq),
        answer: ({ at }) => server.fetches.splice(at, 1)[0]?.answer(),
        wait: () => {},
    };
    return { ...world, chat, room, sent, act: (one: Step) => (acts[one.do] as (step: Step) => void)(one) };
}
type Run = ReturnType<typeof newRun>;

/** Everything works again, until nothing happens any more. */
async function calm({ server, clock, room, chat }: Run): Promise<void> {
    server.isReachable = true;
    server.holdsFetches = false;
    server.isPrompt = true;
    if (server.socket) server.run(server.socket);
    server.socket?.deliver();
    await settled();
    for (const { answer } of server.fetches.splice(0)) answer();
    await clock.advance(120_000);
    // Loss that no later event shows is shown by the next one.
    server.say('the last');
    await clock.advance(30_000);
    await room.latest();
    await clock.advance(1_000);
    while (!room.window.value.atStart) await room.older();
    await chat.stop();
}

test('each message is there once and in order, whatever happens on the way', async () => {
    await fc.assert(
        fc.asyncProperty(
            fc.array(step, { maxLength: 60 }),
            fc.integer({ min: 1, max: 6 }),
            async (steps, page) => {
                const run = newRun(page);
                const { chat, clock, room, server, sent } = run;
                await chat.start();
                await clock.advance(100);
                server.isPrompt = false;
                server.holdsFetches = true;
                for (const one of steps) {
                    run.act(one);
                    if (one.do === 'wait') await clock.advance(one.ms);
                    else await settled();
                    await clock.advance(0);
                    consistent(room);
                }
                await calm(run);
                consistent(room);
                expect(room.rows.value.map(({ message }) => message)).toEqual(server.messages);
                const mine = server.messages.filter(({ nonce }) => sent.includes(nonce));
                expect(mine.map(({ nonce }) => nonce)).toEqual(sent);
                expect(chat.unsent.value).toEqual([]);
            },
        ),
        { numRuns: Number(process.env['BANTER_RUNS'] ?? 150) },
    );
}, 120_000);
