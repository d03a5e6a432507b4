// S5: acknowledged sends per second on SQLite, beside a bare loop that writes the same rows.

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Banter } from './banter.mjs';
import { traffic } from './load.mjs';
import { run, serverCore } from './process.mjs';
import { atLeast, number, spread } from './table.mjs';

const senders = 100;
const migrations = fileURLToPath(new URL('../../server/storage/sqlite/migrations/', import.meta.url));
const batches = /^banter_batch_items_(count|sum)$/;

/** Returns lines for the table and notes. */
export async function durableSends(place, { rounds, seconds, inFlight }) {
  const load = { sessions: senders, senders, 'in-flight': inFlight, seconds, 'warm-up': 2 };
  const seen = { banter: [], same: [], 256: [], 1024: [] };
  for (let round = 0; round < rounds; round += 1) {
    const ours = await ofBanter(place, `s5-${round}`, load);
    seen.banter.push(ours);
    const batch = Math.max(1, Math.round(ours.meanBatch));
    seen.same.push(await ofLimit(place, round, batch, seconds));
    seen[256].push(await ofLimit(place, round, 256, seconds));
    seen[1024].push(await ofLimit(place, round, 1024, seconds));
  }
  const syncs = await countSyncs(place, load);
  return { lines: lines(seen), notes: notes(seen, syncs, inFlight) };
}

/** What a server acknowledges: the report of the traffic, and how large its batches were. */
export async function ofBanter(place, data, load, options) {
  const banter = await Banter.start(place, data, options);
  try {
    const threads = place.list('threads', await banter.openChannels(senders));
    const tokens = place.list('tokens', await banter.tokens(senders));
    const pid = options?.wrap ? {} : { 'server-pid': banter.pid };
    const before = batchesOf(await banter.metrics());
    const from = Date.now() / 1000;
    const report = await traffic(place, banter.address, { ...load, threads, tokens, ...pid });
    const to = Date.now() / 1000;
    const after = batchesOf(await banter.metrics());
    const count = after.count - before.count;
    return { ...report, from, to, batches: count, meanBatch: (after.sum - before.sum) / count };
  } finally {
    await banter.stop();
  }
}

/** The histogram of batch sizes: how many batches, and how many writes in them. */
function batchesOf(metrics) {
  const found = [...metrics].flatMap(([name, value]) => {
    const match = batches.exec(name);
    return match ? [[match[1], value]] : [];
  });
  if (found.length !== 2) throw new Error(`no histogram of batch sizes in /metrics: ${found}`);
  return Object.fromEntries(found);
}

async function ofLimit(place, round, batch, seconds) {
  const schema = readdirSync(migrations).sort().flatMap((name) => ['--schema', `${migrations}${name}`]);
  const database = place.file(`limit-${round}-${batch}-${Date.now()}.db`);
  const text = await run(
    [place.program('bench_limit_sqlite_append'), '--database', database, ...schema,
      '--batch', String(batch), '--seconds', String(seconds)],
    serverCore,
  );
  return JSON.parse(text);
}

/** A run of its own, because whoever is traced is slow: syncs seen by the kernel against batches. */
async function countSyncs(place, load) {
  const trace = place.file('syncs');
  const wrap = ['strace', '-f', '--seccomp-bpf', '-ttt', '-o', trace, '-e', 'trace=fsync,fdatasync,msync,sync_file_range'];
  const ours = await ofBanter(place, 's5-traced', { ...load, seconds: 3 }, { wrap });
  const times = readFileSync(trace, 'utf8').split('\n')
    .map((line) => /^\d+ +([\d.]+) (?:fsync|fdatasync|msync|sync_file_range)\(/.exec(line))
    .filter((match) => match !== null && Number(match[1]) >= ours.from && Number(match[1]) <= ours.to);
  return { syncs: times.length, batches: ours.batches, meanBatch: ours.meanBatch };
}

function lines(seen) {
  const ours = seen.banter.map((report) => report.answersPerSecond);
  const limit = (name) => seen[name].map((report) => report.rowsPerSecond);
  const what = 'durable sends, embedded, acknowledged per second';
  return [
    atLeast('S5', what, ours, limit('same'), 'bare SQLite loop, batches of the same mean size', 0.5),
    atLeast('S5', what, ours, limit(256), 'bare SQLite loop, batches of 256', 0.5),
    atLeast('S5', what, ours, limit(1024), 'bare SQLite loop, batches of 1,024', 0.5),
  ];
}

function notes(seen, syncs, inFlight) {
  const of = (name, field) => spread(seen[name].map(field), 1);
  return [
    `S5: ${senders} senders on ${senders} threads, ${inFlight} in flight each; server and bare loop on one core; ` +
      `mean batch ${of('banter', (report) => report.meanBatch)}; ` +
      `answer p50 ${of('banter', (report) => report.answerLatencyUs.p50 / 1000)} ms, ` +
      `p99 ${of('banter', (report) => report.answerLatencyUs.p99 / 1000)} ms.`,
    `S5: syncs counted from outside by strace in a run of its own: ${number(syncs.syncs)} for ` +
      `${number(syncs.batches)} batches of ${number(syncs.meanBatch, 1)} on average, ` +
      `${(syncs.syncs / syncs.batches).toFixed(3)} a batch (above 1: checkpoints).`,
    `S5: syncs a batch of the bare loop: ${['same', 256, 1024]
      .map((name) => `${of(name, (report) => report.syncsPerBatch)} (${name})`).join(', ')}.`,
  ];
}
