import table from 'virtual:emoji';
import { t } from '../i18n/t.ts';
import { quickEmoji } from '../text/known_emoji.ts';
import { place } from '../ui/Menu.tsx';
import { useLayoutEffect, useMemo, useRef, useState } from '../ui/runtime.ts';
import css from './picker.module.css';

interface Props {
    anchor: HTMLElement;
    onPick: (emoji: string) => void;
    onClose: () => void;
}

type Entry = readonly [emoji: string, name: string];

const groups = [
    'smileys',
    'people',
    '',
    'nature',
    'food',
    'travel',
    'activities',
    'objects',
    'symbols',
    'flags',
] as const;
const columns = 9;
const keptAs = 'banter.emoji';

/** All emoji by group, or by name. Arrow keys move, Enter picks, Escape closes. */
export default function Picker({ anchor, onPick, onClose }: Props) {
    const popover = useRef<HTMLDivElement>(null);
    const [query, setQuery] = useState('');
    const shown = useMemo(() => sectionsFor(query.trim().toLowerCase()), [query]);
    useLayoutEffect(() => {
        const element = popover.current;
        if (!element) return;
        element.showPopover();
        place(element, anchor.getBoundingClientRect());
        element.querySelector('input')?.focus();
    }, []);
    const end = () => {
        onClose();
        if (anchor.isConnected) anchor.focus();
    };
    const pick = (emoji: string) => {
        remember(emoji);
        end();
        onPick(emoji);
    };
    const onKey = (event: KeyboardEvent) => {
        event.stopPropagation();
        const buttons = [...(popover.current?.querySelectorAll<HTMLElement>('[data-emoji]') ?? [])];
        const at = buttons.indexOf(document.activeElement as HTMLElement);
        const typing = event.target instanceof HTMLInputElement;
        if (typing && event.key === 'Enter') {
            // Or it would be typed where the focus goes.
            event.preventDefault();
            return void buttons[0]?.click();
        }
        const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
        if (by === undefined || (typing && event.key !== 'ArrowDown')) return;
        event.preventDefault();
        if (typing) buttons[0]?.focus();
        else if (at + by < 0) popover.current?.querySelector('input')?.focus();
        else buttons[Math.min(at + by, buttons.length - 1)]?.focus();
    };
    return (
        <div
            ref={popover}
            popover="auto"
            role="dialog"
            aria-label={t('emoji.title')}
            class={css['picker']}
            onKeyDown={onKey}
            onToggle={(event) => event.newState === 'closed' && end()}
        >
            <input
                type="search"
                class={css['query']}
                aria-label={t('emoji.search')}
                placeholder={t('emoji.search')}
                value={query}
                onInput={(event) => setQuery(event.currentTarget.value)}
            />
            <div class={css['scroll']}>
                {shown.map(({ title, entries }) => (
                    <section key={title}>
                        <h3>{title}</h3>
                        <div class={css['grid']}>
                            {entries.map(([emoji, name]) => (
                                <button
                                    key={emoji}
                                    type="button"
                                    data-emoji=""
                                    tabIndex={-1}
                                    aria-label={name}
                                    title={`:${name}:`}
                                    onClick={() => pick(emoji)}
                                >
                                    {emoji}
                                </button>
                            ))}
                        </div>
                    </section>
                ))}
                {shown.length === 0 && <p class={css['none']}>{t('emoji.none')}</p>}
            </div>
        </div>
    );
}

function sectionsFor(query: string): { title: string; entries: readonly Entry[] }[] {
    if (query !== '') {
        const begins = table.filter(([, name]) => name.startsWith(query));
        const has = table.filter(
            ([, name, words]) => !name.startsWith(query) && (name.includes(query) || words.includes(query)),
        );
        const found = [...begins, ...has].slice(0, 90).map(([emoji, name]): Entry => [emoji, name]);
        return found.length > 0 ? [{ title: t('emoji.found'), entries: found }] : [];
    }
    const names = new Map(table.map(([emoji, name]) => [emoji, name]));
    const recent = recentEmoji().map((emoji): Entry => [emoji, names.get(emoji) ?? emoji]);
    const all = groups.flatMap((group, at) =>
        group === ''
            ? []
            : [
                  {
                      title: t(`emoji.${group}`),
                      entries: table
                          .filter((entry) => entry[3] === at)
                          .map(([emoji, name]): Entry => [emoji, name]),
                  },
              ],
    );
    return [{ title: t('emoji.recent'), entries: recent }, ...all];
}

function recentEmoji(): readonly string[] {
    try {
        const kept: unknown = JSON.parse(localStorage.getItem(keptAs) ?? '[]');
        const own = Array.isArray(kept) ? kept.map(String) : [];
        return [...new Set([...own, ...quickEmoji])].slice(0, columns * 2);
    } catch {
        return quickEmoji;
    }
}

function remember(emoji: string): void {
    try {
        localStorage.setItem(
            keptAs,
            JSON.stringify([...new Set([emoji, ...recentEmoji()])].slice(0, columns * 2)),
        );
    } catch {
        // It is offered from the groups then.
    }
}
