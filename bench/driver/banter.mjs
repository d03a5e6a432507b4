// A Banter server on a data directory of its own, with an owner, channels and tokens.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Running, run, serverCore } from './process.mjs';

/** Where everything of one run is. */
export class Workplace {
  /** binary: the server; programs: the folder of the bench programs; directory: for data. */
  constructor(binary, programs, directory) {
    this.binary = binary;
    this.programs = programs;
    this.directory = mkdtempSync(path.join(directory, 'banter-bench-'));
  }

  program(name) { return path.join(this.programs, name); }
  file(name) { return path.join(this.directory, name); }
  remove() { rmSync(this.directory, { recursive: true, force: true }); }

  /** Writes lines to a file and returns its path. */
  list(name, lines) {
    writeFileSync(this.file(name), `${lines.join('\n')}\n`);
    return this.file(name);
  }
}

export class Banter {
  /**
   * data: name of the data directory; wrap: command that the server's is given to, such as strace; database: the
   * URL of one that is not in the data directory; args and env: further flags and environment.
   */
  static async start(place, data, { cores = serverCore, wrap = [], args = [], database, env } = {}) {
    const banter = new Banter();
    banter.place = place;
    banter.database = database ? ['--database', database] : [];
    banter.data = place.file(data);
    banter.running = new Running(
      [...wrap, place.binary, 'serve', '--data', banter.data, '--listen', '127.0.0.1:0', '--shards', '1',
        '--limit-sends', '0', '--limit-requests', '0', ...banter.database, ...args],
      cores, env,
    );
    banter.address = await banter.running.address();
    return banter;
  }

  get pid() { return this.running.pid; }
  stop() { return this.running.stop(); }

  async post(route, body, token) {
    const headers = { 'content-type': 'application/json' };
    if (token) headers.authorization = `Bearer ${token}`;
    return this.ask(route, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async get(route, token) {
    return this.ask(route, { headers: { authorization: `Bearer ${token}` } });
  }

  async ask(route, request) {
    const answer = await fetch(`http://${this.address}${route}`, request);
    if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** Returns the owner's token, which lives for a quarter of an hour. */
  async registerOwner() {
    const owner = { handle: 'owner', displayName: 'Owner', password: 'a password for the bench' };
    return (await this.post('/api/auth/register', owner)).token;
  }

  /** Registers the owner and opens `count` public channels; returns their ids. */
  async openChannels(count) {
    const token = await this.registerOwner();
    const ids = [];
    for (let i = 0; i < count; i += 1) {
      const channel = { kind: 'channel', name: `bench ${i}`, visibility: 'public' };
      ids.push((await this.post('/api/threads', channel, token)).id);
    }
    return ids;
  }

  /** Tokens of `count` different users, who come to be when the tokens are first used. */
  async tokens(count) {
    const text = await run([this.place.binary, 'token', '--data', this.data, ...this.database,
      '--subject', 'bench', '--count', String(count), '--ttl', '2h']);
    const tokens = text.trim().split('\n').filter((line) => !line.includes(' '));
    if (tokens.length !== count) throw new Error(`${tokens.length} tokens instead of ${count}`);
    return tokens;
  }

  /** All metrics as a map from name with labels to number. */
  async metrics() {
    const text = await (await fetch(`http://${this.address}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }));
  }
}
