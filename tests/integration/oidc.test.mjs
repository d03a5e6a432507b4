// Signing in at an issuer of OpenID Connect: the authorization code flow against npm oidc-provider,
// and every way in which an answer is not the one that was asked for.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import test from 'node:test';

import { http, Person, register, requested, run, startServer, temporaryDirectory, until } from './harness.mjs';
import { Browser, Issuer, secret } from './lib/oidc.mjs';

const folder = temporaryDirectory();
const secretFile = join(folder, 'secret');
await writeFile(secretFile, `${secret}\n`);

const flag = (issuer, name = 'corp', rest = '') => [
    '--oidc',
    `issuer=${issuer.url ?? issuer},client-id=banter,name=${name}${issuer.hasSecret ? `,client-secret-file=${secretFile}` : ''}${rest}`,
];

/** An issuer and a server that knows it. */
async function pair(t, options = {}) {
    const issuer = await Issuer.start(options);
    const server = await startServer({ args: [...flag(issuer), ...(options.args ?? [])] }, t);
    issuer.serve(server);
    return { issuer, server };
}

const { issuer, server } = await pair();
const begin = (name = 'corp', at = server) => `${at.url}/api/auth/oidc/${name}`;

/** Goes to the issuer: the URL there. */
async function gone(browser, at = server, query = '') {
    const { status, location } = await browser.ask(begin('corp', at) + query);
    assert.equal(status, 302);
    return new URL(location);
}

/** The way back from there; checked against the contract. */
async function back(browser, url, at = server) {
    const { pathname, search } = new URL(url);
    const cookies = browser.cookies(at.url);
    const Cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await http(at, 'GET', pathname + search, { headers: { Cookie } });
    for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
    }
    return answer;
}

/** Where a browser that is signed in has got to, and who it is. */
async function whoIs(browser, at = server) {
    const Cookie = `banter=${browser.cookies(at.url).get('banter')}`;
    const { status, body } = await http(at, 'POST', '/api/auth/refresh', { headers: { ...requested, Cookie } });
    assert.equal(status, 200);
    return new Person(at, body.token, body.user);
}

/** Not signed in, and told why by a code alone. */
function refused(answer, code, browser, at = server) {
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `/login?error=${code}`]);
    assert.equal(browser.cookies(at.url).has('banter'), false, 'signed in');
}

async function signIn(browser, login, at = server, query = '') {
    return back(browser, await browser.signIn(await gone(browser, at, query), login), at);
}

test('who signs in there is a user here, with name, handle and picture, and stays signed in', async () => {
    const browser = new Browser();
    const answer = await signIn(browser, 'ada', server, '?returnTo=%2Fbrowse%3Fq%3D1');
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/browse?q=1']);
    const cookies = answer.headers.getSetCookie();
    assert.match(cookies.find((line) => line.startsWith('banter=')), /HttpOnly; SameSite=Strict$/);
    assert.match(cookies.find((line) => line.startsWith('banter-oidc=')), /^banter-oidc=; .*Max-Age=0/);
    const ada = await whoIs(browser);
    const { body } = await ada.http('GET', '/api/me');
    assert.deepEqual(
        [body.handle, body.displayName, body.avatarUrl],
        ['ada', 'ada of the firm', 'https://pictures.example/ada.png'],
    );
    const client = await ada.connect();
    assert.equal(client.hello.user.id, ada.id);
    const sessions = await ada.http('GET', '/api/me/sessions');
    assert.equal(sessions.body.items.length, 1);

    const again = new Browser();
    await signIn(again, 'ada');
    assert.equal((await whoIs(again)).id, ada.id, 'the same person');
    const other = new Browser();
    await signIn(other, 'bob');
    assert.notEqual((await whoIs(other)).id, ada.id);
});

test('what goes to the issuer asks for what the flow needs, and the cookie is for ten minutes', async () => {
    const browser = new Browser();
    const answer = await http(server, 'GET', '/api/auth/oidc/corp');
    assert.equal(answer.status, 302);
    const url = new URL(answer.headers.get('location'));
    const asked = Object.fromEntries(url.searchParams);
    assert.equal(url.origin, issuer.url);
    for (const name of ['state', 'nonce', 'code_challenge']) {
        assert.match(asked[name], /^[\w-]{43}$/);
        delete asked[name];
    }
    assert.deepEqual(asked, {
        response_type: 'code',
        client_id: 'banter',
        redirect_uri: `${server.url}/api/auth/oidc/corp/callback`,
        scope: 'openid profile',
        code_challenge_method: 'S256',
    });
    const [cookie] = answer.headers.getSetCookie();
    assert.match(cookie, /^banter-oidc=[^;]+; Path=\/; Max-Age=(600|59\d); HttpOnly; SameSite=Lax$/);
    assert.notEqual((await gone(browser)).searchParams.get('state'), url.searchParams.get('state'));
});

test('where people come by https, so does the way back, and the cookie is bound to the host', async (t) => {
    const here = await startServer({ args: [...flag(issuer), '--public-url', 'https://chat.example.com'] }, t);
    const { headers } = await http(here, 'GET', '/api/auth/oidc/corp');
    const callback = 'https://chat.example.com/api/auth/oidc/corp/callback';
    assert.equal(new URL(headers.get('location')).searchParams.get('redirect_uri'), callback);
    const [cookie] = headers.getSetCookie();
    assert.match(cookie, /^__Host-banter-oidc=[^;]+; Path=\/; Max-Age=(600|59\d); HttpOnly; SameSite=Lax; Secure$/);
});

test('the app is told of it', async () => {
    const { body } = await http(server, 'GET', '/api/config');
    assert.deepEqual(body.auth.oidc, [{ name: 'corp', url: `${server.url}/api/auth/oidc/corp` }]);
    assert.equal((await http(server, 'GET', '/api/auth/oidc/other')).status, 404);
    assert.equal((await http(server, 'GET', '/api/auth/oidc/other/callback')).status, 404);
});

test('a public client signs in by PKCE alone', async (t) => {
    const own = await pair(t, { secret: false });
    const browser = new Browser();
    assert.equal((await signIn(browser, 'ada', own.server)).headers.get('location'), '/');
    assert.equal((await whoIs(browser, own.server)).handle, 'ada');
});

test('an issuer that signs by ES256 signs in as well', async (t) => {
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = { ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'of ES256' };
    const own = await pair(t, {
        configuration: {
            jwks: { keys: [jwk] },
            clientDefaults: { id_token_signed_response_alg: 'ES256' },
            enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
        },
    });
    const browser = new Browser();
    assert.equal((await signIn(browser, 'ada', own.server)).headers.get('location'), '/');
    assert.equal((await whoIs(browser, own.server)).handle, 'ada');
});

test('an issuer makes users where nobody may register', async (t) => {
    const own = await pair(t, { args: ['--sign-up', 'closed'] });
    const browser = new Browser();
    assert.equal((await signIn(browser, 'ada', own.server)).headers.get('location'), '/');
});

test('who has gone to the issuer comes back to whichever process is there then', async (t) => {
    const own = await Issuer.start();
    const url = 'http://chat.example';
    const here = await startServer({ args: [...flag(own), '--public-url', url] }, t);
    own.serve({ url });
    const browser = new Browser();
    const answer = await browser.signIn(await gone(browser, here), 'ada');
    assert.equal(new URL(answer).origin, url);
    const cookies = [...browser.cookies(here.url)];
    await here.restart();
    for (const [name, value] of cookies) browser.cookies(here.url).set(name, value);
    assert.equal((await back(browser, answer, here)).headers.get('location'), '/');
    assert.equal((await whoIs(browser, here)).handle, 'ada');
});

test('nobody becomes another, whatever they are called', async () => {
    const local = await register(server, 'grace');
    const browser = new Browser();
    await signIn(browser, 'grace');
    const grace = await whoIs(browser);
    assert.notEqual(grace.id, local.user.id);
    assert.equal((await grace.http('GET', '/api/me')).body.handle, 'grace-2');
});

test('a state that is not the one of this browser signs nobody in', async () => {
    for (const state of ['forged', '', undefined]) {
        const browser = new Browser();
        const url = new URL(await browser.signIn(await gone(browser), 'eve'));
        if (state === undefined) url.searchParams.delete('state');
        else url.searchParams.set('state', state);
        refused(await back(browser, url), 'sign_in_stale', browser);
    }
    // An answer that somebody else got, in the browser of a victim who has begun too.
    const [attacker, victim] = [new Browser(), new Browser()];
    const theirs = await attacker.signIn(await gone(attacker), 'eve');
    await gone(victim);
    refused(await back(victim, theirs), 'sign_in_stale', victim);
});

test('without the cookie, or with one that was not made here, nobody is signed in', async () => {
    const make = {
        none: () => undefined,
        empty: () => '',
        cut: (cookie) => cookie.slice(0, -1),
        changed: (cookie) => `x${cookie}`,
        'with another path': (cookie) => {
            const parts = cookie.split('.');
            parts[4] = Buffer.from('//evil.example').toString('base64url');
            return parts.join('.');
        },
        'without its proof': (cookie) => cookie.split('.').slice(0, 6).join('.'),
    };
    for (const change of Object.values(make)) {
        const browser = new Browser();
        const url = await browser.signIn(await gone(browser), 'eve');
        const cookies = browser.cookies(server.url);
        const changed = change(cookies.get('banter-oidc'));
        if (changed === undefined) cookies.delete('banter-oidc');
        else cookies.set('banter-oidc', changed);
        refused(await back(browser, url), 'sign_in_stale', browser);
    }
});

test('an ID token of another attempt signs nobody in', async () => {
    const browser = new Browser();
    const url = await gone(browser);
    url.searchParams.set('nonce', 'forged');
    refused(await back(browser, await browser.signIn(url, 'eve')), 'sign_in_refused', browser);
    assert.match(server.output, /of another attempt to sign in/);
});

test('a code counts once, and for who asked for it', async () => {
    const browser = new Browser();
    const url = await browser.signIn(await gone(browser), 'ada');
    const cookies = new Map(browser.cookies(server.url));
    assert.equal((await back(browser, url)).headers.get('location'), '/');
    const replayed = new Browser();
    cookies.forEach((value, name) => replayed.cookies(server.url).set(name, value));
    refused(await back(replayed, url), 'sign_in_stale', replayed);

    // A stolen code, put in the place of the thief's own: the verifier is another's.
    const [victim, thief] = [new Browser(), new Browser()];
    const stolen = new URL(await victim.signIn(await gone(victim), 'ada'));
    const own = new URL(await thief.signIn(await gone(thief), 'eve'));
    own.searchParams.set('code', stolen.searchParams.get('code'));
    refused(await back(thief, own), 'sign_in_refused', thief);
});

test('an answer of another issuer is given to none', async (t) => {
    const [honest, evil] = [await Issuer.start(), await Issuer.start()];
    const args = ['--oidc', `${flag(honest, 'corp')[1]};${flag(evil, 'evil')[1]}`];
    const both = await startServer({ args }, t);
    honest.serve(both);
    evil.serve(both, 'evil');
    const browser = new Browser();
    const { location } = await browser.ask(begin('evil', both));
    const answer = new URL(await browser.signIn(location, 'ada'));
    // To the other issuer's address: the attempt is not one of there.
    const moved = new URL(answer);
    moved.pathname = moved.pathname.replace('evil', 'corp');
    const before = honest.asked.get('/token') ?? 0;
    refused(await back(browser, moved, both), 'sign_in_stale', browser, both);
    // In the place of the answer that was asked for: it names who gave it, or nobody.
    for (const iss of [evil.url, `${honest.url}/`, '', undefined]) {
        const mixed = await gone(browser, both);
        const url = new URL(answer);
        url.pathname = url.pathname.replace('evil', 'corp');
        url.searchParams.set('state', mixed.searchParams.get('state'));
        if (iss === undefined) url.searchParams.delete('iss');
        else url.searchParams.set('iss', iss);
        refused(await back(browser, url, both), 'sign_in_refused', browser, both);
    }
    assert.equal(honest.asked.get('/token') ?? 0, before, 'a code was given to the other issuer');
});

test('nobody is led to another host', async () => {
    const elsewhere = [
        'https://evil.example', '//evil.example', '/\\evil.example', '\\\\evil.example', 'evil.example', '',
        'javascript:alert(1)', '/\t/evil.example', '/\n/evil.example', '/a\r\nSet-Cookie: x=1', ' /a', '/ü', '/a b',
        `/${'a'.repeat(1024)}`, '/a#b', '/a"b', '/<script>',
    ];
    for (const place of elsewhere) {
        const path = `/api/auth/oidc/corp?returnTo=${encodeURIComponent(place)}`;
        const browser = new Browser();
        const there = await browser.ask(server.url + path);
        assert.deepEqual([there.status, new URL(there.location).origin], [302, issuer.url], place);
        const answer = await back(browser, await browser.signIn(there.location, 'ada'));
        assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/'], place);
    }
    const unknown = await http(server, 'GET', '/api/auth/oidc/corp?noSuchParameter=1');
    assert.deepEqual([unknown.status, unknown.body.code], [400, 'unknown_field']);
    const twice = await http(server, 'GET', '/api/auth/oidc/corp?returnTo=/a&returnTo=//evil.example');
    assert.equal(twice.status, 400);
});

test('HEAD, which programs that look at links send, begins nothing and ends nothing', async () => {
    const browser = new Browser();
    const url = new URL(await browser.signIn(await gone(browser), 'ada'));
    const Cookie = [...browser.cookies(server.url)].map(([name, value]) => `${name}=${value}`).join('; ');
    for (const path of ['/api/auth/oidc/corp', url.pathname + url.search]) {
        const { status, headers } = await fetch(server.url + path, { method: 'HEAD', headers: { Cookie }, redirect: 'manual' });
        assert.deepEqual([status, headers.get('allow'), headers.get('location')], [405, 'GET', null]);
        assert.deepEqual(headers.getSetCookie(), []);
    }
    assert.equal((await back(browser, url)).headers.get('location'), '/');
});

test('what the issuer says went wrong is told by a code of ours, and none of its words', async () => {
    for (const [error, code] of [
        ['access_denied', 'sign_in_cancelled'],
        ['login_required', 'sign_in_cancelled'],
        ['temporarily_unavailable', 'issuer_unavailable'],
        ['<script>', 'sign_in_cancelled'],
    ]) {
        const browser = new Browser();
        const state = (await gone(browser)).searchParams.get('state');
        const query = new URLSearchParams({ error, error_description: 'evil words', state, iss: issuer.url, more: 'x' });
        const answer = await back(browser, `${begin()}/callback?${query}`);
        refused(answer, code, browser);
        assert.equal(answer.body, '');
    }
    assert.ok(!server.output.includes('<script>') && !server.output.includes('evil words'));
});

test('who is deactivated here does not come in', async () => {
    const own = await pair();
    const owner = await register(own.server, 'owner');
    const browser = new Browser();
    await signIn(browser, 'ada', own.server);
    const ada = await whoIs(browser, own.server);
    const change = { token: owner.token, body: { deactivated: true } };
    assert.equal((await http(own.server, 'PATCH', `/api/users/${ada.id}`, change)).status, 200);
    const again = new Browser();
    refused(await signIn(again, 'ada', own.server), 'account_closed', again, own.server);
});

test('an issuer that is away keeps nobody else out, and is asked again in its time', async (t) => {
    const vacant = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => vacant.on('listening', resolve));
    const { port } = vacant.address();
    await new Promise((resolve) => vacant.close(resolve));
    const here = await startServer({ args: flag(`http://127.0.0.1:${port}`) }, t);
    for (let i = 0; i < 3; i++) {
        const { status, headers } = await http(here, 'GET', '/api/auth/oidc/corp');
        assert.deepEqual([status, headers.get('location')], [303, '/login?error=issuer_unavailable']);
    }
    await register(here, 'ada');
    assert.match(here.output, /an issuer can't be used/);
    // Within half a minute of a failure it is not asked.
    const late = await Issuer.start({ port, secret: false });
    late.serve(here);
    assert.equal((await http(here, 'GET', '/api/auth/oidc/corp')).status, 303);
    assert.equal(late.asked.size, 0);
});

test('an issuer that goes away, or answers nonsense, while somebody signs in signs nobody in', async (t) => {
    const own = await pair(t);
    const answers = {
        'is busy': [/^\/token/, 503, '', 'issuer_unavailable'],
        'says too much': [/^\/token/, 200, JSON.stringify({ id_token: 'x'.repeat(70_000) }), 'issuer_unavailable'],
        'says nothing': [/^\/token/, 200, '', 'sign_in_refused'],
        'gives no ID token': [/^\/token/, 200, '{"access_token":"x"}', 'sign_in_refused'],
        'gives no JWT': [/^\/token/, 200, '{"id_token":"x.y.z"}', 'sign_in_refused'],
        'redirects': [/^\/token/, 302, '', 'sign_in_refused'],
        'refuses the client': [/^\/token/, 401, '{"error":"invalid_client"}', 'sign_in_refused'],
        'knows another person': [/^\/me/, 200, '{"sub":"admin","name":"Admin"}', 'sign_in_refused'],
        'knows nobody': [/^\/me/, 401, '', 'sign_in_refused'],
    };
    for (const [what, [path, status, text, code]] of Object.entries(answers)) {
        const browser = new Browser();
        const url = await browser.signIn(await gone(browser, own.server), 'new');
        own.issuer.intercept = (asked, answer) => {
            if (!path.test(asked.url)) return false;
            answer.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
            return true;
        };
        const answer = await back(browser, url, own.server);
        own.issuer.intercept = undefined;
        assert.equal(answer.headers.get('location'), `/login?error=${code}`, what);
        refused(answer, code, browser, own.server);
    }
    const browser = new Browser();
    const url = await browser.signIn(await gone(browser, own.server), 'new');
    own.issuer.stop();
    refused(await back(browser, url, own.server), 'issuer_unavailable', browser, own.server);
});

test('an issuer that does not give its keys out, or others, signs nobody in', async (t) => {
    for (const [status, text, code] of [
        [500, '', 'issuer_unavailable'],
        [200, '{"keys":[]}', 'sign_in_refused'],
        [200, 'no JSON', 'sign_in_refused'],
    ]) {
        const own = await pair(t);
        own.issuer.intercept = (asked, answer) => {
            if (!asked.url.startsWith('/jwks')) return false;
            answer.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
            return true;
        };
        const browser = new Browser();
        refused(await signIn(browser, 'ada', own.server), code, browser, own.server);
    }
});

test('flags that make no sense are refused at the start, with what to change', async () => {
    const good = 'issuer=https://login.example.com,client-id=a,name=corp';
    const wrong = [
        ['corp', /has the part corp; there are/],
        ['issuer=https://login.example.com', /has to be issuer=URL,client-id=ID,name=NAME/],
        ['issuer=login.example.com,client-id=a,name=corp', /no URL such as/],
        ['issuer=http://login.example.com,client-id=a,name=corp', /no URL such as/],
        ['issuer=http://127.0.0.1.evil.example,client-id=a,name=corp', /no URL such as/],
        ['issuer=https://a@login.example.com,client-id=a,name=corp', /no URL such as/],
        ['issuer=https://login.example.com/?a,client-id=a,name=corp', /no URL such as/],
        ['issuer=https://login.example.com#a,client-id=a,name=corp', /no URL such as/],
        ['issuer=https://login.example.com,client-id=a,name=Corp', /1 to 32 of a to z/],
        ['issuer=https://login.example.com,client-id=a,name=', /1 to 32 of a to z/],
        ['issuer=https://login.example.com:99999,client-id=a,name=corp', /port is not from 1 to 65535/],
        ['issuer=http://[::1]:0,client-id=a,name=corp', /port is not from 1 to 65535/],
        ['issuer=https://login.example.com:,client-id=a,name=corp', /port is not from 1 to 65535/],
        ['issuer=https://login.example.com,client-id=   ,name=corp', /has a client-id that is empty, or has spaces/],
        ['issuer=https://login.example.com,client-id=a\tb,name=corp', /has a client-id that is empty, or has spaces/],
        ['issuer=https://login.example.com,client-id=,name=corp', /has a client-id that is empty, or has spaces/],
        [`${good},`, /has a comma at an end/],
        ['issuer=https://login.example.com,,client-id=a,name=corp', /has a comma with no part before it/],
        [`,${good}`, /has a comma with no part before it/],
        [`${good},scopes=`, /has scopes that are empty/],
        [`${good},scopes=  `, /has scopes that are empty/],
        [`${good},client-secret-file=`, /client-secret-file without a name/],
        [`${good},secret=x`, /has the part secret; there are/],
        [`${good},name=other`, /has the part name twice/],
        [`${good},client-secret-file=/nowhere`, /client-secret-file that does not exist/],
        [`${good};${good}`, /two issuers of one name/],
        [`${good};issuer=https://login.example.com,client-id=a,name=other`, /one issuer twice/],
    ];
    for (const [value, sentence] of wrong) {
        const ended = await run(['check-config', '--oidc', value]);
        assert.notEqual(ended.code, 0, value);
        assert.match(ended.output, sentence);
    }
    const second = 'issuer=http://[::1]:9000/realms/a,client-id=b,name=other,scopes=profile groups';
    const many = await run(['check-config', '--oidc', good, '--oidc', second]);
    assert.equal(many.code, 0, many.output);
    const empty = join(folder, 'empty');
    await writeFile(empty, '\n');
    const args = ['serve', '--data', temporaryDirectory(), '--listen', '127.0.0.1:0'];
    const ended = await run([...args, '--oidc', `${good},client-secret-file=${empty}`]);
    assert.match(ended.output, /has no secret in its first line/);
});

test('the same in a file of settings and in the environment', async (t) => {
    const own = await Issuer.start();
    const file = join(folder, 'banter.toml');
    await writeFile(file, `oidc = ["${flag(own)[1]}", "issuer=https://login.example.com,client-id=a,name=other"]\n`);
    const byFile = await startServer({ args: ['--config', file] }, t);
    const names = (body) => body.auth.oidc.map(({ name }) => name);
    assert.deepEqual(names((await http(byFile, 'GET', '/api/config')).body), ['corp', 'other']);
    const byVariable = await startServer({ env: { BANTER_OIDC: flag(own)[1] } }, t);
    assert.deepEqual(names((await http(byVariable, 'GET', '/api/config')).body), ['corp']);
});

test('no code, token or secret is in the log', () => {
    for (const word of [secret, encodeURIComponent(secret), 'eyJ', 'Bearer ']) assert.ok(!server.output.includes(word), word);
});

test('a server stops cleanly while many browsers wait for an issuer', async (t) => {
    const asked = [];
    const silent = createServer((request) => asked.push(request.url));
    await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
    t.after(() => {
        silent.closeAllConnections();
        silent.close();
    });
    const away = `http://127.0.0.1:${silent.address().port}`;
    const args = [...flag(away), '--drain-within', '4s', '--shards', '4'];
    for (let time = 0; time < 3; time++) {
        const here = await startServer({ args }, t);
        const waiting = Array.from({ length: 100 }, () => fetch(begin('corp', here), { redirect: 'manual' }).catch(() => 'cut off'));
        await until(() => asked.length > time || undefined, 'the question');
        const { code, signal, output } = await here.stop();
        assert.deepEqual([code, signal], [0, null]);
        // It is no trouble of the issuer's.
        assert.doesNotMatch(output, /"level":"warning"/);
        await Promise.all(waiting);
    }
});

test('an attempt ends once, and what is no end of it leaves it alone', async (t) => {
    const own = await pair(t);
    const browser = new Browser();
    const there = await gone(browser, own.server);
    const state = there.searchParams.get('state');
    const callback = (query) => back(browser, `${begin('corp', own.server)}/callback?${query}`, own.server);
    const attempt = new Map(browser.cookies(own.server.url));
    assert.match((await callback('state=another&code=x')).headers.get('location'), /sign_in_stale/);
    assert.deepEqual(new Map(browser.cookies(own.server.url)), attempt);
    const iss = encodeURIComponent(own.issuer.url);
    assert.match((await callback(`state=${state}&code=x&iss=${iss}`)).headers.get('location'), /sign_in_refused/);
    for (const [name, value] of attempt) browser.cookies(own.server.url).set(name, value);
    assert.match((await callback(`state=${state}&code=x&iss=${iss}`)).headers.get('location'), /sign_in_stale/);
});
