// Accounts and tokens: register, login, refresh with reuse detection, logout, JWKS, `banter
// token`, and the cookie rule.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import {
    createLocalJWKSet,
    createRemoteJWKSet,
    decodeJwt,
    decodeProtectedHeader,
    exportSPKI,
    importJWK,
    jwtVerify,
    SignJWT,
} from 'jose';

import {
    cookieOf,
    http,
    password,
    person,
    register,
    requested,
    run,
    startServer,
    tokens,
} from './harness.mjs';

const server = await startServer();
const post = (path, body, headers) => http(server, 'POST', `/api/auth/${path}`, { body, headers });
const refresh = (cookie, headers = requested) =>
    post('refresh', undefined, { ...headers, ...(cookie ? { Cookie: cookie } : {}) });

test('registering answers 201 with the user, a token and the refresh cookie', async () => {
    const body = { handle: 'ada', displayName: 'Ada L.', password };
    const answer = await post('register', body);
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual(Object.keys(answer.body).sort(), ['token', 'tokenExpiresAt', 'user']);
    const { id, ...user } = answer.body.user;
    assert.deepEqual(user, {
        handle: 'ada',
        displayName: 'Ada L.',
        avatarUrl: null,
        bot: false,
        status: user.status,
        deletedAt: null,
    });
    const left = Date.parse(answer.body.tokenExpiresAt) - Date.now();
    assert.ok(left > 14 * 60_000 && left < 16 * 60_000, `${left}`);
    const [cookie] = answer.headers.getSetCookie();
    assert.match(cookie, /^banter=[^;]{20,}/);
    for (const attribute of [/; HttpOnly/i, /; SameSite=Strict/i, /; Path=\/(;|$)/i])
        assert.match(cookie, attribute);
    assert.doesNotMatch(cookie, /; Secure|; Domain/i);
    assert.ok(
        !answer.text.includes(cookie.split(/[=;]/)[1]),
        'the refresh token stands only in the cookie',
    );
    const me = await http(server, 'GET', '/api/me', { token: answer.body.token });
    assert.equal((me.body.user ?? me.body).id, id);
    assert.equal((await post('register', body)).body.code, 'conflict');
});

test('behind https the cookie is __Host- and Secure', async (t) => {
    const proxied = await startServer({}, t);
    await register(proxied, 'ada');
    await proxied.restart({ args: ['--public-url', 'https://chat.example'] });
    const body = { handle: 'ada', password };
    const answer = await http(proxied, 'POST', '/api/auth/login', { body });
    assert.match(answer.headers.getSetCookie()[0], /^__Host-banter=[^;]+.*; Secure/i);
});

const refusedAccounts = [
    [{ handle: 'a' }, 'a handle of one character'],
    [{ handle: 'a'.repeat(33) }, 'a handle of 33 characters'],
    [{ handle: 'Ada' }, 'a capital letter in the handle'],
    [{ handle: 'a b' }, 'a space in the handle'],
    [{ handle: 'zoë' }, 'a letter beyond ASCII in the handle'],
    [{ handle: 'x\n' }, 'a line break in the handle'],
    [{ handle: undefined }, 'no handle'],
    [{ handle: 7 }, 'a number as handle'],
    [{ displayName: 'a\u0000' }, 'NUL in the name'],
    [{ password: '' }, 'an empty password'],
    [{ password: 'seven77' }, 'a password of seven characters'],
    [{ password: undefined }, 'no password'],
    [{ password: 12345678 }, 'a number as password'],
    [{ role: 'owner' }, 'a role', 'unknown_field'],
    [{ id: '01900000-0000-7000-8000-000000000000' }, 'an id', 'unknown_field'],
];
for (const [fields, what, code = 'bad_request'] of refusedAccounts) {
    test(`nobody registers with ${what}`, async () => {
        const answer = await post('register', {
            handle: 'somebody',
            displayName: 'S',
            password,
            ...fields,
        });
        assert.deepEqual([answer.status, answer.body.code], [400, code], answer.text);
        assert.deepEqual(answer.headers.getSetCookie(), []);
    });
}

test('a very long password is refused, not hashed', async () => {
    const answer = await post('register', {
        handle: 'long',
        displayName: 'L',
        password: 'x'.repeat(20_000),
    });
    assert.ok([400, 413].includes(answer.status), answer.text);
});

test('login gives what registering gave, and a wrong password and an unknown handle the same bytes', async () => {
    const bob = await register(server, 'bob');
    const right = await post('login', { handle: 'bob', password });
    assert.equal(right.status, 200, right.text);
    assert.equal(right.body.user.id, bob.id);
    assert.match(right.headers.getSetCookie()[0], /^banter=/);
    const wrong = await post('login', { handle: 'bob', password: 'not this one' });
    const unknown = await post('login', { handle: 'nobody', password: 'not this one' });
    assert.deepEqual([wrong.status, wrong.body.code], [401, 'bad_credentials']);
    assert.equal(unknown.status, 401);
    assert.equal(unknown.text, wrong.text);
    assert.deepEqual(wrong.headers.getSetCookie(), []);
    const names = (answer) => [...answer.headers.keys()].sort();
    assert.deepEqual(names(unknown), names(wrong));
});

test('a user made by a token has no password to guess', async () => {
    await person(server, 'tokenonly');
    for (const guess of ['', 'tokenonly', password]) {
        const answer = await post('login', { handle: 'tokenonly', password: guess });
        assert.ok([400, 401].includes(answer.status), answer.text);
    }
});

test('wrong passwords are limited: 429 with Retry-After, and the right one has to wait as well', async (t) => {
    const attacked = await startServer({ limits: true }, t);
    await register(attacked, 'target');
    const attempt = (guess) =>
        http(attacked, 'POST', '/api/auth/login', { body: { handle: 'target', password: guess } });
    let answer;
    for (let i = 0; i < 60; i++) {
        answer = await attempt(`wrong guess ${i}`);
        if (answer.status !== 401) break;
    }
    assert.deepEqual([answer.status, answer.body.code], [429, 'rate_limited'], answer.text);
    assert.match(answer.headers.get('retry-after'), /^[1-9]\d*$/);
    assert.equal((await attempt(password)).status, 429);
});

describe('the refresh cookie', { concurrency: true }, () => {
    test('is rotated at each use and gives a token of the same session', async () => {
        const grace = await register(server, 'grace');
        const fresh = await refresh(grace.cookie);
        assert.equal(fresh.status, 200, fresh.text);
        assert.notEqual(cookieOf(fresh), grace.cookie);
        const [before, after] = [decodeJwt(grace.token), decodeJwt(fresh.body.token)];
        assert.deepEqual([after.sub, after.sid, after.iss], [before.sub, before.sid, before.iss]);
        assert.equal((await refresh(cookieOf(fresh))).status, 200);
    });

    test('counts only with X-Requested-With, so that no other page can use it', async () => {
        const heidi = await register(server, 'heidi');
        for (const headers of [{}, { 'X-Requested-With': 'XMLHttpRequest' }]) {
            for (const path of ['refresh', 'logout']) {
                const answer = await post(path, undefined, { ...headers, Cookie: heidi.cookie });
                assert.ok([400, 401, 403].includes(answer.status), `${path}: ${answer.status}`);
            }
        }
        assert.equal((await refresh(heidi.cookie)).status, 200, 'still good');
    });

    test('presented again within ten seconds is forgiven, as two tabs do it', async () => {
        const ivan = await register(server, 'ivan');
        const [one, two] = await Promise.all([refresh(ivan.cookie), refresh(ivan.cookie)]);
        assert.deepEqual([one.status, two.status], [200, 200]);
        assert.equal((await refresh(cookieOf(two) ?? cookieOf(one))).status, 200);
    });

    test('presented again after ten seconds revokes its session, the newest cookie with it', async () => {
        const judy = await register(server, 'judy');
        const other = await post('login', { handle: 'judy', password });
        const fresh = await refresh(judy.cookie);
        await new Promise((resolve) => setTimeout(resolve, 10_500));
        assert.equal((await refresh(judy.cookie)).status, 401, 'a stolen cookie');
        assert.equal((await refresh(cookieOf(fresh))).status, 401, 'its session');
        assert.equal((await refresh(cookieOf(other))).status, 200, 'another session goes on');
    });

    test('whose answer got lost gives the same successor when it is asked for again at once', async () => {
        const kay = await register(server, 'kay');
        const lost = await refresh(kay.cookie);
        const again = await refresh(kay.cookie);
        assert.deepEqual([again.status, cookieOf(again)], [200, cookieOf(lost)]);
        assert.equal((await refresh(cookieOf(again))).status, 200);
    });

    test('is dead after logout', async () => {
        const kim = await register(server, 'kim');
        const answer = await post('logout', undefined, { ...requested, Cookie: kim.cookie });
        assert.ok([200, 204].includes(answer.status), answer.text);
        assert.match(answer.headers.getSetCookie()[0], /^banter=;.*(Max-Age=0|Expires=)/i);
        assert.equal((await refresh(kim.cookie)).status, 401);
    });

    test('that was never given is refused', async () => {
        for (const cookie of [
            undefined,
            'banter=',
            'banter=x',
            `banter=${'A'.repeat(43)}`,
            'other=1',
        ]) {
            const { status, body } = await refresh(cookie);
            assert.deepEqual([status, body.code], [401, 'unauthenticated'], `${cookie}`);
        }
    });
});

test('the published keys verify a sign-in token, which says who, until when and in which session', async () => {
    const lea = await register(server, 'lea');
    const keys = createRemoteJWKSet(new URL(`${server.url}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(lea.token, keys);
    assert.ok(['ES256', 'EdDSA'].includes(protectedHeader.alg));
    assert.ok(protectedHeader.kid);
    assert.equal(payload.sub, lea.id);
    assert.ok(payload.sid && payload.iss);
    assert.equal(payload.exp - payload.iat, 15 * 60);
    const { body } = await http(server, 'GET', '/.well-known/jwks.json');
    for (const key of body.keys) assert.equal(key.d, undefined, 'a private key is published');
});

test('banter token makes tokens of the same issuer for handles, one a line', async () => {
    const made = await tokens(server, 'load', '--count', '3', '--ttl', '90s');
    assert.equal(made.length, 3);
    const { body } = await http(server, 'GET', '/.well-known/jwks.json');
    const keys = createLocalJWKSet(body);
    for (const [index, token] of made.entries()) {
        const { payload } = await jwtVerify(token, keys);
        assert.equal(payload.sub, `handle:load${index}`);
        assert.equal(payload.sid, undefined);
        assert.equal(payload.exp - payload.iat, 90);
    }
    const one = await person(server, 'load0');
    const again = await person(server, 'load0');
    assert.deepEqual([one.handle, again.id], ['load0', one.id]);
});

test('a token for a registered handle is that user, with or without the server running', async () => {
    const mia = await register(server, 'mia');
    assert.equal((await person(server, 'mia')).id, mia.id);
    await server.stop();
    const [offline] = await tokens(server, 'mia');
    await server.start();
    assert.equal((await http(server, 'GET', '/api/me', { token: offline })).status, 200);
    assert.equal(
        (await http(server, 'GET', '/api/me', { token: mia.token })).status,
        200,
        'the key is kept',
    );
});

test('banter token refuses what makes no token, with a sentence', async () => {
    for (const flags of [
        ['--subject', 'Not A Handle'],
        ['--subject', 'ada', '--count', '0'],
        ['--subject', 'ada', '--ttl', 'soon'],
        [],
    ]) {
        const { code, stdout, output } = await run(['token', '--data', server.data, ...flags]);
        assert.notEqual(code, 0, flags.join(' '));
        assert.equal(stdout.includes('eyJ'), false);
        assert.ok(output.trim().length > 10);
    }
});

test('forged tokens are refused, whatever their header asks for', async (t) => {
    const target = await startServer({}, t);
    const { token } = await person(target, 'ada');
    const jwk = (await http(target, 'GET', '/.well-known/jwks.json')).body.keys[0];
    const header = decodeProtectedHeader(token);
    const claims = decodeJwt(token);
    const part = (value) =>
        Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(
            'base64url',
        );
    const body = part(claims);
    const pem = await exportSPKI(await importJWK(jwk, header.alg));
    const hmac = (key, head) => {
        const signed = `${part(head)}.${body}`;
        return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
    };
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const sign = (head) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...head }).sign(privateKey);
    const signature = token.split('.')[2];
    const forged = {
        none: `${part({ ...header, alg: 'none' })}.${body}.`,
        None: `${part({ ...header, alg: 'None' })}.${body}.${signature}`,
        'HS256 with the public key': hmac(pem, { ...header, alg: 'HS256' }),
        'HS256 with the public JWK': hmac(JSON.stringify(jwk), { ...header, alg: 'HS256' }),
        'another key': await sign({ kid: header.kid }),
        'an embedded key': await sign({ jwk: publicKey.export({ format: 'jwk' }) }),
        'a key elsewhere': await sign({ kid: header.kid, jku: 'http://127.0.0.1:9/keys' }),
        'a path as kid': await sign({ kid: '../../../../dev/null' }),
    };
    for (const [name, value] of Object.entries(forged)) {
        const answer = await http(target, 'GET', '/api/me', { token: value });
        assert.ok([401, 429].includes(answer.status), `${name}: ${answer.status}`);
    }
    assert.equal((await http(target, 'GET', '/api/me', { token })).status, 200);
});

test('tampered and malformed tokens are refused', async (t) => {
    const target = await startServer({}, t);
    const { token } = await person(target, 'ada');
    const [head, body, signature] = token.split('.');
    const claims = { ...decodeJwt(token), sub: 'handle:root' };
    const other = Buffer.from(JSON.stringify(claims)).toString('base64url');
    for (const value of [
        `${head}.${other}.${signature}`,
        `${head}.${body}`,
        `${head}.${body}.${signature}.`,
        `${token}=`,
        `${head}..${signature}`,
        'x',
    ]) {
        const answer = await http(target, 'GET', '/api/me', { token: value });
        assert.ok([401, 429].includes(answer.status), `${value.slice(0, 30)}: ${answer.status}`);
        if (answer.status === 401) assert.equal(answer.body.code, 'unauthenticated');
    }
});

test('the __session cookie counts on the own site only, and for writes with the header', async () => {
    const nora = await person(server, 'nora');
    const ask = async (method, headers) => {
        const all = { Cookie: `__session=${nora.token}`, ...headers };
        const body = method === 'POST' ? { kind: 'channel', name: 'by cookie' } : undefined;
        return (await http(server, method, '/api/threads', { headers: all, body })).status;
    };
    assert.equal(await ask('GET', {}), 401);
    assert.equal(await ask('GET', { Origin: server.url }), 200);
    assert.equal(await ask('GET', { 'Sec-Fetch-Site': 'same-origin' }), 200);
    const foreign = [
        { Origin: 'https://evil.example' },
        { Origin: 'null' },
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { 'Sec-Fetch-Site': 'none' },
        { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' },
    ];
    for (const headers of foreign) {
        const found = [await ask('GET', headers), await ask('POST', { ...headers, ...requested })];
        assert.ok(
            found.every((status) => [401, 403].includes(status)),
            `${found}`,
        );
    }
    assert.ok([401, 403].includes(await ask('POST', { Origin: server.url })));
    assert.equal(await ask('POST', { Origin: server.url, ...requested }), 201);
});

test('boot and config are what an app starts with', async () => {
    const olga = await person(server, 'olga');
    const thread = await olga.channel();
    const boot = await olga.ok('GET', '/api/boot');
    assert.deepEqual(Object.keys(boot).sort(), [
        'epoch',
        'serverTime',
        'threads',
        'user',
        'users',
        'workspace',
    ]);
    assert.equal(boot.user.id, olga.id);
    const threads = boot.threads.items ?? boot.threads;
    assert.ok(threads.some(({ id }) => id === thread.id));
    const config = await http(server, 'GET', '/api/config');
    assert.equal(config.status, 200);
    for (const name of ['name', 'version', 'auth', 'limits', 'setup'])
        assert.ok(name in config.body, name);
    assert.equal(config.body.auth.local.signUp, 'open');
    assert.equal(config.body.auth.clerk, undefined);
    for (const path of ['/api/boot', '/api/me', '/api/threads']) {
        const { status, body } = await http(server, 'GET', path);
        assert.deepEqual([status, body.code], [401, 'unauthenticated'], path);
    }
});

test('no token, cookie or password stands in what the server prints', async () => {
    const quinn = await register(server, 'quinn');
    await http(server, 'GET', `/api/me?token=${quinn.token}`);
    await quinn.ok('GET', '/api/me');
    for (const secret of [quinn.token, quinn.cookie.split('=')[1], password]) {
        assert.ok(!server.output.includes(secret));
    }
});
