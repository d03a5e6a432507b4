import { describe, expect, test } from 'vitest';
import { FakeServer } from '../test/support/fake-server.ts';
import { MessageWindow, windowLimit } from './window.ts';

const server = new FakeServer(() => 0);
const messages = Array.from({ length: 1_200 }, (_, index) => server.post(`m${index + 1}`));
const [first, ...rest] = messages;
if (!first) throw new Error('there are messages');

describe('a window', () => {
    test('keeps the newer of two copies, in whatever order they come', () => {
        const window = new MessageWindow();
        const newer = { ...first, rev: first.rev + 10, content: 'newer' };
        window.replace([first], { atStart: true, atEnd: true });
        window.put(newer);
        window.update(first);
        window.put(first);
        expect(window.find(1)?.content).toBe('newer');
    });

    test('adds what is new at its end only where it is at the end of the thread', () => {
        const window = new MessageWindow();
        window.replace(rest.slice(0, 3), { atStart: false, atEnd: false });
        expect(window.put(rest[5] ?? first)).toBe(false);
        expect(window.messages).toHaveLength(3);
    });

    test('takes no more than its limit, and knows which end it gave up', () => {
        const window = new MessageWindow();
        window.replace(messages.slice(0, 990), { atStart: true, atEnd: true });
        for (const message of messages.slice(990, 1_010)) window.put(message);
        expect(window.messages).toHaveLength(windowLimit);
        expect(window).toMatchObject({ atStart: false, atEnd: true, firstSeq: 11, lastSeq: 1_010 });
        window.addOlder(messages.slice(0, 10), true);
        expect(window).toMatchObject({ atStart: true, atEnd: false, firstSeq: 1, lastSeq: 1_000 });
    });

    test('passes over what a page repeats', () => {
        const window = new MessageWindow();
        window.replace(messages.slice(10, 20), { atStart: false, atEnd: false });
        window.addOlder(messages.slice(5, 15), false);
        window.addNewer(messages.slice(15, 25), false);
        expect(window.messages).toEqual(messages.slice(5, 25));
    });
});
