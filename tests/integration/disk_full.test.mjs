// A disk that runs full under a running server: refused in so many words, nothing half-written,
// well again when there is room. The disk is a tmpfs in a mount namespace; without the right to
// mount one this test fails.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { smallDisk } from './lib/namespace.mjs';
import { register, Server, temporaryDirectory, until } from './harness.mjs';

const data = temporaryDirectory();
const disk = await smallDisk(data, 12 << 20);
const complains = /database or disk is full/;
const server = await Server.start({ data, inside: disk.inside, cwd: '/', complains });
test.after(async () => {
    try {
        await server.dispose();
    } finally {
        await disk.unmount();
        rmSync(data, { recursive: true, force: true });
    }
});
const ballast = join(disk.outside, 'ballast');

/** The whole history, read in pages. */
async function everything(person, thread) {
    const all = [];
    for (let after = 0; ; after = all.at(-1).seq) {
        const { items } = await person.history(thread, `?after=${after}&limit=200`);
        if (items.length === 0) return all;
        all.push(...items);
    }
}

/** Sends messages of `bytes` until ten in a row are refused; keeps what was acknowledged and what was not. */
async function fill(client, thread, bytes, acknowledged, refused) {
    for (let inRow = 0, sent = 0; inRow < 10; sent++) {
        assert.ok(sent < 20_000, 'the disk never ran full');
        const fields = {
            threadId: thread.id,
            nonce: randomUUID(),
            content: randomBytes(bytes / 2).toString('hex'),
        };
        const answer = await client.ask('message:send', fields);
        if (answer.type === 'message:sent') {
            acknowledged.push(answer.message);
            inRow = 0;
            continue;
        }
        assert.equal(answer.code, 'storage_full', JSON.stringify(answer));
        refused.push(fields);
        inRow++;
    }
}

test('a full disk refuses writes with storage_full, serves reads, and recovers without a restart', async (t) => {
    const [ada, bob] = [await register(server, 'ada'), await register(server, 'bob')];
    const thread = await ada.channel();
    const [adas, bobs] = [await ada.joined(thread), await bob.joined(thread)];
    const acknowledged = [];
    const refused = [];
    await adas
        .request('message:send', { threadId: thread.id, nonce: randomUUID(), content: 'first' })
        .then(({ message }) => acknowledged.push(message));
    writeFileSync(ballast, Buffer.alloc(5 << 20));
    await fill(adas, thread, 9_000, acknowledged, refused);
    await fill(adas, thread, 100, acknowledged, refused);
    t.diagnostic(`${acknowledged.length} messages fitted, ${refused.length} were refused`);

    const path = `/api/threads/${thread.id}/messages`;
    await ada.refused(
        'POST',
        path,
        { nonce: randomUUID(), content: 'x'.repeat(5000) },
        507,
        'storage_full',
    );
    const edit = { messageId: acknowledged[0].id, content: 'y'.repeat(5000) };
    assert.equal((await adas.refused('message:edit', edit)).code, 'storage_full');

    assert.deepEqual(
        await everything(bob, thread),
        acknowledged,
        'what was refused is not there, what was not is',
    );
    await bobs.waitFor({ type: 'message:new', message: { id: acknowledged.at(-1).id } });
    assert.deepEqual(
        bobs.received('message:new').map(({ message }) => message),
        acknowledged,
    );
    const again = await bob.connect();
    const joined = await again.request('thread:join', { threadId: thread.id });
    assert.deepEqual(joined.messages.at(-1), acknowledged.at(-1));
    assert.equal((await ada.http('GET', '/healthz')).status, 200);

    rmSync(ballast);
    const retried = await until(async () => {
        const answer = await adas.ask('message:send', refused[0]);
        return answer.type === 'message:sent' ? answer.message : undefined;
    }, 'a send after room was made');
    assert.equal(retried.seq, acknowledged.length + 1, 'no seq was used up by what was refused');
    acknowledged.push(retried);
    for (const fields of refused.slice(1, 20)) {
        acknowledged.push((await adas.request('message:send', fields)).message);
    }
    const live = await again.waitFor({
        type: 'message:new',
        message: { id: acknowledged.at(-1).id },
    });
    assert.equal(live.rev, acknowledged.at(-1).rev);

    await server.restart();
    assert.deepEqual(await everything(bob, thread), acknowledged);
    await ada.send(thread, 'and on');
});
