// The servers that the app is measured against, and somebody who speaks and asks past the app.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Banter } from './banter.mjs';
import { run } from './process.mjs';

/** As Banter.registerOwner makes them. */
export const owner = { handle: 'owner', password: 'a password for the bench' };

/** A server with a database that bench/fill has filled: public channels of the owner's. */
export async function filledServer(place, name, { messages, threads }) {
  const made = await Banter.start(place, name);
  await made.registerOwner();
  await made.stop();
  await run([place.program('bench_fill_database'), '--database', `${made.data}/banter.db`,
    '--messages', String(messages), '--threads', String(threads)]);
  return Banter.start(place, name);
}

/** Somebody with a token that outlives the run. */
export class Talker {
  static async of(banter) {
    const talker = new Talker();
    talker.banter = banter;
    [talker.token] = await banter.tokens(1);
    return talker;
  }

  async call(method, path, body) {
    const headers = { authorization: `Bearer ${this.token}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const answer = await fetch(`http://${this.banter.address}${path}`, {
      method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  join(threadId) { return this.call('POST', `/api/threads/${threadId}/join`); }

  /** A channel with this member besides. */
  async channel(name, memberId) {
    return (await this.call('POST', '/api/threads', { kind: 'channel', name, memberIds: [memberId] })).id;
  }

  say(threadId, content, more = {}) {
    return this.call('POST', `/api/threads/${threadId}/messages`, { nonce: randomUUID(), content, ...more });
  }

  async sayMany(threadId, count, text) {
    for (let at = 0; at < count; at += 1) await this.say(threadId, text(at));
  }

  async picture(file) {
    const form = new FormData();
    form.set('file', new Blob([readFileSync(file)], { type: 'image/png' }), 'picture.png');
    const answer = await fetch(`http://${this.banter.address}/api/upload`, {
      method: 'POST', headers: { authorization: `Bearer ${this.token}` }, body: form,
    });
    if (!answer.ok) throw new Error(`a picture: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).id;
  }
}
