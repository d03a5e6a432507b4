// A page for the tests of the window engine: a list of made-up rows, and handles to change it with.
import '../../src/styles/base.css';
import '../../src/styles/tokens.css';
import { WindowEngine } from '../../src/list/engine.ts';
import { MessageWindow } from '../../src/list/MessageWindow.tsx';
import { render, signal } from '../../src/ui/runtime.ts';

interface Row {
    readonly key: string;
    readonly n: number;
    readonly lines: number;
    readonly image: boolean;
}

const total = 100_000;
const query = new URLSearchParams(location.search);
const memory = Number(query.get('memory') ?? 1000);

/** The same heights at every run: between one and nine lines, mostly short. */
const linesOf = (n: number) => 1 + ((n * 7919) % 100 < 70 ? (n * 31) % 2 : (n * 131) % 9);
const make = (n: number): Row => ({ key: `m${n}`, n, lines: linesOf(n), image: false });
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => make(from + at));

const rows = signal<readonly Row[]>(range(total - 200, total));
const newestOf = signal(total);
const height = signal(600);
const engine = new WindowEngine<Row>();
let asked = { older: 0, newer: 0 };

function older() {
    asked.older++;
    queueMicrotask(() => {
        const first = rows.value[0]?.n ?? 0;
        if (first > 0)
            rows.value = [...range(Math.max(0, first - 50), first), ...rows.value].slice(0, memory);
    });
}
function newer() {
    asked.newer++;
    queueMicrotask(() => {
        const last = (rows.value.at(-1)?.n ?? -1) + 1;
        if (last < newestOf.value)
            rows.value = [...rows.value, ...range(last, Math.min(newestOf.value, last + 50))].slice(-memory);
    });
}

const draw = (row: Row) => (
    <article data-focus="" tabIndex={-1} style={{ padding: '4px 16px' }}>
        <b>{row.n}</b>{' '}
        {Array.from({ length: row.lines }, (_, line) => `line ${line} of row ${row.n} `).join(' — ')}
        {row.image && <div class="image" />}
    </article>
);

function Page() {
    const source = {
        rows: rows.value,
        atStart: rows.value[0]?.n === 0,
        atEnd: rows.value.at(-1)?.n === newestOf.value - 1,
        older,
        newer,
    };
    return (
        <div id="pane" style={{ height: `${height.value}px`, width: '700px' }}>
            <MessageWindow engine={engine} source={source} draw={draw} label="rows" />
        </div>
    );
}

const change = (n: number, by: Partial<Row>) => {
    rows.value = rows.value.map((row) => (row.n === n ? { ...row, ...by } : row));
};
const test = {
    engine,
    append(count: number) {
        const atEnd = rows.value.at(-1)?.n === newestOf.value - 1;
        const from = newestOf.value;
        newestOf.value = from + count;
        if (atEnd) rows.value = [...rows.value, ...range(from, from + count)];
    },
    prepend(count: number) {
        const first = rows.value[0]?.n ?? 0;
        rows.value = [...range(first - count, first), ...rows.value];
    },
    grow: (n: number, lines: number) => change(n, { lines }),
    jump(n: number) {
        if (!engine.toRow(`m${n}`, { flash: true })) rows.value = range(n - 25, n + 25);
    },
    resize: (to: number) => {
        height.value = to;
    },
    pinned: () => engine.pinned.value,
    asked: () => asked,
    reset: () => {
        asked = { older: 0, newer: 0 };
    },
    keys: () => rows.value.length,
};
declare global {
    interface Window {
        list: typeof test;
    }
}
window.list = test;
const root = document.getElementById('app');
if (root) render(<Page />, root);
