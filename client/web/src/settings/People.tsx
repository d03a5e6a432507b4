import type { Account, Role } from '@banter/sdk';
import { chat, me, role } from '../app/chat.ts';
import { isolated } from '../app/people.ts';
import { failed } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, Field, Spinner } from '../ui/controls.tsx';
import { MenuButton, type MenuItem } from '../ui/Menu.tsx';
import { useEffect, useState } from '../ui/runtime.ts';
import css from './settings.module.css';

const roles: readonly Role[] = ['owner', 'admin', 'member', 'guest'];

/** Everybody on the server: their roles, and whether they can sign in. */
export function People() {
    const [query, setQuery] = useState('');
    const [people, setPeople] = useState<readonly Account[] | null>(null);
    const [next, setNext] = useState<string | null>(null);
    const load = (cursor?: string) =>
        chat.api.get('/api/users', { query: { q: query, ...(cursor ? { cursor } : {}) } }).then((page) => {
            setPeople([...(cursor ? (people ?? []) : []), ...page.items]);
            setNext(page.next);
        }, failed);
    useEffect(() => void load(), [query]);
    const change = (user: Account, body: { role?: Role; deactivated?: boolean }) =>
        chat.api
            .patch('/api/users/{userId}', { path: { userId: user.id }, body })
            .then(
                (changed) =>
                    setPeople(
                        (before) => before?.map((each) => (each.id === changed.id ? changed : each)) ?? null,
                    ),
                failed,
            );
    const items = (user: Account): MenuItem[] => [
        ...(role() === 'owner'
            ? roles.map((each) => ({
                  label: t(`role.${each}`),
                  checked: user.role === each,
                  run: () => void change(user, { role: each }),
              }))
            : []),
        user.deactivatedAt === null
            ? {
                  label: t('admin.deactivate'),
                  icon: 'lock',
                  danger: true,
                  run: () => void change(user, { deactivated: true }),
              }
            : {
                  label: t('admin.reactivate'),
                  icon: 'check',
                  run: () => void change(user, { deactivated: false }),
              },
    ];
    return (
        <>
            <Field label={t('details.search')} type="search" value={query} onInput={setQuery} />
            {people === null && <Spinner label={t('loading')} />}
            <ul class={css['list']}>
                {people?.map((user) => (
                    <li key={user.id}>
                        <Avatar id={user.id} name={user.displayName} />
                        <p>
                            <bdi>{isolated(user.displayName)}</bdi>
                            <span class={css['muted']}>
                                @{user.handle} · {t(`role.${user.role}`)}
                                {user.deactivatedAt !== null && ` · ${t('admin.deactivated')}`}
                            </span>
                        </p>
                        {user.id !== me()?.id && (
                            <MenuButton
                                icon="more"
                                label={t('details.memberMenu', { name: user.displayName })}
                                items={() => items(user)}
                            />
                        )}
                    </li>
                ))}
            </ul>
            {next && <Button onClick={() => void load(next)}>{t('more')}</Button>}
        </>
    );
}
