import type { Message } from '@banter/sdk';
import { t } from '../i18n/t.ts';
import { quickEmoji } from '../text/known_emoji.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { Menu } from '../ui/Menu.tsx';
import { signal, useRef } from '../ui/runtime.ts';
import { actionsOf, toggleReaction } from './actions.ts';
import css from './row_menu.module.css';
import type { ThreadModel } from './model.ts';

interface Asked {
    model: ThreadModel;
    message: Message;
    row: HTMLElement;
    /** Where the menu stands; null for a sheet at the foot of the screen, which fingers reach. */
    at: DOMRect | null;
}

/** The message whose menu is open beside it, by the other mouse button, Enter or a long press. */
export const rowMenu = signal<Asked | null>(null);

export function RowMenu({ of }: { of: ThreadModel }) {
    const asked = rowMenu.value;
    if (asked?.model !== of) return null;
    const { model, message, row, at } = asked;
    const close = () => {
        rowMenu.value = null;
    };
    const actions = actionsOf(model, message, row);
    if (at)
        return (
            <Menu
                label={t('message.actions')}
                items={actions}
                anchor={() => at}
                onClose={() => {
                    close();
                    row.focus();
                }}
            />
        );
    return (
        <Dialog title={t('message.actions')} onClose={close} bare sheet>
            <div class={css['sheet']}>
                {model.mayWrite && (
                    <p class={css['quick']}>
                        {quickEmoji.slice(0, 6).map((emoji) => (
                            <button
                                key={emoji}
                                type="button"
                                aria-label={t('message.reactWith', { emoji })}
                                onClick={() => {
                                    close();
                                    toggleReaction(model, message, emoji);
                                }}
                            >
                                {emoji}
                            </button>
                        ))}
                    </p>
                )}
                {actions.map((action) => (
                    <button
                        key={action.id}
                        type="button"
                        class={`${css['action']} ${action.danger ? css['danger'] : ''}`}
                        onClick={() => {
                            close();
                            action.run();
                        }}
                    >
                        {action.icon && <Icon name={action.icon} />}
                        {action.label}
                    </button>
                ))}
            </div>
        </Dialog>
    );
}

const holdMs = 500;
/** A finger that moves further scrolls. */
const stillWithin = 10;
/** These have a menu of the browser's own that people want. */
const own = 'a[target], textarea, input, video, audio';

/** What opens the menu of a row by pointer: the other mouse button, or a finger that stays. */
export function useRowMenu(open: (at: DOMRect | null) => void) {
    const held = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null);
    const letGo = () => {
        if (held.current) clearTimeout(held.current.timer);
        held.current = null;
    };
    return {
        onPointerDown(event: PointerEvent) {
            letGo();
            if (event.pointerType !== 'touch' || !event.isPrimary || isOwn(event)) return;
            const timer = setTimeout(() => {
                swallowTap();
                open(null);
            }, holdMs);
            held.current = { timer, x: event.clientX, y: event.clientY };
        },
        onPointerMove(event: PointerEvent) {
            const { x, y } = held.current ?? { x: event.clientX, y: event.clientY };
            if (Math.hypot(event.clientX - x, event.clientY - y) > stillWithin) letGo();
        },
        onPointerUp: letGo,
        onPointerCancel: letGo,
        onContextMenu(event: MouseEvent) {
            if (isOwn(event)) return;
            const touched = (event as Partial<PointerEvent>).pointerType === 'touch' || held.current !== null;
            if (!touched && getSelection()?.isCollapsed === false) return;
            event.preventDefault();
            letGo();
            open(touched ? null : new DOMRect(event.clientX, event.clientY, 0, 0));
        },
    };
}

/** The finger that opened the sheet may lie over it: lifting it chooses nothing. */
function swallowTap(): void {
    const swallow = (event: Event) => event.cancelable && event.preventDefault();
    document.addEventListener('touchend', swallow, { once: true, capture: true, passive: false });
}

const isOwn = ({ target }: Event) => target instanceof Element && target.closest(own) !== null;
