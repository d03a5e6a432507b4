import { type Pane, paneWidths, prefs, setPrefs } from '../app/prefs.ts';
import { t } from '../i18n/t.ts';
import { useRef } from '../ui/runtime.ts';
import css from './shell.module.css';

const step = 16;

/** The edge of a pane: drawn by the pointer, or moved by the arrow keys; a double click puts it back. */
export function Splitter({ of }: { of: Pane }) {
    const edge = useRef<HTMLDivElement>(null);
    const { least, usual, most } = paneWidths[of];
    const width = prefs.value[of];
    const set = (to: number) => setPrefs({ [of]: Math.round(Math.min(most, Math.max(least, to))) });
    /** Whether the pane is at the left. */
    const isLeft = () => (of === 'sidebar') === (document.documentElement.dir !== 'rtl');
    const onKey = (event: KeyboardEvent) => {
        const wider = isLeft() ? 'ArrowRight' : 'ArrowLeft';
        if (event.key === 'Home') set(least);
        else if (event.key === 'End') set(most);
        else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight')
            set(width + (event.key === wider ? step : -step));
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    const onMove = (event: PointerEvent) => {
        if (!edge.current?.hasPointerCapture(event.pointerId)) return;
        set(isLeft() ? event.clientX : innerWidth - event.clientX);
    };
    return (
        // biome-ignore lint/a11y/useSemanticElements: an hr can't be moved.
        <div
            ref={edge}
            class={css['splitter']}
            data-of={of}
            role="separator"
            tabIndex={0}
            aria-orientation="vertical"
            aria-label={t(of === 'sidebar' ? 'sidebar.width' : 'side.width')}
            aria-valuenow={width}
            aria-valuemin={least}
            aria-valuemax={most}
            onKeyDown={onKey}
            onPointerDown={(event) => {
                event.preventDefault();
                edge.current?.setPointerCapture(event.pointerId);
            }}
            onPointerMove={onMove}
            onDblClick={() => set(usual)}
        />
    );
}
