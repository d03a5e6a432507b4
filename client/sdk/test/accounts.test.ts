import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChat, localAuth, memoryStore, signal, tokenAuth } from '../src/index.ts';
import { cookieFetch } from '../src/node.ts';
import { when } from './support/deadline.ts';
import { newChannel, newPerson, online, password } from './support/people.ts';
import { CuttingProxy } from './support/proxy.ts';
import { Server } from './support/server.ts';

let server: Server;
beforeAll(async () => {
    server = await Server.start();
});
afterAll(() => server?.dispose());

const signedOut = { state: 'signed-out' };

describe('an account of the server', () => {
    test('is made, and the next load of the page is signed in by its cookie', async () => {
        const fetch = cookieFetch();
        const first = await newPerson(server.url, 'ada', { fetch });
        expect(first.chat.session.value).toMatchObject({ user: { handle: 'ada' }, role: 'owner' });
        await first.chat.stop();
        const auth = localAuth();
        const second = createChat({ url: server.url, auth, fetch });
        await second.start();
        await online(second);
        expect(auth.state.value).toBe('signed-in');
        expect(second.session.value?.user.id).toBe(first.userId);
        await second.stop();
    });

    test('without a cookie nobody is signed in, until somebody signs in; the chat then connects by itself', async () => {
        const auth = localAuth();
        const chat = createChat({ url: server.url, auth, fetch: cookieFetch() });
        await chat.start();
        await when(chat.connection, ({ state }) => state === 'signed-out');
        const wrong = auth.login({ handle: 'ada', password: 'guess guess' });
        await expect(wrong).rejects.toMatchObject({ code: 'bad_credentials', status: 401 });
        await auth.login({ handle: 'ada', password });
        await online(chat);
        await auth.logout();
        expect(chat.connection.value).toMatchObject(signedOut);
        expect(chat.session.value?.user.handle).toBe('ada');
        await chat.stop();
    });

    test('a taken handle is told as a conflict', async () => {
        const chat = createChat({ url: server.url, auth: localAuth(), fetch: cookieFetch() });
        const body = { handle: 'ada', displayName: 'Another', password };
        await expect(chat.api.post('/api/auth/register', { body })).rejects.toMatchObject({
            code: 'conflict',
        });
    });

    test('a sign-in that is ended elsewhere ends here, and keeps what is written', async () => {
        const here = await newPerson(server.url, 'cleo');
        const elsewhere = localAuth();
        const other = createChat({ url: server.url, auth: elsewhere, fetch: cookieFetch() });
        await elsewhere.login({ handle: 'cleo', password });
        const { items } = await other.api.get('/api/me/sessions');
        const thread = await newChannel(here.chat, 'cleos');
        const room = here.chat.open(thread.id);
        room.draft.value = 'half a sentence';
        const session = items.find(({ current }) => !current);
        await other.api.delete('/api/me/sessions/{sessionId}', { path: { sessionId: session?.id ?? '' } });
        await when(here.chat.connection, ({ state }) => state === 'signed-out');
        room.send({ content: 'not yet' });
        expect(room.draft.value).toBe('half a sentence');
        expect(here.auth.state.value).toBe('signed-out');
        await here.auth.login({ handle: 'cleo', password });
        await when(room.rows, (rows) => rows.at(-1)?.message?.content === 'not yet');
        await here.chat.stop();
    });

    test('a new password keeps this sign-in, and its connection', async () => {
        const { chat, auth } = await newPerson(server.url, 'dora');
        await auth.changePassword({ old: password, new: `${password}!` });
        const thread = await newChannel(chat, 'doras');
        const room = chat.open(thread.id);
        expect(await room.send({ content: 'still me' }).settled).toMatchObject({ seq: 1 });
        await chat.stop();
    });
});

describe('tokens from elsewhere', () => {
    test('short ones are renewed on the one connection that there is', async () => {
        const proxy = await CuttingProxy.start(() => server.port);
        let given = await server.token('robot', '5s');
        const renewals = signal(0);
        const auth = tokenAuth(async (renew) => {
            if (renew) {
                renewals.value++;
                given = await server.token('robot', '5s');
            }
            return given;
        });
        const chat = createChat({ url: proxy.url, auth, store: memoryStore() });
        const states: string[] = [];
        chat.connection.subscribe(({ state }) => states.push(state));
        await chat.start();
        await online(chat);
        const connections = proxy.passed;
        await when(renewals, (count) => count >= 4, 60_000);
        expect(chat.connection.value.state).toBe('online');
        expect(states).toEqual(['idle', 'connecting', 'online']);
        // Only what was asked over HTTP may have come since.
        expect(proxy.passed - connections).toBeLessThanOrEqual(1);
        await chat.stop();
        proxy.stop();
    });

    test('one that is over, and can not be renewed, means signed out', async () => {
        const token = await server.token('robot', '1s');
        const chat = createChat({ url: server.url, auth: tokenAuth(() => token), store: memoryStore() });
        await chat.start();
        const { error } = await when(chat.connection, ({ state }) => state === 'signed-out', 60_000);
        expect(error?.code).toBe('unauthenticated');
        await chat.stop();
    });

    test('a personal access token needs no renewing', async () => {
        const { chat, userId } = await newPerson(server.url, 'emil');
        const { token } = await chat.api.post('/api/me/tokens', { body: { name: 'bot' } });
        const bot = createChat({ url: server.url, auth: tokenAuth(() => token), store: memoryStore() });
        await bot.start();
        await online(bot);
        expect(bot.session.value?.user.id).toBe(userId);
        await bot.stop();
        await chat.stop();
    });
});
