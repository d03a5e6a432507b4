// Presence: who is there, told to those who watch; several devices, the grace of a reconnect, the
// limits of a watch. On several event loops, so that users have their homes on different ones.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { describe } from 'node:test';

import { Client, patience, people, startServer } from './harness.mjs';

const grace = 15_000;
const server = await startServer({ args: ['--shards', '3'] });

let next = 0;
const some = (count) => people(server, `p${next++}-`, count);

const watch = async (client, ...users) => {
    const { presences } = await client.request('presence:watch', {
        userIds: users.map(({ id }) => id),
    });
    return new Map(presences.map((presence) => [presence.userId, presence]));
};
const set = (client, presence) => client.request('presence:set', { presence });
const updatesOf = (client, { id }) =>
    client.received('presence:update').filter(({ userId }) => userId === id);
const shown = (client, { id }, presence, from = 0, ms = patience) =>
    client.waitFor({ type: 'presence:update', userId: id, presence }, { from, ms });

describe('presence', { concurrency: true }, () => {
    test('coming, choosing and going are told to who watches, whatever devices there are', async () => {
        const [ada, bob] = await some(2);
        const bobs = await bob.connect();
        const before = await watch(bobs, ada);
        assert.deepEqual(before.get(ada.id), {
            userId: ada.id,
            presence: 'offline',
            lastActiveAt: null,
        });

        const began = Date.now();
        const phone = await ada.connect();
        const came = await shown(bobs, ada, 'online');
        assert.ok(Math.abs(Date.parse(came.lastActiveAt) - began) < 60_000, came.lastActiveAt);
        assert.equal((await set(phone, 'dnd')).presence, 'dnd');
        await shown(bobs, ada, 'dnd');
        const desk = await ada.connect();
        await phone.close();
        await set(desk, 'away');
        await shown(bobs, ada, 'away');
        await set(desk, 'away');
        assert.deepEqual(
            updatesOf(bobs, ada).map(({ presence }) => presence),
            ['online', 'dnd', 'away'],
            'neither a second device nor the same again',
        );

        const left = Date.now();
        desk.ws.terminate();
        const gone = await shown(bobs, ada, 'offline', 0, grace + patience);
        assert.ok(Date.now() - left >= grace - 100, 'not before the grace has passed');
        assert.ok(Date.parse(gone.lastActiveAt) >= began - 1000);
        const after = await watch(bobs, ada);
        assert.deepEqual(after.get(ada.id), {
            userId: ada.id,
            presence: 'offline',
            lastActiveAt: gone.lastActiveAt,
        });
        assert.equal(updatesOf(bobs, ada).length, 4);

        const again = await ada.connect();
        await shown(bobs, ada, 'online', bobs.log.indexOf(gone));
        await Promise.all([again.close(), bobs.close()]);
    });

    test('who reconnects at once was never away, and stays what was chosen', async () => {
        const [ada, bob] = await some(2);
        const bobs = await bob.connect();
        let adas = await ada.connect();
        await watch(bobs, ada);
        await set(adas, 'dnd');
        await shown(bobs, ada, 'dnd');
        const told = updatesOf(bobs, ada).length;
        for (let i = 0; i < 5; i++) {
            adas.ws.terminate();
            adas = await ada.connect();
        }
        await set(adas, 'away');
        await shown(bobs, ada, 'away');
        assert.equal(updatesOf(bobs, ada).length, told + 1);
        await Promise.all([adas.close(), bobs.close()]);
    });

    test('a watch replaces the one before, and an empty one ends it', async () => {
        const [ada, bob, cleo] = await some(3);
        const [adas, bobs, cleos] = await Promise.all([ada, bob, cleo].map((one) => one.connect()));
        await watch(bobs, ada);
        const presences = await watch(bobs, cleo, cleo);
        assert.deepEqual([...presences.keys()], [cleo.id]);
        // What another was told is no news to whom it is asked for afterwards.
        await watch(cleos, ada);
        await set(adas, 'dnd');
        await shown(cleos, ada, 'dnd');
        await set(cleos, 'away');
        await shown(bobs, cleo, 'away');
        assert.equal((await watch(bobs, ada)).get(ada.id).presence, 'dnd');
        assert.equal(updatesOf(bobs, ada).length, 0);
        assert.equal((await watch(bobs)).size, 0);
        await set(adas, 'online');
        await shown(cleos, ada, 'online');
        await watch(bobs, ada);
        assert.equal(updatesOf(bobs, ada).length, 0);
        await Promise.all([adas, bobs, cleos].map((client) => client.close()));
    });

    test('one may watch oneself, on each session for itself', async () => {
        const [ada] = await some(1);
        const [phone, desk] = [await ada.connect(), await ada.connect()];
        assert.equal((await watch(phone, ada)).get(ada.id).presence, 'online');
        await set(desk, 'dnd');
        await shown(phone, ada, 'dnd');
        assert.equal(updatesOf(desk, ada).length, 0);
        await Promise.all([phone.close(), desk.close()]);
    });

    test('what is watched while it changes is right in the end', async () => {
        const [ada, bob] = await some(2);
        const [adas, bobs] = [await ada.connect(), await bob.connect()];
        for (const presence of ['away', 'dnd', 'online', 'dnd']) {
            const from = bobs.log.length;
            const [watched] = await Promise.all([watch(bobs, ada), set(adas, presence)]);
            if (watched.get(ada.id).presence !== presence) await shown(bobs, ada, presence, from);
            const last = bobs.log.findLast((frame) => frame.type.startsWith('presence:'));
            assert.equal((last.presences?.[0] ?? last).presence, presence);
        }
        await Promise.all([adas.close(), bobs.close()]);
    });

    test('users that do not exist are left out, and 500 are the most', async () => {
        const [ada, bob] = await some(2);
        const bobs = await bob.connect();
        const nobody = Array.from({ length: 499 }, () => randomUUID());
        const { presences } = await bobs.request('presence:watch', { userIds: [ada.id, ...nobody] });
        assert.deepEqual(
            presences.map(({ userId }) => userId),
            [ada.id],
        );
        const over = await bobs.refused('presence:watch', {
            userIds: [ada.id, bob.id, ...nobody],
        });
        assert.equal(over.code, 'too_large');
        const adas = await ada.connect();
        await shown(bobs, ada, 'online');
        await Promise.all([adas.close(), bobs.close()]);
    });

    test('malformed commands are refused and change nothing', async () => {
        const [ada, bob] = await some(2);
        const [adas, bobs] = [await ada.connect(), await bob.connect()];
        await watch(bobs, ada);
        for (const [type, fields, code] of [
            ['presence:set', {}, 'bad_request'],
            ['presence:set', { presence: 'offline' }, 'bad_request'],
            ['presence:set', { presence: 'Online' }, 'bad_request'],
            ['presence:set', { presence: null }, 'bad_request'],
            ['presence:set', { presence: 'away', userId: bob.id }, 'unknown_field'],
            ['presence:watch', {}, 'bad_request'],
            ['presence:watch', { userIds: bob.id }, 'bad_request'],
            ['presence:watch', { userIds: ['x'] }, 'bad_request'],
            ['presence:watch', { userIds: [null] }, 'bad_request'],
        ])
            assert.equal((await adas.refused(type, fields)).code, code, JSON.stringify(fields));
        assert.equal((await bobs.refused('presence:watch', { userIds: [7] })).code, 'bad_request');
        await set(adas, 'away');
        await shown(bobs, ada, 'away');
        assert.equal(updatesOf(bobs, ada).length, 1, 'the watch before went on');
        await Promise.all([adas.close(), bobs.close()]);
    });

    test('who is shown otherwise again and again is slowed down', async () => {
        const [ada] = await some(1);
        const adas = await ada.connect();
        const answers = await Promise.all(
            Array.from({ length: 30 }, (_, i) =>
                adas.ask('presence:set', { presence: i % 2 ? 'away' : 'dnd' }),
            ),
        );
        const refused = answers.filter(({ type }) => type === 'error');
        assert.ok(refused.length > 0 && refused.length <= 20, `${refused.length}`);
        for (const { code, retryAfterMs } of refused) {
            assert.equal(code, 'rate_limited');
            assert.ok(retryAfterMs > 0 && retryAfterMs <= 20_000);
        }
        await adas.close();
    });

    test('before connect nothing of it is answered', async () => {
        const [ada] = await some(1);
        const adas = await ada.connect();
        const stranger = await Client.upgrade(server);
        for (const [type, fields] of [
            ['presence:set', { presence: 'away' }],
            ['presence:watch', { userIds: [ada.id] }],
        ])
            assert.equal((await stranger.refused(type, fields)).code, 'unauthenticated');
        await Promise.all([stranger.close(), adas.close()]);
    });
});
