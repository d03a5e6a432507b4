import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    around,
    follow,
    type Measure,
    newest,
    reachOf,
    rowsMax,
    rowsUsual,
    type Span,
    step,
} from './span.ts';

/** A list whose rows all have one height, scrolled so that `top` pixels of the whole lie above what is seen. */
function measured(span: Span, height: number, view: number, top: number): Measure {
    const above = Math.max(0, top - span.start * height);
    const below = Math.max(0, span.end * height - (top + view));
    return {
        above,
        below,
        view,
        spare: (side, reach) =>
            Math.max(0, Math.floor(((side === 'above' ? above : below) - reach) / height)),
    };
}

function settle(
    span: Span,
    total: number,
    height: number,
    view: number,
    top: number,
    way: 'up' | 'down' | 'none',
) {
    let now = span;
    for (let steps = 0; steps < 200; steps++) {
        const next = step(now, total, measured(now, height, view, top), way);
        if (next === now) return now;
        now = next;
    }
    throw new Error('the window does not come to rest');
}

describe('the window of rows', () => {
    it('comes to rest within its limit wherever one scrolls, with rows of any height', () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 16, max: 600 }),
                fc.integer({ min: 300, max: 2000 }),
                fc.integer({ min: 1, max: 5000 }),
                fc.array(fc.integer({ min: -1500, max: 1500 }), { maxLength: 60 }),
                (height, view, total, moves) => {
                    let span = newest(total);
                    let top = Math.max(0, total * height - view);
                    for (const move of moves) {
                        const lowest = Math.max(span.start * height, 0);
                        const highest = Math.max(lowest, span.end * height - view);
                        top = Math.min(highest, Math.max(lowest, top + move));
                        span = settle(span, total, height, view, top, move < 0 ? 'up' : 'down');
                        expect(span.end - span.start).toBeLessThanOrEqual(rowsMax);
                        // What is seen is always there.
                        expect(span.start * height).toBeLessThanOrEqual(Math.max(0, top));
                        expect(span.end * height).toBeGreaterThanOrEqual(
                            Math.min(total * height, top + view),
                        );
                    }
                },
            ),
        );
    });

    it('does not take from one end what the other then fetches again', () => {
        for (const height of [20, 26, 60, 300]) {
            const span = around(500, 1000);
            const top = ((span.start + span.end) / 2) * height;
            const rested = settle(span, 1000, height, 900, top, 'none');
            expect(step(rested, 1000, measured(rested, height, 900, top), 'none')).toBe(rested);
        }
    });

    it('keeps short rows less far ahead than tall ones', () => {
        const short = measured({ start: 0, end: 120 }, 20, 800, 800);
        const tall = measured({ start: 0, end: 120 }, 200, 800, 8000);
        expect(reachOf(short, 120)).toBeLessThan(600);
        expect(reachOf(tall, 120)).toBe(2500);
    });
});

const list = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({ key: String(from + index) }));

describe('a list that changes', () => {
    it('keeps the same rows when older ones come in front', () => {
        expect(follow({ start: 0, end: 50 }, list(100, 200), list(50, 200), false)).toEqual({
            start: 50,
            end: 100,
        });
    });

    it('keeps the reader where they are when newer ones come, up to the limit', () => {
        expect(follow({ start: 30, end: 150 }, list(0, 150), list(0, 155), false)).toEqual({
            start: 30,
            end: 155,
        });
        expect(follow({ start: 30, end: 150 }, list(0, 150), list(0, 900), false)).toEqual({
            start: 30,
            end: 190,
        });
    });

    it('shows the newest to who is at the end', () => {
        expect(follow({ start: 30, end: 150 }, list(0, 150), list(0, 160), true)).toEqual({
            start: 30,
            end: 160,
        });
        expect(follow({ start: 30, end: 150 }, list(0, 150), list(0, 300), true)).toEqual({
            start: 180,
            end: 300,
        });
    });

    it('says so when nothing of it is left', () => {
        expect(follow({ start: 0, end: 50 }, list(0, 50), list(900, 950), false)).toBeNull();
        expect(newest(500)).toEqual({ start: 500 - rowsUsual, end: 500 });
    });

    it('keeps its place when a row in front goes away', () => {
        expect(follow({ start: 10, end: 60 }, list(0, 100), list(5, 100), false)).toEqual({
            start: 5,
            end: 55,
        });
    });
});
