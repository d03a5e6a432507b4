// Weighs the built app by what the network carries, in gzip, and fails when a budget is exceeded.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DistManifest } from '../build/finish_dist.ts';

const dist = join(import.meta.dirname, '../dist');
const manifest: DistManifest = JSON.parse(readFileSync(join(dist, 'files.json'), 'utf8'));
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const first = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => path));

const weight = (test: (path: string) => boolean) =>
    manifest.files.filter(({ path }) => test(path)).reduce((sum, { gz, size }) => sum + (gz ?? size), 0) /
    1024;
const chunk = (name: string) => weight((path) => path.startsWith(`assets/${name}`) && path.endsWith('.js'));

/** [what, KB in gzip, at most] */
const budgets: [string, number, number][] = [
    ['first load, JS', weight((path) => first.has(path) && path.endsWith('.js')), 90],
    ['all CSS', weight((path) => path.endsWith('.css')), 14],
    ['HTML', weight((path) => path === 'index.html'), 5],
    ['settings', chunk('Settings'), 25],
    ['emoji', chunk('_virtual_emoji') + chunk('Picker'), 50],
    ['highlight', chunk('highlight'), 32],
    ['lightbox', chunk('Lightbox'), 8],
];
let over = false;
for (const [what, kilobytes, most] of budgets) {
    const bad = kilobytes > most || kilobytes === 0;
    over ||= bad;
    console.log(`${bad ? 'OVER' : 'ok  '}  ${kilobytes.toFixed(1).padStart(6)} of ${most} KB  ${what}`);
}
process.exit(over ? 1 : 0);
