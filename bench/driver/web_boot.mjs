// The first load on a slow phone, and the next one.

import { Visitor } from './chromium.mjs';

/** One cold load and one from the service worker, on slow 4G with a processor that is four times slower. */
export async function boot(browser, origin, account, threadId) {
  const visitor = await Visitor.arrive(browser, origin, account, { installed: true });
  try {
    await visitor.throttle(4);
    await visitor.slowNetwork(true);
    await visitor.page.addInitScript(observe);
    const cold = await load(visitor, `/t/${threadId}`);
    await visitor.page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 120_000 });
    // What it shows next time is stored some seconds after it came.
    await visitor.page.waitForTimeout(8000);
    const warm = await load(visitor, `/t/${threadId}`);
    return { ...cold, warm: warm.rows };
  } finally {
    await visitor.leave();
  }
}

async function load(visitor, path) {
  await visitor.page.goto(visitor.origin + path, { waitUntil: 'commit' });
  await visitor.page.waitForFunction(() => window.paints?.rows > 0, undefined, { timeout: 60_000 });
  await visitor.page.waitForTimeout(1500);
  return visitor.page.evaluate(() => {
    const { fcp, lcp, cls, tasks, rows } = window.paints;
    const blocked = tasks.filter(({ at }) => at >= fcp && at <= rows).reduce((sum, { ms }) => sum + ms - 50, 0);
    const asked = performance.getEntriesByType('resource')
      .filter(({ name, startTime }) => startTime < rows && !/favicon|webmanifest/.test(name));
    return { fcp, lcp, cls, rows, tbt: blocked, requests: 1 + asked.length };
  });
}

/** Notes what web.dev's measures need, and when the messages of the thread are on the screen and can be answered. */
function observe() {
  const paints = { fcp: 0, lcp: 0, cls: 0, rows: 0, tasks: [] };
  window.paints = paints;
  const each = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take))
    .observe({ type, buffered: true });
  each('paint', ({ name, startTime }) => { if (name === 'first-contentful-paint') paints.fcp = startTime; });
  each('largest-contentful-paint', ({ startTime }) => { paints.lcp = startTime; });
  each('layout-shift', ({ value, hadRecentInput }) => { if (!hadRecentInput) paints.cls += value; });
  each('longtask', ({ startTime, duration }) => paints.tasks.push({ at: startTime, ms: duration }));
  const there = () => document.querySelector('main [data-composer]') && document.querySelector('main li[data-key]');
  const look = async () => {
    if (!there()) return requestAnimationFrame(look);
    paints.rows = await window.bench.painted();
  };
  requestAnimationFrame(look);
}
