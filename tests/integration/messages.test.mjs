// One message at a time: what may be in it, editing, deleting, quoting, mentions; over the socket
// and over HTTP.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';

import { people, startServer } from './harness.mjs';

const server = await startServer();
const [ada, bob, eve] = await people(server, 'p', 3);
const thread = await ada.channel();
await bob.join(thread);
const adas = await ada.joined(thread);
const bobs = await bob.connect();
const { rev: bobsFirst } = await bobs.request('thread:join', { threadId: thread.id });
test.after(() => Promise.all([adas.close(), bobs.close()]));

const nowhere = '01900000-0000-7000-8000-000000000000';
const send = (fields) =>
    adas.request('message:send', {
        threadId: thread.id,
        nonce: randomUUID(),
        content: 'x',
        ...fields,
    });
const path = (message) => `/api/messages/${message.id}`;

/** What bob is told of `during`, until a marker that ada sends, which is left out. */
async function toldBob(during) {
    // What was sent before may still be on its way to him.
    const { rev } = await ada.thread(thread);
    if (rev > bobsFirst) await bobs.waitFor({ rev });
    const from = bobs.log.length;
    await during();
    const { message } = await send({ content: 'marker' });
    await bobs.waitFor({ type: 'message:new', message: { id: message.id } }, { from });
    return bobs.log
        .slice(from)
        .filter((frame) => frame.type.startsWith('message:') && frame.message.id !== message.id);
}

/** Sends over both transports, which must be refused alike and store nothing. */
async function refusedTwice(fields, status, code) {
    const { seq } = await ada.thread(thread);
    const body = { nonce: randomUUID(), content: 'x', ...fields };
    await ada.refused('POST', `/api/threads/${thread.id}/messages`, body, status, code);
    const error = await adas.refused('message:send', { threadId: thread.id, ...body });
    assert.equal(error.code, code);
    assert.equal(typeof error.detail, 'string');
    assert.equal((await ada.thread(thread)).seq, seq);
}

test('content has 1 to 10,000 bytes, whatever the characters', async () => {
    for (const content of [
        'a',
        'a'.repeat(10_000),
        'é'.repeat(5_000),
        '🌍'.repeat(2_500),
        '\n\t',
        '\\"\\/',
    ]) {
        const { message } = await send({ content });
        assert.equal(message.content, content, 'stored as sent');
        assert.equal((await ada.ok('GET', path(message))).content, content);
    }
    await refusedTwice({ content: '' }, 400, 'bad_request');
    for (const content of ['a'.repeat(10_001), 'é'.repeat(5_001), '€'.repeat(3_334)]) {
        await refusedTwice({ content }, 413, 'too_large');
    }
});

const malformed = [
    [{ content: 7 }, 'content that is a number'],
    [{ content: null }, 'content that is null'],
    [{ content: ['x'] }, 'content that is a list'],
    [{ content: undefined }, 'no content'],
    [{ content: 'a\u0000b' }, 'NUL in the content'],
    [{ content: '\ud800' }, 'a lone high surrogate'],
    [{ content: 'x\udc00y' }, 'a lone low surrogate'],
    [{ nonce: undefined }, 'no nonce'],
    [{ nonce: 'abc' }, 'a nonce that is no UUID'],
    [{ nonce: 7 }, 'a nonce that is a number'],
    [{ nonce: '' }, 'an empty nonce'],
    [{ nonce: `${nowhere}0` }, 'a nonce that is too long'],
    [{ attachments: 'x' }, 'attachments that are no list'],
    [{ attachments: [7] }, 'an attachment that is a number'],
    [{ replyTo: 'x' }, 'a quoted message that is no id'],
    [{ replyTo: 7 }, 'a quoted message that is a number'],
];
for (const [fields, what] of malformed) {
    test(`a message with ${what} is refused with bad_request`, () =>
        refusedTwice(fields, 400, 'bad_request'));
}

for (const field of ['seq', 'rev', 'authorId', 'createdAt', 'mentions', 'id2', '__proto__x']) {
    test(`the unknown member ${field} is refused with unknown_field`, () =>
        refusedTwice({ [field]: 'x' }, 400, 'unknown_field'));
}

test('a raw NUL byte or a raw control character in JSON is refused', async () => {
    for (const raw of ['\u0000', '\n', '\u001f']) {
        const body = `{"nonce":"${randomUUID()}","content":"a${raw}b"}`;
        await ada.refused('POST', `/api/threads/${thread.id}/messages`, body, 400, 'bad_request');
    }
});

test('over HTTP a message is sent, read, edited and deleted as over the socket', async () => {
    const told = await toldBob(async () => {
        const sent = await ada.send(thread, 'by HTTP');
        assert.deepEqual(await bob.ok('GET', path(sent)), sent);
        const edited = await ada.ok('PATCH', path(sent), { content: 'changed by HTTP' });
        assert.deepEqual(
            [edited.id, edited.seq, edited.content],
            [sent.id, sent.seq, 'changed by HTTP'],
        );
        assert.equal(edited.rev, sent.rev + 1);
        const gone = await ada.http('DELETE', path(sent));
        assert.ok([200, 204].includes(gone.status), gone.text);
    });
    assert.deepEqual(
        told.map(({ type }) => type),
        ['message:new', 'message:update', 'message:update'],
    );
    assert.ok(told[2].message.deletedAt);
});

test('an edit takes a rev, keeps seq and time, and says when', async () => {
    const { message } = await send({ content: 'before' });
    const told = await toldBob(async () => {
        const { message: edited } = await adas.request('message:edit', {
            messageId: message.id,
            content: 'after',
        });
        assert.deepEqual(
            { ...edited, rev: 0, editedAt: 0 },
            { ...message, content: 'after', rev: 0, editedAt: 0 },
        );
        assert.equal(edited.rev, message.rev + 1);
        assert.ok(Date.parse(edited.editedAt) >= Date.parse(message.createdAt));
    });
    assert.equal(told.length, 1);
    assert.deepEqual(
        [told[0].type, told[0].rev, told[0].message.content],
        ['message:update', message.rev + 1, 'after'],
    );
});

test('an edit that changes nothing takes no rev and tells nobody', async () => {
    const { message } = await send({ content: 'same' });
    const told = await toldBob(async () => {
        const { message: answer } = await adas.request('message:edit', {
            messageId: message.id,
            content: 'same',
        });
        assert.deepEqual(answer, message);
        assert.deepEqual(await ada.ok('PATCH', path(message), { content: 'same' }), message);
    });
    assert.deepEqual(told, []);
    assert.equal((await ada.thread(thread)).rev, message.rev + 1, 'only the marker took one');
});

test('an edit with an ifRev that is out of date is a conflict and changes nothing', async () => {
    const { message } = await send({ content: 'one' });
    const edit = { messageId: message.id, content: 'two', ifRev: message.rev };
    const { message: edited } = await adas.request('message:edit', edit);
    assert.equal(
        (await adas.refused('message:edit', { ...edit, content: 'three' })).code,
        'conflict',
    );
    await ada.refused(
        'PATCH',
        path(message),
        { content: 'three', ifRev: message.rev },
        409,
        'conflict',
    );
    assert.deepEqual(await ada.ok('GET', path(message)), edited);
});

test('an edit is held to what a message is held to', async () => {
    const { message } = await send({ content: 'good' });
    const refused = [
        [{ content: '' }, 400, 'bad_request'],
        [{ content: 'a\u0000' }, 400, 'bad_request'],
        [{ content: 'a'.repeat(10_001) }, 413, 'too_large'],
        [{}, 400, 'bad_request'],
        [{ content: 'x', ifRev: -1 }, 400, 'bad_request'],
        [{ content: 'x', ifRev: '1' }, 400, 'bad_request'],
        [{ content: 'x', authorId: bob.id }, 400, 'unknown_field'],
    ];
    for (const [body, status, code] of refused) {
        await ada.refused('PATCH', path(message), body, status, code);
        assert.equal(
            (await adas.refused('message:edit', { messageId: message.id, ...body })).code,
            code,
        );
    }
    assert.deepEqual(await ada.ok('GET', path(message)), message);
});

test("only the author edits, and only the author or the thread's owner deletes", async () => {
    const { message } = await send({ content: 'of ada' });
    assert.equal(
        (await bobs.refused('message:edit', { messageId: message.id, content: 'of bob' })).code,
        'forbidden',
    );
    await bob.refused('PATCH', path(message), { content: 'of bob' }, 403, 'forbidden');
    assert.equal(
        (await bobs.refused('message:delete', { messageId: message.id })).code,
        'forbidden',
    );
    await bob.refused('DELETE', path(message), undefined, 403, 'forbidden');
    const ofBob = await bob.send(thread, 'of bob');
    assert.equal(
        (await adas.refused('message:edit', { messageId: ofBob.id, content: 'x' })).code,
        'forbidden',
    );
    assert.ok((await adas.request('message:delete', { messageId: ofBob.id })).message.deletedAt);
});

test('a deleted message stays as an empty tombstone with its seq, and deleting again changes nothing', async () => {
    const { message } = await send({ content: `bye <@${bob.id}>` });
    await bobs.request('reaction:add', { messageId: message.id, emoji: '👋' });
    let gone;
    const told = await toldBob(async () => {
        ({ message: gone } = await adas.request('message:delete', { messageId: message.id }));
        assert.deepEqual(
            (await adas.request('message:delete', { messageId: message.id })).message,
            gone,
        );
    });
    assert.deepEqual(
        [gone.id, gone.seq, gone.content, gone.attachments, gone.mentions],
        [message.id, message.seq, '', [], []],
    );
    assert.ok(gone.deletedAt);
    assert.equal(told.length, 1);
    assert.equal(told[0].message.content, '');
    const { items } = await bob.history(thread, `?around=${message.seq}`);
    assert.equal(items.find(({ id }) => id === message.id).content, '');
    assert.equal(
        (await adas.ask('message:edit', { messageId: message.id, content: 'back' })).type,
        'error',
    );
    assert.equal(
        (await adas.ask('reaction:add', { messageId: message.id, emoji: '👍' })).type,
        'error',
    );
    assert.equal((await ada.ok('GET', path(message))).content, '');
});

test('a message may quote one of the same thread and no other', async () => {
    const { message: first } = await send({ content: 'quoted' });
    const { message: reply } = await send({ content: 'quoting', replyTo: first.id });
    assert.equal(reply.replyTo, first.id);
    const elsewhere = await ada.send(await ada.channel(), 'elsewhere');
    for (const replyTo of [elsewhere.id, nowhere]) {
        const { code } = await adas.refused('message:send', {
            threadId: thread.id,
            nonce: randomUUID(),
            content: 'x',
            replyTo,
        });
        assert.ok(['bad_request', 'not_found'].includes(code), code);
    }
});

test('mentions are filled from the content, for members only', async () => {
    const mentions = async (content) => (await send({ content })).message.mentions;
    assert.deepEqual(await mentions(`<@${bob.id}> and <@${bob.id}>`), [bob.id]);
    assert.deepEqual((await mentions(`<@${bob.id}> <@${ada.id}>`)).sort(), [ada.id, bob.id].sort());
    assert.deepEqual(await mentions(`<@${eve.id}> <@${nowhere}> <@x> <@ ${bob.id}> @p1`), []);
    assert.deepEqual(await mentions('<!channel>'), ['all']);
    assert.deepEqual(await mentions('<!here> now'), ['all']);
    const { message } = await send({ content: 'nobody' });
    const { message: edited } = await adas.request('message:edit', {
        messageId: message.id,
        content: `<@${bob.id}>`,
    });
    assert.deepEqual(edited.mentions, [bob.id]);
});

test('an attachment that does not exist is refused', async () => {
    const { code } = await adas.refused('message:send', {
        threadId: thread.id,
        nonce: randomUUID(),
        content: 'x',
        attachments: [nowhere],
    });
    assert.ok(['bad_request', 'not_found'].includes(code), code);
    const eleven = Array.from({ length: 11 }, () => nowhere);
    await refusedTwice({ attachments: eleven }, 413, 'too_large');
});

test('writing needs membership, and a refused send stores nothing', async () => {
    const eves = await eve.connect();
    const { seq } = await ada.thread(thread);
    const fields = { threadId: thread.id, nonce: randomUUID(), content: 'x' };
    assert.equal((await eves.refused('message:send', fields)).code, 'forbidden');
    assert.equal((await ada.thread(thread)).seq, seq);
    await eves.close();
});
