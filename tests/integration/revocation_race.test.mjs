// Who loses access is told of nothing that happens later, on no open socket: access ends while
// messages are being sent, many times. Repeat a run's choices with BANTER_SEED; its length with
// BANTER_STEPS.
import assert from 'node:assert/strict';
import test from 'node:test';

import { operationOf } from './lib/contract.mjs';
import { Lane } from './lib/lane.mjs';
import { randomFrom, stepsOf } from './lib/record.mjs';
import { Wire } from './lib/wire.mjs';
import { fileMayTake, people, startServer } from './harness.mjs';

fileMayTake(600_000);
const seed = Number(process.env.BANTER_SEED ?? (Math.random() * 2 ** 32) >>> 0);
const rounds = stepsOf(10_000);
const count = 8;
const revocable = operationOf('POST', '/api/me/tokens') !== undefined;

test(`nothing later reaches who lost access, ${rounds} times (seed ${seed})`, async (t) => {
    const begun = Date.now();
    const server = await startServer({ args: ['--shards', '3'] }, t);
    const wire = new Wire(server);
    const everybody = await people(server, 'p', 3 * count);
    const lanes = Array.from({ length: count }, (_, index) => {
        const [owner, sender, victim] = everybody.slice(3 * index);
        return new Lane(wire, randomFrom(seed + index), { owner, sender, victim });
    });
    await Promise.all(lanes.map((lane) => lane.start()));
    const run = async (lane) => {
        for (let round = 0; round < rounds / count; round++)
            await (revocable && lane.random() < 0.15 ? lane.revoke() : lane.remove());
    };
    await Promise.all(lanes.map(run));
    const total = {};
    for (const { counts } of lanes)
        for (const [name, value] of Object.entries(counts))
            total[name] = (total[name] ?? 0) + value;
    const seconds = ((Date.now() - begun) / 1000).toFixed(1);
    t.diagnostic(`seed ${seed}: ${JSON.stringify(total)} in ${seconds} s`);
    if (!revocable) delete total.revocations;
    for (const [name, value] of Object.entries(total)) assert.ok(value > 0, `no ${name}`);
    for (const lane of lanes) lane.end();
    wire.end();
});
