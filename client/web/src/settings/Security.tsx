import { BanterError, type components } from '@banter/sdk';
import { auth, chat, signOut } from '../app/chat.ts';
import { shortTime } from '../app/time.ts';
import { failed, toast } from '../app/toasts.tsx';
import { errorText } from '../i18n/errors.ts';
import { t } from '../i18n/t.ts';
import { Button, Check, Field, Form, Spinner } from '../ui/controls.tsx';
import { useState } from '../ui/runtime.ts';
import css from './settings.module.css';
import { pageQuery, usePages } from './usePages.ts';

type Session = components['schemas']['Session'];

export function Security() {
    return (
        <>
            {!auth.isByClerk && <Password />}
            <Sessions />
            <Tokens />
            <DeleteAccount />
        </>
    );
}

function Password() {
    const [old, setOld] = useState('');
    const [next, setNext] = useState('');
    const [error, setError] = useState<string>();
    const save = async () => {
        setError(undefined);
        try {
            await auth.local.changePassword({ old, new: next });
            setOld('');
            setNext('');
            toast(t('security.changed'));
        } catch (thrown) {
            const failure = BanterError.from(thrown);
            setError(failure.code === 'bad_credentials' ? t('security.wrong') : errorText(failure));
        }
    };
    return (
        <Form class={css['form']} onSubmit={save}>
            <h3>{t('security.password')}</h3>
            <Field
                label={t('security.old')}
                type="password"
                autocomplete="current-password"
                value={old}
                onInput={setOld}
                required
                error={error}
            />
            <Field
                label={t('security.new')}
                type="password"
                autocomplete="new-password"
                value={next}
                onInput={setNext}
                required
                minLength={8}
                hint={t('door.passwordHint')}
            />
            <Button type="submit">{t('security.change')}</Button>
        </Form>
    );
}

function Sessions() {
    const { items, more, reload } = usePages((cursor) =>
        chat.api.get('/api/me/sessions', { query: pageQuery(cursor) }),
    );
    const end = (session: Session) => {
        if (session.current) return void signOut().catch(failed);
        chat.api
            .delete('/api/me/sessions/{sessionId}', { path: { sessionId: session.id } })
            .then(reload, failed);
    };
    return (
        <section aria-label={t('security.sessions')}>
            <h3>{t('security.sessions')}</h3>
            {items === null && <Spinner label={t('loading')} />}
            <ul class={css['list']}>
                {items?.map((session) => (
                    <li key={session.id}>
                        <p>
                            <span dir="auto">{session.userAgent || t('security.unknown')}</span>
                            <span class={css['muted']}>
                                {session.current
                                    ? t('security.here')
                                    : t('security.lastUsed', { time: shortTime(session.lastUsedAt) })}{' '}
                                · {session.address}
                            </span>
                        </p>
                        <Button onClick={() => end(session)}>
                            {t(session.current ? 'own.signOut' : 'security.end')}
                        </Button>
                    </li>
                ))}
            </ul>
            {more && <Button onClick={more}>{t('more')}</Button>}
        </section>
    );
}

function Tokens() {
    const { items, more, reload } = usePages((cursor) =>
        chat.api.get('/api/me/tokens', { query: pageQuery(cursor) }),
    );
    const [name, setName] = useState('');
    const [made, setMade] = useState<string | null>(null);
    const create = async () => {
        try {
            const { token } = await chat.api.post('/api/me/tokens', { body: { name: name.trim() } });
            setMade(token);
            setName('');
            reload();
        } catch (thrown) {
            failed(thrown);
        }
    };
    return (
        <section aria-label={t('tokens.title')}>
            <h3>{t('tokens.title')}</h3>
            <p class={css['muted']}>{t('tokens.hint')}</p>
            <ul class={css['list']}>
                {items?.map((token) => (
                    <li key={token.id}>
                        <p>
                            <bdi>{token.name}</bdi>
                            <span class={css['muted']}>
                                {token.lastUsedAt
                                    ? t('security.lastUsed', { time: shortTime(token.lastUsedAt) })
                                    : t('tokens.unused')}
                            </span>
                        </p>
                        <Button
                            onClick={() =>
                                chat.api
                                    .delete('/api/me/tokens/{tokenId}', { path: { tokenId: token.id } })
                                    .then(reload, failed)
                            }
                        >
                            {t('tokens.revoke')}
                        </Button>
                    </li>
                ))}
            </ul>
            {more && <Button onClick={more}>{t('more')}</Button>}
            {made && (
                <div class={css['made']} role="status">
                    <p>{t('tokens.once')}</p>
                    <code>{made}</code>
                    <Button icon="copy" onClick={() => void navigator.clipboard.writeText(made)}>
                        {t('copy')}
                    </Button>
                </div>
            )}
            <Form class={css['form']} onSubmit={create}>
                <Field label={t('tokens.name')} value={name} onInput={setName} required maxLength={80} />
                <Button type="submit">{t('tokens.create')}</Button>
            </Form>
        </section>
    );
}

function DeleteAccount() {
    const [open, setOpen] = useState(false);
    const [password, setPassword] = useState('');
    const [erase, setErase] = useState(false);
    const [error, setError] = useState<string>();
    const remove = async () => {
        try {
            await chat.api.delete('/api/me', { body: { erase, password } });
            await chat.forget();
            location.assign('/login');
        } catch (thrown) {
            const failure = BanterError.from(thrown);
            const texts = { bad_credentials: t('security.wrong'), conflict: t('delete.lastOwner') } as Record<
                string,
                string
            >;
            setError(texts[failure.code] ?? errorText(failure));
        }
    };
    if (!open)
        return (
            <Button look="danger" onClick={() => setOpen(true)}>
                {t('delete.account')}
            </Button>
        );
    return (
        <Form class={css['danger']} onSubmit={remove}>
            <h3>{t('delete.account')}</h3>
            <p>{t('delete.accountHint')}</p>
            <Field
                label={t('door.password')}
                type="password"
                autocomplete="current-password"
                value={password}
                onInput={setPassword}
                error={error}
                required
            />
            <Check label={t('delete.erase')} checked={erase} onChange={setErase} />
            <p class={css['row']}>
                <Button onClick={() => setOpen(false)}>{t('cancel')}</Button>
                <Button look="danger" type="submit">
                    {t('delete.account')}
                </Button>
            </p>
        </Form>
    );
}
