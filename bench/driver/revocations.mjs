// R7: two nodes on one PostgreSQL, with Redis between them and after Redis was killed. How long after the request that
// ends access at one node a live socket is closed at the other, in each way that access ends.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Postgres } from '../../tests/services/postgres.mjs';
import { Redis } from '../../tests/services/redis.mjs';
import { Banter } from './banter.mjs';
import { loadCore, run } from './process.mjs';
import { atMost, number } from './table.mjs';

const client = fileURLToPath(new URL('../peers/nodes_revocations.mjs', import.meta.url));
const ways = 4;
const per_second = 40;
const closed_ms_max = 2_000;

/** Returns lines for the table and notes. `count`: revocations with Redis, and as many without. */
export async function revocations(place, { count }) {
  const [postgres, redis] = await Promise.all([Postgres.start(), Redis.start()]);
  const nodes = [];
  try {
    const options = { database: postgres.url('postgres'), args: ['--redis', redis.url] };
    for (const name of ['one', 'other']) nodes.push(await Banter.start(place, `r7-${name}`, options));
    const [here, there] = nodes;
    const owner = await here.registerOwner();
    const each = Math.ceil(count / ways);
    const tokens = await here.tokens(2 * each);
    const load = { here: here.address, there: there.address, owner, each, seconds: count / per_second };
    const up = await clients(place, { ...load, prefix: 'up', tokens: tokens.slice(0, each) });
    await redis.daemon.kill9();
    const down = await clients(place, { ...load, prefix: 'down', tokens: tokens.slice(each) });
    const lines = [...ofRound('Redis up', up), ...ofRound('Redis killed', down)];
    return { lines, notes: notes(4 * each, each) };
  } finally {
    // Nodes first: one whose database is gone has to wait for it before it ends.
    for (const node of nodes) await node.stop();
    await Promise.all([postgres.stop(), redis.stop()]);
  }
}

/** The options are in a file: a command is shown when it fails, and these have tokens. */
async function clients(place, options) {
  const file = place.list(`r7-${options.prefix}.json`, [JSON.stringify(options)]);
  return JSON.parse(await run([process.execPath, path.normalize(client), file], loadCore));
}

function ofRound(redis, took) {
  const all = Object.values(took).flat();
  return [line(`${redis}, all ways`, all), ...Object.entries(took).map(([way, ms]) => line(`${redis}, ${way}`, ms))];
}

/** The smallest value that `share` of them don't exceed. */
function percentile(sorted, share) {
  return sorted[Math.ceil(sorted.length * share) - 1];
}

function line(what, took) {
  const sorted = [...took].sort((one, other) => one - other);
  const beside = `p50 ${number(percentile(sorted, 0.5), 1)} ms, max ${number(sorted.at(-1), 1)} ms of ${number(took.length)}`;
  return atMost('R7', `request to close at the other node, p99, ${what}`, [percentile(sorted, 0.99)], closed_ms_max, 'ms', beside);
}

function notes(count, each) {
  return [
    `R7: ${number(count)} revocations with Redis and as many after it was killed, ${number(each)} in each way, ` +
      `${per_second} a second at random moments, in one round; from before the request is sent to one node until the ` +
      'socket at the other is closed with 4401. Every socket was open until then, and none stayed open. Both nodes share a ' +
      'core, the clients have the other, and PostgreSQL and Redis are wherever the system puts them.',
  ];
}
