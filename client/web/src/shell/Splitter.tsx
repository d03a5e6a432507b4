import { prefs, setPrefs, sidebarWidths } from '../app/prefs.ts';
import { t } from '../i18n/t.ts';
import { useRef } from '../ui/runtime.ts';
import css from './shell.module.css';

const { least, usual, most } = sidebarWidths;
const step = 16;

/** The edge of the sidebar: drawn by the pointer, or moved by the arrow keys; a double click puts it back. */
export function Splitter() {
    const edge = useRef<HTMLDivElement>(null);
    const width = prefs.value.sidebar;
    const set = (to: number) => setPrefs({ sidebar: Math.round(Math.min(most, Math.max(least, to))) });
    const rtl = () => document.documentElement.dir === 'rtl';
    const onKey = (event: KeyboardEvent) => {
        const wider = rtl() ? 'ArrowLeft' : 'ArrowRight';
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
        set(rtl() ? innerWidth - event.clientX : event.clientX);
    };
    return (
        // biome-ignore lint/a11y/useSemanticElements: an hr can't be moved.
        <div
            ref={edge}
            class={css['splitter']}
            role="separator"
            tabIndex={0}
            aria-orientation="vertical"
            aria-label={t('sidebar.width')}
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
