// Many people at several nodes at once, in the same threads, with everything whole: one order for all, each message
// once, and no transaction that another one has to give way to. BANTER_DELIVERIES says how much is delivered at least
// (20,000), BANTER_TALKERS how many talk at each node (4), BANTER_NODES at how many (2);
// BANTER_TEST_REDIS=cluster takes a Redis Cluster.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';

import { Cluster } from './lib/cluster.mjs';
import { startRedis } from './lib/database.mjs';
import { fileMayTake } from './lib/deadline.mjs';
import { randomFrom } from './lib/record.mjs';
import { sendUntilStored } from './lib/sending.mjs';
import { Talk } from './lib/talk.mjs';

const deliveries = Number(process.env.BANTER_DELIVERIES ?? 20_000);
const talking = Number(process.env.BANTER_TALKERS ?? 4);
const count = Number(process.env.BANTER_NODES ?? 2);
const seed = Number(process.env.BANTER_SEED ?? (Math.random() * 2 ** 32) >>> 0);
const load_ms_max = 120_000 + deliveries;
fileMayTake(120_000 + load_ms_max);

const { postgres, redis } = await Cluster.startServices(startRedis());
after(() => Promise.all([postgres.stop(), redis.stop()]));

const deadlocks = (cluster) =>
    cluster.sql(`SELECT deadlocks FROM pg_stat_database WHERE datname = '${cluster.name}'`, 'postgres');

test(`${deliveries} deliveries at ${count} nodes: every client sees one order, each message once`, async (t) => {
    const cluster = await Cluster.start(t, { count });
    const { everybody: people, threads } = await cluster.crowd(talking, 4);
    const talk = await Talk.start(t, { servers: cluster.nodes, people, threads, breath_ms: 0 });
    const since = performance.now();
    await talk.until(() => talk.counts.deliveries >= deliveries, `${deliveries} deliveries`, load_ms_max);
    const seconds = (performance.now() - since) / 1000;
    const { counts, slowest_ms, slowest_answer_ms, slowest_refusal_ms } = talk;
    await talk.end();
    t.diagnostic(
        `${seconds.toFixed(1)} s; slowest across nodes ${Math.round(slowest_ms)} ms, to be answered ` +
            `${Math.round(slowest_answer_ms)} ms; ${JSON.stringify(counts)}`,
    );
    if (counts.busy || counts.outcome_unknown) {
        t.diagnostic(`refused after up to ${Math.round(slowest_refusal_ms)} ms\n${postgres.daemon.log}`);
    }
    talk.assertRefusedOnlyByDatabase();
    assert.equal(counts.deliveries, counts.acknowledged * talk.talkers.length, 'each message once to each client');
    assert.equal(deadlocks(cluster), '0');
});

test(`four senders over the same twenty threads at two nodes: no deadlock (seed ${seed})`, async (t) => {
    const cluster = await Cluster.start(t);
    const { everybody, threads } = await cluster.crowd(4, 20);
    const random = randomFrom(seed);
    const rounds = 40;
    const sendAll = async (person, index) => {
        const client = await cluster.at(person, index % 2).connect();
        client.keepsLog = false;
        for (let round = 0; round < rounds; round++) {
            const order = [...threads].sort(() => random() - 0.5);
            const answers = order.map(({ id: threadId }) =>
                sendUntilStored(client, { threadId, nonce: randomUUID(), content: 'text' }),
            );
            await Promise.all(answers);
        }
        await client.close();
    };
    await Promise.all(everybody.map(sendAll));
    for (const thread of threads) {
        const { rev, seq } = await everybody[0].thread(thread);
        assert.deepEqual([rev - thread.rev, seq], [rounds * everybody.length, rounds * everybody.length]);
    }
    assert.equal(deadlocks(cluster), '0');
});
