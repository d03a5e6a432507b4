// S11: the web app in Chromium, from the binary, by the budgets of the web client. Sizes, drift and rows are limits: a
// run that exceeds one has failed.

import { fileURLToPath } from 'node:url';
import { launch, p95, Visitor } from './chromium.mjs';
import { run } from './process.mjs';
import { atMost, number } from './table.mjs';
import { boot } from './web_boot.mjs';
import { burst, keys, longTasks, receives, sends, switcherKeys, switches, whileSaid } from './web_response.mjs';
import { driftOn, driftOnPrepend, jumps, readOn, scroll } from './web_scroll.mjs';
import { soak } from './web_soak.mjs';
import { filledServer, owner, Talker } from './web_talk.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const hostile = [
  '>'.repeat(4000), '['.repeat(9000), '*a '.repeat(3000), `${'> '.repeat(20)}a\n`.repeat(200), ':smile:'.repeat(1400),
];

/** rounds: of the loads; quick: shorter runs; soakMinutes: also this. Returns lines, notes and what is exceeded. */
export async function webApp(place, { rounds, quick, soakMinutes }) {
  const result = new Result();
  await sizes(result);
  const browser = await launch();
  try {
    await inLongThread(place, browser, result, { rounds, quick, soakMinutes });
    await inManyThreads(place, browser, result, quick);
    result.notes.unshift(`S11: Chromium ${browser.version()}, headless, 1280 x 800, 60 frames a second; the server on one core, browser and driver on both.`);
  } finally {
    await browser.close();
  }
  return result;
}

class Result {
  lines = [];
  notes = [];
  failures = [];

  add(what, values, bound, unit, { beside = '', digits = 1, isLimit = false } = {}) {
    console.error(`  ${new Date().toISOString().slice(11, 19)} ${what}: ${values.map((value) => number(value, digits)).join(', ')} ${unit}`);
    this.lines.push(atMost('S11', what, values, bound, unit, beside, digits));
    if (isLimit && Math.max(...values) > bound) this.failures.push(`${what}: ${Math.max(...values)} ${unit} of at most ${bound}`);
  }
}

/** By the scripts that the checks use, too. */
async function sizes(result) {
  for (const [script, what] of [['client/web/script/size.ts', 'the app'], ['client/sdk/script/size.ts', 'the library']]) {
    // Node itself takes TypeScript since 22; Debian's is older, and npm brings one.
    const text = await run(['sh', '-c', `cd ${root} && client/node_modules/node-linux-*/bin/node ${script} || true`]);
    for (const [, value, most, part] of text.matchAll(/^\S+ +([\d.]+) of ([\d.]+) KB +(.+)$/gm))
      result.add(`size of ${what}, gzip: ${part}`, [Number(value)], Number(most), 'KB', { isLimit: true });
    const bytes = /in gzip: (\d+) bytes of at most (\d+)/.exec(text);
    if (bytes) result.add(`size of ${what}, gzip`, [bytes[1] / 1024], bytes[2] / 1024, 'KB', { isLimit: true });
  }
  if (result.lines.length < 8) throw new Error('sizes are missing: is the app built?');
}

async function inLongThread(place, browser, result, { rounds, quick, soakMinutes }) {
  const banter = await filledServer(place, 's11-long', { messages: 100_000, threads: 1 });
  try {
    const origin = `http://${banter.address}`;
    const talker = await Talker.of(banter);
    const visitor = await Visitor.arrive(browser, origin, owner);
    console.error('  rooms and messages are made');
    const things = await furnish(talker, quick);
    await reading(visitor, talker, things, result, quick);
    await answering(visitor, talker, things, result, quick);
    await visitor.leave();
    await loads(browser, origin, things.talk, result, rounds);
    if (soakMinutes > 0) await soak({ browser, origin, talker, rooms: things.rooms, minutes: soakMinutes, result });
  } finally {
    await banter.stop();
  }
}

/** The thread of 100,000 messages, one with a picture, one to talk in, and ten to go between. */
async function furnish(talker, quick) {
  const me = await talker.call('GET', '/api/users?q=owner');
  const ownerId = me.items.find(({ handle }) => handle === 'owner').id;
  const { items: [{ id: long, seq }] } = await talker.call('GET', '/api/threads/discover?q=filled');
  await talker.join(long);
  const page = async (before) => (await talker.call('GET', `/api/threads/${long}/messages?before=${before}&limit=50`)).items
    .find(({ authorId }) => authorId !== ownerId).id;
  const marks = [await page(seq - 40), await page(seq - 340)];
  const pictures = await talker.channel('pictures', ownerId);
  await talker.sayMany(pictures, 30, (at) => `before ${at}.`);
  await talker.say(pictures, 'with a picture', { attachments: [await talker.picture(`${root}docs/app.png`)] });
  await talker.sayMany(pictures, 12, (at) => `between ${at}.`);
  const { id: below } = await talker.say(pictures, 'to change');
  await talker.sayMany(pictures, 30, (at) => `after ${at}.`);
  const talk = await talker.channel('talk', ownerId);
  await talker.sayMany(talk, 60, (at) => `talk ${at}: ${'word '.repeat(at % 30)}`);
  const rooms = [];
  for (let room = 0; room < 10; room += 1) {
    rooms.push(await talker.channel(`room ${room}`, ownerId));
    await talker.sayMany(rooms[room], quick ? 20 : 60, (at) => `room ${room}, ${at}: ${'word '.repeat((at * 7) % 40)}`);
  }
  return { long, marks, pictures, below, talk, rooms };
}

async function reading(visitor, talker, { long, marks, pictures, below }, result, quick) {
  await visitor.openThread(long);
  const seen = await scroll(visitor, quick ? 5 : 20);
  const how = `scrolling 100,000 messages at 3,000 px/s`;
  result.add(`${how}, frame p95`, [seen.p95], 17, 'ms', { beside: `p99 ${number(seen.p99, 1)} ms, ${number(seen.fps, 1)} frames/s` });
  result.add(`${how}, blank frames`, [seen.blank], 0, 'frames', { digits: 0, beside: `${number(seen.pixels)} px` });
  result.add(`${how}, rows in the document`, [seen.rows], 160, 'rows', { digits: 0, isLimit: true });
  result.add(`${how}, script per 1,000 px`, [seen.script], 20, 'ms');
  result.add('drift when older messages come', [await driftOnPrepend(visitor)], 1, 'px', { digits: 2, isLimit: true });

  await visitor.openThread(long);
  await readOn(visitor, 420);
  const taken = await jumps(visitor, long, marks, 20);
  result.add('jump to a message in memory, p95', [p95(taken)], 100, 'ms');
  await drifts(visitor, talker, pictures, below, result);
}

/** What changes above the reader. */
async function drifts(visitor, talker, pictures, below, result) {
  const waiting = [];
  await visitor.page.route('**/files/**', (route) => new Promise((release) => {
    waiting.push(() => release(route.continue()));
  }));
  await visitor.openThread(pictures);
  const picture = await driftOn(visitor, {
    above: 'with a picture',
    change: async () => {
      await visitor.page.waitForFunction(() => document.querySelector('main li img[loading]'));
      while (waiting.length === 0) await visitor.frames(5);
      for (const release of waiting.splice(0)) release();
    },
    seen: () => document.querySelector('main li img[data-state="there"]') !== null,
  });
  await visitor.page.unroute('**/files/**');
  result.add('drift when a picture loads', [picture], 1, 'px', { digits: 2, isLimit: true });
  const reaction = await driftOn(visitor, {
    above: 'to change',
    change: () => talker.call('PUT', `/api/messages/${below}/reactions/${encodeURIComponent('👍')}`),
    seen: (text) => window.bench.row(text)?.querySelector('[aria-pressed]') !== null,
  });
  result.add('drift when a message is reacted to', [reaction], 1, 'px', { digits: 2, isLimit: true });
  const edit = await driftOn(visitor, {
    above: 'to change',
    change: () => talker.call('PATCH', `/api/messages/${below}`, { content: `to change${'\nmore'.repeat(8)}` }),
    seen: (text) => window.bench.row(text)?.textContent.includes('more') === true,
  });
  result.add('drift when a message is edited', [edit], 1, 'px', { digits: 2, isLimit: true });
}

async function answering(visitor, talker, { long, talk, rooms }, result, quick) {
  const count = quick ? 30 : 120;
  await visitor.openThread(talk);
  for (const [factor, bound] of [[1, 50], [4, 100]]) {
    await visitor.throttle(factor);
    const taken = await whileSaid(talker, talk, 20, () => keys(visitor, count));
    result.add(`key to paint while 20 messages a second come, p95 at ${factor}x`, [p95(taken)], bound, 'ms');
  }
  await visitor.throttle(1);
  result.add('send to optimistic row, p95', [p95(await sends(visitor, quick ? 10 : 40))], 32, 'ms');
  result.add('receive to paint, p95', [p95(await receives(visitor, talker, talk, quick ? 10 : 60))], 50, 'ms');
  const worst = (tasks) => [Math.max(0, ...tasks)];
  const beside = (tasks) => ({ digits: 0, beside: `${tasks.length} tasks above 50 ms` });
  const many = await burst(visitor, talker, talk, { perSecond: 200, seconds: quick ? 2 : 5 });
  result.add('burst of 200 messages a second, longest task', worst(many), 50, 'ms', beside(many));
  const bad = await longTasks(visitor, async () => {
    for (const text of hostile) await talker.say(talk, text);
    await talker.say(talk, 'the last of them');
    await visitor.page.waitForFunction(() => window.bench.row('the last of them'));
  });
  result.add('hostile Markdown, longest task', worst(bad), 50, 'ms', beside(bad));

  await visitor.openThread(long);
  await readOn(visitor, quick ? 1000 : 10_000);
  await switches(visitor, rooms, rooms.length);
  const heap = await visitor.heap();
  for (const [factor, bound] of [[1, 110], [4, 250]]) {
    await visitor.throttle(factor);
    const taken = await switches(visitor, rooms, quick ? 20 : 50);
    result.add(`thread switch, cached, p95 at ${factor}x`, [p95(taken)], bound, 'ms');
  }
  await visitor.throttle(1);
  const after = await visitor.heap();
  result.add('heap after 10,000 messages were seen and 100 switches', [after], 60, 'MiB');
  result.add('growth of the heap in 100 switches', [after - heap], 5, 'MiB');
  const stored = await visitor.page.evaluate(async () => (await navigator.storage.estimate()).usage / 2 ** 20);
  result.add('stored on the device', [stored], 50, 'MiB');
}

async function loads(browser, origin, threadId, result, rounds) {
  const seen = [];
  for (let round = 0; round < rounds; round += 1) seen.push(await boot(browser, origin, owner, threadId));
  const all = (name) => seen.map((one) => one[name]);
  const where = 'slow 4G, 4x';
  result.add(`first paint, cold, ${where}`, all('fcp'), 1200, 'ms', { digits: 0 });
  result.add(`largest paint, cold, ${where}`, all('lcp'), 1800, 'ms', { digits: 0 });
  result.add(`messages there and ready to write, cold, ${where}`, all('rows'), 2000, 'ms', { digits: 0 });
  result.add(`messages there, from the device, ${where}`, all('warm'), 600, 'ms', { digits: 0 });
  result.add(`time blocked until then, cold, ${where}`, all('tbt'), 150, 'ms', { digits: 0 });
  result.add('layout shift, cold', all('cls'), 0.02, 'CLS', { digits: 3 });
  result.add('requests before the first message', all('requests'), 6, 'requests', { digits: 0 });
}

async function inManyThreads(place, browser, result, quick) {
  const threads = quick ? 1000 : 10_000;
  const banter = await filledServer(place, 's11-many', { messages: threads, threads });
  try {
    const visitor = await Visitor.arrive(browser, `http://${banter.address}`, owner);
    await visitor.open('/');
    await visitor.page.waitForFunction((count) => document.querySelectorAll('nav [data-thread]').length >= count, threads, { timeout: 120_000 });
    const taken = await switcherKeys(visitor, ['filled 77', 'fil 4321', 'd99', 'nothing']);
    result.add(`switcher with ${number(threads)} threads, key to results, p95`, [p95(taken)], 16, 'ms');
    await visitor.leave();
  } finally {
    await banter.stop();
  }
}
