import { commands } from './commands.ts';

/** The name of a pressed key with what was held, as `Ctrl+Shift+K`. On other layouts the place of the key counts. */
export function nameOf(event: KeyboardEvent): string {
    const latin = /^[\x20-\x7e]+$/.test(event.key);
    const byPlace = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1];
    const key = latin || !byPlace ? event.key : byPlace;
    const held = [
        (event.ctrlKey || event.metaKey) && 'Ctrl',
        event.altKey && 'Alt',
        event.shiftKey && 'Shift',
    ].filter(Boolean);
    return [...held, key.length === 1 ? key.toUpperCase() : key].join('+');
}

const isTyping = (target: EventTarget | null) =>
    target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');

/** One listener for the whole table. What a part of the page takes for itself does not come here. */
export function startKeys(): void {
    addEventListener('keydown', (event) => {
        if (
            event.defaultPrevented ||
            event.isComposing ||
            document.querySelector('dialog[open], [popover]:popover-open')
        )
            return;
        const name = nameOf(event);
        const command = commands().find(({ keys, also }) => keys === name || also?.includes(name));
        if (command) {
            event.preventDefault();
            command.run();
        } else if (name === 'Shift+?' && !isTyping(event.target)) {
            event.preventDefault();
            commands()
                .find(({ id }) => id === 'shortcuts')
                ?.run();
        } else toComposer(event);
    });
}

/** Whoever types with nothing in focus wants to write. A focused message keeps its letters. */
function toComposer(event: KeyboardEvent): void {
    const nowhere = document.activeElement === document.body || document.activeElement === null;
    if (
        !nowhere ||
        event.key.length !== 1 ||
        event.key === ' ' ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey
    )
        return;
    document.querySelector<HTMLElement>('[data-composer]')?.focus();
}
