// A database with very many messages, filled past the server and then proven through it.

import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import path from 'node:path';
import { Banter } from './banter.mjs';
import { run } from './process.mjs';

const threads = 10_000;
const pageLength = 50;

/**
 * Returns where it is (`data`), how large (`messages`, `mib`), how long filling took (`seconds`), and what a user may
 * ask for: `token` and the path of a `page`.
 */
export async function fill(place, messages) {
  const made = await Banter.start(place, 's9-full');
  const token = await made.registerOwner();
  await made.stop();
  const file = path.join(made.data, 'banter.db');
  const began = Date.now();
  await run([place.program('bench_fill_database'), '--database', file, '--messages', String(messages),
    '--threads', String(Math.min(threads, messages))]);
  const seconds = (Date.now() - began) / 1000;
  const banter = await Banter.start(place, 's9-full');
  try {
    const page = await prove(banter, token, messages);
    return { data: banter.data, token, page, messages, mib: statSync(file).size / 2 ** 20, seconds };
  } finally {
    await banter.stop();
  }
}

/** Reads a thread as its owner and sends to it. Returns the path of its newest page. */
async function prove(banter, token, messages) {
  const { items: [thread] } = await banter.get('/api/threads?limit=1', token);
  const length = Math.floor(messages / Math.min(threads, messages));
  if (thread.seq !== length || thread.rev !== length) throw new Error(`a thread of ${thread.seq} instead of ${length}`);
  const page = `/api/threads/${thread.id}/messages?limit=${pageLength}`;
  const { items } = await banter.get(page, token);
  const expected = Math.min(pageLength, length);
  const dense = items.every(({ seq }, index) => seq === length - expected + 1 + index);
  if (items.length !== expected || !dense) throw new Error(`seqs of a page: ${items.map(({ seq }) => seq)}`);
  const sent = await banter.post(`/api/threads/${thread.id}/messages`, { nonce: randomUUID(), content: 'x' }, token);
  if (sent.seq !== length + 1) throw new Error(`the next message got seq ${sent.seq}`);
  return page;
}
