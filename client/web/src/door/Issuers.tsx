import { config } from '../app/chat.ts';
import { t } from '../i18n/t.ts';
import { ButtonLink } from '../ui/controls.tsx';
import css from './door.module.css';
import { asPath } from './path.ts';

/** The issuers at which people may sign in; from there they come to `returnTo`, else home. */
export function Issuers({ returnTo }: { returnTo?: string }) {
    const { oidc = [] } = config.value?.auth ?? {};
    if (oidc.length === 0) return null;
    const query = returnTo === undefined ? '' : `?${new URLSearchParams({ returnTo: asPath(returnTo) })}`;
    return (
        <div class={css['issuers']}>
            {oidc.map(({ name, url }) => (
                <ButtonLink key={name} href={url + query}>
                    {t('door.continueWith', { name })}
                </ButtonLink>
            ))}
        </div>
    );
}
