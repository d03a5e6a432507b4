import type { components } from '@banter/sdk';
import { chat, role } from '../app/chat.ts';
import { nameOf } from '../app/people.ts';
import { shortTime } from '../app/time.ts';
import { failed } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import { Button, Form, Select, Spinner } from '../ui/controls.tsx';
import { useState } from '../ui/runtime.ts';
import css from './settings.module.css';
import { pageQuery, usePages } from './usePages.ts';

type Role = components['schemas']['Invite']['role'];

/** Links by which people come: made, told once, revoked. */
export function Invites() {
    const { items, more, reload } = usePages((cursor) =>
        chat.api.get('/api/invites', { query: pageQuery(cursor) }),
    );
    const [as, setAs] = useState<Role>('member');
    const [days, setDays] = useState<'1' | '7' | '30' | 'never'>('7');
    const [made, setMade] = useState<string | null>(null);
    const create = async () => {
        const body =
            days === 'never'
                ? { role: as }
                : { role: as, expiresAt: new Date(Date.now() + Number(days) * 86_400_000).toISOString() };
        try {
            const { url } = await chat.api.post('/api/invites', { body });
            setMade(url);
            reload();
        } catch (thrown) {
            failed(thrown);
        }
    };
    const roles: (readonly [Role, string])[] = [
        ['member', t('role.member')],
        ['guest', t('role.guest')],
    ];
    return (
        <>
            <Form class={css['form']} onSubmit={create}>
                <Select
                    label={t('invites.as')}
                    value={as}
                    options={role() === 'owner' ? [...roles, ['admin', t('role.admin')]] : roles}
                    onChange={setAs}
                />
                <Select
                    label={t('invites.until')}
                    value={days}
                    options={[
                        ['1', t('invites.days', { count: 1 })],
                        ['7', t('invites.days', { count: 7 })],
                        ['30', t('invites.days', { count: 30 })],
                        ['never', t('invites.never')],
                    ]}
                    onChange={setDays}
                />
                <Button look="primary" type="submit">
                    {t('invites.create')}
                </Button>
            </Form>
            {made && (
                <div class={css['made']} role="status">
                    <p>{t('invites.once')}</p>
                    <code>{made}</code>
                    <Button icon="copy" onClick={() => void navigator.clipboard.writeText(made)}>
                        {t('copy')}
                    </Button>
                </div>
            )}
            {items === null && <Spinner label={t('loading')} />}
            <ul class={css['list']}>
                {items?.map((invite) => (
                    <li key={invite.id}>
                        <p>
                            <span>
                                {t(`role.${invite.role}`)} · {t('invites.uses', { count: invite.uses })}
                            </span>
                            <span class={css['muted']}>
                                {nameOf(invite.createdBy)} ·{' '}
                                {invite.expiresAt
                                    ? t('invites.ends', { time: shortTime(invite.expiresAt) })
                                    : t('invites.never')}
                            </span>
                        </p>
                        <Button
                            onClick={() =>
                                chat.api
                                    .delete('/api/invites/{inviteId}', { path: { inviteId: invite.id } })
                                    .then(reload, failed)
                            }
                        >
                            {t('tokens.revoke')}
                        </Button>
                    </li>
                ))}
            </ul>
            {more && <Button onClick={more}>{t('more')}</Button>}
        </>
    );
}
