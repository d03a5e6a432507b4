import { chat, auth, config, configError, loadConfig } from '../app/chat.ts';
import { go, type Route } from '../app/router.ts';
import { errorText } from '../i18n/errors.ts';
import { type Key, t } from '../i18n/t.ts';
import { Button, Field, Form, Radios, Spinner } from '../ui/controls.tsx';
import { type ComponentChildren, useEffect, useState } from '../ui/runtime.ts';
import css from './door.module.css';
import { Issuers } from './Issuers.tsx';
import { SignInForm, useFailure } from './SignInForm.tsx';

type DoorRoute = Extract<Route, { name: 'login' | 'signup' | 'setup' | 'invite' }>;

/** What is seen before somebody is signed in: signing in, signing up, the first run, an invitation. */
export function Door({ route }: { route: DoorRoute }) {
    const known = config.value;
    useEffect(() => {
        if (known?.setup && route.name !== 'setup') go('/setup', { replace: true });
        if (known && !known.setup && route.name === 'setup') go('/login', { replace: true });
    }, [known, route.name]);
    if (!known)
        return <Frame title="">{configError.value ? <NoServer /> : <Spinner label={t('loading')} />}</Frame>;
    const { local, oidc, clerk } = known.auth;
    if (!local && !oidc && !clerk)
        return (
            <Frame title={t('door.signIn')}>
                <p>{t('door.noLocal')}</p>
            </Frame>
        );
    switch (route.name) {
        case 'setup':
            return <SetUp />;
        case 'signup':
            return <SignUp key="signup" />;
        case 'invite':
            return <SignUp key={route.code} invite={route.code ?? ''} />;
        case 'login':
            return <SignIn error={route.error} />;
    }
}

function NoServer() {
    const error = configError.value;
    return (
        <div class={css['form']}>
            <p role="alert">{error && errorText(error)}</p>
            <Button onClick={() => void loadConfig()}>{t('retry')}</Button>
        </div>
    );
}

function Frame({ title, children }: { title: string; children: ComponentChildren }) {
    return (
        <main class={css['door']}>
            <div class={css['card']}>
                <p class={css['product']}>
                    <img src="/favicon.svg" alt="" width={28} height={28} />{' '}
                    <bdi>{config.value?.name || 'Banter'}</bdi>
                </p>
                {title && <h1>{title}</h1>}
                {children}
            </div>
        </main>
    );
}

/** What the server says in the address when an issuer signed nobody in. */
const failures: Record<string, Key> = {
    account_closed: 'door.failed.closed',
    issuer_unavailable: 'door.failed.unavailable',
    rate_limited: 'error.rateLimited',
    sign_in_cancelled: 'door.failed.cancelled',
    sign_in_refused: 'door.failed.refused',
    sign_in_stale: 'door.failed.stale',
};

function SignIn({ error }: { error: string | undefined }) {
    const { local, oidc, clerk } = config.value?.auth ?? {};
    return (
        <Frame title={t('door.signIn')}>
            {error !== undefined && (
                <p class={css['failure']} role="alert">
                    {t((Object.hasOwn(failures, error) && failures[error]) || 'door.failed.other')}
                </p>
            )}
            {local && <SignInForm onDone={enter} />}
            {local && (oidc || clerk) && <p class={css['or']}>{t('door.or')}</p>}
            <Issuers />
            {local && <p class={css['other']}>{signUpHint(local.signUp)}</p>}
        </Frame>
    );
}

function signUpHint(policy: Policy) {
    if (policy === 'open') return <a href="/signup">{t('door.toSignUp')}</a>;
    return t(policy === 'invite' ? 'door.byInvite' : 'door.closed');
}

/** Into the app; what it shows comes from the server then. */
function enter(): void {
    void chat.start();
    go('/');
}

interface Account {
    handle: string;
    displayName: string;
    password: string;
}

function useAccount() {
    const [account, setAccount] = useState<Account>({ handle: '', displayName: '', password: '' });
    const set = (name: keyof Account) => (value: string) =>
        setAccount((before) => ({ ...before, [name]: value }));
    const bad = account.handle !== '' && !/^[a-z0-9._-]{2,32}$/.test(account.handle);
    return { account, set, bad };
}

function AccountFields({ account, set, bad, taken }: ReturnType<typeof useAccount> & { taken: boolean }) {
    return (
        <>
            <Field
                label={t('door.name')}
                name="name"
                autocomplete="name"
                value={account.displayName}
                onInput={set('displayName')}
                required
                maxLength={80}
                autofocus
            />
            <Field
                label={t('door.handle')}
                name="username"
                autocomplete="username"
                value={account.handle}
                onInput={(value) => set('handle')(value.toLowerCase())}
                hint={t('door.handleHint')}
                error={taken ? t('door.taken') : bad ? t('door.handleBad') : undefined}
                required
                minLength={2}
                maxLength={32}
            />
            <Field
                label={t('door.password')}
                name="new-password"
                type="password"
                autocomplete="new-password"
                showLabel={t('door.show')}
                hint={t('door.passwordHint')}
                value={account.password}
                onInput={set('password')}
                required
                minLength={8}
            />
        </>
    );
}

function SignUp({ invite }: { invite?: string }) {
    const form = useAccount();
    const [busy, setBusy] = useState(false);
    const failure = useFailure();
    const taken = failure.code === 'conflict';
    const submit = async () => {
        setBusy(true);
        failure.clear();
        try {
            await auth.local.register({ ...form.account, ...(invite ? { invite } : {}) });
            enter();
        } catch (thrown) {
            failure.take(thrown);
            setBusy(false);
        }
    };
    const closed = invite === undefined && config.value?.auth.local?.signUp !== 'open';
    return (
        <Frame
            title={
                invite === undefined
                    ? t('door.signUp')
                    : t('door.invited', { name: config.value?.name ?? '' })
            }
        >
            {closed ? (
                <p>{t(config.value?.auth.local?.signUp === 'invite' ? 'door.byInvite' : 'door.closed')}</p>
            ) : (
                <Form class={css['form']} onSubmit={() => form.bad || submit()}>
                    {failure.code === 'forbidden' && invite !== undefined ? (
                        <p class={css['failure']} role="alert">
                            {t('door.inviteOver')}
                        </p>
                    ) : (
                        !taken && failure.view
                    )}
                    <AccountFields {...form} taken={taken} />
                    <Button look="primary" type="submit" busy={busy} disabled={failure.waiting}>
                        {t('door.signUp')}
                    </Button>
                </Form>
            )}
            <p class={css['other']}>
                <a href="/login">{t('door.toSignIn')}</a>
            </p>
        </Frame>
    );
}

type Policy = 'open' | 'invite' | 'closed';

function SetUp() {
    const form = useAccount();
    const [code, setCode] = useState('');
    const [name, setName] = useState('');
    const [signUp, setSignUp] = useState<Policy>('invite');
    const [busy, setBusy] = useState(false);
    const failure = useFailure();
    const submit = async () => {
        setBusy(true);
        failure.clear();
        try {
            // Where only its own machine reaches it the server takes any code, and asks for one all the same.
            await auth.local.setUp({
                ...form.account,
                code: code.trim() || 'none',
                name: name.trim(),
                signUp,
            });
            await loadConfig();
            enter();
        } catch (thrown) {
            failure.take(thrown);
            setBusy(false);
        }
    };
    return (
        <Frame title={t('setup.title')}>
            <p class={css['lead']}>{t('setup.lead')}</p>
            <Form class={css['form']} onSubmit={() => form.bad || submit()}>
                {failure.code === 'forbidden' ? (
                    <p class={css['failure']} role="alert">
                        {t('setup.wrongCode')}
                    </p>
                ) : (
                    failure.view
                )}
                <Field label={t('setup.name')} value={name} onInput={setName} required maxLength={80} />
                <AccountFields {...form} taken={false} />
                <Radios
                    label={t('setup.policy')}
                    value={signUp}
                    options={[
                        ['open', t('setup.open')],
                        ['invite', t('setup.invite')],
                        ['closed', t('setup.closed')],
                    ]}
                    onChange={setSignUp}
                />
                <Field
                    label={t('setup.code')}
                    value={code}
                    onInput={setCode}
                    hint={t('setup.codeHint')}
                    autocomplete="one-time-code"
                />
                <Button look="primary" type="submit" busy={busy} disabled={failure.waiting}>
                    {t('setup.go')}
                </Button>
            </Form>
        </Frame>
    );
}
