import { prefs, setPrefs } from '../app/prefs.ts';
import { languages, t } from '../i18n/t.ts';
import { Radios, Select } from '../ui/controls.tsx';
import css from './settings.module.css';

export function Appearance() {
    const now = prefs.value;
    return (
        <div class={css['form']}>
            <p class={css['muted']}>{t('appearance.device')}</p>
            <Radios
                label={t('appearance.theme')}
                value={now.theme}
                options={[
                    ['system', t('system')],
                    ['light', t('appearance.light')],
                    ['dark', t('appearance.dark')],
                ]}
                onChange={(theme) => setPrefs({ theme })}
            />
            <Radios
                label={t('appearance.contrast')}
                value={now.contrast}
                options={[
                    ['system', t('system')],
                    ['normal', t('appearance.normal')],
                    ['more', t('appearance.more')],
                ]}
                onChange={(contrast) => setPrefs({ contrast })}
            />
            <Radios
                label={t('appearance.density')}
                value={now.density}
                options={[
                    ['comfortable', t('appearance.comfortable')],
                    ['compact', t('appearance.compact')],
                ]}
                onChange={(density) => setPrefs({ density })}
            />
            <Radios
                label={t('appearance.size')}
                value={now.size}
                options={[
                    ['small', t('appearance.small')],
                    ['normal', t('appearance.normal')],
                    ['large', t('appearance.large')],
                ]}
                onChange={(size) => setPrefs({ size })}
            />
            <Radios
                label={t('appearance.motion')}
                value={now.motion}
                options={[
                    ['system', t('system')],
                    ['full', t('appearance.full')],
                    ['reduced', t('appearance.reduced')],
                ]}
                onChange={(motion) => setPrefs({ motion })}
            />
            <Select
                label={t('appearance.language')}
                value={now.language}
                options={[['system', t('system')], ...languages]}
                onChange={(language) => setPrefs({ language })}
            />
            <Radios
                label={t('appearance.hours')}
                value={now.hours}
                options={[
                    ['system', t('system')],
                    ['12', t('appearance.12')],
                    ['24', t('appearance.24')],
                ]}
                onChange={(hours) => setPrefs({ hours })}
            />
        </div>
    );
}
