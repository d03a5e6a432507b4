// The three ways to sign in on a socket, what an Origin may be, and how long a token lasts there.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
    Client,
    http,
    patience,
    person,
    refusedUpgrade,
    register,
    startServer,
    tokens,
} from './harness.mjs';

const server = await startServer();
const ada = await person(server, 'ada');
const own = server.url;
const port = server.port;
const cookie = { Cookie: `theme=dark; __session=${ada.token}` };
const bearer = { Authorization: `Bearer ${ada.token}` };

function assertConnected(frame) {
    assert.equal(frame.type, 'connected');
    assert.equal(frame.protocol, 1);
    assert.ok(Array.isArray(frame.features));
    assert.equal(typeof frame.epoch, 'string');
    assert.equal(frame.user.id, ada.id);
    assert.equal(frame.user.handle, 'ada');
    assert.deepEqual(Object.keys(frame.workspace).sort(), ['id', 'name', 'role']);
    assert.ok(frame.sessionId);
    assert.ok(frame.heartbeatMs >= 1000);
    assert.ok(Date.parse(frame.tokenExpiresAt) > Date.parse(frame.serverTime));
}

test('a token in the Authorization header is answered by connected, unasked', async () => {
    const client = await ada.connect();
    assertConnected(client.hello);
    assert.equal(client.log[0], client.hello);
    assert.equal((await client.request('ping')).type, 'pong');
    await client.close();
});

test('a token in the __session cookie is accepted from an own Origin, and connected comes unasked', async () => {
    for (const origin of [own, `http://localhost:${port}`]) {
        const client = await Client.upgrade(server, { headers: cookie, origin });
        assertConnected(await client.waitFor({ type: 'connected' }));
        await client.close();
    }
});

test('a token in the first frame is answered by connected with its re', async () => {
    const client = await Client.upgrade(server, {});
    assertConnected(await client.request('connect', { token: ada.token }));
    assert.equal((await client.request('ping')).type, 'pong');
    assert.notEqual(
        (await client.ask('connect', { token: ada.token })).type,
        'connected',
        'only once',
    );
    client.ws.terminate();
});

test('a cookie without any Origin is refused with 403', async () => {
    assert.equal((await refusedUpgrade(server, { headers: cookie })).status, 403);
});

const foreign = [
    'null',
    'https://evil.example',
    `${own}.evil.example`,
    `http://evil.example#${own}`,
    `http://evil-127.0.0.1:${port}`,
    `http://127.0.0.1:${port}@evil.example`,
    `http://user@127.0.0.1:${port}`,
    `http://127.0.0.1:${port}1`,
    'http://127.0.0.1:1',
    'http://127.0.0.1',
    `https://127.0.0.1:${port}`,
    `${own}/path`,
    `${own} ${own}`,
    `http://localhost.evil.example:${port}`,
    `HTTP://EVIL.EXAMPLE`,
    `http://127.0.0.1.:${port}`,
    '',
];
for (const origin of foreign) {
    test(`the Origin ${JSON.stringify(origin)} is refused with 403, however the token comes`, async () => {
        for (const headers of [cookie, bearer, {}]) {
            // An empty Origin is no Origin of ours, but without a cookie it harms nobody.
            if (origin === '' && headers !== cookie) continue;
            const answer = await refusedUpgrade(server, {
                headers: { ...headers, Origin: origin },
            });
            assert.equal(answer.status, 403);
        }
    });
}

test('allowed origins are exact, and a public URL replaces the listened addresses', async (t) => {
    const args = [
        '--public-url',
        'https://chat.example',
        '--allowed-origins',
        'https://app.example',
    ];
    const proxied = await startServer({ args }, t);
    const { token } = await person(proxied, 'ada');
    const headers = { Authorization: `Bearer ${token}` };
    for (const origin of ['https://chat.example', 'https://app.example']) {
        const client = await Client.upgrade(proxied, { headers, origin });
        await client.waitFor({ type: 'connected' });
        await client.close();
    }
    const refused = [
        proxied.url,
        'http://chat.example',
        'https://chat.example:8443',
        'https://chat.example.evil.org',
        'https://evilapp.example',
        'https://app.example:444',
        'https://sub.app.example',
        'http://app.example',
    ];
    for (const origin of refused)
        assert.equal((await refusedUpgrade(proxied, { headers, origin })).status, 403, origin);
});

test('a wrong token is upgraded and closed with 4401, whichever way it comes', async (t) => {
    const asked = await startServer({}, t);
    const { token } = await person(asked, 'ada');
    const [head, body, signature] = token.split('.');
    const wrong = `${head}.${body}.${signature.slice(0, -4)}${signature.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    const header = await Client.upgrade(asked, { headers: { Authorization: `Bearer ${wrong}` } });
    await header.expectClose(4401);
    const inCookie = await Client.upgrade(asked, {
        headers: { Cookie: `__session=${wrong}` },
        origin: asked.url,
    });
    await inCookie.expectClose(4401);
    const frame = await Client.upgrade(asked, {});
    frame.tell('connect', { id: '1', token: wrong });
    await frame.expectClose(4401);
    for (const client of [header, inCookie, frame])
        assert.equal(client.received('connected').length, 0);
});

test('a socket has one attempt: a good token after a bad one is not looked at', async (t) => {
    const asked = await startServer({}, t);
    const { token } = await person(asked, 'ada');
    const client = await Client.upgrade(asked, {});
    client.tell('connect', { token: 'not.a.token' });
    client.tell('connect', { token });
    await client.expectClose(4401);
    assert.equal(client.received('connected').length, 0);
});

test('nothing but connect is served before the token', async () => {
    const channel = await ada.channel();
    const client = await Client.upgrade(server, {});
    client.tell('thread:join', { id: '1', threadId: channel.id });
    const answer = await Promise.race([
        client.waitFor({ re: '1' }),
        client.expectClose(4401).then(() => ({ type: 'error', code: 'unauthenticated' })),
    ]);
    assert.deepEqual([answer.type, answer.code], ['error', 'unauthenticated']);
    client.ws.terminate();
});

test('a token in the URL counts for nothing and is never logged', async () => {
    for (const name of ['token', 'access_token', 'authorization', '__session']) {
        const query = `?${name}=${ada.token}`;
        const answer = await http(server, 'GET', `/api/me${query}`);
        assert.ok([400, 401].includes(answer.status), `${name}: ${answer.status}`);
        const client = await Client.upgrade(server, { path: `/ws${query}` }).catch(() => undefined);
        if (!client) continue;
        client.tell('connect', {});
        client.tell('connect', { token: '' });
        const { code } = await client
            .expectClose(4401)
            .catch((error) => assert.fail(error.message));
        assert.equal(code, 4401);
        assert.equal(client.received('connected').length, 0);
    }
    assert.ok(!server.output.includes(ada.token), 'a token stands in the log');
});

test('protocol 1 may be asked for; another is closed with 4406', async () => {
    const one = await Client.connect(server, ada.token, { path: '/ws?protocol=1' });
    await one.close();
    for (const protocol of ['2', '0', '1.0', 'x', '']) {
        const client = await Client.upgrade(server, {
            path: `/ws?protocol=${protocol}`,
            headers: bearer,
        });
        await client.expectClose(4406);
        assert.equal(client.received('connected').length, 0);
    }
});

test('auth:refresh takes a token of the same issuer, subject and session, and says until when', async () => {
    const [later] = await tokens(server, 'ada', '--ttl', '2h');
    const client = await ada.connect();
    const { tokenExpiresAt } = await client.request('auth:refresh', { token: later });
    assert.ok(Date.parse(tokenExpiresAt) > Date.parse(client.hello.tokenExpiresAt));
    await client.close();
});

test('auth:refresh with the token of another user, or another session of the same user, is closed with 4401', async () => {
    const eve = await register(server, 'eve');
    const other = await register(server, 'mallory');
    const login = { handle: 'eve', password: 'correct horse battery staple' };
    const second = await http(server, 'POST', '/api/auth/login', { body: login });
    assert.equal(second.status, 200, second.text);
    for (const token of [other.token, second.body.token, ada.token, 'garbage']) {
        const client = await eve.connect();
        client.tell('auth:refresh', { id: '1', token });
        await client.expectClose(4401);
        assert.equal(client.received('auth:refreshed').length, 0);
    }
});

test('auth:refresh keeps a session that is refreshed over HTTP', async () => {
    const grace = await register(server, 'grace');
    const client = await grace.connect();
    const headers = { Cookie: grace.cookie, 'X-Requested-With': 'banter' };
    const fresh = await http(server, 'POST', '/api/auth/refresh', { headers });
    assert.equal(fresh.status, 200, fresh.text);
    const { tokenExpiresAt } = await client.request('auth:refresh', { token: fresh.body.token });
    assert.equal(tokenExpiresAt, fresh.body.tokenExpiresAt);
    await client.close();
});

/** Sockets with a token that is nearly over: gives {brief, clients}. A slow machine gets a longer one. */
async function almostOver(count) {
    for (let ttl = 1; ; ttl *= 2) {
        const [brief] = await tokens(server, 'ada', '--ttl', `${ttl}s`);
        const sockets = Array.from({ length: count }, () => Client.connect(server, brief));
        const opened = await Promise.allSettled(sockets);
        const clients = opened.flatMap(({ value }) => value ?? []);
        if (clients.length === count) return { brief, clients };
        for (const client of clients) client.ws.terminate();
        if (ttl > 30) throw opened.find(({ reason }) => reason).reason;
    }
}

describe('time', { concurrency: true }, () => {
    test('a socket that says nothing is closed with 4401 after ten seconds', async () => {
        const client = await Client.upgrade(server, {});
        const opened = Date.now();
        const { at } = await client.expectClose(4401, 2 * patience);
        assert.ok(at - opened > 8_000, `closed after ${at - opened} ms`);
    });

    test('an expired token has 15 s of grace on an open socket, then 4401, and opens no other', async () => {
        const {
            brief,
            clients: [client],
        } = await almostOver(1);
        const expires = Date.parse(client.hello.tokenExpiresAt);
        const { at } = await client.expectClose(4401, 60_000 + patience);
        assert.ok(at >= expires + 14_000, `closed ${at - expires} ms after the end of the token`);
        const late = await Client.upgrade(server, {
            headers: { Authorization: `Bearer ${brief}` },
        });
        await late.expectClose(4401);
        assert.equal((await http(server, 'GET', '/api/me', { token: brief })).status, 401);
    });

    test('a socket refreshed in time outlives its first token', async () => {
        const [short, long] = (await almostOver(2)).clients;
        await long.request('auth:refresh', { token: ada.token });
        await short.expectClose(4401, 60_000 + patience);
        assert.equal((await long.request('ping')).type, 'pong');
        await long.close();
    });
});
