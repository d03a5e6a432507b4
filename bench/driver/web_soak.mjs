// The app for a long time: nothing leaks, and no count drifts.

import { Visitor } from './chromium.mjs';
import { pause } from './process.mjs';
import { number } from './table.mjs';
import { switches, whileSaid } from './web_response.mjs';
import { owner } from './web_talk.mjs';

const perSecond = 5;

/** Somebody goes through the rooms for so many minutes, in one of which others speak. */
export async function soak({ browser, origin, talker, rooms, minutes, result }) {
  const visitor = await Visitor.arrive(browser, origin, owner);
  const [busy, ...others] = rooms;
  await visitor.openThread(busy);
  const heaps = [];
  await whileSaid(talker, busy, perSecond, async () => {
    await switches(visitor, rooms, rooms.length * 2);
    const until = Date.now() + minutes * 60_000;
    for (let sample = Date.now(); Date.now() < until;) {
      await switches(visitor, rooms, rooms.length);
      await visitor.page.locator('main [data-composer]').fill('a draft that is never sent');
      await visitor.page.locator('main [data-composer]').fill('');
      await pause(1000);
      if (Date.now() < sample) continue;
      sample += 60_000;
      heaps.push(await visitor.heap());
    }
  });
  // Where nobody looks at it, it is unread; where it ends, all of it was read.
  await switches(visitor, [busy, others[0]], 2);
  const before = (await talker.call('GET', `/api/threads/${busy}`)).seq;
  for (let at = 0; at < 7; at += 1) await talker.say(busy, `the end ${at}`);
  await visitor.page.waitForFunction((id) =>
    [...document.querySelectorAll(`nav [data-thread="${id}"] .hide`)].some((one) => one.textContent === '7 unread'),
  busy, { timeout: 20_000 })
    .catch(() => result.failures.push('the count of unread messages has drifted'));
  await switches(visitor, [busy], 1);
  await visitor.page.waitForFunction(() => window.bench.row('the end 6'));
  const growth = heaps.at(-1) - heaps[0];
  result.add(`${minutes} minutes of ${perSecond} messages a second, growth of the heap`, [growth], 5, 'MiB', {
    beside: `${heaps.map((heap) => number(heap, 1)).join(', ')} MiB`,
  });
  result.notes.push(`S11: while it soaked ${number(before)} messages were said in the busy room, and the app went ` +
    'through ten rooms, round and round.');
  await visitor.leave();
}
