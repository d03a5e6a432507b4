import type { Measure } from './span.ts';

/** Engines without scroll anchoring (WebKit) move what is seen when rows come or go below it. */
const anchored = typeof CSS !== 'undefined' && CSS.supports('overflow-anchor', 'auto');

/** What the window engine knows of the document: where things are, and how to move there. */
export class Place {
    readonly #scroller: HTMLElement;
    readonly #list: HTMLElement;
    readonly #isPinned: () => boolean;
    #anchor: { row: HTMLElement; top: number } | null = null;
    #lastTop = 0;

    constructor(scroller: HTMLElement, list: HTMLElement, isPinned: () => boolean) {
        this.#scroller = scroller;
        this.#list = list;
        this.#isPinned = isPinned;
    }

    /** Keeps the reader's place when the pane changes its height, or a row does where the engine doesn't. */
    watch(): () => void {
        const observer = new ResizeObserver((entries) => {
            const pane = entries.some((entry) => entry.target === this.#scroller);
            if (this.#isPinned()) this.toEnd();
            else this.hold(pane ? 'resize' : 'commit');
            this.remember();
        });
        observer.observe(this.#scroller);
        observer.observe(this.#list);
        return () => observer.disconnect();
    }

    row(key: string): HTMLElement | null {
        return this.#list.querySelector(`:scope > [data-key="${CSS.escape(key)}"]`);
    }

    /** Pixels between what is seen and the end; the scroller's zero is the end, and above it is negative. */
    fromEnd(): number {
        return -this.#scroller.scrollTop;
    }

    toEnd(): void {
        if (this.#scroller.scrollTop !== 0) this.#scroller.scrollTop = 0;
        this.#lastTop = 0;
    }

    show(row: HTMLElement, block: 'center' | 'start'): void {
        row.scrollIntoView({ block, behavior: 'instant' });
        this.#lastTop = this.#scroller.scrollTop;
    }

    /** How far the reader scrolled since the last call. */
    moved(): number {
        const moved = this.#scroller.scrollTop - this.#lastTop;
        this.#lastTop = this.#scroller.scrollTop;
        return moved;
    }

    /** Notes which row the reader is at, for `hold`. */
    remember(): void {
        const row = this.#rows()[this.#firstSeen()] ?? null;
        this.#anchor = row && { row, top: this.#topOf(row) };
    }

    /**
     * Puts the noted row back where it was. On a commit engines with scroll anchoring do that themselves, but for one
     * case: when the list became so short that they had to scroll, they lose the row.
     */
    hold(after: 'commit' | 'resize'): void {
        const clamped = this.#scroller.scrollTop !== this.#lastTop;
        if (after === 'commit' && anchored && !clamped) return;
        const anchor = this.#anchor;
        if (!anchor?.row.isConnected) return;
        const drift = this.#topOf(anchor.row) - anchor.top;
        if (Math.abs(drift) < 1) return;
        this.#scroller.scrollTop += drift;
        this.#lastTop = this.#scroller.scrollTop;
    }

    measure(): Measure {
        const view = this.#scroller.clientHeight;
        const pane = this.#scroller.getBoundingClientRect();
        const list = this.#list.getBoundingClientRect();
        return {
            above: Math.max(0, pane.top - list.top),
            below: Math.max(0, list.bottom - pane.bottom),
            view,
            spare: (side, reach) => this.#spare(side, reach),
        };
    }

    seen(): { first: string; last: string } | null {
        const rows = this.#rows();
        const first = rows[this.#firstSeen()]?.dataset['key'];
        const last = rows[this.#lastSeen()]?.dataset['key'];
        return first !== undefined && last !== undefined ? { first, last } : null;
    }

    focusedKey(): string | null {
        const active = document.activeElement;
        if (!active || !this.#list.contains(active)) return null;
        return active.closest<HTMLElement>('[data-key]')?.dataset['key'] ?? null;
    }

    #rows(): HTMLElement[] {
        return [...this.#list.children].filter(
            (row): row is HTMLElement => row instanceof HTMLElement && row.dataset['away'] === undefined,
        );
    }

    #topOf(row: HTMLElement): number {
        return row.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
    }

    #firstSeen(): number {
        const top = this.#scroller.getBoundingClientRect().top;
        return firstWhere(this.#rows(), (row) => row.getBoundingClientRect().bottom > top);
    }

    #lastSeen(): number {
        const bottom = this.#scroller.getBoundingClientRect().bottom;
        return firstWhere(this.#rows(), (row) => row.getBoundingClientRect().bottom > bottom + 1) - 1;
    }

    #spare(side: 'above' | 'below', reach: number): number {
        const rows = this.#rows();
        const pane = this.#scroller.getBoundingClientRect();
        if (side === 'above')
            return firstWhere(rows, (row) => row.getBoundingClientRect().bottom > pane.top - reach);
        return rows.length - firstWhere(rows, (row) => row.getBoundingClientRect().top > pane.bottom + reach);
    }
}

/** The index of the first for which `test` holds, where it holds for all after it; the length if for none. */
function firstWhere<T>(items: readonly T[], test: (item: T) => boolean): number {
    let low = 0;
    let high = items.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        const item = items[middle];
        if (item !== undefined && test(item)) high = middle;
        else low = middle + 1;
    }
    return low;
}
