// A reader that stops reading is closed with 4408 and costs nobody else anything; it resumes with
// nothing missing.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import {
    closeCode,
    frame,
    people,
    rawWebSocket,
    Server,
    serverFrames,
    shardCounts,
} from './harness.mjs';
import { metric } from './lib/metric.mjs';

for (const shards of shardCounts) {
    describe(`with ${shards} shards`, () => {
        let server, ada, bob, eve;
        before(async () => {
            server = await Server.start({ args: ['--shards', String(shards)] });
            [ada, bob, eve] = await people(server, 'p', 3);
        });
        after(() => server.dispose());

        const events = (raw) =>
            serverFrames(raw.received)
                .filter(({ opcode }) => opcode === 1)
                .map(({ payload }) => JSON.parse(payload.toString()));

        /** A socket without extensions that has joined the thread, ready to stop reading. */
        async function rawReader(person, thread) {
            const raw = await rawWebSocket(server, person.token);
            raw.write(
                frame({
                    payload: JSON.stringify({
                        type: 'thread:join',
                        id: 'join',
                        threadId: thread.id,
                    }),
                }),
            );
            const joined = await raw.wait(
                () => events(raw).find(({ re }) => re === 'join'),
                'thread:joined',
            );
            return { raw, joined };
        }

        test('a reader that stops is closed with 4408, others are served, and resuming by rev misses nothing', async () => {
            const thread = await ada.channel();
            const [adas, eves] = [await ada.joined(thread), await eve.joined(thread)];
            const { raw, joined } = await rawReader(bob, thread);
            raw.socket.pause();

            // More than the queue of the server and both kernel buffers of the connection can hold.
            const count = 400;
            const sent = [];
            const closed = () => metric(server, 'banter_slow_consumers_closed_total');
            const closedBefore = await closed();
            let closing;
            for (let i = 0; i < count; i += 20) {
                const batch = Array.from({ length: 20 }, () =>
                    adas.request('message:send', {
                        threadId: thread.id,
                        nonce: randomUUID(),
                        content: randomBytes(4900).toString('hex'),
                    }),
                );
                sent.push(...(await Promise.all(batch)).map(({ message }) => message));
                // The server gives up on the close as well, after some seconds.
                if (!closing && (await closed()) > closedBefore) {
                    raw.socket.resume();
                    closing = closeCode(raw);
                }
            }
            await eves.waitFor({ type: 'message:new', message: { seq: count } });
            assert.deepEqual(
                eves.received('message:new').map(({ rev }) => rev),
                sent.map(({ rev }) => rev),
            );

            assert.equal(await closing, 4408);
            const got = events(raw)
                .filter(({ type }) => type === 'message:new')
                .map(({ message }) => message);
            assert.ok(got.length < count, 'the reader was never slow');
            assert.deepEqual(
                got,
                sent.slice(0, got.length),
                'what it got is the beginning, without a gap',
            );

            const back = await bob.connect();
            const resumed = [];
            let since = got.at(-1)?.rev ?? joined.rev;
            for (let complete = false; !complete;) {
                const part = await back.request('thread:join', { threadId: thread.id, since });
                resumed.push(...part.messages);
                ({ rev: since, complete } = part);
            }
            assert.deepEqual([...got, ...resumed], sent);
            await Promise.all([adas.close(), eves.close(), back.close()]);
        });

        test('answers to a reader that stops do not pile up: its requests wait until it reads, and none is lost', async () => {
            const thread = await ada.channel();
            const adas = await ada.joined(thread);
            for (let i = 0; i < 15; i++) {
                const content = randomBytes(4900).toString('hex');
                await adas.request('message:send', {
                    threadId: thread.id,
                    nonce: randomUUID(),
                    content,
                });
            }
            const raw = await rawWebSocket(server, eve.token);
            raw.socket.pause();
            const asked = 60;
            for (let i = 0; i < asked; i++) {
                raw.write(
                    frame({
                        payload: JSON.stringify({
                            type: 'thread:join',
                            id: `j${i}`,
                            threadId: thread.id,
                        }),
                    }),
                );
            }
            const { message } = await adas.request('message:send', {
                threadId: thread.id,
                nonce: randomUUID(),
                content: 'others go on',
            });
            assert.equal(message.seq, 16);
            raw.socket.resume();
            await raw.wait(
                () => (raw.received.includes(`"j${asked - 1}"`) ? true : undefined),
                'the last answer',
            );
            await raw.wait(
                () => (events(raw).filter(({ re }) => re).length === asked ? true : undefined),
                'all answers',
            );
            assert.deepEqual(
                events(raw)
                    .filter(({ re }) => re)
                    .map(({ re }) => re),
                Array.from({ length: asked }, (_, i) => `j${i}`),
            );
            raw.end();
            await adas.close();
        });
    });
}
