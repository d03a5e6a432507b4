// S12: two nodes on one PostgreSQL, Redis between them, half of the sessions at each. How much later a message comes to
// the other node's sessions than to those of its own, at half of the peak.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Postgres } from '../../tests/services/postgres.mjs';
import { Redis } from '../../tests/services/redis.mjs';
import { Banter } from './banter.mjs';
import { loadCore, run } from './process.mjs';
import { atMost, number, spread } from './table.mjs';

const client = fileURLToPath(new URL('../peers/nodes_load.mjs', import.meta.url));
const sessions = 200;
const later_ms_max = 5;

/** Returns lines for the table and notes. */
export async function twoNodes(place, { rounds, seconds, senders }) {
  const [postgres, redis] = await Promise.all([Postgres.start(), Redis.start()]);
  const nodes = [];
  try {
    const args = ['--database', postgres.url('postgres'), '--redis', redis.url];
    for (const name of ['one', 'other']) nodes.push(await Banter.start(place, `s12-${name}`, { args }));
    const [one] = nodes;
    const [thread] = await one.openChannels(1);
    const tokens = await one.tokens(sessions);
    for (const token of tokens.slice(0, senders)) await one.post(`/api/threads/${thread}/join`, {}, token);
    const load = { nodes: nodes.map(({ address }) => address), tokens, thread, senders, seconds, warmUp: 2 };
    const seen = [];
    for (let round = 0; round < rounds; round += 1) {
      const peak = await clients(load);
      const half = await clients({ ...load, rate: peak.sendsPerSecond / 2 });
      seen.push({ peak, half });
    }
    return { lines: lines(seen), notes: notes(seen, senders) };
  } finally {
    for (const node of nodes) await node.stop();
    await Promise.all([postgres.stop(), redis.stop()]);
  }
}

async function clients(options) {
  return JSON.parse(await run([process.execPath, path.normalize(client), JSON.stringify(options)], loadCore));
}

function lines(seen) {
  const later = seen.map(({ half }) => half.across.p99 - half.same.p99);
  const same = `same node: p99 ${spread(seen.map(({ half }) => half.same.p99), 1)} ms`;
  return [atMost('S12', 'p99 across nodes over that of the same node', later, later_ms_max, 'ms', same)];
}

function notes(seen, senders) {
  const of = (name, field) => spread(seen.map((round) => field(round[name])), 1);
  const one = (name) =>
    `S12 at ${name === 'peak' ? 'the peak' : 'half of it'}: ${of(name, (report) => report.deliveriesPerSecond)} ` +
    `deliveries/s; same node p50 ${of(name, ({ same }) => same.p50)} ms, p99 ${of(name, ({ same }) => same.p99)} ms; ` +
    `across p50 ${of(name, ({ across }) => across.p50)} ms, p99 ${of(name, ({ across }) => across.p99)} ms.`;
  return [
    `S12: ${senders} senders, one in flight each, ${number(sessions)} sessions; both nodes share a core, the clients have ` +
      'the other, and PostgreSQL and Redis are wherever the system puts them; the clients are npm\'s, and the peak is ' +
      'theirs as much as the nodes\'. Every delivery was received, none missing, none doubled.',
    one('peak'),
    one('half'),
  ];
}
