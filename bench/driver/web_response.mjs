// How soon the app answers: keys, sends, switches, what others send, and the switcher.

import { pause } from './process.mjs';

const post = (visitor, threadId, content) => visitor.call('POST', `/api/threads/${threadId}/messages`, {
  nonce: crypto.randomUUID(), content,
});

/** Runs `act` while others send so many messages a second. */
export async function whileSaid(sender, threadId, perSecond, act) {
  let going = true;
  let said = 0;
  const talk = (async () => {
    const begun = performance.now();
    while (going) {
      const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
      const batch = Array.from({ length: due - said }, (_, at) => post(sender, threadId, `said ${said + at}`));
      said = due;
      await Promise.all(batch);
      await pause(5);
    }
  })();
  try {
    return await act();
  } finally {
    going = false;
    await talk;
  }
}

/** From a key to its letter on the screen, in ms. */
export async function keys(visitor, count) {
  await visitor.page.locator('main [data-composer]').focus();
  await visitor.page.evaluate(() => {
    window.bench.keys = [];
    window.bench.onKey = async ({ timeStamp }) => window.bench.keys.push((await window.bench.painted()) - timeStamp);
    addEventListener('keydown', window.bench.onKey, true);
  });
  for (let at = 0; at < count; at += 1) {
    await visitor.page.keyboard.press('abcdefghij '[at % 11]);
    await pause(60);
  }
  await visitor.frames(10);
  const taken = await visitor.page.evaluate(() => {
    removeEventListener('keydown', window.bench.onKey, true);
    return window.bench.keys;
  });
  await visitor.page.locator('main [data-composer]').fill('');
  return taken;
}

/** From Enter to the message on the screen, in ms. */
export async function sends(visitor, count) {
  const taken = [];
  for (let at = 0; at < count; at += 1) {
    const text = `sent by hand ${at}.`;
    await visitor.page.locator('main [data-composer]').fill(text);
    await visitor.page.evaluate((content) => {
      window.bench.sent = new Promise((resolve) => {
        addEventListener('keydown', async ({ timeStamp }) => {
          resolve((await window.bench.shown(() => window.bench.row(content))) - timeStamp);
        }, { once: true, capture: true });
      });
    }, text);
    await visitor.page.keyboard.press('Enter');
    taken.push(await visitor.page.evaluate(() => window.bench.sent));
    await visitor.page.waitForFunction((content) =>
      window.bench.row(content)?.querySelector('[data-state="settled"]'), text);
  }
  return taken;
}

/** From a click on a thread to its messages on the screen, in ms, going round `threadIds`. */
export async function switches(visitor, threadIds, count) {
  return visitor.page.evaluate(async ({ ids, left }) => {
    const taken = [];
    for (let at = 0; at < left; at += 1) {
      const id = ids[at % ids.length];
      const begun = performance.now();
      document.querySelector(`nav [data-thread="${id}"]`).click();
      const there = () => document.querySelector(`main [data-composer="${id}"]`) &&
        document.querySelector('main li[data-key]');
      taken.push((await window.bench.shown(there)) - begun);
      await window.bench.frames(20);
    }
    return taken;
  }, { ids: threadIds, left: count });
}

/** From a frame of the socket to its message on the screen, in ms. */
export async function receives(visitor, sender, threadId, count) {
  const taken = [];
  for (let at = 0; at < count; at += 1) {
    const mark = `mark-${at}`;
    const shown = visitor.page.evaluate((text) => window.bench.shown(() =>
      [...document.querySelectorAll('main li[data-key] p')].some((one) => one.textContent === text)), mark);
    await post(sender, threadId, mark);
    const when = await shown;
    taken.push(when - (await visitor.page.evaluate((text) => window.bench.arrived.get(text), mark)));
    await pause(40);
  }
  return taken;
}

/** The longest tasks above 50 ms while `act` happened and what it brought was shown. */
export async function longTasks(visitor, act) {
  await visitor.frames(30);
  await visitor.page.evaluate(() => window.bench.tasks.splice(0));
  await act();
  await visitor.frames(30);
  return visitor.page.evaluate(() => [...window.bench.tasks]);
}

export async function burst(visitor, sender, threadId, { perSecond, seconds }) {
  return longTasks(visitor, async () => {
    await whileSaid(sender, threadId, perSecond, () => pause(seconds * 1000));
    const { seq } = await sender.call('GET', `/api/threads/${threadId}`);
    const { items } = await sender.call('GET', `/api/threads/${threadId}/messages?before=${seq + 1}&limit=1`);
    await visitor.page.waitForFunction((text) => window.bench.row(text), items[0].content);
  });
}

/** From a key in the switcher to its results in the document, in ms. */
export async function switcherKeys(visitor, words) {
  await visitor.page.keyboard.press('Control+k');
  await visitor.page.waitForSelector('dialog [role=option]');
  await visitor.page.evaluate(() => {
    window.bench.results = [];
    const list = document.querySelector('dialog [role=listbox]');
    let begun = null;
    document.querySelector('dialog input').addEventListener('input', () => { begun = performance.now(); }, true);
    new MutationObserver(() => {
      if (begun !== null) window.bench.results.push(performance.now() - begun);
      begun = null;
    }).observe(list, { childList: true, subtree: true, characterData: true, attributes: true });
  });
  for (const word of words) {
    await visitor.page.locator('dialog input').fill('');
    await visitor.frames(10);
    for (const letter of word) {
      await visitor.page.keyboard.press(letter);
      await visitor.frames(15);
    }
  }
  const taken = await visitor.page.evaluate(() => window.bench.results);
  await visitor.page.keyboard.press('Escape');
  return taken;
}
