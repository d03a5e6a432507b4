// The machine that the figures belong to.

import { readFileSync } from 'node:fs';
import os from 'node:os';

/** One line that names processor, cores, memory, kernel and the file system of `directory`. */
export function describeMachine(directory) {
  const cpus = os.cpus();
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  return (
    `${cpus[0].model.trim()}, ${cpus.length} cores, ${memory} GiB, ${os.type()} ${os.release()}, ` +
    `${fileSystemOf(directory)}, TCP congestion control ${congestionControl()}, Node ${process.version}`
  );
}

/** Whether the figures of a run can be trusted: others' work on the same cores bends them. */
export function loadNow() {
  return os.loadavg()[0].toFixed(2);
}

function fileSystemOf(directory) {
  const mounts = readFileSync('/proc/mounts', 'utf8').trim().split('\n').map((line) => line.split(' '));
  const holding = mounts.filter(([, point]) => `${directory}/`.startsWith(point === '/' ? '/' : `${point}/`));
  const [device, , type] = holding.sort((a, b) => b[1].length - a[1].length)[0];
  return `${type} on ${device}`;
}

function congestionControl() {
  return readFileSync('/proc/sys/net/ipv4/tcp_congestion_control', 'utf8').trim();
}
