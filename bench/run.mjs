// Measures the rows of the table of targets that exist so far, each with its limit in the same run.
//
//   node bench/run.mjs [S1] [S3] [S5] [S6] [S9] [S10] [S11] [S12] [R7] [--quick] [--large] [--soak MINUTES]
//                      [--rounds N] [--seconds N] [--senders N] [--in-flight N] [--sessions N] [--messages N]
//                      [--binary PATH] [--programs DIR] [--directory DIR]
//
// Without a row: all. --large uploads a file of 5 GiB, too; --soak keeps the web app busy for so long, too. Prints
// Markdown on standard output and what it is doing on standard error.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Workplace } from './driver/banter.mjs';
import { durableSends } from './driver/durable_sends.mjs';
import { fanOut } from './driver/fan_out.mjs';
import { idleSessions } from './driver/idle_sessions.mjs';
import { describeMachine, loadNow } from './driver/machine.mjs';
import { postgresSends } from './driver/postgres_sends.mjs';
import { revocations } from './driver/revocations.mjs';
import { startUp } from './driver/start_up.mjs';
import { markdown } from './driver/table.mjs';
import { twoNodes } from './driver/two_nodes.mjs';
import { uploads } from './driver/uploads.mjs';
import { webApp } from './driver/web_app.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    soak: { type: 'string', default: '0' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    senders: { type: 'string', default: '10' },
    'in-flight': { type: 'string', default: '1' },
    sessions: { type: 'string', default: '18000' },
    messages: { type: 'string' },
    binary: { type: 'string', default: path.join(root, 'build/release/banter') },
    programs: { type: 'string', default: path.join(root, 'build/release/bench') },
    directory: { type: 'string', default: path.join(root, 'build') },
  },
});

const rounds = Number(given.rounds ?? (given.quick ? 1 : 3));
const seconds = Number(given.seconds ?? (given.quick ? 2 : 5));
const sessions = Number(given.sessions);
const messages = Number(given.messages ?? (given.quick ? 0 : 10_000_000));

const rows = {
  S1: (place) => fanOut(place, {
    rounds, seconds, senders: Number(given.senders), inFlight: Number(given['in-flight']),
  }),
  S3: (place) => idleSessions(place, { sessions, manyMemberships: given.quick ? 5 : 50 }),
  // More in flight than the largest batch of the bare loop, which a server could not fill otherwise.
  S5: (place) => durableSends(place, { rounds, seconds, inFlight: 20 }),
  // Likewise, of four connections.
  S6: (place) => postgresSends(place, { rounds, seconds, inFlight: 40 }),
  S9: (place) => startUp(place, { rounds: rounds + 2, messages }),
  S10: (place) => uploads(place, { rounds, bytes: given.quick ? 2 ** 28 : 2 ** 30, large: given.large }),
  S11: (place) => webApp(place, { rounds, quick: given.quick, soakMinutes: Number(given.soak) }),
  S12: (place) => twoNodes(place, { rounds, seconds, senders: Number(given.senders) }),
  R7: (place) => revocations(place, { count: given.quick ? 100 : 1_000 }),
};

const wanted = positionals.length > 0 ? positionals : Object.keys(rows);
for (const row of wanted) {
  if (!(row in rows)) throw new Error(`no row ${row}: ${Object.keys(rows).join(', ')}`);
}

const place = new Workplace(given.binary, given.programs, given.directory);
console.log(`Machine: ${describeMachine(place.directory)}.`);
console.log(
  `${new Date().toISOString().slice(0, 16)}Z; load before the run ${loadNow()}; ${rounds} rounds of ${seconds} s, ` +
    'each against its limit in turn; the median, and between which values it lies.\n',
);
const lines = [];
const notes = [];
for (const row of wanted) {
  console.error(`${row} …`);
  try {
    const result = await rows[row](place);
    lines.push(...result.lines);
    notes.push(...result.notes);
    for (const failure of result.failures ?? []) {
      console.error(`${row}: ${failure}`);
      process.exitCode = 1;
    }
  } catch (trouble) {
    // The other rows are still worth having; the run as a whole has failed.
    console.error(trouble);
    notes.push(`${row} could not be measured: ${trouble.message.split('\n')[0]}`);
    process.exitCode = 1;
  }
}
place.remove();
console.log(`${markdown(lines)}\n\n${notes.map((note) => (note.startsWith('\n') ? note : `- ${note}`)).join('\n')}`);
