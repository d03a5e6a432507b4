import type { WindowEngine, WindowRow } from './engine.ts';

/** The element of a row that takes the focus. */
const focusable = ':scope > [data-focus]';

/**
 * One tab stop for the whole list: the arrow keys, Home, End and the page keys move among its rows. What is inside a
 * row is reached from it with Tab; Escape leads back to the row.
 */
export class Roving<Row extends WindowRow> {
    readonly #list: HTMLElement;
    readonly #scroller: HTMLElement;
    readonly #engine: WindowEngine<Row>;
    readonly #other: (event: KeyboardEvent, key: string) => void;
    readonly #stopped = new AbortController();

    constructor(
        list: HTMLElement,
        scroller: HTMLElement,
        engine: WindowEngine<Row>,
        other: (event: KeyboardEvent, key: string) => void,
    ) {
        this.#list = list;
        this.#scroller = scroller;
        this.#engine = engine;
        this.#other = other;
        const signal = this.#stopped.signal;
        list.addEventListener('keydown', (event) => this.#key(event), { signal });
        list.addEventListener('focusin', (event) => this.#focused(event), { signal });
        list.addEventListener('focusout', (event) => this.#left(event), { signal });
    }

    stop(): void {
        this.#stopped.abort();
    }

    /** Sees to it that exactly one row can be reached with Tab: the one that last had the focus, or the newest. */
    static settle(list: HTMLElement): void {
        if (list.querySelector(':scope > li > [data-focus][tabindex="0"]')) return;
        const last = list.lastElementChild?.querySelector<HTMLElement>(focusable);
        if (last) last.tabIndex = 0;
    }

    #focused(event: FocusEvent): void {
        const row = rowOf(event.target)?.querySelector<HTMLElement>(focusable);
        if (!row) return;
        for (const other of this.#list.querySelectorAll<HTMLElement>(
            ':scope > li > [data-focus][tabindex="0"]',
        ))
            other.tabIndex = -1;
        row.tabIndex = 0;
    }

    #left(event: FocusEvent): void {
        if (!(event.relatedTarget instanceof Node && this.#list.contains(event.relatedTarget)))
            this.#engine.releaseFocus();
    }

    #key(event: KeyboardEvent): void {
        const row = rowOf(event.target);
        if (!row || event.defaultPrevented) return;
        const self = row.querySelector<HTMLElement>(focusable);
        if (event.target !== self) {
            if (event.key !== 'Escape' || isTyping(event.target)) return;
            self?.focus();
            event.preventDefault();
            event.stopPropagation();
            return;
        }
        if (event.altKey || event.ctrlKey || event.metaKey || !this.#move(event.key, row)) {
            this.#other(event, row.dataset['key'] ?? '');
            return;
        }
        event.preventDefault();
    }

    #move(key: string, row: HTMLElement): boolean {
        switch (key) {
            case 'ArrowUp':
                return focus(row.previousElementSibling);
            case 'ArrowDown':
                return focus(row.nextElementSibling);
            case 'Home':
                return focus(this.#list.firstElementChild);
            case 'End':
                this.#engine.toEnd();
                requestAnimationFrame(() => focus(this.#list.lastElementChild));
                return true;
            case 'PageUp':
            case 'PageDown':
                return this.#page(key === 'PageUp' ? -1 : 1, row);
            default:
                return false;
        }
    }

    #page(way: -1 | 1, from: HTMLElement): boolean {
        const goal = this.#scroller.clientHeight * 0.85;
        const start = from.getBoundingClientRect().top;
        let row = from;
        for (;;) {
            const next = way < 0 ? row.previousElementSibling : row.nextElementSibling;
            if (!(next instanceof HTMLElement)) break;
            row = next;
            if (Math.abs(row.getBoundingClientRect().top - start) >= goal) break;
        }
        return focus(row);
    }
}

function focus(row: Element | null): boolean {
    const target = row?.querySelector<HTMLElement>(focusable);
    target?.focus();
    return true;
}

function rowOf(target: EventTarget | null): HTMLElement | null {
    return target instanceof Element ? target.closest<HTMLElement>('li[data-key]') : null;
}

const isTyping = (target: EventTarget | null) =>
    target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
