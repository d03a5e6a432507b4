// Clerk goes away for a day, and comes back with another key: nobody notices for 24 hours, then its sessions are refused
// and nothing else is, and all is well as soon as it answers.
import assert from 'node:assert/strict';
import test from 'node:test';

import { http, register, startServer, until } from './harness.mjs';
import { Instance, newKey, sign } from './lib/clerk.mjs';
import { MovedClock } from './lib/moved_clock.mjs';

const minute = 60;
const hour = 60 * minute;

test('a day without Clerk', async () => {
    const instance = await Instance.start();
    const clock = new MovedClock();
    const server = await startServer({
        args: ['--clerk-issuer', instance.issuer],
        inside: clock.inside,
        // What is under way when the clock jumps.
        complains: /too long|too slow|timed out|in time/,
    });
    // What begins in the background has its own limits of time.
    await until(() => server.output.includes('pictures are looked into') || undefined, 'the start');
    const local = await register(server, 'local');
    const key = (await local.ok('POST', '/api/me/tokens', { name: 'of a program' }, 201)).token;
    const token = (sub, by = instance.newest) => {
        const now = Math.floor(Date.now() / 1000) + clock.seconds;
        const claims = instance.claims({ sub, sid: `sess_${sub}`, iat: now, nbf: now - 10, exp: now + minute });
        return sign(by, instance.header({ kid: by.kid }), claims);
    };
    const ask = async (bearer) => (await http(server, 'GET', '/api/me', { token: bearer })).status;
    // What is on its way when the clock jumps took too long in an instant, as long as a loop has not seen it jump: the
    // connection is closed, or the answer is that the request or the database was too slow.
    const answer = async (bearer) => {
        const status = await ask(bearer).catch(() => 503);
        return [408, 503].includes(status) ? undefined : status;
    };
    const status = (bearer) => until(() => answer(bearer), 'an answer after the jump');
    const becomes = (wanted, bearer, what) =>
        until(async () => ((await status(bearer())) === wanted ? true : undefined), what);
    const [known] = instance.keys;

    assert.equal(await status(token('user_2early')), 200);
    instance.answer = (response) => response.writeHead(503).end();
    for (const away of [minute, hour, 12 * hour, 24 * hour - minute]) {
        clock.set(away);
        assert.equal(await status(token('user_2early')), 200, `after ${away} s`);
        assert.equal(await status(token(`user_2new${away}`)), 200, `somebody new, after ${away} s`);
        assert.equal(await status(token('user_2early', newKey('ins_2'))), 401, 'a key that nobody can vouch for');
    }
    clock.set(24 * hour + 10 * minute);
    await becomes(401, () => token('user_2early'), 'a key may have been withdrawn in a day');
    assert.equal(await status(key), 200, 'whom Clerk does not concern is signed in as ever');

    instance.keys = [known, newKey('ins_3')];
    instance.answer = undefined;
    // It is asked at most once in 30 seconds.
    clock.set(24 * hour + 11 * minute);
    await becomes(200, () => token('user_2early'), 'the new key counts');
    assert.equal(await status(token('user_2early', known)), 200, 'and the old one, which is published still');
});
