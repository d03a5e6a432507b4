// An S3 that is killed, frozen, slow, overloaded or lying while people write: text is not touched,
// uploads succeed or fail in so many words, and after a sweep the bucket holds what messages have and
// nothing else. The choices are repeated with BANTER_SEED.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';

import { S3 } from '../services/s3.mjs';
import { fileMayTake, patience, people, startServer, until } from './harness.mjs';
import { Bucket, keyOf, sha256 } from './lib/bucket.mjs';
import { FaultyGateway, faults } from './lib/faulty_gateway.mjs';
import { fetchLink, noise, upload } from './lib/files.mjs';
import { photograph } from './lib/photograph.mjs';
import { randomFrom } from './lib/record.mjs';
import { TextLoad } from './lib/text_load.mjs';
import { create, offsetOf, patch } from './lib/tus.mjs';

fileMayTake(840_000);
const seed = Number(process.env.BANTER_SEED ?? (Math.random() * 2 ** 32) >>> 0);
const random = randomFrom(seed);
const pick = (list) => list[Math.floor(random() * list.length)];
const mebibyte = 1 << 20;
/** In one request; in parts. */
const [small, large] = [100_000, 20 * mebibyte];
/** Of it the server makes smaller ones, and keeps these too. */
const picture = photograph(500, 300);
/** The server tries for 20 s, and then looks for 20 s what became of it; a request may hang for 30 s. */
const answerMs = 8 * patience;

const s3 = await S3.start();
after(() => s3.stop());

/** However a test ended, the next one finds the gateway at work. */
async function bringBack() {
    s3.gateway.signal('SIGCONT');
    if (!s3.gateway.running) s3.gateway.start();
    await s3.ready();
}

/** What keeps files in order in the background says so when it can't, and so does a download that breaks off. */
const complains =
    /"where":"(rendering pictures|removing files|sweeping files|sweeping drafts|ending an upload|http session)","why":"[^"]* at 127\.0\.0\.1:/;

const unavailable = ['storage_unavailable', 'outcome_unknown'];

/** A server whose files lie under a prefix of their own, two people, and what became of their files. */
class Scene {
    /** Every file that was taken: {file, hash, message?}; with a message that is there, it has to stay. */
    taken = [];
    /** How often an upload was refused, by code. */
    refused = { storage_unavailable: 0, outcome_unknown: 0 };
    #stopped = false;

    /** `endpoint`: of whoever stands between. */
    static async start(t, endpoint) {
        const scene = new Scene();
        t.after(bringBack);
        t.after(() => scene.abandon());
        scene.place = new Bucket(s3, `of/${randomUUID()}`);
        scene.server = await startServer(scene.place.options({ endpoint, complains }), t);
        scene.people = await people(scene.server, 'p', 3);
        const [ada, bob, eve] = scene.people;
        scene.thread = await ada.channel();
        await bob.join(scene.thread);
        await eve.join(scene.thread);
        scene.load = await TextLoad.start(scene.people, scene.thread);
        t.diagnostic(`seed ${seed}`);
        return scene;
    }

    get refusals() {
        return this.refused.storage_unavailable + this.refused.outcome_unknown;
    }

    /** Uploads a file: 'taken', or the code of a refusal, which has to be one of a storage that is away. */
    async upload(size, person = this.people[0], bytes = noise(size)) {
        const wanted = { filename: 'a.bin', claimedType: 'application/octet-stream', bytes };
        const { status, headers, body } = await upload(person, wanted, { ms: answerMs });
        if (status === 201) {
            assert.equal(body.size, bytes.length);
            this.taken.push({ file: body, hash: sha256(bytes), person });
            return 'taken';
        }
        assert.equal(status, 503, JSON.stringify(body));
        assert.match(headers.get('content-type'), /^application\/problem\+json/);
        assert.ok(unavailable.includes(body.code), body.code);
        this.refused[body.code]++;
        return body.code;
    }

    /** Sends the file that was taken last with a message. */
    async send(one = this.taken.at(-1)) {
        const body = { nonce: randomUUID(), content: '', attachments: [one.file.id] };
        const path = `/api/threads/${this.thread.id}/messages`;
        one.message = await one.person.ok('POST', path, body, 201);
    }

    async #act(person) {
        const size = random() < 0.3 ? large : Math.floor(1000 + random() * small);
        const bytes = random() < 0.2 ? picture : noise(size);
        if ((await this.upload(bytes.length, person, bytes)) !== 'taken') return;
        const one = this.taken.findLast((taken) => taken.person === person);
        if (random() < 0.3) return;
        await this.send(one);
        if (random() < 0.8) return;
        await person.ok('DELETE', `/api/messages/${one.message.id}`);
        one.message = undefined;
    }

    /** Everybody uploads, sends and deletes until stopUploads(). */
    startUploads() {
        const goOn = async (person) => {
            while (!this.#stopped && !this.failure) {
                await this.#act(person).catch((error) => (this.failure ??= error));
            }
        };
        this.uploaders = this.people.map(goOn);
    }

    async stopUploads() {
        this.#stopped = true;
        await Promise.all(this.uploaders);
        assert.ifError(this.failure);
    }

    /** Nothing goes on once the test has ended, however it did. */
    abandon() {
        this.#stopped = true;
        this.load?.abandon();
    }

    /** Waits until `probe` gives true; what an upload met meanwhile that it may not is thrown. */
    async eventually(probe, what, ms = 2 * patience) {
        const tried = async () => {
            assert.ifError(this.failure);
            return (await probe()) || undefined;
        };
        await until(tried, what, ms);
    }

    /** Ends the load; then, with nobody in between, nothing may be left but what messages have, and that whole. */
    async settle(t, ms = 4 * patience) {
        await this.load.stop();
        const kept = this.taken.filter(({ message }) => message);
        await this.eventually(async () => (await this.#needed(kept)) !== undefined, 'smaller pictures', ms);
        const { args } = this.place.options({ args: ['--files-unlinked-for', '2s'] });
        await this.server.restart({ args });
        let left;
        const swept = async () => {
            left = { expected: await this.#needed(kept), keys: await this.place.keys() };
            left.open = await this.place.openUploads();
            return left.open.length === 0 && `${left.keys}` === `${left.expected}`;
        };
        await this.eventually(swept, 'the sweep', ms).catch((error) => {
            const more = left.keys.filter((key) => !left.expected.includes(key));
            const less = left.expected.filter((key) => !left.keys.includes(key));
            throw new Error(`${error.message}: too many ${more}; missing ${less}; open ${left.open}`);
        });
        for (const one of this.taken) await this.#check(one);
        t.diagnostic(
            `${this.taken.length} taken, ${kept.length} kept, refused ${JSON.stringify(this.refused)}; ` +
                `${this.load.acknowledged} messages, slowest ${Math.round(this.load.slowest)} ms`,
        );
    }

    /** The names of all objects of the files; nothing while smaller pictures are still to be made. */
    async #needed(kept) {
        const names = [];
        for (const { file, person } of kept) {
            const { url, variants, mediaType } = await person.ok('GET', `/api/files/${file.id}`);
            if (mediaType === 'image/png' && variants.length === 0) return undefined;
            names.push(keyOf(url), ...variants.map((variant) => keyOf(variant.url)));
        }
        return names.sort();
    }

    async #check({ file, hash, message, person }) {
        const path = `/api/files/${file.id}`;
        if (!message) {
            await person.refused('GET', path, undefined, 404, 'not_found');
            return;
        }
        const { url, variants } = await person.ok('GET', path);
        const answer = await fetchLink(this.server, url);
        assert.equal(answer.status, 200);
        assert.equal(sha256(answer.body), hash);
        for (const variant of variants) {
            const smaller = await fetchLink(this.server, variant.url);
            assert.deepEqual([smaller.status, smaller.body.length], [200, variant.size]);
        }
    }
}

describe('the gateway', () => {
    test('killed in the middle of uploads, and started again', async (t) => {
        const scene = await Scene.start(t);
        scene.startUploads();
        for (let round = 0; round < 3; round++) {
            const isInParts = async () => (await scene.place.openUploads()).length > 0;
            await scene.eventually(isInParts, 'an upload in parts');
            await s3.gateway.kill9();
            const refusals = scene.refusals;
            await scene.load.more(100);
            // Once it is back sooner than anybody has given up.
            if (round > 0) await scene.eventually(() => scene.refusals > refusals, 'a refused upload', answerMs);
            await bringBack();
            const taken = scene.taken.length;
            await scene.eventually(() => scene.taken.length > taken, 'an upload that is taken', answerMs);
        }
        await scene.stopUploads();
        assert.ok(scene.refusals >= 2);
        await scene.settle(t);
    });

    test('away: what is asked for is refused, and there again when it is back', async (t) => {
        const scene = await Scene.start(t);
        const [ada, bob] = scene.people;
        assert.equal(await scene.upload(small), 'taken');
        await scene.send();
        const [{ file, message }] = scene.taken;
        const bytes = noise(3 * mebibyte);
        const path = await create(ada, bytes.length);
        assert.equal((await patch(ada, path, 0, bytes.subarray(0, mebibyte))).status, 204);
        await s3.gateway.kill9();

        assert.equal(await scene.upload(small), 'storage_unavailable');
        assert.equal(await scene.upload(large), 'storage_unavailable');
        const away = await fetchLink(scene.server, file.url, { ms: answerMs });
        assert.deepEqual([away.status, JSON.parse(away.body).code], [503, 'storage_unavailable']);
        const page = await bob.history(scene.thread, `?after=${message.seq - 1}&limit=1`);
        assert.equal(page.items[0].attachments[0].id, file.id);
        const rest = await patch(ada, path, mebibyte, bytes.subarray(mebibyte));
        assert.deepEqual([rest.status, rest.body.code], [503, 'storage_unavailable']);
        assert.equal(await offsetOf(ada, path), mebibyte, 'nothing is said to be there that is not');
        await scene.load.more(100);

        await bringBack();
        const back = await fetchLink(scene.server, file.url);
        assert.equal(sha256(back.body), scene.taken[0].hash);
        const whole = await patch(ada, path, mebibyte, bytes.subarray(mebibyte));
        assert.equal(whole.status, 204, whole.text);
        const id = whole.headers.get('banter-file');
        scene.taken.push({ file: await ada.ok('GET', `/api/files/${id}`), hash: sha256(bytes), person: ada });
        await scene.send();
        await scene.settle(t);
    });

    test('frozen, until uploads are given up, and on again', async (t) => {
        const scene = await Scene.start(t);
        scene.startUploads();
        await scene.eventually(() => scene.taken.length > 2, 'uploads');
        s3.gateway.signal('SIGSTOP');
        try {
            await scene.load.more(200);
            await scene.eventually(() => scene.refusals > 0, 'a refused upload', answerMs);
            await scene.load.more(100);
        } finally {
            await bringBack();
        }
        const taken = scene.taken.length;
        await scene.eventually(() => scene.taken.length > taken, 'an upload that is taken', answerMs);
        await scene.stopUploads();
        await scene.settle(t);
    });
});

describe('between the server and S3', () => {
    /** A scene whose server speaks to S3 through a gateway that is at fault. */
    async function behindGateway(t) {
        const gateway = await FaultyGateway.start(s3);
        t.after(() => gateway.stop());
        const scene = await Scene.start(t, gateway.endpoint);
        return { gateway, scene };
    }

    test('all of it slow: uploads take longer, and nothing else', async (t) => {
        const { gateway, scene } = await behindGateway(t);
        gateway.fault = () => faults.slow(10);
        const uploads = scene.people.map((person, i) => scene.upload(i ? small : large, person));
        await scene.load.more(100);
        assert.deepEqual(await Promise.all(uploads), ['taken', 'taken', 'taken']);
        for (const one of scene.taken) await scene.send(one);
        for (const { file, hash } of scene.taken) {
            const { body } = await fetchLink(scene.server, file.url, { ms: answerMs });
            assert.equal(sha256(body), hash);
        }
        gateway.plan({});
        await scene.settle(t);
    });

    const { refused, doneAndRefused, failedLate, doneAndFailedLate, page, empty, pretended, lost, lostBefore } = faults;
    const { cut, without } = faults;
    const internal = refused(500);
    const busy = refused(503, 'SlowDown');
    const [taken, away, unknown] = ['taken', 'storage_unavailable', 'outcome_unknown'];
    const cases = [
        ['one answer 500', small, { put: [internal] }, taken],
        ['one answer 503', small, { put: [busy] }, taken],
        ['one 500 though it is stored', small, { put: [doneAndRefused(500)] }, taken],
        ['nothing but 500', small, { put: internal }, away],
        ['nothing but 503', small, { put: busy }, away],
        ['nothing but 500, though it is stored', small, { put: doneAndRefused(500) }, taken],
        ['a lost request', small, { put: [lostBefore] }, taken],
        ['a lost answer', small, { put: [lost] }, taken],
        ['all requests lost', small, { put: lostBefore }, away],
        ['all answers lost', small, { put: lost }, taken],
        ['all answers lost, and no way to look', small, { put: lost, head: internal }, unknown],
        ['a page of somebody else', large, { begin: page }, away],
        ['an empty answer', large, { begin: empty }, away],
        ['a begin that is lost', large, { begin: [lost] }, taken],
        ['parts that fail', large, { 'put part': [internal, busy, lost, lostBefore] }, taken],
        ['a part that never passes', large, { 'put part': busy }, away],
        ['a part without ETag', large, { 'put part': without('etag') }, away],
        ['parts that pass and an end that does not', large, { complete: internal }, away],
        ['an end that fails late', large, { complete: [failedLate] }, taken],
        ['an end that always fails late', large, { complete: failedLate }, away],
        ['an end that is said to have failed late', large, { complete: [doneAndFailedLate] }, taken],
        ['an end that is always said to have failed', large, { complete: doneAndFailedLate }, away],
        ['an end whose answer breaks off', large, { complete: [cut(60)] }, taken],
        ['an end whose answers all break off', large, { complete: cut(60) }, taken],
        ['an end whose answers are lost, and no way to look', large, { complete: lost, head: internal }, unknown],
        ['a page in place of the end', large, { complete: page }, away],
        ['an empty answer to the end', large, { complete: empty }, away],
        ['parts that fail, and cannot be given up', large, { 'put part': busy, abort: internal }, away],
    ];

    test('every fault alone: uploads are taken if their bytes are there, and else refused in so many words', async (t) => {
        const { gateway, scene } = await behindGateway(t);
        const wrong = [];
        for (const [what, size, plan, expected] of cases) {
            gateway.plan(plan);
            const got = await scene.upload(size);
            if (got !== expected) wrong.push(`${what}: ${got}, not ${expected}`);
            gateway.plan({});
            if (got === taken) await scene.send();
        }
        assert.deepEqual(wrong, []);
        await scene.settle(t);
    });

    test('what is read is right, or breaks off', async (t) => {
        const { gateway, scene } = await behindGateway(t);
        for (const size of [small, large]) {
            assert.equal(await scene.upload(size), taken);
            await scene.send();
        }
        const [, { file, hash }] = scene.taken;
        const other = keyOf(scene.taken[0].file.url);
        const ask = (headers) => fetchLink(scene.server, file.url, { headers, ms: answerMs });
        for (const plan of [
            { get: [cut(0)] },
            { get: [cut(1000), cut(1_000_000)] },
            { get: [cut(9_000_000), lost, internal] },
            { get: [internal, busy, lostBefore], head: [internal] },
        ]) {
            gateway.plan(plan);
            const whole = await ask();
            assert.equal(whole.status, 200);
            assert.equal(sha256(whole.body), hash, JSON.stringify(plan));
        }
        /** The whole object in answer to a range, as caches that know no ranges do; and another object. */
        const ofAnother = (await scene.place.head(other)).ETag;
        const lies = [
            ['the whole of it', { change: ({ body, headers }) => ({ status: 200, body, headers }) }],
            ['a page', page],
            ['another object', { change: (given) => ({ ...given, headers: { ...given.headers, etag: ofAnother } }) }],
        ];
        for (const [what, lie] of lies) {
            // The first bytes are good, and then it goes on with a lie.
            gateway.plan({ get: [cut(1_000_000), lie, lie, lie, lie, lie, lie, lie, lie] });
            const whole = await ask().catch(() => undefined);
            if (whole?.status === 200) assert.equal(sha256(whole.body), hash, what);
        }
        for (const [what, lie] of lies.slice(0, 2)) {
            gateway.plan({ get: lie });
            const part = await ask({ Range: 'bytes=5-14' }).catch(() => undefined);
            if (part?.status === 206) assert.equal(part.body.length, 10, what);
            else assert.equal(part?.status ?? 503, 503, what);
        }
        gateway.plan({ get: cut(10), head: internal });
        assert.equal((await ask()).status, 503);
        gateway.plan({ get: internal, head: pretended(404) });
        assert.equal((await ask()).status, 503, 'who cannot look does not say that it is gone');
        gateway.plan({});
        assert.equal(sha256((await ask()).body), hash);
        await scene.settle(t);
    });

    test('a sweep that is lied to removes nothing that is needed', async (t) => {
        const { gateway, scene } = await behindGateway(t);
        for (const size of [small, large]) {
            assert.equal(await scene.upload(size), taken);
            await scene.send();
        }
        const needed = await scene.place.keys();
        const orphan = '00'.repeat(16);
        const { args } = scene.place.options({ endpoint: gateway.endpoint, args: ['--files-unlinked-for', '2s'] });
        await scene.load.stop();
        await scene.server.restart({ args });
        scene.load = await TextLoad.start(scene.people, scene.thread);
        for (const lie of [page, empty, internal, lost, cut(200), pretended(200)]) {
            await scene.place.put(orphan, 'nobody knows of it');
            gateway.plan({ 'list objects': lie, 'list uploads': lie, 'list parts': lie });
            const before = gateway.counts['list objects'] ?? 0;
            const listed = () => gateway.counts['list objects'] > before + 1;
            await scene.eventually(listed, 'two sweeps', answerMs);
            for (const key of needed) await scene.place.head(key);
            gateway.plan({});
            const gone = async () => !(await scene.place.keys()).includes(orphan);
            await scene.eventually(gone, 'a sweep that goes well', answerMs);
        }
        await scene.load.more(10);
        await scene.settle(t);
    });

    test('a sweep leaves alone what is being made, however long that takes', async (t) => {
        const { gateway, scene } = await behindGateway(t);
        const { args } = scene.place.options({ endpoint: gateway.endpoint, args: ['--files-unlinked-for', '2s'] });
        await scene.load.stop();
        await scene.server.restart({ args });
        scene.load = await TextLoad.start(scene.people, scene.thread);
        assert.equal(await scene.upload(picture.length, scene.people[0], picture), taken);
        await scene.send();
        // Each of the smaller pictures is stored before the next one is made.
        gateway.plan({ put: faults.slow(1000) });
        const path = `/api/files/${scene.taken[0].file.id}`;
        const made = async () => (await scene.people[0].ok('GET', path)).variants.length > 0;
        await scene.eventually(made, 'smaller pictures', answerMs);
        gateway.plan({});
        await scene.settle(t, patience);
    });

    test('what cannot be removed goes later', async (t) => {
        const { gateway, scene } = await behindGateway(t);
        for (const plan of [{ delete: internal }, { delete: lostBefore }, { delete: pretended(204) }]) {
            assert.equal(await scene.upload(small), taken);
            const one = scene.taken.at(-1);
            await scene.send(one);
            gateway.plan(plan);
            const before = gateway.counts.delete ?? 0;
            await one.person.ok('DELETE', `/api/messages/${one.message.id}`);
            one.message = undefined;
            await scene.eventually(() => (gateway.counts.delete ?? 0) > before, 'a try to remove it', answerMs);
            await scene.load.more(20);
            gateway.plan({});
        }
        await scene.settle(t);
    });

    test('a lie that nobody could see is believed, and found by the check that ends each of these tests', async (t) => {
        const { gateway, scene } = await behindGateway(t);
        gateway.plan({ put: [pretended(200)] });
        assert.equal(await scene.upload(small), taken);
        await scene.send();
        gateway.plan({});
        const missing = new RegExp(`the sweep: .*missing ${keyOf(scene.taken[0].file.url)}; open $`);
        await assert.rejects(scene.settle(t, patience), missing);
    });

    /** What may happen to an operation, at random. */
    const possible = {
        put: [internal, busy, doneAndRefused(503), lost, lostBefore, faults.slow(5)],
        begin: [internal, busy, lost, lostBefore, page, empty],
        'put part': [internal, busy, doneAndRefused(500), lost, lostBefore, faults.slow(2), without('etag')],
        complete: [internal, busy, lost, lostBefore, failedLate, doneAndFailedLate, cut(40), page, empty],
        head: [internal, busy, lost],
        get: [internal, lost, cut(1000), page],
        delete: [internal, busy, lost, lostBefore, pretended(204)],
        abort: [internal, lost, lostBefore],
        'list objects': [internal, page, cut(100)],
        'list uploads': [internal, page, empty],
        'list parts': [internal, lost],
    };

    test('any fault of any request at any time', async (t) => {
        const { gateway, scene } = await behindGateway(t);
        const counts = {};
        gateway.fault = (operation) => {
            if (random() > 0.4) return undefined;
            counts[operation] = (counts[operation] ?? 0) + 1;
            return pick(possible[operation]);
        };
        scene.startUploads();
        await scene.eventually(() => scene.taken.length >= 40, 'forty uploads', 12 * patience);
        await scene.stopUploads();
        t.diagnostic(`faults ${JSON.stringify(counts)}`);
        gateway.plan({});
        await scene.settle(t);
    });
});
