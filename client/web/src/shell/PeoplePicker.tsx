import type { User } from '@banter/sdk';
import { chat, me } from '../app/chat.ts';
import { isolated, learn } from '../app/people.ts';
import { t } from '../i18n/t.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Field, IconButton } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { useEffect, useState } from '../ui/runtime.ts';
import css from './overlays.module.css';

interface Props {
    label: string;
    chosen: readonly User[];
    onChange: (chosen: readonly User[]) => void;
    /** Who can't be chosen, as they are there already. */
    without?: ReadonlySet<string>;
    autofocus?: boolean;
}

/** Chooses people by the beginning of their names. */
export function PeoplePicker({ label, chosen, onChange, without, autofocus = false }: Props) {
    const [query, setQuery] = useState('');
    const [found, setFound] = useState<readonly User[]>([]);
    useEffect(() => {
        const abort = new AbortController();
        chat.users.search(query.replace(/^@/, '').toLowerCase(), abort.signal).then(setFound, () => {});
        return () => abort.abort();
    }, [query]);
    const offered = found.filter(
        (user) =>
            user.id !== me()?.id &&
            user.deletedAt === null &&
            !without?.has(user.id) &&
            !chosen.some(({ id }) => id === user.id),
    );
    return (
        <div>
            {chosen.length > 0 && (
                <ul class={css['chips']} aria-label={t('people.chosen')}>
                    {chosen.map((user) => (
                        <li key={user.id} class={css['chip']}>
                            <bdi>{isolated(user.displayName)}</bdi>
                            <IconButton
                                icon="close"
                                small
                                label={t('people.remove', { name: user.displayName })}
                                onClick={() => onChange(chosen.filter(({ id }) => id !== user.id))}
                            />
                        </li>
                    ))}
                </ul>
            )}
            <Field label={label} type="search" value={query} onInput={setQuery} autofocus={autofocus} />
            <ul class={css['people']} aria-label={t('people.found')}>
                {offered.slice(0, 20).map((user) => (
                    <li key={user.id}>
                        <button
                            type="button"
                            class={css['option']}
                            onClick={() => {
                                learn(user);
                                onChange([...chosen, user]);
                                setQuery('');
                            }}
                        >
                            <Avatar id={user.id} name={user.displayName} size={24} />
                            <bdi>{isolated(user.displayName)}</bdi>
                            <span class={css['hint']}>@{user.handle}</span>
                            <Icon name="add" size={16} />
                        </button>
                    </li>
                ))}
            </ul>
        </div>
    );
}
