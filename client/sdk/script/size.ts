// Says what the library weighs in a browser, with all that it needs, and fails above its budget.
import { gzipSync } from 'node:zlib';
import { bundle } from './bundle.ts';

const budget = 15 * 1024;

const chunks = await bundle([]);
const weigh = (names: string[]) => {
    const some = chunks.filter(({ fileName }) => names.includes(fileName));
    return some.reduce((total, { code }) => total + gzipSync(code, { level: 9 }).length, 0);
};
const index = chunks.find(({ fileName }) => fileName === 'index.js');
if (!index) throw new Error('there is no index.js');
const atOnce = weigh([index.fileName, ...index.imports]);
const later = weigh(index.dynamicImports);
console.log(
    `@banter/sdk in gzip: ${atOnce} bytes of at most ${budget}, and ${later} when a file is uploaded`,
);
if (atOnce > budget) process.exit(1);
