import { t } from '../i18n/t.ts';
import { me } from '../app/chat.ts';
import { Issuers } from '../door/Issuers.tsx';
import { SignInForm } from '../door/SignInForm.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import css from './shell.module.css';

/** Over the view, which stays as it is: whoever signs in again goes on where they were. */
export function SessionEnded() {
    return (
        <Dialog title={t('ended.title')} onClose={() => {}} firm>
            <div class={css['ended']}>
                <p>{t('ended.hint')}</p>
                <SignInForm handle={me()?.handle ?? ''} />
                <Issuers returnTo={location.pathname} />
                <p>
                    <a href="/login" onClick={() => setTimeout(() => location.reload())}>
                        {t('ended.other')}
                    </a>
                </p>
            </div>
        </Dialog>
    );
}
