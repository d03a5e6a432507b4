import { BanterError } from '@banter/sdk';
import { auth } from '../app/chat.ts';
import { errorText } from '../i18n/errors.ts';
import { t } from '../i18n/t.ts';
import { Button, Field, Form } from '../ui/controls.tsx';
import { useEffect, useRef, useState } from '../ui/runtime.ts';
import css from './door.module.css';

/** Why signing in failed: said, shown, and counted down while the server asks to wait. */
export function useFailure() {
    const [error, setError] = useState<BanterError | null>(null);
    const [until, setUntil] = useState(0);
    const [, tick] = useState(0);
    const place = useRef<HTMLParagraphElement>(null);
    const left = Math.ceil((until - Date.now()) / 1000);
    useEffect(() => {
        if (error) place.current?.focus();
    }, [error]);
    useEffect(() => {
        if (left <= 0) return;
        const timer = setTimeout(() => tick((count) => count + 1), 1000);
        return () => clearTimeout(timer);
    });
    const take = (thrown: unknown) => {
        const failure = BanterError.from(thrown);
        setError(failure);
        setUntil(failure.code === 'rate_limited' ? Date.now() + (failure.retryAfterMs ?? 5000) : 0);
    };
    const text =
        error &&
        (left > 0
            ? t('error.rateLimitedFor', { count: left })
            : error.code === 'rate_limited'
              ? null
              : errorText(error));
    const view = text && (
        <p class={css['failure']} role="alert" tabIndex={-1} ref={place}>
            {text}
        </p>
    );
    return { take, clear: () => setError(null), waiting: left > 0, view, code: error?.code };
}

export function SignInForm({ handle: begins = '', onDone }: { handle?: string; onDone?: () => void }) {
    const [handle, setHandle] = useState(begins);
    const [password, setPassword] = useState('');
    const [busy, setBusy] = useState(false);
    const failure = useFailure();
    const submit = async () => {
        setBusy(true);
        failure.clear();
        try {
            await auth.local.login({ handle: handle.trim().toLowerCase().replace(/^@/, ''), password });
            onDone?.();
        } catch (thrown) {
            failure.take(thrown);
        }
        setBusy(false);
    };
    return (
        <Form class={css['form']} onSubmit={submit}>
            {failure.view}
            <Field
                label={t('door.handle')}
                name="username"
                autocomplete="username"
                value={handle}
                onInput={setHandle}
                required
                autofocus={begins === ''}
            />
            <Field
                label={t('door.password')}
                name="password"
                type="password"
                autocomplete="current-password"
                showLabel={t('door.show')}
                value={password}
                onInput={setPassword}
                required
                autofocus={begins !== ''}
            />
            <Button look="primary" type="submit" busy={busy} disabled={failure.waiting}>
                {t('door.signIn')}
            </Button>
        </Form>
    );
}
