import { nameOf } from '../app/people.ts';
import { Avatar } from '../ui/Avatar.tsx';
import css from './composer.module.css';
import type { Suggestion } from './suggest.ts';

interface Props {
    id: string;
    label: string;
    items: readonly Suggestion[];
    chosen: number;
    onPick: (item: Suggestion) => void;
}

/** What the word before the caret may become. The focus stays in the text; arrow keys choose there. */
export function Suggestions({ id, label, items, chosen, onPick }: Props) {
    return (
        <div class={css['suggestions']} role="listbox" id={id} aria-label={label}>
            {items.map((item, at) => (
                // biome-ignore lint/a11y/useFocusableInteractive: the text field names the active one.
                <div
                    key={item.key}
                    id={`${id}-${at}`}
                    role="option"
                    aria-selected={at === chosen}
                    class={css['suggestion']}
                    onMouseDown={(event) => {
                        event.preventDefault();
                        onPick(item);
                    }}
                >
                    {item.user ? (
                        <Avatar id={item.user.id} name={nameOf(item.user.id)} size={24} />
                    ) : (
                        <span class={css['sign']} aria-hidden="true">
                            {item.emoji ?? '@'}
                        </span>
                    )}
                    <bdi>{item.label}</bdi>
                    <span>{item.hint}</span>
                </div>
            ))}
        </div>
    );
}
