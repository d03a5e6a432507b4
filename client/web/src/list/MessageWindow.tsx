import {
    type ComponentChildren,
    memo,
    useEffect,
    useLayoutEffect,
    useRef,
    useState,
    type VNode,
} from '../ui/runtime.ts';
import type { Source, WindowEngine, WindowRow } from './engine.ts';
import css from './list.module.css';
import { Roving } from './roving.ts';

interface Props<Row extends WindowRow> {
    engine: WindowEngine<Row>;
    source: Source<Row>;
    /** What a row shows; called again when the row is another object. */
    draw: (row: Row) => VNode;
    /** Above the first row: the beginning of the thread, or a sign that more is coming. */
    top?: ComponentChildren;
    /** Below the last row. */
    foot?: ComponentChildren;
    label: string;
    /** Keys on a focused row that the list itself has no use for. */
    onRowKey?: (event: KeyboardEvent, key: string) => void;
    busy?: boolean;
}

type Draw = (row: WindowRow) => VNode;

/**
 * One row. Elements are not kept in the list for the next time it is drawn: one that is gone leads to all that stood
 * beside it then, and those to others.
 */
const Item = memo(({ row, draw, away = false }: { row: WindowRow; draw: Draw; away?: boolean }) => (
    <li data-key={row.key} data-away={away ? '' : undefined} class={css[away ? 'away' : 'row']}>
        {draw(row)}
    </li>
));

/** The list of a conversation: a bounded window over its rows, newest at the end. */
export function MessageWindow<Row extends WindowRow>(props: Props<Row>) {
    const { engine, source, draw, label } = props;
    const scroller = useRef<HTMLElement>(null);
    const list = useRef<HTMLOListElement>(null);
    const [, setDrawing] = useState(0);
    const keys = useRef(props.onRowKey);
    keys.current = props.onRowKey;

    engine.redraw = () => setDrawing((count) => count + 1);
    useLayoutEffect(() => {
        if (!scroller.current || !list.current) return;
        const detach = engine.attach(scroller.current, list.current);
        const roving = new Roving(list.current, scroller.current, engine, (event, key) =>
            keys.current?.(event, key),
        );
        return () => {
            roving.stop();
            detach();
        };
    }, [engine]);
    useLayoutEffect(() => engine.committed());
    useEffect(() => {
        if (list.current) Roving.settle(list.current);
    });

    // The same component, so that the element and its focus stay.
    const item = (row: Row, away = false) => <Item key={row.key} row={row} draw={draw as Draw} away={away} />;
    const { rows, before, after } = engine.take(source);
    return (
        <section class={css['scroller']} ref={scroller} aria-label={label} aria-busy={props.busy ?? false}>
            {/* The scroller is reversed, so its first child is the lowest. */}
            <div class={css['flow']}>
                <div class={css['top']}>{props.top}</div>
                {/* biome-ignore lint/a11y/noRedundantRoles: a list without marks is none to Safari, unless told. */}
                <ol class={css['list']} ref={list} role="list">
                    {[
                        before && item(before, true),
                        ...rows.map((row) => item(row)),
                        after && item(after, true),
                    ]}
                </ol>
                {props.foot}
            </div>
        </section>
    );
}
