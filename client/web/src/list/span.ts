// Which rows of a long list stand in the document: plain arithmetic, without a browser.

/** Rows [start, end) of the list. */
export interface Span {
    readonly start: number;
    readonly end: number;
}

/** What was measured of the rows in the document. */
export interface Measure {
    /** Pixels of rows above and below what is seen. */
    readonly above: number;
    readonly below: number;
    /** Pixels that are seen. */
    readonly view: number;
    /** How many rows lie wholly beyond what is seen by more than `reach` pixels. */
    spare(side: 'above' | 'below', reach: number): number;
}

export type Direction = 'up' | 'down' | 'none';

/** Rows in the document when it is calm; never more than `rowsMax`. */
export const rowsUsual = 120;
export const rowsMax = 160;
/** Rows that come or go in one step, so that a step fits into one frame. */
export const rowsPage = 16;
/** Rows are fetched when fewer pixels than this are left to scroll. */
export const reachMost = 2500;

/** How far ahead rows are kept. Short rows keep less, or both ends would fetch and trim each other's for ever. */
export function reachOf(measure: Measure, count: number): number {
    const average = (measure.above + measure.view + measure.below) / Math.max(count, 1);
    const spare = (rowsUsual * average - measure.view) / 3;
    return Math.min(reachMost, Math.max(measure.view / 2, spare));
}

/** The next span, one step at most; the same object if nothing has to change. */
export function step(span: Span, total: number, measure: Measure, direction: Direction): Span {
    const reach = reachOf(measure, span.end - span.start);
    const up = span.start > 0 && measure.above < reach && direction !== 'down';
    const down = span.end < total && measure.below < reach && direction !== 'up';
    if (up && (!down || measure.above < measure.below)) return grow(span, measure, reach, 'above', total);
    if (down) return grow(span, measure, reach, 'below', total);
    return span;
}

function grow(span: Span, measure: Measure, reach: number, side: 'above' | 'below', total: number): Span {
    const other = side === 'above' ? 'below' : 'above';
    const room = rowsMax - (span.end - span.start);
    const surplus = span.end - span.start + rowsPage - rowsUsual;
    const trimmed = Math.max(0, Math.min(surplus, measure.spare(other, reach)));
    const page = Math.min(rowsPage, room + trimmed);
    if (page <= 0) return span;
    if (side === 'above') {
        const start = Math.max(0, span.start - page);
        return { start, end: span.end - Math.min(trimmed, surplusOf(span.end - start)) };
    }
    const end = Math.min(total, span.end + page);
    return { start: span.start + Math.min(trimmed, surplusOf(end - span.start)), end };
}

const surplusOf = (count: number) => Math.max(0, count - rowsUsual);

/** The newest rows. */
export function newest(total: number): Span {
    return { start: Math.max(0, total - rowsUsual), end: total };
}

/** Rows on both sides of one. */
export function around(index: number, total: number): Span {
    const start = Math.max(0, Math.min(index - rowsUsual / 2, total - rowsUsual));
    return { start, end: Math.min(total, start + rowsUsual) };
}

/**
 * The span after the list itself changed: it keeps its rows, found by their keys. `pinned` keeps the newest. Null if
 * the rows are gone, as after a jump.
 */
export function follow(
    span: Span,
    before: readonly { key: string }[],
    after: readonly { key: string }[],
    pinned: boolean,
): Span | null {
    const first = firstThatStays(span, before, after);
    if (first === null) return null;
    const start = first.after - (first.before - span.start);
    if (pinned) {
        const from = Math.max(0, start);
        return after.length - from > rowsMax ? newest(after.length) : { start: from, end: after.length };
    }
    const wasAtEnd = span.end === before.length;
    const end = wasAtEnd
        ? Math.min(after.length, Math.max(0, start) + rowsMax)
        : Math.min(after.length, start + (span.end - span.start));
    return { start: Math.max(0, start), end: Math.max(end, Math.max(0, start)) };
}

function firstThatStays(span: Span, before: readonly { key: string }[], after: readonly { key: string }[]) {
    const places = new Map(after.map((row, index) => [row.key, index]));
    for (let at = span.start; at < span.end; at++) {
        const key = before[at]?.key;
        const place = key === undefined ? undefined : places.get(key);
        if (place !== undefined) return { before: at, after: place };
    }
    return null;
}
