// Makes dist/: the library as it is published, with its types and a package.json of its own.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { bundle } from './bundle.ts';

const root = `${import.meta.dirname}/..`;
const dist = `${root}/dist`;
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);

for (const { fileName, code } of await bundle(['@preact/signals-core']))
    writeFileSync(`${dist}/${fileName}`, code);

execFileSync(process.execPath, [
    `${root}/../node_modules/typescript/bin/tsc`,
    '-p',
    `${root}/tsconfig.build.json`,
]);
for (const name of readdirSync(dist).filter((entry) => entry.endsWith('.d.ts'))) {
    const types = readFileSync(`${dist}/${name}`, 'utf8');
    writeFileSync(`${dist}/${name}`, types.replace(/(from '\.\/[^']+)\.ts'/g, "$1.js'"));
}

const { name, version, license, type, sideEffects, dependencies } = JSON.parse(
    readFileSync(`${root}/package.json`, 'utf8'),
);
const entry = (file: string) => ({ types: `./${file}.d.ts`, default: `./${file}.js` });
const exports = { '.': entry('index'), './node': entry('node') };
const published = { name, version, license, type, sideEffects, exports, dependencies };
writeFileSync(`${dist}/package.json`, `${JSON.stringify(published, null, 4)}\n`);
copyFileSync(`${root}/README.md`, `${dist}/README.md`);
