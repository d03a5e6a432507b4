// S3: what an idle session costs the server in resident memory.

import { Banter } from './banter.mjs';
import { idle } from './load.mjs';
import { memoryOf, pause } from './process.mjs';
import { atMost, number } from './table.mjs';

const settleMs = 3000;
const warmUpSessions = 200;
const published = 'uWebSockets bare, published: 0.4 KiB';

/** Returns lines for the table and notes. */
export async function idleSessions(place, { sessions, manyMemberships }) {
  const one = await oneMembership(place, sessions);
  const many = await manyOf(place, sessions, manyMemberships);
  const kib = ({ perSession }) => [perSession / 1024];
  const name = `idle session of ${number(sessions)}`;
  return {
    lines: [
      atMost('S3', `${name}, one membership, new users`, kib(one.fresh), 2, 'KiB', published, 2),
      atMost('S3', `${name}, one membership, after a restart`, kib(one.restarted), 2, 'KiB', published, 2),
      atMost('S3', `${name}, ${manyMemberships} memberships each`, kib(many), 2, 'KiB', published, 2),
    ],
    notes: [
      'S3: the growth of `Rss` in `/proc/PID/smaps_rollup` over a server that has already served ' +
        `${warmUpSessions} sessions, ${settleMs / 1000} s after the last one joined; all users distinct.`,
      ...[
        ['one membership, new users', one.fresh],
        ['one membership, after a restart', one.restarted],
        [`${manyMemberships} memberships`, many],
      ].flatMap(([title, result]) => parts(title, result, sessions)),
    ],
  };
}

/** 1,000 users a channel. First they are made by their first connect, then they return. */
async function oneMembership(place, sessions) {
  const banter = await Banter.start(place, 's3-one');
  const { threads, tokens } = await prepare(place, banter, Math.ceil(sessions / 1000), sessions);
  const load = { sessions, threads, tokens };
  const fresh = await measure(place, banter, load);
  await banter.stop();
  const again = await Banter.start(place, 's3-one');
  const restarted = await measure(place, again, load);
  await again.stop();
  return { fresh, restarted };
}

/** The memberships are made in a first life of the server, so that only their keeping is measured. */
async function manyOf(place, sessions, memberships) {
  const banter = await Banter.start(place, 's3-many');
  const channels = Math.max(memberships, Math.ceil((sessions * memberships) / 1000));
  const { threads, tokens } = await prepare(place, banter, channels, sessions);
  const load = { sessions, threads, tokens };
  const held = await idle(place, banter.address, { ...load, memberships });
  await held.release();
  await banter.stop();
  const again = await Banter.start(place, 's3-many');
  const result = await measure(place, again, load);
  await again.stop();
  return result;
}

async function prepare(place, banter, channels, sessions) {
  return {
    threads: place.list('threads', await banter.openChannels(channels)),
    tokens: place.list('tokens', await banter.tokens(sessions)),
  };
}

async function measure(place, banter, load) {
  const warmUp = await idle(place, banter.address, { ...load, sessions: Math.min(warmUpSessions, load.sessions) });
  await warmUp.release();
  await pause(settleMs);
  const before = await state(banter);
  const held = await idle(place, banter.address, load);
  await pause(settleMs);
  const after = await state(banter);
  await held.release();
  const perSession = (after.memory.resident - before.memory.resident) / load.sessions;
  return { before, after, perSession };
}

async function state(banter) {
  const metrics = await banter.metrics();
  return { metrics, memory: memoryOf(banter.pid) };
}

/** A table of the bytes by part, as the server counts them, and what they leave unexplained. */
function parts(title, { before, after, perSession }, sessions) {
  const pattern = /^banter_memory_bytes\{part="([^"]+)"\}$/;
  const grown = [...after.metrics]
    .map(([key, value]) => [pattern.exec(key)?.[1], value - (before.metrics.get(key) ?? 0)])
    .filter(([part]) => part !== undefined);
  const known = grown.reduce((sum, [, bytes]) => sum + bytes, 0);
  const each = (bytes) => number(bytes / sessions);
  const rows = [
    ...grown.sort((a, b) => b[1] - a[1]).map(([part, bytes]) => [part, bytes]),
    ['not counted by any part', perSession * sessions - known],
    ['resident memory', perSession * sessions],
    ['of it anonymous', after.memory.anonymous - before.memory.anonymous],
  ].map(([part, bytes]) => `| ${part} | ${each(bytes)} | ${number(bytes / 2 ** 20, 2)} |`);
  return [
    `\nS3, ${title}: before ${number(before.memory.resident / 2 ** 20, 1)} MiB, ` +
      `after ${number(after.memory.resident / 2 ** 20, 1)} MiB\n\n` +
      `| part | bytes a session | MiB in all |\n| --- | --- | --- |\n${rows.join('\n')}\n`,
  ];
}
