import { notifyNow } from '../app/notify.ts';
import { prefs, setPrefs } from '../app/prefs.ts';
import { t } from '../i18n/t.ts';
import { Button, Check } from '../ui/controls.tsx';
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
