// That secrets are looked for where they could be told, and found there as programs write them; and that a server that
// crashes leaves no core file unless it is asked to.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { register, startServer } from './harness.mjs';
import { formsOf, search } from './lib/secret_search.mjs';
import { directory as traces } from './lib/secrets.mjs';

const made = () => `banter_pat_${randomBytes(32).toString('base64url')}`;

const ways = {
    'as it is': (secret) => secret,
    'within a URL': (secret) => `GET /ws?token=${encodeURIComponent(secret)}&x=1`,
    'in JSON': (secret) => JSON.stringify({ token: secret }),
    'in hexadecimal': (secret) => Buffer.from(secret).toString('hex'),
    'in base64': (secret) => Buffer.from(secret).toString('base64'),
    'in base64 after a name': (secret) => Buffer.from(`ada:${secret}`).toString('base64'),
    'in base64 of URLs after a longer name': (secret) => Buffer.from(`lovelace:${secret}`).toString('base64url'),
    'cut off': (secret) => secret.slice(0, 30),
};

for (const [way, write] of Object.entries(ways))
    test(`a secret is found ${way}, and what is no secret is not`, (t) => {
        const folder = mkdtempSync(join(tmpdir(), 'banter-traces-'));
        t.after(() => rmSync(folder, { recursive: true }));
        const secrets = [made(), `${made()}/+?="`, `${made()}.${made()}.${made()}`, 'a password of words'];
        for (const secret of secrets) {
            writeFileSync(join(folder, 'secrets.1'), `${secrets.flatMap(formsOf).join('\n')}\n`);
            const other = `{"level":"info","token":"${made()}"}\n`.repeat(100);
            writeFileSync(join(folder, 'logs.1'), other);
            assert.deepEqual(search(folder).found, []);
            // Of a signed token it is the signature that counts.
            const told = way === 'cut off' ? write(secret.split('.').at(-1)) : write(secret);
            writeFileSync(join(folder, 'logs.1'), `${other}${told}\n${other}`);
            assert.ok(search(folder).found.length > 0, `${secret} in ${told}`);
        }
    });

test('what a test gives and gets is noted, and so is what its server tells', async (t) => {
    const server = await startServer({}, t);
    const ada = await register(server, 'ada');
    const { token } = await ada.ok('POST', '/api/me/tokens', { name: 'x' }, 201);
    await ada.refused('GET', '/api/threads/none', undefined, 404, 'not_found');
    await (await ada.connect()).close();
    await server.dispose();
    const noted = (kind) => readFileSync(join(traces, `${kind}.${process.pid}`), 'utf8');
    const key = ada.cookie.split('=')[1];
    for (const secret of [token, ada.token, key]) assert.ok(noted('secrets').includes(formsOf(secret)[0]));
    assert.match(noted('logs'), /Banter is at/);
    assert.match(noted('metrics'), /^banter_/m);
    assert.match(noted('answers'), /not_found/);
});

const cores = (server) => readdirSync(server.data).filter((name) => name.startsWith('core'));

async function crash(t, ...args) {
    const server = await startServer({ inside: ['prlimit', '--core=unlimited'], args }, t);
    const ada = await register(server, 'ada');
    await ada.connect();
    server.signal('SIGABRT');
    assert.equal((await server.ended).signal, 'SIGABRT');
    return server;
}

test('a server that crashes leaves no core file, unless it is to', async (t) => {
    assert.deepEqual(cores(await crash(t)), []);
    const pattern = readFileSync('/proc/sys/kernel/core_pattern', 'utf8').trim();
    const asked = await crash(t, '--core-dumps', 'true');
    // Elsewhere cores go to a program, or to a folder of the system.
    if (!/^core(\.%p)?$/.test(pattern)) return t.diagnostic(`cores go to ${pattern}`);
    const [core] = cores(asked);
    assert.ok(statSync(join(asked.data, core)).size > 0);
    rmSync(join(asked.data, core));
});
