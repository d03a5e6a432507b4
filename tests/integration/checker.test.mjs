// The checkers of the crash and the order test find what they are for: each planted history is
// refused, the honest one is not.
import assert from 'node:assert/strict';
import test from 'node:test';

import { Record } from './lib/record.mjs';
import { View } from './lib/view.mjs';

const thread = { id: 't', rev: 0 };

/** A record of three sends of one author, of which the first two were acknowledged, and what is stored of them. */
function history() {
    const record = new Record([thread]);
    const sends = ['a', 'b', 'c'].map((nonce) => ({ nonce, thread, author: 0, content: nonce }));
    for (const send of sends) record.sending(send);
    const stored = sends.map(({ nonce, content }, index) => ({
        id: `id-${nonce}`,
        seq: index + 1,
        rev: index + 1,
        nonce,
        content,
    }));
    for (const index of [0, 1]) record.answered(sends[index], stored[index]);
    const check = (messages, delivered = []) => {
        record.changed(
            't',
            messages,
            { seq: messages.length, rev: messages.at(-1)?.rev ?? 0 },
            false,
        );
        return record.settle(
            new Map([['t', new Map(delivered.map((message) => [message.rev, message]))]]),
        );
    };
    return { record, sends, stored, check };
}

test('a history without loss passes, and tells what was in flight from what was only not acknowledged', () => {
    const kept = history();
    assert.deepEqual(kept.check(kept.stored).unheard, [kept.sends[2]]);
    assert.equal(kept.record.counts.committedUnacknowledged, 1);
    const lost = history();
    assert.deepEqual(lost.check(lost.stored.slice(0, 2)).lost, [lost.sends[2]]);
    assert.equal(lost.record.counts.inFlight, 1);
});

const planted = {
    'an acknowledged message that is not stored': [([a]) => [a], /acknowledged and lost/],
    'an acknowledged message stored as another': [
        ([a, b]) => [a, { ...b, id: 'other' }],
        /deep-equal/,
    ],
    'a nonce stored twice': [([a, b]) => [a, b, { ...b, id: 'again', seq: 3, rev: 3 }], /doubled/],
    'a gap in seq': [([a, b]) => [a, { ...b, seq: 3 }], /seq/],
    'a gap in rev': [([a, b]) => [a, { ...b, rev: 3 }], /rev/],
    'a message that nobody sent': [
        ([a, b]) => [a, b, { ...b, nonce: 'x', seq: 3, rev: 3 }],
        /nobody sent/,
    ],
    'content that nobody wrote': [([a, b]) => [a, { ...b, content: 'half' }], /nobody wrote/],
    'sends of one connection in another order': [
        ([a, b]) => [
            { ...b, seq: 1, rev: 1 },
            { ...a, seq: 2, rev: 2 },
        ],
        /reordered/,
    ],
};
for (const [name, [change, message]] of Object.entries(planted)) {
    test(`${name} is found`, () => {
        const { stored, check } = history();
        assert.throws(() => check(change(stored)), message);
    });
}

test('a message that was delivered and is not stored is found', () => {
    const { stored, check } = history();
    assert.throws(() => check(stored.slice(0, 2), stored), /delivered and lost/);
});

test('a lost send that comes back by itself, and a retry that makes another message, are found', () => {
    const { record, sends, stored, check } = history();
    check(stored.slice(0, 2));
    assert.throws(() => record.changed('t', [stored[2]], { seq: 3, rev: 3 }, false), /came back/);
    const other = history();
    other.check(other.stored);
    other.record.sending(other.sends[2]);
    assert.throws(
        () => other.record.answered(other.sends[2], { ...other.stored[2], id: 'x' }),
        /another message/,
    );
    assert.equal(sends.length, 3);
});

test('an acknowledged edit that is not stored is found', () => {
    const { record, stored, check } = history();
    check(stored);
    record.editing('id-a', 'edited');
    record.edited({ id: 'id-a', rev: 4, content: 'edited' });
    assert.throws(() => record.checkEdits(), /edit is lost/);
});

/** What a session is told of a thread of three messages, the second of which is edited. */
function told() {
    const message = (seq, rev, content) => ({
        id: `id-${seq}`,
        nonce: `${seq}`,
        seq,
        rev,
        content,
        reactions: [],
    });
    const event = (type, one) => ({ type, rev: one.rev, message: one });
    const joined = (messages, rev, seq) => ({
        messages,
        rev,
        thread: { seq },
        complete: true,
        reset: false,
    });
    const [a, b, edited, c] = [
        message(1, 1, 'a'),
        message(2, 2, 'b'),
        message(2, 3, 'edited'),
        message(3, 4, 'c'),
    ];
    const view = new View(0);
    return { view, a, b, edited, c, event, joined };
}

test('a copy of joins and events without loss is the history', () => {
    const { view, a, b, edited, c, event, joined } = told();
    view.joined(joined([a], 1, 1), 0);
    view.event(event('message:new', b));
    view.joined(joined([edited], 3, 2), 2);
    view.event(event('message:new', c));
    view.compare([a, edited, c], 4);
});

const misled = {
    'an event that is skipped': ({ view, a, edited, event, joined }) => {
        view.joined(joined([a], 1, 1), 0);
        view.event(event('message:update', edited));
    },
    'an event that comes twice': ({ view, a, b, event, joined }) => {
        view.joined(joined([a], 1, 1), 0);
        view.event(event('message:new', b));
        view.event(event('message:new', b));
    },
    'an event before the join': ({ view, a, event }) => view.event(event('message:new', a)),
    'a gap in seq': ({ view, b, event, joined }) => {
        view.joined(joined([], 0, 0), 0);
        view.event(event('message:new', { ...b, rev: 1 }));
    },
    'a resume that lacks its last change': ({ view, a, b, joined }) =>
        view.joined(joined([a, b], 3, 2), 0),
    'a resume that goes back': ({ view, a, b, edited, joined }) => {
        view.joined(joined([a, edited], 3, 2), 0);
        view.joined(joined([a, b], 2, 2), 0);
    },
    'a change that comes twice in one answer': ({ view, a, joined }) =>
        view.joined(joined([a, a], 1, 1), 0),
    'another state of the same rev': ({ view, a, b, joined }) => {
        view.joined(joined([a, b], 2, 2), 0);
        view.joined(joined([{ ...b, content: 'other' }], 2, 2), 1);
    },
    'a copy that lacks a change': ({ view, a, b, edited, joined }) => {
        view.joined(joined([a, b], 2, 2), 0);
        view.compare([a, edited], 2);
    },
    'a copy that lacks a message': ({ view, a, b, joined }) => {
        view.joined(joined([b], 2, 2), 0);
        view.compare([a, b], 2);
    },
};
for (const [name, play] of Object.entries(misled)) {
    test(`${name} is found`, () => assert.throws(() => play(told()), assert.AssertionError));
}
