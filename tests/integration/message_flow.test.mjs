// The message flow as two people see it: connect, join, type, send, go away, come back, send
// again.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { register, Server, shardCounts } from './harness.mjs';

for (const shards of shardCounts) {
    describe(`with ${shards} shards`, () => {
        let server, ada, bob;
        before(async () => {
            server = await Server.start({ limits: true, args: ['--shards', String(shards)] });
            ada = await register(server, 'ada', 'Ada L.');
            bob = await register(server, 'bob', 'Bob');
        });
        after(() => server.dispose());
        const ascending = (values) =>
            values.every((value, index) => index === 0 || values[index - 1] < value);

        test('what one types and sends reaches the other, and the sender is acknowledged first', async () => {
            const channel = await ada.channel();
            const [adas, bobs] = await Promise.all([ada.connect(), bob.connect()]);
            const joined = await adas.request('thread:join', { threadId: channel.id });
            assert.deepEqual(joined.messages, []);
            assert.equal(joined.complete, true);
            assert.equal(joined.reset, false);
            await bobs.request('thread:join', { threadId: channel.id });

            adas.tell('typing:start', { threadId: channel.id });
            const typing = await bobs.waitFor({ type: 'typing:update', threadId: channel.id });
            assert.equal(typing.userId, ada.id);
            assert.equal(typing.typing, true);
            assert.ok(typing.expiresInMs > 0);
            adas.tell('typing:stop', { threadId: channel.id });
            await bobs.waitFor({ type: 'typing:update', userId: ada.id, typing: false });

            const nonce = randomUUID();
            const { message } = await adas.request('message:send', {
                threadId: channel.id,
                nonce,
                content: '**hi** 🌍',
            });
            const { createdAt, id, rev, ...rest } = message;
            assert.match(
                id,
                /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
            );
            assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
            assert.deepEqual(rest, {
                threadId: channel.id,
                seq: 1,
                authorId: ada.id,
                nonce,
                content: '**hi** 🌍',
                attachments: [],
                mentions: [],
                replyTo: null,
                reactions: [],
                replyThread: null,
                editedAt: null,
                deletedAt: null,
            });

            const atBob = await bobs.waitFor({ type: 'message:new' });
            assert.deepEqual(atBob, {
                type: 'message:new',
                threadId: channel.id,
                rev: joined.rev + 1,
                message,
            });
            const atAda = await adas.waitFor({ type: 'message:new' });
            assert.deepEqual(atAda, atBob);
            const order = adas.log
                .map((frame) => frame.type)
                .filter((type) => type.startsWith('message:'));
            assert.deepEqual(order, ['message:sent', 'message:new']);
            assert.equal(
                adas.received('typing:update').length,
                0,
                'nobody is told of their own typing',
            );
            await Promise.all([adas.close(), bobs.close()]);
        });

        test('joining with since gives exactly what changed meanwhile, in rev order, and then what happens live', async () => {
            const channel = await ada.channel();
            const adas = await ada.joined(channel);
            const send = (content) =>
                adas.request('message:send', {
                    threadId: channel.id,
                    nonce: randomUUID(),
                    content,
                });
            for (const content of ['seen before', 'seen and left alone']) await send(content);
            const bobs = await bob.connect();
            const before = await bobs.request('thread:join', { threadId: channel.id });
            assert.equal(before.messages.length, 2);
            await bobs.close();

            const sent = [];
            for (let i = 0; i < 10; i++) sent.push((await send(`while away ${i}`)).message);
            const { message: edited } = await adas.request('message:edit', {
                messageId: sent[3].id,
                content: 'edited',
            });
            const { message: liked } = await adas.request('reaction:add', {
                messageId: sent[7].id,
                emoji: '👍',
            });
            const { message: oldLiked } = await adas.request('reaction:add', {
                messageId: before.messages[0].id,
                emoji: '🎉',
            });
            assert.equal(liked.reactions[0].mine, true);

            const back = await bob.connect();
            const joined = await back.request('thread:join', {
                threadId: channel.id,
                since: before.rev,
                epoch: back.hello.epoch,
            });
            const untouched = sent.filter((_, index) => index !== 3 && index !== 7);
            const expected = [...untouched, edited, liked, oldLiked];
            assert.deepEqual(
                joined.messages.map(({ id }) => id),
                expected.map(({ id }) => id),
            );
            assert.deepEqual(
                joined.messages.map(({ rev }) => rev),
                expected.map(({ rev }) => rev),
            );
            assert.ok(ascending(joined.messages.map(({ rev }) => rev)));
            assert.equal(joined.messages.find(({ id }) => id === edited.id).content, 'edited');
            assert.deepEqual(joined.messages.find(({ id }) => id === liked.id).reactions, [
                { emoji: '👍', count: 1, userIds: [ada.id] },
            ]);
            assert.deepEqual(
                [joined.complete, joined.reset, joined.rev],
                [true, false, before.rev + 13],
            );
            assert.ok(joined.users.some(({ id }) => id === ada.id));

            await send('live again');
            const live = await back.waitFor({ type: 'message:new' });
            assert.equal(live.rev, joined.rev + 1);
            assert.equal(live.message.content, 'live again');
            await Promise.all([adas.close(), back.close()]);
        });

        test('the same nonce gives the first message, also after an edit and a restart; another body is refused', async () => {
            const channel = await ada.channel();
            let adas = await ada.joined(channel);
            const send = { threadId: channel.id, nonce: randomUUID(), content: 'once' };
            const { message: first } = await adas.request('message:send', send);
            const again = await adas.request('message:send', send);
            assert.deepEqual(again.message, first);

            const { message: edited } = await adas.request('message:edit', {
                messageId: first.id,
                content: 'now other',
            });
            assert.ok(edited.editedAt);
            assert.deepEqual((await adas.request('message:send', send)).message, edited);
            const changed = { ...send, content: 'now other' };
            assert.equal((await adas.refused('message:send', changed)).code, 'nonce_reused');
            await adas.close();

            await server.restart();
            adas = await ada.joined(channel);
            const afterRestart = (await adas.request('message:send', send)).message;
            assert.deepEqual(afterRestart, edited);
            assert.equal((await adas.refused('message:send', changed)).code, 'nonce_reused');
            const { threadId, ...body } = send;
            const overHttp = await ada.http('POST', `/api/threads/${threadId}/messages`, body);
            assert.ok([200, 201].includes(overHttp.status), overHttp.text);
            assert.deepEqual(overHttp.body, edited);
            await ada.refused(
                'POST',
                `/api/threads/${threadId}/messages`,
                { ...body, content: 'x' },
                409,
                'nonce_reused',
            );

            const others = await bob.joined(channel);
            await others.request('message:send', {
                ...send,
                content: 'a nonce belongs to its author',
            });
            const { items } = await ada.history(channel);
            assert.deepEqual(
                items.map(({ seq }) => seq),
                [1, 2],
            );
            assert.equal((await ada.thread(channel)).rev, items[1].rev, 'a repeat takes no rev');
            await Promise.all([adas.close(), others.close()]);
        });

        test('many repeats of one nonce at once store one message', async () => {
            const channel = await ada.channel();
            const [one, two] = await Promise.all([ada.joined(channel), ada.joined(channel)]);
            const send = { threadId: channel.id, nonce: randomUUID(), content: 'at once' };
            const answers = await Promise.all(
                Array.from({ length: 20 }, (_, index) =>
                    (index % 2 ? one : two).request('message:send', send),
                ),
            );
            assert.equal(new Set(answers.map(({ message }) => message.id)).size, 1);
            const last = await two.request('message:send', { ...send, nonce: randomUUID() });
            assert.equal(last.message.seq, 2);
            await one.waitFor({ type: 'message:new', message: { seq: 2 } });
            assert.deepEqual(
                one.received('message:new').map(({ message }) => message.seq),
                [1, 2],
            );
            await Promise.all([one.close(), two.close()]);
        });
    });
}
