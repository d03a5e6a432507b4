import { auth, config } from '../app/chat.ts';
import { t } from '../i18n/t.ts';
import { Button, ButtonLink, Spinner } from '../ui/controls.tsx';
import { useEffect } from '../ui/runtime.ts';
import css from './door.module.css';
import { asPath } from './path.ts';

/** Where else than here people may sign in; from there they come to `returnTo`, else home. */
export function Issuers({ returnTo }: { returnTo?: string }) {
    const { oidc = [], clerk } = config.value?.auth ?? {};
    if (oidc.length === 0 && !clerk) return null;
    const query = returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo: asPath(returnTo) })}`;
    return (
        <div class={css['issuers']}>
            {clerk && <Clerk returnTo={returnTo ?? '/'} />}
            {oidc.map(({ name, url }) => (
                <ButtonLink key={name} href={url + query}>
                    {t('door.continueWith', { name })}
                </ButtonLink>
            ))}
        </div>
    );
}

function Clerk({ returnTo }: { returnTo: string }) {
    const clerk = auth.clerk.value;
    useEffect(() => void auth.begin(), []);
    if (clerk)
        return (
            <ButtonLink href={clerk.signInUrl(returnTo)}>
                {t('door.continueWith', { name: clerk.name })}
            </ButtonLink>
        );
    if (!auth.clerkFailed.value) return <Spinner label={t('loading')} />;
    return (
        <div class={css['form']}>
            <p class={css['failure']} role="alert">
                {t('door.failed.script')}
            </p>
            <Button onClick={() => void auth.begin()}>{t('retry')}</Button>
        </div>
    );
}
