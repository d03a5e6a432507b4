import { type ReadonlySignal, signal } from '../ui/runtime.ts';
import { Place } from './place.ts';
import { around, type Direction, follow, newest, type Span, step } from './span.ts';

/** A row of the list: the key is its identity, the object itself changes when what it shows does. */
export interface WindowRow {
    readonly key: string;
}

/** Where the loaded rows end, and who fetches more of them. */
export interface Source<Row extends WindowRow> {
    readonly rows: readonly Row[];
    readonly atStart: boolean;
    readonly atEnd: boolean;
    older(): void;
    newer(): void;
}

/** The keys of the first and last row that can be seen. */
export interface Seen {
    readonly first: string;
    readonly last: string;
    readonly pinned: boolean;
}

interface Goal {
    readonly key: string;
    readonly block: 'center' | 'start';
    readonly flash: boolean;
}

/** Who is this near to the end stays at it. */
const pinnedWithin = 48;
/** More rows are asked for when so few are left in memory. */
const rowsAhead = 40;
const flashMs = 1600;

/**
 * Keeps a bounded window of rows in a `column-reverse` scroller, whose zero is the end: what comes in above, and what
 * grows anywhere, leaves the reader where they are. It renders nothing: `redraw` is asked to, `take` says which rows,
 * and `committed` is to be called when they stand in the document.
 */
export class WindowEngine<Row extends WindowRow> {
    /** Whether the newest row is in view, and new ones will be. */
    readonly pinned: ReadonlySignal<boolean>;
    redraw: () => void = () => {};
    onSeen: (seen: Seen) => void = () => {};

    readonly #pinned = signal(true);
    #source: Source<Row> = { rows: [], atStart: true, atEnd: true, older() {}, newer() {} };
    #span: Span = { start: 0, end: 0 };
    #place: Place | null = null;
    #goal: Goal | null = null;
    #kept: string | null = null;
    #direction: Direction = 'none';
    #frame = 0;

    constructor() {
        this.pinned = this.#pinned;
    }

    attach(scroller: HTMLElement, list: HTMLElement): () => void {
        const place = new Place(scroller, list, () => this.#pinned.peek());
        this.#place = place;
        const scrolled = () => this.#scrolled();
        scroller.addEventListener('scroll', scrolled, { passive: true });
        const stop = place.watch();
        return () => {
            scroller.removeEventListener('scroll', scrolled);
            stop();
            cancelAnimationFrame(this.#frame);
            this.#place = null;
        };
    }

    /** The rows to draw, in order; `away` is one that is only kept because it has the focus. */
    take(source: Source<Row>): { rows: readonly Row[]; before: Row | null; after: Row | null } {
        const { rows } = source;
        if (rows !== this.#source.rows) {
            const stays = follow(this.#span, this.#source.rows, rows, this.#pinned.peek());
            this.#source = source;
            this.#span = this.#towardsGoal(stays ?? newest(rows.length));
            this.#keepFocused(this.#span);
        }
        this.#source = source;
        const kept = this.#kept === null ? -1 : rows.findIndex((row) => row.key === this.#kept);
        return {
            rows: rows.slice(this.#span.start, this.#span.end),
            before: (kept >= 0 && kept < this.#span.start && rows[kept]) || null,
            after: (kept >= this.#span.end && rows[kept]) || null,
        };
    }

    /** The drawn rows stand in the document, and nothing is painted yet. */
    committed(): void {
        const place = this.#place;
        if (!place) return;
        if (this.#goal) this.#reach(this.#goal, place);
        else if (this.#pinned.peek()) place.toEnd();
        else place.hold('commit');
        place.remember();
        this.#soon();
    }

    /** Goes to the newest of the loaded rows. */
    toEnd(): void {
        this.#goal = null;
        this.#direction = 'none';
        this.#pinned.value = this.#source.atEnd;
        this.#span = newest(this.#source.rows.length);
        this.#place?.toEnd();
        this.redraw();
    }

    /** Goes to a row, as soon as it is loaded; false if it isn't yet. */
    toRow(key: string, { block = 'center', flash = false }: Partial<Omit<Goal, 'key'>> = {}): boolean {
        this.#goal = { key, block, flash };
        this.#direction = 'none';
        this.#pinned.value = false;
        this.#span = this.#towardsGoal(this.#span);
        this.redraw();
        return this.#source.rows.some((row) => row.key === key);
    }

    /** A row that had the focus is let go, so that it needs no place any more. */
    releaseFocus(): void {
        if (this.#kept === null) return;
        this.#kept = null;
        this.redraw();
    }

    #towardsGoal(span: Span): Span {
        const { rows } = this.#source;
        const index = this.#goal ? rows.findIndex((row) => row.key === this.#goal?.key) : -1;
        const there = index < 0 || (index >= span.start && index < span.end);
        return there ? span : around(index, rows.length);
    }

    #reach(goal: Goal, place: Place): void {
        const row = place.row(goal.key);
        if (!row) return;
        this.#goal = null;
        place.show(row, goal.block);
        this.#settlePinned();
        if (!goal.flash) return;
        row.dataset['flash'] = '';
        setTimeout(() => delete row.dataset['flash'], flashMs);
    }

    #scrolled(): void {
        const moved = this.#place?.moved() ?? 0;
        if (moved !== 0) this.#direction = moved < 0 ? 'up' : 'down';
        this.#settlePinned();
        this.#place?.remember();
        this.#soon();
    }

    #settlePinned(): void {
        const atEnd = this.#source.atEnd && this.#span.end === this.#source.rows.length;
        this.#pinned.value = atEnd && (this.#place?.fromEnd() ?? 0) <= pinnedWithin;
    }

    /** At most one step in a frame, so that no frame is late for it. */
    #soon(): void {
        cancelAnimationFrame(this.#frame);
        this.#frame = requestAnimationFrame(() => this.#check());
    }

    #check(): void {
        const place = this.#place;
        if (!place || this.#source.rows.length === 0) return;
        const seen = place.seen();
        if (seen) this.onSeen({ ...seen, pinned: this.#pinned.peek() });
        const next = step(this.#span, this.#source.rows.length, place.measure(), this.#direction);
        this.#askForMore(next);
        if (next === this.#span) return;
        this.#keepFocused(next);
        this.#span = next;
        this.redraw();
    }

    #askForMore(span: Span): void {
        const { rows, atStart, atEnd } = this.#source;
        if (!atStart && span.start < rowsAhead) this.#source.older();
        if (!atEnd && rows.length - span.end < rowsAhead) this.#source.newer();
    }

    #keepFocused(next: Span): void {
        const key = this.#place?.focusedKey() ?? null;
        const index = key === null ? -1 : this.#source.rows.findIndex((row) => row.key === key);
        this.#kept = index >= 0 && (index < next.start || index >= next.end) ? key : null;
    }
}
