// Session tokens of Clerk sign in beside the accounts of the installation. Clerk's own npm package
// says of the same tokens whether they count.
import { verifyToken } from '@clerk/backend';
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';

import { Client, http, Person, register, run, startServer, temporaryDirectory, until } from './harness.mjs';
import { Instance, newKey, sign } from './lib/clerk.mjs';

const party = 'https://app.example';
const instance = await Instance.start();
const flags = ['--clerk-issuer', instance.issuer, '--clerk-authorized-parties', party];
const server = await startServer({ args: flags });

const publishableKey = (host) => `pk_live_${btoa(`${host}$`)}`;
const asked = async (token) => (await http(server, 'GET', '/api/me', { token })).status;

test('who has a session there is a user here, by HTTP and on the socket', async () => {
    const picture = 'https://img.clerk.example/ada';
    const token = instance.token({ username: 'Ada', name: 'Ada Lovelace', picture });
    const { status, body } = await http(server, 'GET', '/api/me', { token });
    assert.equal(status, 200);
    assert.deepEqual([body.handle, body.displayName, body.avatarUrl], ['ada', 'Ada Lovelace', picture]);
    const ada = new Person(server, token, body);
    const channel = await ada.channel();
    const client = await ada.joined(channel);
    assert.ok(client.hello.tokenExpiresAt);

    const later = Math.floor(Date.now() / 1000) + 70;
    const renewed = await client.request('auth:refresh', { token: instance.token({ exp: later }) });
    assert.equal(renewed.tokenExpiresAt, new Date(later * 1000).toISOString());
    for (const other of [{ sub: 'user_2eve' }, { sid: 'sess_2xyz' }]) {
        const attempt = await Client.connect(server, token);
        await assert.rejects(attempt.request('auth:refresh', { token: instance.token(other) }));
    }
    assert.equal((await http(server, 'GET', '/api/me', { token: instance.token() })).body.id, body.id);
    assert.ok(!server.output.includes(token), 'a token in the log');
});

test('a socket is closed with 4401 soon after the end of its token, unless a new one came', async () => {
    const exp = Math.floor(Date.now() / 1000) - 1;
    const token = instance.token({ sub: 'user_2ends', exp });
    const [ended, renewed] = await Promise.all([Client.connect(server, token), Client.connect(server, token)]);
    await renewed.request('auth:refresh', { token: instance.token({ sub: 'user_2ends' }) });
    await ended.expectClose(4401, 60_000);
    const late = Date.now() - exp * 1000;
    assert.ok(late >= 14_000, `closed ${late} ms after the end of the token`);
    await renewed.request('ping');
    assert.equal(await asked(token), 401);
});

test('local accounts are there as ever, and nobody becomes another', async () => {
    const local = await register(server, 'grace');
    const token = instance.token({ sub: local.user.id, username: 'grace' });
    const { body } = await http(server, 'GET', '/api/me', { token });
    assert.notEqual(body.id, local.user.id);
    assert.notEqual(body.handle, 'grace');
});

test('what Clerk refuses is refused here, and what counts there counts here', async () => {
    const now = Math.floor(Date.now() / 1000);
    const counts = [{}, { sts: undefined, v: undefined }, { exp: now + 3600 }, { name: 'Ada' }, { nbf: undefined }];
    const claims = [
        { exp: now - 60 }, { exp: now - 6 }, { exp: undefined }, { exp: 'soon' }, { exp: null },
        { nbf: now + 60 }, { nbf: 'now' }, { iat: now + 60 }, { iat: 'now' },
        { sub: undefined }, { sub: 7 }, { sub: ['user_2def'] },
        { azp: 'https://evil.example' }, { azp: `${party}/` },
        { azp: 'http://app.example' }, { azp: [party] },
    ];
    const headers = [
        { alg: 'none' }, { alg: 'HS256' }, { alg: 'ES256' }, { alg: 'RS1' }, { alg: '' }, { alg: undefined }, { typ: 'x' },
    ];
    const stranger = newKey('ins_1');
    const good = instance.token();
    const tokens = [
        ...claims.map((fields) => instance.token(fields)),
        ...headers.map((fields) => instance.token({}, fields)),
        sign(stranger, instance.header(), instance.claims()),
        '', '.', '..', 'a.b.c', good.slice(0, -4), `${good}AAAA`, good.slice(1), good.split('.').slice(0, 2).join('.'),
        `${good.split('.').slice(0, 2).join('.')}.`,
    ];
    const options = { jwtKey: instance.newest.pem, authorizedParties: [party], clockSkewInMs: 5000 };
    const countsThere = (token) => verifyToken(token, options).then(() => true, () => false);
    for (const fields of counts) {
        const token = instance.token(fields);
        assert.equal(await countsThere(token), true, JSON.stringify(fields));
        assert.equal(await asked(token), 200, JSON.stringify(fields));
    }
    // Here a token has to be of somebody, of a session and of a page too.
    const stricter = [{ sub: '' }, { sid: undefined }, { sid: '' }, { azp: '' }, { azp: undefined }];
    tokens.push(...stricter.map((fields) => instance.token(fields)));
    const counting = [];
    for (const token of tokens) {
        if (await countsThere(token)) counting.push(token);
        const { status } = await http(server, 'GET', '/api/me', { token });
        assert.equal(status, 401, token);
    }
    assert.deepEqual(counting, tokens.slice(-stricter.length));
});

test('a storm of reconnections checks the signature of each token once', async () => {
    const checked = async () => {
        const { text } = await http(server, 'GET', '/metrics');
        return Number(/^banter_token_signature_checks_total (\d+)$/m.exec(text)[1]);
    };
    const tokens = Array.from({ length: 20 }, (_, i) => instance.token({ sub: `user_2storm${i}`, sid: `sess_${i}` }));
    const before = await checked();
    for (const token of tokens) assert.equal(await asked(token), 200);
    for (let time = 0; time < 5; time++) {
        const clients = await Promise.all(tokens.map((token) => Client.connect(server, token)));
        for (const client of clients) client.close();
    }
    assert.equal(await checked(), before + tokens.length);
});

test('a key that the instance begins to use is found under load, without a wrong answer', async () => {
    const own = await Instance.start();
    const here = await startServer({ args: ['--clerk-issuer', own.issuer] });
    const ask = async () => (await http(here, 'GET', '/api/me', { token: own.token() })).status;
    assert.equal(await ask(), 200);
    const before = own.asked;
    let ended = false;
    const answers = new Map();
    const asking = Array.from({ length: 8 }, async () => {
        while (!ended) {
            const status = await ask();
            answers.set(status, (answers.get(status) ?? 0) + 1);
        }
    });
    own.keys.push(newKey('ins_2'));
    assert.equal(await ask(), 200);
    ended = true;
    await Promise.all(asking);
    assert.deepEqual([...answers.keys()], [200]);
    assert.equal(own.asked, before + 1, 'asked once for the new key');
});

test('tokens with keys that nobody has do not reach the instance again and again', async () => {
    const own = await Instance.start();
    const here = await startServer({ args: ['--clerk-issuer', own.issuer] });
    await until(() => own.asked > 0 || undefined, 'the first question');
    const before = own.asked;
    const stranger = newKey('ins_1');
    for (let i = 0; i < 200; i++) {
        const token = sign(stranger, own.header({ kid: `ins_${i + 2}` }), own.claims());
        assert.equal((await http(here, 'GET', '/api/me', { token })).status, 401);
    }
    assert.ok(own.asked <= before + 1, `asked ${own.asked - before} times`);
});

test('what is published and no key set changes nothing', async () => {
    const own = await Instance.start();
    const here = await startServer({ args: ['--clerk-issuer', own.issuer] });
    const token = own.token();
    assert.equal((await http(here, 'GET', '/api/me', { token })).status, 200);
    own.answer = (response) => response.writeHead(302, { Location: `${instance.issuer}/` }).end();
    const redirected = sign(newKey('x'), own.header({ kid: 'x' }), own.claims());
    const instanceAsked = instance.asked;
    assert.equal((await http(here, 'GET', '/api/me', { token: redirected })).status, 401);
    assert.equal(instance.asked, instanceAsked, 'a redirect was followed');
    assert.equal((await http(here, 'GET', '/api/me', { token: own.token() })).status, 200);
    assert.match(here.output, /no keys come from an issuer/);
});

test('with the public key in a file nobody is asked', async (t) => {
    const own = await Instance.start();
    const file = join(server.data, 'clerk.pem');
    await writeFile(file, own.newest.pem);
    const here = await startServer({ args: ['--clerk-issuer', own.issuer, '--clerk-jwt-key-file', file] }, t);
    assert.equal((await http(here, 'GET', '/api/me', { token: own.token() })).status, 200);
    const forged = sign(newKey('ins_1'), own.header(), own.claims());
    assert.equal((await http(here, 'GET', '/api/me', { token: forged })).status, 401);
    assert.equal(own.asked, 0);
});

test('flags that make no sense are refused at the start, with what to change', async () => {
    const file = join(server.data, 'short.pem');
    await writeFile(file, newKey('ins_1', 1024).pem);
    const issuer = ['--clerk-issuer', 'https://clerk.example.com'];
    const wrong = [
        [['--clerk-issuer', 'clerk.example.com'], /Frontend API URL/],
        [['--clerk-issuer', 'http://clerk.example.com'], /Frontend API URL/],
        [['--clerk-issuer', 'https://clerk.example.com/path'], /Frontend API URL/],
        [[...issuer, '--clerk-authorized-parties', 'app.example'], /no origin/],
        [['--clerk-authorized-parties', party], /need --clerk-issuer/],
        [[...issuer, '--clerk-jwt-key-file', '/nowhere/key.pem'], /clerk-jwt-key-file does not exist/],
        [[...issuer, '--clerk-jwt-key-file', file], /2048 to 4096 bits/],
        [['--clerk-publishable-key', publishableKey('clerk.example.com')], /need --clerk-issuer/],
        [[...issuer, '--clerk-publishable-key', publishableKey('clerk.other.example')], /is of https:\/\/clerk\.other\.example/],
        ...['', 'sk_live_x', 'pk_live_', 'pk_live_!', `pk_live_${btoa('clerk.example.com')}`, publishableKey('a b'), publishableKey('')]
            .map((key) => [[...issuer, '--clerk-publishable-key', key], /publishable key of the instance/]),
    ];
    for (const [args, sentence] of wrong) {
        const ended = await run(['serve', '--data', temporaryDirectory(), '--listen', '127.0.0.1:0', ...args]);
        assert.notEqual(ended.code, 0, args.join(' '));
        assert.match(ended.output, sentence);
    }
});

test('the web app is told where people sign in, and its page may run the script of that host alone', async (t) => {
    const key = publishableKey('clerk.example.com').replace(/=+$/, '');
    const pem = join(server.data, 'public.pem');
    await writeFile(pem, newKey('ins_1').pem);
    const args = ['--clerk-issuer', 'https://clerk.example.com', '--clerk-publishable-key', key, '--clerk-jwt-key-file', pem];
    const here = await startServer({ args }, t);
    const { body } = await http(here, 'GET', '/api/config');
    assert.deepEqual(body.auth.clerk, { publishableKey: key });
    assert.equal((await http(server, 'GET', '/api/config')).body.auth.clerk, undefined);
    const policyOf = async (at) => {
        const page = await fetch(`${at.url}/login`, { headers: { Accept: 'text/html' } });
        return page.headers.get('Content-Security-Policy');
    };
    assert.match(await policyOf(here), /script-src 'self'[^;]* https:\/\/clerk\.example\.com;/);
    assert.doesNotMatch(await policyOf(server), /clerk/);
});

test('who is not done with signing in is told so', async () => {
    const answer = await http(server, 'GET', '/api/me', { token: instance.token({ sts: 'pending' }) });
    assert.deepEqual([answer.status, answer.body.code], [403, 'forbidden']);
});
