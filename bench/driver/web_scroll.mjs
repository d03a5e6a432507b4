// What must hold while somebody reads: frames, no gaps, few rows, and nothing that moves them.

import { percentile, p95 } from './chromium.mjs';

const pixelsPerSecond = 3000;

/** Scrolls up through a thread; returns frames in ms, blank frames, the most rows, and script per 1,000 px. */
export async function scroll(visitor, seconds) {
  const before = await visitor.scriptMs();
  const seen = await visitor.page.evaluate(scrollUp, { ms: seconds * 1000, speed: pixelsPerSecond / 1000 });
  const script = (await visitor.scriptMs()) - before;
  return {
    p95: p95(seen.frames), p99: percentile(seen.frames, 0.99), fps: (seen.frames.length / seen.ms) * 1000,
    blank: seen.blank, rows: seen.most, pixels: seen.pixels, script: (script / seen.pixels) * 1000,
  };
}

async function scrollUp({ ms, speed }) {
  const pane = window.bench.pane();
  const list = pane.querySelector('ol');
  const seen = { frames: [], blank: 0, most: 0, pixels: 0, ms: 0 };
  await window.bench.frames(1);
  const begun = performance.now();
  for (let last = begun; last - begun < ms;) {
    const now = await new Promise(requestAnimationFrame);
    if (now <= last) continue;
    const by = speed * Math.min(100, now - last);
    seen.frames.push(now - last);
    pane.scrollBy(0, -by);
    seen.pixels += by;
    last = now;
    seen.most = Math.max(seen.most, list.children.length);
    const view = pane.getBoundingClientRect();
    const rows = list.getBoundingClientRect();
    if (rows.top > view.top + 1 || rows.bottom < view.bottom - 1) seen.blank += 1;
  }
  seen.ms = performance.now() - begun;
  return seen;
}

/** Scrolls on until so many more messages were seen; not measured. */
export async function readOn(visitor, messages) {
  await visitor.page.evaluate(async (wanted) => {
    const keys = new Set();
    while (keys.size < wanted) {
      await new Promise(requestAnimationFrame);
      window.bench.pane().scrollBy(0, -1200);
      for (const row of document.querySelectorAll('main li[data-key]')) keys.add(row.dataset.key);
    }
  }, messages);
}

/** How far, at most, a row in view moved in px while older ones came, 15 times. */
export async function driftOnPrepend(visitor) {
  return visitor.page.evaluate(async () => {
    const pane = window.bench.pane();
    const top = (row) => row.getBoundingClientRect().top;
    let worst = 0;
    for (let round = 0; round < 15; round += 1) {
      const first = pane.querySelector('ol li[data-key]').dataset.key;
      pane.scrollBy(0, -900);
      const at = pane.getBoundingClientRect().top + 300;
      const row = [...pane.querySelectorAll('ol li[data-key]')].find((one) => one.getBoundingClientRect().bottom > at);
      const before = top(row);
      // Until rows were put in front; at the latest when the next scrolling asks for them.
      for (let left = 60; left > 0 && pane.querySelector('ol li[data-key]').dataset.key === first; left -= 1)
        await window.bench.frames(1);
      await window.bench.frames(12);
      worst = Math.max(worst, Math.abs(top(row) - before));
    }
    return worst;
  });
}

/**
 * How far, at most, the row in the middle of the view moved while `change` happened to the message above it with the
 * text `above`; `seen` says in the page whether it is to be seen.
 */
export async function driftOn(visitor, { above, change, seen }) {
  await visitor.page.evaluate((text) => {
    const row = window.bench.row(text);
    row.scrollIntoView({ block: 'start' });
    // Just out of view: the reader is below it.
    window.bench.pane().scrollBy(0, row.getBoundingClientRect().height + 30);
  }, above);
  await visitor.frames(12);
  await visitor.page.evaluate(() => {
    const pane = window.bench.pane();
    const at = pane.getBoundingClientRect().top + pane.clientHeight / 2;
    const rows = [...pane.querySelectorAll('ol li[data-key]')];
    window.bench.middle = rows.find((row) => row.getBoundingClientRect().bottom > at);
    window.bench.before = window.bench.middle.getBoundingClientRect().top;
  });
  await change();
  await visitor.page.waitForFunction(seen, above);
  await visitor.frames(12);
  return visitor.page.evaluate(() =>
    Math.abs(window.bench.middle.getBoundingClientRect().top - window.bench.before));
}

/** From the address of one of two messages that are in memory to that message on the screen, in ms. */
export async function jumps(visitor, threadId, messageIds, count) {
  return visitor.page.evaluate(async ({ thread, ids, left }) => {
    const taken = [];
    for (let at = 0; at < left; at += 1) {
      const id = ids[at % 2];
      const begun = performance.now();
      history.pushState(null, '', `/t/${thread}/m/${id}`);
      dispatchEvent(new PopStateEvent('popstate'));
      const there = () => {
        const box = document.querySelector(`main li[data-key="${id}"]`)?.getBoundingClientRect();
        const pane = window.bench.pane().getBoundingClientRect();
        return box && box.bottom > pane.top && box.top < pane.bottom;
      };
      taken.push((await window.bench.shown(there)) - begun);
      await window.bench.frames(30);
    }
    return taken;
  }, { thread: threadId, ids: messageIds, left: count });
}
