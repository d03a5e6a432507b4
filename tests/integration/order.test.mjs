// Order, whatever happens: twenty sessions over three shards send, edit, react, delete, leave, join
// and lose their connections at random in five threads. Each keeps a copy of every thread from
// joins and live events alone, and all the copies have to be the history in the end. Repeat a run's
// choices with BANTER_SEED; its length with BANTER_STEPS.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Actor } from './lib/actor.mjs';
import { randomFrom } from './lib/record.mjs';
import { asBroadcast } from './lib/view.mjs';
import { people, startServer } from './harness.mjs';

const seed = Number(process.env.BANTER_SEED ?? (Math.random() * 2 ** 32) >>> 0);
const steps = Number(process.env.BANTER_STEPS ?? 400);

/** The whole history of a thread as a person sees it, in pages. */
async function everything(person, thread) {
    const all = [];
    for (let after = 0, items; ; after = all.at(-1).seq) {
        ({ items } = await person.history(thread, `?after=${after}&limit=200`));
        if (items.length === 0) return all;
        all.push(...items);
    }
}

/** What was acknowledged is there once, and the sends of one session stand in the order of their numbers. */
function checkSends(actors, histories) {
    const byNonce = new Map();
    for (const history of histories.values()) {
        assert.deepEqual(
            history.map(({ seq }) => seq),
            history.map((_, index) => index + 1),
        );
        for (const message of history) {
            const key = `${message.authorId} ${message.nonce}`;
            assert.ok(!byNonce.has(key), 'doubled: one nonce, two messages');
            byNonce.set(key, message);
        }
    }
    let sent = 0;
    for (const { person, sends } of actors) {
        for (const { nonce, threadId, message } of sends.values()) {
            assert.ok(message, 'a send that was never settled');
            const stored = byNonce.get(`${person.id} ${nonce}`);
            assert.deepEqual(
                [stored?.id, stored?.seq, stored?.threadId, stored?.createdAt],
                [message.id, message.seq, threadId, message.createdAt],
            );
            sent++;
        }
    }
    assert.equal(byNonce.size, sent, 'a message that nobody sent');
}

test(`every copy is the history, and no event is skipped or doubled (seed ${seed})`, async (t) => {
    const server = await startServer({ args: ['--shards', '3'] }, t);
    const everybody = await people(server, 'p', 10);
    const threads = [];
    for (let i = 0; i < 5; i++) threads.push(await everybody[0].channel());
    for (const person of everybody.slice(1))
        for (const thread of threads) await person.join(thread);
    for (const thread of threads) thread.rev = (await everybody[0].thread(thread)).rev;

    // Two sessions each, so that own other sessions are told as well.
    const actors = [...everybody, ...everybody].map(
        (person, index) => new Actor(person, threads, randomFrom(seed + index)),
    );
    await Promise.all(actors.map((actor) => actor.connect()));
    await Promise.all(actors.map((actor) => actor.run(steps)));

    const histories = new Map();
    const revs = new Map();
    for (const thread of threads) {
        histories.set(thread.id, await everything(everybody[0], thread));
        revs.set(thread.id, (await everybody[0].thread(thread)).rev);
    }
    for (const actor of actors) {
        await actor.reach(revs);
        for (const [id, history] of histories) actor.views.get(id).compare(history, revs.get(id));
    }
    checkSends(actors, histories);
    for (const person of everybody.slice(1)) {
        for (const thread of threads) {
            const own = await everything(person, thread);
            assert.deepEqual(own.map(asBroadcast), histories.get(thread.id).map(asBroadcast));
            for (const { reactions } of own)
                for (const { userIds, mine } of reactions)
                    assert.equal(mine ?? false, userIds.includes(person.id));
        }
    }
    const total = {};
    for (const { counts } of actors)
        for (const [name, count] of Object.entries(counts))
            total[name] = (total[name] ?? 0) + count;
    t.diagnostic(`seed ${seed}: ${JSON.stringify(total)}`);
    for (const [name, count] of Object.entries(total)) assert.ok(count > 0, `no ${name}`);
    await Promise.all(actors.map(({ client }) => client.close()));
});
