// Processes that are measured: started on a core of their own, read through /proc, stopped by signal.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The server has core 0 to itself, and whoever loads it has core 1. */
export const serverCore = '0';
export const loadCore = '1';

const startMs = 600_000;
const stopMs = 30_000;

/** The server refuses BANTER_ names that it doesn't know, such as script/build's. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('BANTER_')),
);

const alive = new Set();
process.on('exit', () => { for (const running of alive) running.child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** A running program, which never outlives this one; `output` is what it has printed so far. */
export class Running {
  /** Starts `command` (an array) pinned to `cores`, as taskset writes them; `env`: more environment. */
  constructor(command, cores, env = {}) {
    this.command = command;
    this.output = '';
    this.errors = '';
    this.child = spawn('taskset', ['-c', cores, ...command], {
      env: { ...environment, ...env }, stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdin.on('error', () => {});
    this.child.stdout.on('data', (bytes) => { this.output += bytes; });
    this.child.stderr.on('data', (bytes) => { this.errors = (this.errors + bytes).slice(-20_000); });
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => resolve({ code, signal }));
    });
    alive.add(this);
    this.ended.catch(() => {}).finally(() => alive.delete(this));
  }

  /** Of the program itself, also when `command` begins with a tracer (which is then its parent). */
  get pid() {
    const started = this.child.pid;
    if (this.command[0] !== 'strace') return started;
    return Number(readFileSync(`/proc/${started}/task/${started}/children`, 'utf8').split(' ')[0]);
  }

  /** Waits until standard output or error matches and returns the match. */
  async printed(pattern) {
    const until = Date.now() + startMs;
    while (Date.now() < until) {
      const match = pattern.exec(this.output) ?? pattern.exec(this.errors);
      if (match) return match;
      if (this.child.exitCode !== null) break;
      await pause(20);
    }
    throw new Error(`${this.command[0]} did not print ${pattern}: ${this.output}${this.errors}`);
  }

  /** HOST:PORT of the first address it prints. */
  async address() {
    return (await this.printed(/http:\/\/([0-9.]+:\d+)/))[1];
  }

  /** SIGTERM, then waits for the end; SIGKILL if that doesn't come, which is an error. */
  async stop() {
    if (this.child.exitCode !== null) return this.ended;
    const { pid } = this;
    process.kill(pid, 'SIGTERM');
    let killed = false;
    const patience = setTimeout(() => {
      killed = true;
      process.kill(pid, 'SIGKILL');
    }, stopMs);
    const end = await this.ended;
    clearTimeout(patience);
    if (killed) throw new Error(`${this.command[0]} did not stop within ${stopMs / 1000} s`);
    return end;
  }
}

/** Runs `command` on `cores` to its end and returns what it printed. */
export async function run(command, cores = `${serverCore},${loadCore}`) {
  const running = new Running(command, cores);
  running.child.stdin.end();
  const { code, signal } = await running.ended;
  if (code !== 0) throw new Error(`${command.join(' ')}: ${signal ?? code}\n${running.errors}${running.output}`);
  return running.output;
}

/** Resident memory of a process in bytes: all, and its anonymous part. */
export function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)[1]) * 1024;
  return { resident: field('Rss'), anonymous: field('Anonymous') };
}

export function pause(ms) {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}
