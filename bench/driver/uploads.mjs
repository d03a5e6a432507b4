// S10: how fast a file of 1 GiB comes in, and what that costs the server in memory, beside what
// anybody would do with the same file: copy it and sum it, or put it into the same bucket directly.

import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { S3 } from '../../tests/services/s3.mjs';
import { Banter } from './banter.mjs';
import { putInParts, putWhole } from './direct_put.mjs';
import { loadCore, run } from './process.mjs';
import { atLeast, atMost, number, spread } from './table.mjs';

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const memoryTarget = 16;
/** As Banter makes them. */
const partBytes = 6 * mebibyte;

/** bytes: of the file; large: also one of 5 GiB. Returns lines for the table and notes. */
export async function uploads(place, { rounds, bytes, large }) {
  const file = place.file('s10');
  await fill(file, bytes);
  const [sum] = (await run(['sha256sum', file])).split(' ');
  const seen = { disk: [], copied: [], synced: [], bucket: [], whole: [], parts: [] };
  for (let round = 0; round < rounds; round += 1) {
    seen.disk.push(await toDisk(place, file, bytes, sum));
    seen.copied.push(await copied(place, file, bytes, []));
    seen.synced.push(await copied(place, file, bytes, ['sync']));
    seen.bucket.push(await toBucket((s3) => throughBanter(place, s3, file, bytes, sum)));
    seen.whole.push(rateOf(bytes, await toBucket((s3) => putWhole(s3, file))));
    seen.parts.push(rateOf(bytes, await toBucket((s3) => putInParts(s3, file, partBytes))));
  }
  const largest = large ? await ofLargest(place) : [];
  rmSync(file);
  return { lines: [...lines(seen, bytes), ...largest], notes: notes(seen, bytes) };
}

/** Random bytes on the disk, so that writing them out disturbs nothing later. */
async function fill(file, bytes) {
  const descriptor = openSync(file, 'w');
  for (let written = 0; written < bytes; written += mebibyte) {
    // Whoever looks for the type of the file finds none.
    const piece = randomBytes(mebibyte);
    if (written === 0) piece.fill(0, 0, 4096);
    writeSync(descriptor, piece);
  }
  closeSync(descriptor);
  await run(['sync', file]);
}

const rateOf = (bytes, seconds) => bytes / mebibyte / seconds;

async function toDisk(place, file, bytes, sum) {
  const banter = await Banter.start(place, 's10-disk');
  try {
    return await measure(banter, file, bytes, sum);
  } finally {
    await banter.stop();
    rmSync(banter.data, { recursive: true });
  }
}

/** An S3 server of its own each time: it keeps what it has in memory. */
async function toBucket(put) {
  const s3 = await S3.start();
  try {
    return await put(s3);
  } finally {
    await s3.stop();
  }
}

async function throughBanter(place, s3, file, bytes, sum) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = s3.environment;
  const env = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
  const banter = await Banter.start(place, 's10-bucket', { args: ['--files', s3.url], env });
  try {
    return await measure(banter, file, bytes, sum);
  } finally {
    await banter.stop();
    rmSync(banter.data, { recursive: true });
  }
}

/**
 * The rate of one upload in MiB/s, and the server's resident memory in MiB, before and at its peak. A small file was
 * uploaded before. What is given back is summed.
 */
async function measure(banter, file, bytes, sum) {
  const token = await banter.registerOwner();
  const first = banter.place.list('s10-first', ['first']);
  await upload(banter, token, first);
  const before = memoryOf(banter.pid, 'VmRSS');
  // VmHWM begins anew, and misses no peak as samples may.
  writeFileSync(`/proc/${banter.pid}/clear_refs`, '5');
  const { seconds, attachment } = await upload(banter, token, file);
  const peak = memoryOf(banter.pid, 'VmHWM');
  if (attachment.size !== bytes) throw new Error(`${attachment.size} bytes instead of ${bytes}`);
  const url = new URL(attachment.url, `http://${banter.address}`).href;
  const given = await run(['sh', '-c', 'curl --silent --fail "$0" | sha256sum', url], loadCore);
  if (sum !== given.split(' ')[0]) throw new Error('the file that was uploaded is given back otherwise');
  return { rate: rateOf(bytes, seconds), before, peak, more: peak - before };
}

function memoryOf(pid, name) {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)[1]) / 1024;
}

const curl = ['curl', '--silent', '--show-error', '--fail-with-body', '--write-out', '\n%{time_total}'];

async function upload(banter, token, file) {
  const answer = await run([
    ...curl, '--header', `Authorization: Bearer ${token}`, '--form', `file=@${file}`,
    `http://${banter.address}/api/upload`,
  ], loadCore);
  const [attachment, seconds] = answer.split('\n');
  return { attachment: JSON.parse(attachment), seconds: Number(seconds) };
}

/** `cp` and `sha256sum`, and perhaps `sync` between them, one after the other. */
async function copied(place, file, bytes, sync) {
  const copy = place.file('s10-copy');
  const began = process.hrtime.bigint();
  await run(['cp', '--reflink=never', file, copy]);
  for (const command of sync) await run([command, copy]);
  await run(['sha256sum', file]);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  rmSync(copy);
  await run(['sync', place.directory]);
  return rateOf(bytes, seconds);
}

/** The largest file that a server takes unless it is told otherwise; of NULs, which take no room before. */
async function ofLargest(place) {
  const file = place.file('s10-largest');
  const bytes = 5 * gibibyte;
  writeFileSync(file, '');
  truncateSync(file, bytes);
  const [sum] = (await run(['sha256sum', file])).split(' ');
  const disk = await toDisk(place, file, bytes, sum);
  const bucket = await toBucket((s3) => throughBanter(place, s3, file, bytes, sum));
  rmSync(file);
  return [memoryLine('upload of 5 GiB to disk', [disk]), memoryLine('upload of 5 GiB to S3', [bucket])];
}

const of = (measured, field) => measured.map((one) => one[field]);

function memoryLine(what, measured) {
  const beside = `before: ${spread(of(measured, 'before'), 1)} MiB, ${spread(of(measured, 'rate'))} MiB/s`;
  return atMost('S10', `${what}, more resident memory`, of(measured, 'more'), memoryTarget, 'MiB', beside);
}

function lines(seen, bytes) {
  const size = `${number(bytes / mebibyte)} MiB`;
  const [disk, bucket] = [`upload of ${size} to disk`, `upload of ${size} to S3`];
  return [
    atLeast('S10', `${disk}, MiB/s`, of(seen.disk, 'rate'), seen.copied, '`cp`, `sha256sum`', 0.5),
    atLeast('S10', `${disk}, MiB/s`, of(seen.disk, 'rate'), seen.synced, '`cp`, `sync`, `sha256sum`', null),
    atLeast('S10', `${bucket}, MiB/s`, of(seen.bucket, 'rate'), seen.whole, 'curl, one PUT', 0.7),
    atLeast('S10', `${bucket}, MiB/s`, of(seen.bucket, 'rate'), seen.parts, 'the same parts, one by one', null),
    memoryLine(disk, seen.disk),
    memoryLine(bucket, seen.bucket),
  ];
}

function notes(seen, bytes) {
  return [
    `S10: ${number(bytes / mebibyte)} MiB of random bytes by \`POST /api/upload\`, sent by curl; the server on one ` +
      'core, curl on the other, Ceph on both. Banter makes the SHA-256 of the file, and to S3 of each part of 6 MiB ' +
      'too, and has the file on the disk (`fsync`) before it answers; nobody sums what is put directly. What was ' +
      'uploaded was fetched and had the same SHA-256. Memory is `VmHWM` since the upload began over `VmRSS` before it.',
  ];
}
