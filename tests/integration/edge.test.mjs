// The edge towards the world: reverse proxies, pages of other origins, cookies, and limits by
// address. The proxies are only their headers.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
    Client,
    cookieOf,
    http,
    password,
    person,
    RawSocket,
    refusedUpgrade,
    register,
    run,
    startServer,
} from './harness.mjs';

const app = 'https://app.example';
const evil = 'https://evil.example';
const through = (address, more = {}) => ({ 'X-Forwarded-For': address, ...more });
const preflight = (method, origin) => ({
    Origin: origin,
    'Access-Control-Request-Method': method,
    'Access-Control-Request-Headers': 'authorization,content-type',
});

/** Fails to log in ten times, and on while the limit comes back as fast; gives the refusal. */
async function usedUp(logIn) {
    for (let i = 0; i < 100; i++) {
        const answer = await logIn(i);
        if (answer.status === 401) continue;
        assert.equal(answer.status, 429);
        assert.ok(i >= 10, `refused after ${i}`);
        return answer;
    }
    throw new Error('nothing limits who fails to log in');
}

describe('behind a trusted proxy', async () => {
    const server = await startServer();
    await register(server, 'eve');
    await server.restart({
        limits: true,
        args: ['--trusted-proxies', '127.0.0.0/8,10.0.0.0/8', '--sign-up', 'open'],
    });

    const logIn = (address, handle, more) =>
        http(server, 'POST', '/api/auth/login', {
            body: { handle, password: 'not the password' },
            headers: through(address, more),
        });

    test('attempts to log in are counted for the client, not for the proxy', async () => {
        const limited = await usedUp((i) => logIn('203.0.113.1', `nobody${i}`));
        const claims = await logIn('203.0.113.77, 203.0.113.1, 10.1.2.3', 'somebody');
        assert.equal(claims.status, 429, 'what stands before the last client is its own claim');
        assert.equal(limited.body.code, 'rate_limited');
        assert.ok(Number(limited.headers.get('retry-after')) >= 1);
        assert.equal((await logIn('203.0.113.2', 'else')).status, 401);
        const noAddress = await logIn('unknown', 'unknown');
        assert.equal(noAddress.status, 401, 'what is no address does no harm');
    });

    test('whoever comes through it does not count as this machine', async () => {
        assert.equal((await http(server, 'GET', '/metrics')).status, 200);
        for (const address of ['127.0.0.1', '203.0.113.1', '::1', 'unknown', '']) {
            const answer = await http(server, 'GET', '/metrics', { headers: through(address) });
            assert.equal(answer.status, 403, address);
        }
    });

    test('cookies are for https if the proxy says that it was https', async () => {
        const cookie = async (headers) => {
            const body = { handle: 'eve', password };
            const answer = await http(server, 'POST', '/api/auth/login', { body, headers });
            assert.equal(answer.status, 200, answer.text);
            return answer.headers.getSetCookie()[0];
        };
        const secure = await cookie(through('203.0.113.9', { 'X-Forwarded-Proto': 'https' }));
        assert.match(secure, /^__Host-banter=.*; Secure$/);
        const plain = await cookie(through('203.0.113.9', { 'X-Forwarded-Proto': 'http' }));
        assert.match(plain, /^banter=(?!.*Secure)/);
        const headers = { Cookie: secure.split(';')[0], 'X-Requested-With': 'banter' };
        const refreshed = await http(server, 'POST', '/api/auth/refresh', {
            headers: { ...headers, 'X-Forwarded-Proto': 'https' },
        });
        assert.equal(refreshed.status, 200, refreshed.text);
        assert.match(cookieOf(refreshed), /^__Host-banter=/);
    });

    test('a wrong token is tried ten times a minute from one address, on either transport', async () => {
        const me = (address, token) =>
            http(server, 'GET', '/api/me', { token, headers: through(address) });
        for (let i = 0; i < 8; i++) assert.equal((await me('198.51.100.1', 'a.b.c')).status, 401);
        const upgrade = (headers) => Client.upgrade(server, { headers: through('198.51.100.1', headers) });
        const byHeader = await upgrade({ Authorization: 'Bearer a.b.c' });
        await byHeader.expectClose(4401);
        const byFrame = await upgrade({});
        byFrame.tell('connect', { id: '1', token: 'a.b.c' });
        await byFrame.expectClose(4401);

        const limited = await me('198.51.100.1', 'a.b.c');
        assert.deepEqual([limited.status, limited.body.code], [429, 'rate_limited']);
        assert.ok(Number(limited.headers.get('retry-after')) >= 1);
        const header = await upgrade({ Authorization: 'Bearer a.b.c' });
        await header.expectClose(4429);
        const frame = await upgrade({});
        const refused = await frame.refused('connect', { token: 'a.b.c' });
        assert.equal(refused.code, 'rate_limited');
        assert.ok(refused.retryAfterMs > 0);
        await frame.expectClose(4429);

        const ada = await person(server, 'ada');
        assert.equal((await me('198.51.100.1', ada.token)).status, 200, 'a good one always counts');
        const good = await upgrade({ Authorization: `Bearer ${ada.token}` });
        assert.equal((await good.waitFor({ type: 'connected' })).user.id, ada.id);
        await good.close();
        assert.equal((await me('198.51.100.2', 'a.b.c')).status, 401, 'another address');
    });

    test('a socket has one attempt, however many it is sent at once', async () => {
        const wrong = `banter_pat_${'x'.repeat(43)}`;
        for (let i = 0; i < 6; i++) {
            const client = await Client.upgrade(server, { headers: through('198.51.100.7') });
            client.ws._socket.cork();
            for (let id = 0; id < 30; id++) client.tell('connect', { id: String(id), token: wrong });
            client.ws._socket.uncork();
            await client.expectClose(4401);
            assert.deepEqual(client.log.map(({ re, code }) => [re, code]), [['0', 'unauthenticated']]);
        }
        const seventh = await http(server, 'GET', '/api/me', { token: wrong, headers: through('198.51.100.7') });
        assert.equal(seventh.status, 401, 'six attempts were counted, not more than ten');
    });

    for (const args of [['--trusted-proxies', '127.0.0.1'], ['--public-url', 'https://chat.example']]) {
        test(`with ${args[0]} others than this machine reach it: it has to be set up`, async (t) => {
            const fresh = await startServer({ args: [...args, '--sign-up', 'open'] }, t);
            const body = { handle: 'first', displayName: 'First', password };
            const answer = await http(fresh, 'POST', '/api/auth/register', { body });
            assert.deepEqual([answer.status, answer.body.code], [409, 'setup_needed']);
        });
    }
});

test('from a peer that is no trusted proxy such headers mean nothing', async (t) => {
    const server = await startServer(
        { limits: true, args: ['--trusted-proxies', '10.0.0.0/8', '--sign-up', 'open'] },
        t,
    );
    await usedUp((i) =>
        http(server, 'POST', '/api/auth/login', {
            body: { handle: `nobody${i}`, password: 'not the password' },
            headers: through(`203.0.113.${i}`),
        }),
    );
    assert.equal((await http(server, 'GET', '/metrics', { headers: through('127.0.0.1') })).status, 403);
});

test('what is no network is refused at the start', async () => {
    const refused = await run(['check-config', '--trusted-proxies', '10.0.0.0/8,proxy', '--shards', '-1']);
    assert.equal(refused.code, 2);
    assert.match(refused.output, /trusted-proxies has proxy in it/);
    assert.match(refused.output, /shards/, 'and everything else with it');
});

describe('pages of other origins', async () => {
    const server = await startServer({ args: ['--allowed-origins', app] });
    const ada = await person(server, 'ada');
    const channel = await ada.channel();

    test('an allowed one may read every answer, whatever it is', async () => {
        const asked = [
            ['GET', '/api/config'],
            ['GET', '/api/me'],
            ['GET', `/api/threads/${channel.id}`],
            ['GET', '/api/nothing'],
            ['PUT', '/api/config'],
            ['POST', '/api/threads', { kind: 'x' }],
            ['POST', '/api/threads', { kind: 'x'.repeat(100_000) }],
        ];
        for (const [method, path, body] of asked) {
            for (const token of [ada.token, undefined]) {
                const headers = { Origin: app };
                const answer = await http(server, method, path, { token, body, headers });
                const line = `${method} ${path} ${answer.status}`;
                assert.equal(answer.headers.get('access-control-allow-origin'), app, line);
                assert.equal(answer.headers.get('access-control-allow-credentials'), 'true', line);
                assert.equal(answer.headers.get('access-control-expose-headers'), 'Retry-After');
                assert.equal(answer.headers.get('vary'), 'Origin', line);
            }
        }
    });

    test('a foreign one may read nothing', async () => {
        for (const origin of [evil, 'null', `${app}.evil.example`, 'http://app.example', `${app}:444`]) {
            const answer = await http(server, 'GET', '/api/me', {
                token: ada.token,
                headers: { Origin: origin },
            });
            assert.equal(answer.headers.get('access-control-allow-origin'), null, origin);
            assert.equal(answer.headers.get('access-control-allow-credentials'), null, origin);
            assert.equal(answer.headers.get('vary'), 'Origin');
        }
    });

    test('a preflight is answered without a token, from what the path takes', async () => {
        const path = `/api/threads/${channel.id}/messages`;
        const answer = await http(server, 'OPTIONS', path, { headers: preflight('POST', app) });
        assert.equal(answer.status, 204);
        assert.equal(answer.text, '');
        assert.equal(answer.headers.get('access-control-allow-origin'), app);
        assert.equal(answer.headers.get('access-control-allow-methods'), 'GET, HEAD, POST');
        assert.match(answer.headers.get('access-control-allow-headers'), /Authorization, Content-Type/);
        assert.ok(Number(answer.headers.get('access-control-max-age')) > 0);
        const foreign = await http(server, 'OPTIONS', path, { headers: preflight('POST', evil) });
        assert.equal(foreign.status, 403);
        assert.equal(foreign.headers.get('access-control-allow-origin'), null);
        assert.equal(foreign.headers.get('access-control-allow-methods'), null);
        const none = await http(server, 'OPTIONS', '/api/no', { headers: preflight('GET', app) });
        assert.equal(none.status, 404);
        const plain = await http(server, 'OPTIONS', path);
        assert.equal(plain.headers.get('allow'), 'GET, HEAD, POST');
    });

    test('two origins at once are none', async () => {
        const raw = await RawSocket.open(server);
        raw.write(`GET /api/config HTTP/1.1\r\nHost: x\r\nOrigin: ${app}\r\nOrigin: ${evil}\r\nConnection: close\r\n\r\n`);
        await raw.wait(() => (raw.received.includes('"version"') ? true : undefined), 'an answer');
        assert.ok(!/access-control-allow-origin/i.test(raw.received.toString()));
        raw.end();
    });

    test('the session cookie counts with an accepted Origin, or from the same one, and to change something with the header', async () => {
        const cookie = { Cookie: `__session=${ada.token}` };
        const own = `http://127.0.0.1:${server.port}`;
        const requested = { 'X-Requested-With': 'banter' };
        const status = async (method, headers) => {
            const body = method === 'POST' ? { kind: 'channel', name: `c${Math.random()}` } : undefined;
            return (await http(server, method, method === 'POST' ? '/api/threads' : '/api/me', {
                body,
                headers: { ...cookie, ...headers },
            })).status;
        };
        assert.equal(await status('GET', {}), 401, 'any page of another site could send it so');
        for (const headers of [{ Origin: own }, { Origin: app }, { 'Sec-Fetch-Site': 'same-origin' }]) {
            assert.equal(await status('GET', headers), 200, JSON.stringify(headers));
            assert.equal(await status('POST', headers), 401, JSON.stringify(headers));
            assert.equal(await status('POST', { ...headers, ...requested }), 201);
        }
        for (const headers of [
            { Origin: evil },
            { Origin: 'null' },
            { 'Sec-Fetch-Site': 'same-site' },
            { 'Sec-Fetch-Site': 'cross-site' },
            { Origin: evil, 'Sec-Fetch-Site': 'same-origin' },
        ]) {
            assert.equal(await status('GET', headers), 401, JSON.stringify(headers));
            assert.equal(await status('POST', { ...headers, ...requested }), 401);
        }
        assert.equal(await status('POST', { Origin: own, 'X-Requested-With': 'other' }), 401);
    });

    test('sockets open for the same origins', async () => {
        const headers = { Authorization: `Bearer ${ada.token}` };
        const client = await Client.connect(server, ada.token, { origin: app });
        await client.close();
        assert.equal((await refusedUpgrade(server, { headers, origin: evil })).status, 403);
    });
});

test('a public URL is the own origin, and decides about the cookie', async (t) => {
    const server = await startServer({}, t);
    await register(server, 'owner');
    await server.restart({ args: ['--public-url', 'https://chat.example/', '--sign-up', 'open'] });
    const eve = await register(server, 'eve');
    assert.match(eve.cookie, /^__Host-banter=/);
    const refresh = (origin) =>
        http(server, 'POST', '/api/auth/refresh', {
            headers: { Cookie: eve.cookie, 'X-Requested-With': 'banter', Origin: origin },
        });
    for (const origin of [server.url, 'http://chat.example', 'https://chat.example:8443', 'null'])
        assert.equal((await refresh(origin)).status, 403, origin);
    const answer = await refresh('https://chat.example');
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get('access-control-allow-origin'), 'https://chat.example');
});
