import { isAdmin, mayInvite } from '../app/chat.ts';
import { paths, type SettingsTab, settingsTabs, go } from '../app/router.ts';
import { t } from '../i18n/t.ts';
import { IconButton } from '../ui/controls.tsx';
import { About } from './About.tsx';
import { Appearance } from './Appearance.tsx';
import { Invites } from './Invites.tsx';
import { Notifications } from './Notifications.tsx';
import { People } from './People.tsx';
import { Profile } from './Profile.tsx';
import { Security } from './Security.tsx';
import { Keyboard } from './Keyboard.tsx';
import css from './settings.module.css';

const pages = {
    profile: Profile,
    appearance: Appearance,
    notifications: Notifications,
    keyboard: Keyboard,
    security: Security,
    invites: Invites,
    people: People,
    about: About,
} as const;

/** Whether a page is for whoever is here; one that isn't named is for all. */
const isShown: Partial<Record<SettingsTab, () => boolean>> = { invites: mayInvite, people: isAdmin };

export default function Settings({ tab }: { tab: SettingsTab }) {
    const Page = pages[tab];
    const shown = settingsTabs.filter((each) => isShown[each]?.() ?? true);
    return (
        <main class={css['settings']} id="messages" aria-label={t('settings.title')}>
            <header class={css['top']}>
                <IconButton
                    icon="back"
                    label={t('back')}
                    onClick={() => (history.length > 1 ? history.back() : go('/'))}
                />
                <h1>{t('settings.title')}</h1>
            </header>
            <ul class={css['tabs']} aria-label={t('settings.pages')}>
                {shown.map((each) => (
                    <li key={each}>
                        <a href={paths.settings(each)} aria-current={each === tab ? 'page' : undefined}>
                            {t(`settings.${each}`)}
                        </a>
                    </li>
                ))}
            </ul>
            <section class={css['page']} aria-label={t(`settings.${tab}`)}>
                <h2>{t(`settings.${tab}`)}</h2>
                <Page />
            </section>
        </main>
    );
}
