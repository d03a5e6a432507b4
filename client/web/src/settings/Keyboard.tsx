import { prefs, setPrefs } from '../app/prefs.ts';
import { t } from '../i18n/t.ts';
import { opened } from '../shell/opened.ts';
import { Button, Radios } from '../ui/controls.tsx';
import css from './settings.module.css';

export function Keyboard() {
    return (
        <div class={css['form']}>
            <Radios
                label={t('keyboard.send')}
                value={prefs.value.send}
                options={[
                    ['enter', t('keyboard.enter')],
                    ['ctrlEnter', t('keyboard.ctrlEnter')],
                ]}
                onChange={(send) => setPrefs({ send })}
            />
            <Button
                icon="keyboard"
                onClick={() => {
                    opened.value = 'shortcuts';
                }}
            >
                {t('shortcuts.title')}
            </Button>
        </div>
    );
}
