import { describe, expect, test } from 'vitest';
import { newWorld } from '../test/support/fake-chat.ts';
import { threadId } from '../test/support/fake-server.ts';
import { settled } from '../test/support/virtual-clock.ts';
import { type Auth, type AuthChange, BanterError, type Connection } from './index.ts';

async function connected() {
    const world = newWorld();
    const chat = world.chat();
    await chat.start();
    await world.clock.advance(10);
    expect(chat.connection.value.state).toBe('online');
    return { ...world, chat };
}

const wait = ({ since, retryAt }: Connection) => (retryAt ?? Number.NaN) - since;

describe('connecting', () => {
    test('says the token in the first frame and nowhere else', async () => {
        const { server } = await connected();
        expect(server.received[0]).toEqual({ type: 'connect', token: 'token' });
    });

    test('pauses double with each failure up to thirty seconds, at random below that', async () => {
        const world = newWorld(() => 0.999);
        world.server.isReachable = false;
        const chat = world.chat();
        await chat.start();
        const pauses: number[] = [];
        for (let tries = 0; tries < 9; tries++) {
            await settled();
            expect(chat.connection.value.state).toBe('waiting');
            const pause = wait(chat.connection.value);
            pauses.push(Math.round(pause));
            await world.clock.advance(pause + 1);
        }
        expect(pauses).toEqual([500, 999, 1998, 3996, 7992, 15984, 29970, 29970, 29970]);
    });

    test('a connection that lasted begins the pauses anew, one that did not does not', async () => {
        const { server, chat, clock } = await connected();
        for (const expected of [250, 500, 1_000]) {
            server.cut();
            expect(wait(chat.connection.value)).toBe(expected);
            await clock.advance(expected);
            await clock.advance(10);
        }
        await clock.advance(10_000);
        server.cut();
        expect(wait(chat.connection.value)).toBe(250);
    });

    test('can be told to try now', async () => {
        const { server, chat, clock } = await connected();
        server.cut();
        chat.connectNow();
        await clock.advance(0);
        expect(chat.connection.value.state).toBe('online');
    });

    test('a server that takes the connection and says nothing is given up', async () => {
        const world = newWorld();
        world.server.rules.push(({ type }) => (type === 'connect' ? null : undefined));
        const chat = world.chat();
        await chat.start();
        await world.clock.advance(14_900);
        expect(chat.connection.value.state).toBe('connecting');
        await world.clock.advance(200);
        expect(chat.connection.value).toMatchObject({ state: 'waiting', error: { code: 'timeout' } });
    });

    test('frames that are none are passed over', async () => {
        const { server, chat } = await connected();
        for (const data of ['', 'null', '[]', '{"type":5}', '{"type":"later:thing"}', '{"type":"toString"}'])
            server.socket?.onmessage?.({ data });
        expect(chat.connection.value.state).toBe('online');
    });

    test('stops and starts again', async () => {
        const { server, chat, clock } = await connected();
        await chat.stop();
        expect(chat.connection.value.state).toBe('idle');
        await clock.advance(100_000);
        expect(server.sockets).toHaveLength(1);
        await chat.start();
        await clock.advance(10);
        expect(chat.connection.value.state).toBe('online');
    });
});

describe('close codes', () => {
    const cases: [number, string, Partial<Connection>, number?][] = [
        [1006, '', { state: 'waiting' }, 250],
        [1011, '', { state: 'waiting' }, 250],
        [1012, '{"retryAfterMs":4200}', { state: 'waiting' }, 4_200],
        [1012, 'not json', { state: 'waiting' }, 250],
        [1012, '{"retryAfterMs":99999999}', { state: 'waiting' }, 60_000],
        [4403, '', { state: 'waiting' }, 250],
        [4408, '', { state: 'waiting' }, 250],
        [4429, '', { state: 'waiting' }, 4_000],
        [1009, '', { state: 'waiting' }, 4_000],
    ];
    test.each(cases)('%i %s', async (code, reason, expected, pause) => {
        const { server, chat } = await connected();
        server.cut(code, reason);
        expect(chat.connection.value).toMatchObject(expected);
        expect(wait(chat.connection.value)).toBe(pause);
    });

    test.each([4400, 4406])('%i is for good', async (code) => {
        const { server, chat, clock } = await connected();
        server.cut(code);
        expect(chat.connection.value.state).toBe('refused');
        await clock.advance(1_000_000);
        expect(server.sockets).toHaveLength(1);
    });
});

describe('tokens', () => {
    /** Gives tokens t1, t2 …; each is another only when the last one is refused. */
    function counting() {
        const given = { count: 1, refused: [] as string[] };
        const auth: Auth = {
            async token(refused) {
                if (refused === undefined) return `t${given.count}`;
                given.refused.push(refused);
                return `t${++given.count}`;
            },
        };
        return { given, auth };
    }

    test('one that is refused is renewed once; refused again, somebody has to sign in', async () => {
        const { given, auth } = counting();
        const world = newWorld();
        world.server.rules.push(({ type }, socket) => {
            if (type !== 'connect') return undefined;
            queueMicrotask(() => socket.cut(4401));
            return null;
        });
        const chat = world.chat({ auth });
        await chat.start();
        await world.clock.advance(60_000);
        expect(given.refused).toEqual(['t1']);
        expect(chat.connection.value).toMatchObject({
            state: 'signed-out',
            error: { code: 'unauthenticated' },
        });
        expect(world.server.sockets).toHaveLength(2);
    });

    test('one that ends on a live connection is renewed, and it comes back at once', async () => {
        const { auth } = counting();
        const { server, clock, chat } = newWorld();
        const one = chat({ auth });
        await one.start();
        await clock.advance(20_000);
        server.cut(4401);
        await clock.advance(0);
        expect(one.connection.value.state).toBe('online');
        expect(server.received.findLast(({ type }) => type === 'connect')).toMatchObject({ token: 't2' });
    });

    test('one whose end is near is renewed on the live connection, with a fifth of its life left', async () => {
        const { auth } = counting();
        const { server, clock, chat } = newWorld();
        server.tokenExpiresAt = new Date(clock.now() + 100_000).toISOString();
        const one = chat({ auth });
        await one.start();
        await clock.advance(79_000);
        expect(server.received.some(({ type }) => type === 'auth:refresh')).toBe(false);
        server.tokenExpiresAt = new Date(clock.now() + 100_000).toISOString();
        await clock.advance(2_000);
        expect(server.received.filter(({ type }) => type === 'auth:refresh')).toMatchObject([
            { token: 't2' },
        ]);
        await clock.advance(10_000);
        expect(server.sockets).toHaveLength(1);
    });

    test('no token means signed out, until there is one', async () => {
        let token: string | null = null;
        let changed: (change: AuthChange) => void = () => {};
        const auth: Auth = {
            token: async () => token,
            onChange(listener) {
                changed = listener;
                return () => {};
            },
        };
        const { clock, chat } = newWorld();
        const one = chat({ auth });
        await one.start();
        await clock.advance(100);
        expect(one.connection.value.state).toBe('signed-out');
        token = 'mine';
        changed('signed-in');
        await clock.advance(100);
        expect(one.connection.value.state).toBe('online');
        changed('signed-out');
        expect(one.connection.value.state).toBe('signed-out');
        expect(one.session.value?.user.handle).toBe('me');
    });

    test('a token that can not be had for lack of a network is asked for again', async () => {
        let failures = 2;
        const auth: Auth = {
            async token() {
                if (failures-- > 0) throw new BanterError('network', 'none');
                return 'token';
            },
        };
        const { clock, chat } = newWorld();
        const one = chat({ auth });
        await one.start();
        await clock.advance(5_000);
        expect(one.connection.value.state).toBe('online');
    });
});

describe('a connection that is dead without a word', () => {
    test('silence is asked about, and an answer is enough', async () => {
        const { server, chat, clock } = await connected();
        await clock.advance(63_000);
        expect(server.received.some(({ type }) => type === 'ping')).toBe(true);
        await clock.advance(60_000);
        expect(chat.connection.value.state).toBe('online');
        expect(server.sockets).toHaveLength(1);
    });

    test('no answer in ten seconds makes a new one', async () => {
        const { server, clock } = await connected();
        server.rules.push(({ type }) => (type === 'ping' ? null : undefined));
        await clock.advance(60_000 + 2_000 + 10_000);
        await clock.advance(10);
        expect(server.sockets).toHaveLength(2);
    });

    test('after a long sleep it connects again within a second', async () => {
        const { server, chat, clock } = await connected();
        clock.sleep(3_600_000);
        await clock.advance(1_000);
        expect(server.sockets).toHaveLength(2);
        expect(chat.connection.value.state).toBe('online');
    });

    test('after a short one the server is asked, and the connection stays if it answers', async () => {
        const { server, chat, clock } = await connected();
        clock.sleep(20_000);
        await clock.advance(3_000);
        expect(server.received.some(({ type }) => type === 'ping')).toBe(true);
        expect(server.sockets).toHaveLength(1);
        expect(chat.connection.value.state).toBe('online');
    });
});

describe('requests', () => {
    test('end with the connection, and without an answer after ten seconds', async () => {
        const { server, chat, clock } = await connected();
        const room = chat.open(threadId);
        server.rules.push(({ type }) => (type === 'message:edit' ? null : undefined));
        const late = room.edit('m', 'x').catch(({ code }) => code);
        await clock.advance(10_001);
        expect(await late).toBe('timeout');
        const lost = room.edit('m', 'x').catch(({ code }) => code);
        server.cut();
        expect(await lost).toBe('disconnected');
        await expect(room.edit('m', 'x')).rejects.toMatchObject({ code: 'disconnected' });
    });
});
