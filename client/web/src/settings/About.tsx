import { chat, config } from '../app/chat.ts';
import { t } from '../i18n/t.ts';
import css from './settings.module.css';

export function About() {
    return (
        <div class={css['form']}>
            <p>
                {chat.session.value?.workspace.name} · Banter {config.value?.version}
            </p>
            <p class={css['muted']}>{t('about.license')}</p>
        </div>
    );
}
