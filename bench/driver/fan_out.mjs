// S1: fan-out on one core, beside the bare loop that sends the same bytes and beside npm's servers.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Banter } from './banter.mjs';
import { traffic } from './load.mjs';
import { Running, serverCore } from './process.mjs';
import { atLeast, number, spread } from './table.mjs';

const peers = fileURLToPath(new URL('../peers', import.meta.url));
const sessions = 1000;

/** What the loopback device takes in one piece, so that a send costs the kernel one packet. */
const packetBytes = 65_000;

/**
 * The target is about a loop that ends each turn with one call a socket. The other forms, which have nothing to wait for
 * and wait all the same so that more deliveries share a call, show what longer turns give.
 */
const bareLoops = {
  turn: { title: 'bare loop, a send a turn', target: 0.8, holdMicroseconds: 0, heldMax: () => 1 },
  same: {
    title: 'bare loop, as many messages a send as Banter',
    target: null,
    holdMicroseconds: 2000,
    heldMax: ({ merged }) => Math.round(merged),
  },
  full: {
    title: 'bare loop, 64 KiB a send, at most 2 ms late',
    target: null,
    holdMicroseconds: 2000,
    // A turn may bring one of each sender.
    heldMax: ({ deliveryBytes, senders }) => Math.max(1, Math.floor(packetBytes / (deliveryBytes + 4)) - senders),
  },
};

/** Returns lines for the table and notes. */
export async function fanOut(place, { rounds, seconds, senders, inFlight }) {
  const load = { sessions, senders, 'in-flight': inFlight, seconds, 'warm-up': 2 };
  const names = ['banter', ...Object.keys(bareLoops), 'ws', 'socketio'];
  const seen = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const ours = await ofBanter(place, `s1-${round}`, load);
    seen.banter.push(ours);
    for (const name of Object.keys(bareLoops)) seen[name].push(await ofLimit(place, load, ours, bareLoops[name]));
    seen.ws.push(await ofPeer(place, load, 'ws', 'banter'));
    seen.socketio.push(await ofPeer(place, load, 'socketio', 'socketio'));
  }
  return { lines: lines(seen), notes: notes(seen) };
}

async function ofBanter(place, data, load) {
  const banter = await Banter.start(place, data);
  try {
    const threads = place.list('threads', await banter.openChannels(1));
    const tokens = place.list('tokens', await banter.tokens(sessions));
    const report = await traffic(place, banter.address, { ...load, threads, tokens, 'server-pid': banter.pid });
    const metrics = await banter.metrics();
    const merged = metrics.get('banter_frames_sent_total') / metrics.get('banter_sends_total');
    return { ...report, merged };
  } finally {
    await banter.stop();
  }
}

/** The bare loop sends frames of the sizes that Banter's had a moment ago. */
async function ofLimit(place, load, ours, { holdMicroseconds, heldMax }) {
  const bytes = [ours.deliveryBytes, ours.answerBytes].map(Math.round);
  const options = [0, ...bytes, holdMicroseconds, heldMax(ours)].map(String);
  const limit = new Running([place.program('bench_limit_fanout'), ...options], serverCore);
  const report = await against(place, limit, load, 'banter');
  const { sendsPerFlush } = JSON.parse(limit.output.trim().split('\n').at(-1));
  return { ...report, merged: sendsPerFlush };
}

async function ofPeer(place, load, name, dialect) {
  const peer = new Running([process.execPath, path.join(peers, `${name}.mjs`)], serverCore);
  return against(place, peer, load, dialect);
}

async function against(place, server, load, dialect) {
  try {
    const threads = place.list('threads', ['room']);
    const options = { ...load, threads, dialect, 'server-pid': server.pid };
    return await traffic(place, await server.address(), options);
  } finally {
    await server.stop();
  }
}

function lines(seen) {
  const rates = (name) => seen[name].map((report) => report.deliveriesPerCpuSecond);
  const what = 'fan-out, deliveries per server CPU-second';
  const limit = (name) =>
    atLeast('S1', what, rates('banter'), rates(name), bareLoops[name].title, bareLoops[name].target);
  return [
    ...Object.keys(bareLoops).map(limit),
    atLeast('S1', what, rates('banter'), rates('socketio'), 'npm socket.io', 10),
    atLeast('S1', what, rates('banter'), rates('ws'), 'npm ws', null),
  ];
}

function notes(seen) {
  const of = (name, field) => seen[name].map(field);
  const one = (name) => {
    const cores = of(name, (report) => report.serverCpuSeconds / report.seconds);
    return `${name}: ${spread(of(name, (report) => report.deliveriesPerSecond))} deliveries/s, ` +
      `server ${spread(cores, 2)} of a core, ` +
      `${spread(of(name, (report) => report.merged ?? report.framesPerRead), 1)} messages a send, ` +
      `send to delivery p50 ${spread(of(name, (report) => report.deliveryLatencyUs.p50 / 1000), 1)} ms, ` +
      `p99 ${spread(of(name, (report) => report.deliveryLatencyUs.p99 / 1000), 1)} ms`;
  };
  const first = seen.banter[0];
  return [
    `S1: ${first.senders} senders, ${first.inFlight} in flight each, ${number(sessions)} sessions; ` +
      `frames of ${number(first.deliveryBytes)} bytes (\`message:new\`) and ${number(first.answerBytes)} ` +
      '(`message:sent`); every delivery was received and counted, none missing, none doubled. ' +
      'The load generator polls its sockets, so that no server pays for waking it.',
    ...Object.keys(seen).map((name) => `S1 ${one(name)}.`),
  ];
}
