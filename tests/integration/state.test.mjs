// What a client makes of the events is what the server would answer: after each of many random
// things, what it touched is compared, and now and then everything. Repeat a run's choices with
// BANTER_SEED; its length with BANTER_STEPS.
import assert from 'node:assert/strict';
import test from 'node:test';

import { weights } from './lib/acts.mjs';
import { Circle } from './lib/circle.mjs';
import { randomFrom, stepsOf } from './lib/record.mjs';
import { Wire } from './lib/wire.mjs';
import { fileMayTake, people, startServer } from './harness.mjs';

fileMayTake(800_000);

const seed = Number(process.env.BANTER_SEED ?? (Math.random() * 2 ** 32) >>> 0);
const steps = stepsOf(100_000);
// Circles share nothing but the server, and wait for its disk together.
const circles = 10;
const size = 4;

test(`state and events give what is fetched, ${steps} times (seed ${seed})`, async (t) => {
    const begun = Date.now();
    const server = await startServer({ args: ['--shards', '3'] }, t);
    const wire = new Wire(server);
    const everybody = await people(server, 'p', circles * size);
    const all = Array.from({ length: circles }, (_, index) => {
        const few = everybody.slice(index * size, (index + 1) * size);
        return new Circle(few, randomFrom(seed + index), wire);
    });
    await Promise.all(all.map((circle) => circle.start()));
    await Promise.all(all.map((circle) => circle.run(steps / circles, 1000)));
    await Promise.all(all.map((circle) => circle.compareAll()));
    const total = {};
    for (const { counts } of all)
        for (const [name, count] of Object.entries(counts))
            total[name] = (total[name] ?? 0) + count;
    const seconds = ((Date.now() - begun) / 1000).toFixed(1);
    t.diagnostic(`seed ${seed}: ${JSON.stringify(total)} in ${seconds} s`);
    for (const name of Object.keys(weights)) assert.ok(total[name] > 0, `no ${name}`);
    for (const { devices } of all) for (const { client } of devices) client.ws.terminate();
    wire.end();
});
