// S9: how long until the first answer, how much memory at rest, how large a binary.

import { statSync } from 'node:fs';
import { Running, memoryOf, pause, run } from './process.mjs';
import { atMost, number, spread } from './table.mjs';

const restMs = 2000;

/** Returns lines for the table and notes. */
export async function startUp(place, { rounds }) {
  const starts = { first: [], second: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    const serve = [place.binary, 'serve', '--data', place.file(`s9-${round}`), '--listen', '127.0.0.1:{port}'];
    starts.first.push(await start(place, serve));
    starts.second.push(await start(place, serve));
    starts.bare.push(await start(place, [place.program('bench_limit_fanout'), '{port}', '620', '560']));
  }
  const size = await stripped(place, place.binary);
  const bareSize = await stripped(place, place.program('bench_limit_fanout'));
  return { lines: lines(starts, size, bareSize), notes: notes(starts) };
}

async function start(place, command) {
  const probe = new Running([place.program('bench_first_answer'), '/healthz', ...command], '0,1');
  const { ms, pid } = JSON.parse((await probe.printed(/\{.*\}/))[0]);
  await pause(restMs);
  const { resident } = memoryOf(pid);
  probe.child.stdin.end();
  await probe.ended;
  return { ms, resident };
}

async function stripped(place, binary) {
  const copy = place.file('stripped');
  await run(['strip', '-o', copy, binary]);
  return statSync(copy).size / 2 ** 20;
}

function lines(starts, size, bareSize) {
  const ms = (name) => starts[name].map((one) => one.ms);
  const mib = (name) => starts[name].map((one) => one.resident / 2 ** 20);
  const bare = (values, unit, digits) => `bare epoll loop: ${spread(values, digits)} ${unit}`;
  return [
    atMost('S9', 'start to first answer, no data yet', ms('first'), 100, 'ms', bare(ms('bare'), 'ms', 1)),
    atMost('S9', 'start to first answer, data there', ms('second'), 100, 'ms', bare(ms('bare'), 'ms', 1)),
    atMost('S9', 'resident memory at rest', mib('first'), 20, 'MiB', bare(mib('bare'), 'MiB', 1)),
    atMost('S9', 'stripped binary', [size], 30, 'MiB', `bare epoll loop: ${number(bareSize, 2)} MiB`),
  ];
}

function notes() {
  return [
    'S9: with the default number of shards, on both cores; the answer is that of `GET /healthz`, asked every 0.2 ms; ' +
      `memory ${restMs / 1000} s after it. The web app isn't in the binary yet.`,
  ];
}
