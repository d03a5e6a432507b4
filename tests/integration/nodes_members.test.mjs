// Who is made a member and removed again while nodes compare what they told with what the database says: what a look
// has read may be from before the removal, and must not bring anybody back.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';

import { Cluster } from './lib/cluster.mjs';
import { people, until } from './harness.mjs';

const rounds = Number(process.env.BANTER_ROUNDS ?? 8);

const { postgres, redis } = await Cluster.startServices();
after(() => Promise.all([postgres.stop(), redis.stop()]));

function checkTold(log, witness) {
    const leaked = log.filter(({ type, threadId }) => type === 'thread:activity' && threadId !== witness.id);
    assert.equal(leaked.length, 0, `told of ${leaked.length} threads after the removal`);
    const back = log.filter(({ type, role }) => type === 'member:update' && role !== null);
    assert.equal(back.length, 0, `told ${back.length} times to be a member, after the removal`);
}

for (const count of [1, 2]) {
    test(`who was removed is told of no activity, whenever a look is under way; nodes: ${count}`, async (t) => {
        const cluster = await Cluster.start(t, { count });
        const [ada, bob] = await people(cluster.nodes[0], 'p', 2);
        const threads = [];
        while (threads.length < 150) threads.push(await ada.channel({ visibility: 'private' }));
        // Whoever reads a thread is looked up for it, so a look takes its time.
        await cluster.at(ada, count - 1).joined(...threads);
        const told = await cluster.at(bob, count - 1).connect();
        const removals = (id) => told.received('thread:removed').filter(({ threadId }) => threadId === id).length;
        const witness = await ada.channel();
        await ada.ok('PUT', `/api/threads/${witness.id}/members/${bob.id}`, { role: 'member' });
        for (let round = 1; round <= rounds; round++) {
            await Promise.all(
                threads.map(async ({ id }) => {
                    await ada.ok('PUT', `/api/threads/${id}/members/${bob.id}`, { role: 'member' });
                    await ada.ok('DELETE', `/api/threads/${id}/members/${bob.id}`, undefined, 204);
                }),
            );
            // Another node hears of it within 2 s, by Redis at once.
            await until(() => threads.every(({ id }) => removals(id) >= round) || undefined, 'all removals');
            const from = told.log.length;
            for (const thread of threads) await ada.send(thread, 'after');
            // Activity is told at once or a little later; who is a member waits for it as long.
            await ada.send(witness, 'to be told');
            await told.waitFor({ type: 'thread:activity', threadId: witness.id }, { from });
            checkTold(told.log.slice(from), witness);
        }
    });
}
