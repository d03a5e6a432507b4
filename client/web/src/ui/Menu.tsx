import { IconButton, Kbd } from './controls.tsx';
import { Icon, type IconName } from './icons.tsx';
import css from './menu.module.css';
import { useId, useLayoutEffect, useRef, useState } from './runtime.ts';

export interface MenuItem {
    label: string;
    icon?: IconName;
    keys?: string | undefined;
    danger?: boolean;
    /** Of a choice: whether it is the one that counts. */
    checked?: boolean;
    run: () => void;
}

interface MenuButtonProps {
    label: string;
    icon: IconName;
    items: () => readonly MenuItem[];
    small?: boolean;
}

/** A button that opens a menu: arrow keys, Home, End and first letters move in it, Escape closes it. */
export function MenuButton({ label, icon, items, small = false }: MenuButtonProps) {
    const button = useRef<HTMLButtonElement>(null);
    const [open, setOpen] = useState(false);
    return (
        <>
            <IconButton
                icon={icon}
                label={label}
                small={small}
                buttonRef={button}
                aria-haspopup="menu"
                aria-expanded={open}
                onClick={() => setOpen(!open)}
            />
            {open && (
                <Menu
                    label={label}
                    items={items()}
                    anchor={() => button.current?.getBoundingClientRect()}
                    onClose={() => {
                        setOpen(false);
                        button.current?.focus();
                    }}
                />
            )}
        </>
    );
}

interface MenuProps {
    label: string;
    items: readonly MenuItem[];
    anchor: () => DOMRect | undefined;
    onClose: () => void;
}

export function Menu({ label, items, anchor, onClose }: MenuProps) {
    const menu = useRef<HTMLDivElement>(null);
    const id = useId();
    useLayoutEffect(() => {
        const element = menu.current;
        if (!element) return;
        element.showPopover();
        const box = anchor();
        if (box) place(element, box);
        buttons(element)[0]?.focus();
    }, []);
    return (
        <div
            ref={menu}
            id={id}
            popover="auto"
            role="menu"
            aria-label={label}
            class={css['menu']}
            onKeyDown={(event) => {
                // What happens in the menu is none of the row's business.
                event.stopPropagation();
                if (move(event, menu.current)) event.preventDefault();
                if (event.key === 'Tab') onClose();
            }}
            onToggle={(event) => {
                if (event.newState === 'closed') onClose();
            }}
        >
            {items.map((item) => (
                // biome-ignore lint/a11y/useAriaPropsSupportedByRole: menuitemradio, wherever it is set.
                <button
                    key={item.label}
                    type="button"
                    role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
                    aria-checked={item.checked}
                    tabIndex={-1}
                    class={`${css['item']} ${item.danger ? css['danger'] : ''}`}
                    onClick={() => {
                        onClose();
                        item.run();
                    }}
                >
                    {item.checked !== undefined ? (
                        <span class={css['mark']}>{item.checked && <Icon name="check" size={16} />}</span>
                    ) : (
                        item.icon && <Icon name={item.icon} size={16} />
                    )}
                    <span class={css['label']}>{item.label}</span>
                    {item.keys && <Kbd keys={item.keys} />}
                </button>
            ))}
        </div>
    );
}

/** Below the anchor if there is room, else above; within the window. */
export function place(element: HTMLElement, box: DOMRect, align: 'start' | 'end' = 'end'): void {
    const { offsetWidth: width, offsetHeight: height } = element;
    const below = box.bottom + 4 + height <= innerHeight;
    const top = below ? box.bottom + 4 : Math.max(8, box.top - height - 4);
    const rtl = getComputedStyle(element).direction === 'rtl';
    const left = rtl === (align === 'end') ? box.left : box.right - width;
    element.style.top = `${top}px`;
    element.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
}

const buttons = (element: HTMLElement) => [...element.querySelectorAll<HTMLElement>('button')];

function move(event: KeyboardEvent, element: HTMLElement | null): boolean {
    if (!element) return false;
    const all = buttons(element);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = (index: number) => {
        all[(index + all.length) % all.length]?.focus();
        return true;
    };
    if (event.key === 'ArrowDown') return to(at + 1);
    if (event.key === 'ArrowUp') return to(at - 1);
    if (event.key === 'Home') return to(0);
    if (event.key === 'End') return to(all.length - 1);
    if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey || event.altKey)
        return false;
    const letter = event.key.toLowerCase();
    const next = all.findIndex(
        (button, index) => index > at && button.textContent.trim().toLowerCase().startsWith(letter),
    );
    const found =
        next >= 0
            ? next
            : all.findIndex((button) => button.textContent.trim().toLowerCase().startsWith(letter));
    return found >= 0 && to(found);
}
