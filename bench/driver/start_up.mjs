// S9: how long until the first answer, how much memory at rest, how large a binary.

import { statSync, writeFileSync } from 'node:fs';
import { fill } from './full_database.mjs';
import { Running, memoryOf, pause, run } from './process.mjs';
import { atMost, number, spread } from './table.mjs';

const restMs = 2000;

/** messages: how many lie in the large database; 0: none is made. Returns lines for the table and notes. */
export async function startUp(place, { rounds, messages }) {
  const starts = { first: [], second: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    const serve = [place.binary, 'serve', '--data', place.file(`s9-${round}`), '--listen', '127.0.0.1:{port}'];
    starts.first.push(await start(place, serve));
    starts.second.push(await start(place, serve));
    starts.bare.push(await start(place, [place.program('bench_limit_fanout'), '{port}', '620', '560']));
  }
  const size = await stripped(place, place.binary);
  const bareSize = await stripped(place, place.program('bench_limit_fanout'));
  const large = messages > 0 ? await ofLarge(place, { rounds, messages }) : { lines: () => [], notes: [] };
  const bare = starts.bare.map((one) => one.ms);
  return {
    lines: [...lines(starts, size, bareSize), ...large.lines(bare)],
    notes: [...notes(), ...large.notes],
  };
}

async function start(place, command, request = ['/healthz']) {
  const probe = new Running([place.program('bench_first_answer'), ...request, ...command], '0,1');
  const { ms, pid } = JSON.parse((await probe.printed(/\{"ms".*\}/))[0]);
  await pause(restMs);
  const { resident } = memoryOf(pid);
  probe.child.stdin.end();
  await probe.ended;
  return { ms, resident };
}

/** First the page cache holds what filling and the earlier starts left in it, then nothing. */
async function ofLarge(place, { rounds, messages }) {
  const database = await fill(place, messages);
  const serve = [place.binary, 'serve', '--data', database.data, '--listen', '127.0.0.1:{port}'];
  const page = ['--bearer', database.token, database.page];
  const starts = { healthz: [], page: [], cold: [] };
  for (let round = 0; round < rounds; round += 1) {
    starts.healthz.push(await start(place, serve));
    starts.page.push(await start(place, serve, page));
  }
  for (let round = 0; round < rounds && dropPageCache(); round += 1) {
    starts.cold.push(await start(place, serve, page));
  }
  return largeResult(starts, database);
}

/** False: only root may. */
function dropPageCache() {
  try {
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}

function largeResult(starts, { messages, mib, seconds }) {
  const what = `${number(messages)} messages there`;
  const ms = (name) => starts[name].map((one) => one.ms);
  const mibs = starts.page.map((one) => one.resident / 2 ** 20);
  const cold = starts.cold.length === 0 ? 'not measured, as it takes root' : `${spread(ms('cold'), 1)} ms`;
  return {
    lines: (bare) => [
      atMost('S9', `start to first answer, ${what}`, ms('healthz'), 100, 'ms', bareLoop(bare, 'ms', 1)),
      atMost('S9', `start to first page of a thread, ${what}`, ms('page'), 100, 'ms', bareLoop(bare, 'ms', 1)),
      atMost('S9', `resident memory at rest, ${what}`, mibs, 20, 'MiB', ''),
    ],
    notes: [
      `S9: ${number(messages)} messages in a file of ${number(mib)} MiB, written in ${number(seconds)} s by ` +
        '`bench/fill` into a database that Banter had made; then a user read a page of a thread over HTTP, and sent ' +
        'to it. The page is the newest 50 messages, asked for as that user. The page cache was warm; after ' +
        `\`drop_caches\` (nothing of the file, the binary and its libraries in memory) the first page took: ${cold}.`,
    ],
  };
}

async function stripped(place, binary) {
  const copy = place.file('stripped');
  await run(['strip', '-o', copy, binary]);
  return statSync(copy).size / 2 ** 20;
}

const bareLoop = (values, unit, digits) => `bare epoll loop: ${spread(values, digits)} ${unit}`;

function lines(starts, size, bareSize) {
  const ms = (name) => starts[name].map((one) => one.ms);
  const mib = (name) => starts[name].map((one) => one.resident / 2 ** 20);
  return [
    atMost('S9', 'start to first answer, no data yet', ms('first'), 100, 'ms', bareLoop(ms('bare'), 'ms', 1)),
    atMost('S9', 'start to first answer, data there', ms('second'), 100, 'ms', bareLoop(ms('bare'), 'ms', 1)),
    atMost('S9', 'resident memory at rest', mib('first'), 20, 'MiB', bareLoop(mib('bare'), 'MiB', 1)),
    atMost('S9', 'stripped binary', [size], 30, 'MiB', `bare epoll loop: ${number(bareSize, 2)} MiB`),
  ];
}

function notes() {
  return [
    'S9: with the default number of shards, on both cores; the answer is that of `GET /healthz`, asked every 0.2 ms; ' +
      `memory ${restMs / 1000} s after it.`,
  ];
}
