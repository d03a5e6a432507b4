// S1: fan-out on one core, beside the bare loop that sends the same bytes and beside npm's servers.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Banter } from './banter.mjs';
import { traffic } from './load.mjs';
import { Running, serverCore } from './process.mjs';
import { atLeast, number, spread } from './table.mjs';

const peers = fileURLToPath(new URL('../peers', import.meta.url));
const sessions = 1000;

/** Returns lines for the table and notes. */
export async function fanOut(place, { rounds, seconds, senders, inFlight }) {
  const load = { sessions, senders, 'in-flight': inFlight, seconds, 'warm-up': 2 };
  const seen = { banter: [], limit: [], ws: [], socketio: [] };
  const merged = [];
  for (let round = 0; round < rounds; round += 1) {
    const ours = await ofBanter(place, `s1-${round}`, load);
    seen.banter.push(ours);
    const { report, turns } = await ofLimit(place, load, ours);
    seen.limit.push(report);
    merged.push(turns.sendsPerTurn);
    seen.ws.push(await ofPeer(place, load, 'ws', 'banter'));
    seen.socketio.push(await ofPeer(place, load, 'socketio', 'socketio'));
  }
  return { lines: lines(seen), notes: notes(seen, merged) };
}

async function ofBanter(place, data, load) {
  const banter = await Banter.start(place, data);
  try {
    const threads = place.list('threads', await banter.openChannels(1));
    const tokens = place.list('tokens', await banter.tokens(sessions));
    return await traffic(place, banter.address, { ...load, threads, tokens, 'server-pid': banter.pid });
  } finally {
    await banter.stop();
  }
}

/** The bare loop sends frames of the sizes that Banter's had a moment ago. */
async function ofLimit(place, load, ours) {
  const bytes = [ours.deliveryBytes, ours.answerBytes].map((mean) => String(Math.round(mean)));
  const limit = new Running([place.program('bench_limit_fanout'), '0', ...bytes], serverCore);
  const report = await against(place, limit, load, 'banter');
  const turns = JSON.parse(limit.output.trim().split('\n').at(-1));
  return { report, turns };
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
  return [
    atLeast('S1', what, rates('banter'), rates('limit'), 'bare loop, same bytes', 0.8),
    atLeast('S1', what, rates('banter'), rates('socketio'), 'npm socket.io', 10),
    atLeast('S1', what, rates('banter'), rates('ws'), 'npm ws', null),
  ];
}

function notes(seen, merged) {
  const of = (name, field) => seen[name].map(field);
  const one = (name) => {
    const cores = of(name, (report) => report.serverCpuSeconds / report.seconds);
    const client = of(name, (report) => report.clientCpuSeconds / report.seconds);
    return `${name}: ${spread(of(name, (report) => report.deliveriesPerSecond))} deliveries/s, ` +
      `server ${spread(cores, 2)} and client ${spread(client, 2)} of a core, ` +
      `${spread(of(name, (report) => report.framesPerRead), 1)} frames a read at the client, ` +
      `send to delivery p50 ${spread(of(name, (report) => report.deliveryLatencyUs.p50 / 1000), 1)} ms, ` +
      `p99 ${spread(of(name, (report) => report.deliveryLatencyUs.p99 / 1000), 1)} ms`;
  };
  const first = seen.banter[0];
  return [
    `S1: ${first.senders} senders, ${first.inFlight} in flight each, ${number(sessions)} sessions; ` +
      `frames of ${number(first.deliveryBytes)} bytes (\`message:new\`) and ${number(first.answerBytes)} ` +
      '(`message:sent`); every delivery was received and counted, none missing, none doubled.',
    ...Object.keys(seen).map((name) => `S1 ${one(name)}.`),
    `S1: the bare loop merged ${spread(merged, 1)} sends into one system call a socket.`,
  ];
}
