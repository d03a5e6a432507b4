// Clients of several nodes: node nodes_load.mjs '{"nodes": ["HOST:PORT", …], "tokens": […], "thread": ID, …}'. Every
// second session is at the second node, and so on; the first `senders` of them send. Without `rate` each sends when its
// last message was acknowledged; with it all together send so many a second. Prints a report as JSON; fails unless
// every session was told of every message exactly once.

import WebSocket from 'ws';

const { nodes, tokens, thread, senders, seconds, warmUp, rate } = JSON.parse(process.argv[2]);
const sends_max = 1_000_000;
/** What is still under way when the last is sent. */
const last_ms_max = 20_000;
const padding = 'x'.repeat(110);
const content = Buffer.from('"content":"');
const isNew = Buffer.from('"type":"message:new"');

const sentAt = new Float64Array(sends_max);
const nodeOf = new Uint8Array(sends_max);
const within = { same: [], across: [] };
let sent = 0;
let measuring = false;
let deliveries = 0;

const pause = (ms) => new Promise((settle) => { setTimeout(settle, ms); });

function fail(why) {
  console.error(why);
  process.exit(1);
}

class Session {
  #seen = new Uint8Array(sends_max);
  told = 0;

  constructor(index, token) {
    this.node = index % nodes.length;
    this.ws = new WebSocket(`ws://${nodes[this.node]}/ws`, {
      headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false,
    });
    this.ws.on('message', (data) => this.#arrived(data));
    this.ws.on('close', (code) => fail(`a session was closed with ${code}`));
    this.ws.on('error', (error) => fail(error.message));
  }

  /** The answer to a frame with an id. */
  ask(frame) {
    return new Promise((settle) => {
      this.#answered = settle;
      this.ws.send(JSON.stringify({ id: 'a', ...frame }));
    });
  }
  #answered;

  #arrived(data) {
    if (data.includes(isNew)) return this.#delivered(data);
    const frame = JSON.parse(data.toString());
    if (frame.type === 'error') fail(data.toString());
    if (frame.re) this.#answered?.(frame);
    if (frame.type === 'connected') this.connected?.();
  }

  #delivered(data) {
    const at = data.indexOf(content) + content.length;
    const index = Number.parseInt(data.toString('latin1', at, at + 8), 10);
    if (this.#seen[index] === 1) fail('a message was delivered twice');
    this.#seen[index] = 1;
    this.told += 1;
    deliveries += 1;
    if (measuring) within[nodeOf[index] === this.node ? 'same' : 'across'].push(performance.now() - sentAt[index]);
  }

  async send() {
    const index = sent;
    sent += 1;
    nodeOf[index] = this.node;
    sentAt[index] = performance.now();
    const text = `${String(index).padStart(8, '0')} ${padding}`;
    await this.ask({ type: 'message:send', threadId: thread, nonce: crypto.randomUUID(), content: text });
  }
}

const sessions = tokens.map((token, index) => new Session(index, token));
await Promise.all(sessions.map((session) => new Promise((settle) => { session.connected = settle; })));
for (const session of sessions) await session.ask({ type: 'thread:join', threadId: thread });

let ending = false;
const from = performance.now();
/** Its turns are spread evenly; who is late catches up. */
async function sends(session, index) {
  for (let turn = 0; !ending; turn += 1) {
    if (rate) {
      const due = from + ((turn * senders + index) * 1000) / rate;
      const early = due - performance.now();
      if (early > 0) await pause(early);
    }
    if (!ending) await session.send();
  }
}

const sending = sessions.slice(0, senders).map(sends);
await pause(warmUp * 1000);
measuring = true;
const before = { sent, deliveries };
await pause(seconds * 1000);
measuring = false;
const during = { sent: sent - before.sent, deliveries: deliveries - before.deliveries };
ending = true;
await Promise.all(sending);
for (let waited = 0; sessions.some(({ told }) => told < sent) && waited < last_ms_max; waited += 10) await pause(10);
if (sessions.some(({ told }) => told !== sent)) fail('a message was not delivered');

const percentile = (values, share) => values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? null;
const report = (values) => ({ count: values.length, p50: percentile(values, 0.5), p99: percentile(values, 0.99) });
console.log(JSON.stringify({
  sendsPerSecond: during.sent / seconds,
  deliveriesPerSecond: during.deliveries / seconds,
  same: report(within.same),
  across: report(within.across),
}));
process.exit();
