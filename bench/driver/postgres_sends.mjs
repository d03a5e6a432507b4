// S6: acknowledged sends per second on a real PostgreSQL, beside a bare libpq loop of the same statements.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Postgres } from '../../tests/services/postgres.mjs';
import { Banter } from './banter.mjs';
import { ofBanter } from './durable_sends.mjs';
import { traffic } from './load.mjs';
import { run, serverCore } from './process.mjs';
import { atLeast, number, spread } from './table.mjs';

const senders = 100;
const migrations = fileURLToPath(new URL('../../server/storage/postgres/migrations/', import.meta.url));

/** Returns lines for the table and notes. */
export async function postgresSends(place, { rounds, seconds, inFlight }) {
  const postgres = await Postgres.start();
  try {
    pin(postgres.daemon.pid);
    const load = { sessions: senders, senders, 'in-flight': inFlight, seconds, 'warm-up': 2 };
    const seen = { banter: [], same: [], 256: [], 1024: [] };
    for (let round = 0; round < rounds; round += 1) {
      const ours = await onEmpty(postgres, (database) => ofBanter(place, `s6-${round}`, load, { database }));
      seen.banter.push(ours);
      const batch = Math.max(1, Math.round(ours.meanBatch));
      seen.same.push(await onEmpty(postgres, (database) => ofLimit(place, database, batch, seconds)));
      seen[256].push(await onEmpty(postgres, (database) => ofLimit(place, database, 256, seconds)));
      seen[1024].push(await onEmpty(postgres, (database) => ofLimit(place, database, 1024, seconds)));
    }
    const lone = await onEmpty(postgres, (database) => ofLoneSender(place, database, seconds));
    const bare = await onEmpty(postgres, (database) => ofLimit(place, database, 1, seconds, 1));
    return { lines: lines(seen), notes: notes(seen, { lone, bare }, inFlight) };
  } finally {
    await postgres.stop();
  }
}

/** The server of the database shares a core with who asks it, whichever that is: Banter or the bare loop. */
function pin(pid) {
  const toCore = (each) => execFileSync('taskset', ['-c', '-p', serverCore, String(each)], { stdio: 'pipe' });
  // What it makes from now on inherits that.
  toCore(pid);
  for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)) {
    try {
      toCore(child);
    } catch (trouble) {
      if (existsSync(`/proc/${child}`)) throw trouble;
    }
  }
}

let databases = 0;

/** A database of its own for each run, which finds nothing that another has left to be written. */
async function onEmpty(postgres, measure) {
  databases += 1;
  const name = `bench_${databases}`;
  sql(postgres, `CREATE DATABASE ${name}`);
  sql(postgres, 'CHECKPOINT');
  try {
    return await measure(postgres.url(name));
  } finally {
    sql(postgres, `DROP DATABASE ${name} WITH (FORCE)`);
  }
}

function sql(postgres, statement) {
  execFileSync('psql', ['--no-psqlrc', '--quiet', '--command', statement, postgres.url('postgres')]);
}

async function ofLimit(place, database, batch, seconds, connections = 4) {
  const schema = readdirSync(migrations).sort().flatMap((name) => ['--schema', `${migrations}${name}`]);
  const text = await run(
    [place.program('bench_limit_postgres_append'), '--database', database, ...schema, '--batch', String(batch),
      '--connections', String(connections), '--seconds', String(seconds)],
    serverCore,
  );
  return JSON.parse(text);
}

/** One sender who waits for each answer. */
async function ofLoneSender(place, database, seconds) {
  const banter = await Banter.start(place, 's6-lone', { database });
  try {
    const threads = place.list('threads', await banter.openChannels(1));
    const tokens = place.list('tokens', await banter.tokens(1));
    const load = { sessions: 1, senders: 1, 'in-flight': 1, seconds, 'warm-up': 2, threads, tokens };
    return await traffic(place, banter.address, load);
  } finally {
    await banter.stop();
  }
}

function lines(seen) {
  const ours = seen.banter.map((report) => report.answersPerSecond);
  const limit = (name) => seen[name].map((report) => report.rowsPerSecond);
  const what = 'durable sends, PostgreSQL, acknowledged per second';
  return [
    atLeast('S6', what, ours, limit('same'), 'bare libpq loop, batches of the same mean size', 0.5),
    atLeast('S6', what, ours, limit(256), 'bare libpq loop, batches of 256', 0.5),
    atLeast('S6', what, ours, limit(1024), 'bare libpq loop, batches of 1,024', 0.5),
  ];
}

function notes(seen, { lone, bare }, inFlight) {
  const of = (name, field) => spread(seen[name].map(field), 1);
  return [
    `S6: ${senders} senders on ${senders} threads, ${inFlight} in flight each; PostgreSQL shares one core with the ` +
      'server, or with the bare loop, which has four connections as the server has writers, and its own share of ' +
      `the threads for each; mean batch ${of('banter', (report) => report.meanBatch)}; ` +
      `answer p50 ${of('banter', (report) => report.answerLatencyUs.p50 / 1000)} ms, ` +
      `p99 ${of('banter', (report) => report.answerLatencyUs.p99 / 1000)} ms.`,
    `S6: one sender, one message at a time: ${number(lone.answersPerSecond)} a second, ` +
      `p50 ${number(lone.answerLatencyUs.p50 / 1000, 2)} ms; the bare loop with one connection and batches of one: ` +
      `${number(bare.rowsPerSecond)} a second.`,
  ];
}
