// Debian's Chromium, driven by playwright-core of client/, with somebody signed in.

import { createRequire } from 'node:module';
import process from 'node:process';

const fromClient = createRequire(new URL('../../client/package.json', import.meta.url));
const { chromium } = fromClient('playwright-core');

export const mebibyte = 2 ** 20;
/** As web.dev has it: 1.6 Mbit/s down, 750 kbit/s up, 150 ms. */
const slow4g = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
const unlimited = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };

export function launch() {
  return chromium.launch({
    executablePath: process.env.BANTER_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage',
    ],
  });
}

/** A page of somebody's own browser, signed in; `origin` is the server's. */
export class Visitor {
  /** installed: whether the app may keep itself on the device. */
  static async arrive(browser, origin, account, { installed = false } = {}) {
    const visitor = new Visitor();
    visitor.origin = origin;
    visitor.context = await browser.newContext({
      viewport: { width: 1280, height: 800 }, serviceWorkers: installed ? 'allow' : 'block',
    });
    const answer = await visitor.context.request.post(`${origin}/api/auth/login`, { data: account });
    if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
    visitor.page = await visitor.context.newPage();
    visitor.protocol = await visitor.context.newCDPSession(visitor.page);
    await visitor.protocol.send('Performance.enable');
    await visitor.protocol.send('Network.enable');
    await visitor.page.addInitScript(probes);
    return visitor;
  }

  async open(path) {
    await this.page.goto(this.origin + path);
    await this.page.waitForSelector('main');
  }

  /** Opens a thread and waits until its newest message is there. */
  async openThread(threadId) {
    await this.open(`/t/${threadId}`);
    await this.page.waitForSelector(`[data-composer="${threadId}"]`);
    await this.page.waitForSelector('main li[data-key]');
    await this.frames(20);
  }

  frames(count) {
    return this.page.evaluate((left) => window.bench.frames(left), count);
  }

  throttle(factor) {
    return this.protocol.send('Emulation.setCPUThrottlingRate', { rate: factor });
  }

  slowNetwork(slow) {
    return this.protocol.send('Network.emulateNetworkConditions', slow ? slow4g : unlimited);
  }

  /** What is in use after everything else was collected, in MiB. */
  async heap() {
    await this.protocol.send('HeapProfiler.collectGarbage');
    await this.protocol.send('HeapProfiler.collectGarbage');
    return (await this.protocol.send('Runtime.getHeapUsage')).usedSize / mebibyte;
  }

  async scriptMs() {
    const { metrics } = await this.protocol.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ScriptDuration').value * 1000;
  }

  leave() { return this.context.close(); }
}

/** Runs in each page before the app does: when frames of the socket came, and when something was painted. */
function probes() {
  const frame = () => new Promise(requestAnimationFrame);
  /** The first task after a frame runs when it is on its way to the screen. */
  const frameDone = () => new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now());
    channel.port2.postMessage(0);
  });
  const painted = async () => {
    await frame();
    return frameDone();
  };
  const arrived = new Map();
  const tasks = [];
  window.bench = {
    painted,
    arrived,
    tasks,
    pane: () => document.querySelector('main section'),
    row: (text) => [...document.querySelectorAll('main li[data-key]')].findLast((row) => row.textContent.includes(text)),
    async frames(count) {
      for (let at = 0; at < count; at += 1) await frame();
    },
    /** When what `found` looks for is on the screen. */
    async shown(found) {
      do await frame();
      while (!found());
      return frameDone();
    },
  };
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask' });
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      // Before the app's own listener, which is added later.
      this.addEventListener('message', ({ data }) => {
        const mark = /"type":"message:new".*"content":"(mark-\d+)"/.exec(data)?.[1];
        if (mark) arrived.set(mark, performance.now());
      });
    }
  };
}

export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const p95 = (values) => percentile(values, 0.95);
