import { notifyNow } from '../app/notify.ts';
import { type Prefs, prefs, setPrefs } from '../app/prefs.ts';
import { t } from '../i18n/t.ts';
import { Button, Check, Field } from '../ui/controls.tsx';
import { useState } from '../ui/runtime.ts';
import css from './settings.module.css';

export function Notifications() {
    const [permission, setPermission] = useState(
        typeof Notification === 'undefined' ? 'denied' : Notification.permission,
    );
    const turn = async (on: boolean) => {
        if (on && permission === 'default') setPermission(await Notification.requestPermission());
        setPrefs({ notify: on && Notification.permission === 'granted' });
    };
    const now = prefs.value;
    return (
        <div class={css['form']}>
            <Check
                label={t('notify.desktop')}
                checked={now.notify && permission === 'granted'}
                onChange={(on) => void turn(on)}
            />
            {permission === 'denied' && <p class={css['muted']}>{t('notify.denied')}</p>}
            <Check label={t('notify.sound')} checked={now.sound} onChange={(sound) => setPrefs({ sound })} />
            <Check
                label={t('notify.quiet')}
                checked={now.quiet !== null}
                onChange={(on) => setPrefs({ quiet: on ? { from: '22:00', to: '07:00' } : null })}
            />
            {now.quiet && <QuietHours quiet={now.quiet} />}
            <Check
                label={t('notify.announce')}
                checked={now.announce}
                onChange={(announce) => setPrefs({ announce })}
            />
            <p class={css['muted']}>{t('notify.levels')}</p>
            <Button
                disabled={permission !== 'granted'}
                onClick={() => notifyNow('Banter', t('notify.test'), '/')}
            >
                {t('notify.testButton')}
            </Button>
        </div>
    );
}

function QuietHours({ quiet }: { quiet: NonNullable<Prefs['quiet']> }) {
    const set = (part: keyof typeof quiet) => (hour: string) => {
        // A time that is being typed is no time yet.
        if (hour) setPrefs({ quiet: { ...quiet, [part]: hour } });
    };
    return (
        <>
            <Field type="time" label={t('notify.quietFrom')} value={quiet.from} onInput={set('from')} />
            <Field type="time" label={t('notify.quietTo')} value={quiet.to} onInput={set('to')} />
        </>
    );
}
