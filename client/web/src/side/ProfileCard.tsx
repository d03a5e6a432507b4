import { me } from '../app/chat.ts';
import { nameOf, userOf } from '../app/people.ts';
import { shortTime } from '../app/time.ts';
import { t } from '../i18n/t.ts';
import { go } from '../app/router.ts';
import { presenceText, usePresence } from '../shell/presence.ts';
import { openDirect } from '../shell/Switcher.tsx';
import css from '../shell/overlays.module.css';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/controls.tsx';
import { place } from '../ui/Menu.tsx';
import { useLayoutEffect, useRef } from '../ui/runtime.ts';
import { profile } from './profile.ts';

/** Who somebody is, beside where their name stands. */
export default function ProfileCard({ userId, anchor }: { userId: string; anchor: HTMLElement }) {
    const card = useRef<HTMLDivElement>(null);
    const presence = usePresence([userId])(userId);
    const user = userOf(userId);
    useLayoutEffect(() => {
        const element = card.current;
        if (!element) return;
        element.showPopover();
        place(element, anchor.getBoundingClientRect(), 'start');
        element.querySelector<HTMLElement>('button')?.focus();
    }, [userId]);
    const end = () => {
        profile.value = null;
        if (anchor.isConnected) anchor.focus();
    };
    return (
        <div
            ref={card}
            popover="auto"
            role="dialog"
            aria-label={nameOf(userId)}
            class={css['card']}
            onToggle={(event) => event.newState === 'closed' && end()}
        >
            <Avatar id={userId} name={nameOf(userId)} size={64} presence={presence?.presence} />
            <h2>
                <bdi>{nameOf(userId)}</bdi>
            </h2>
            <p class={css['muted']}>@{user?.handle}</p>
            {user?.status && (
                <p dir="auto">
                    {user.status.emoji} {user.status.text}
                </p>
            )}
            {presence && (
                <p class={css['muted']}>
                    {presenceText(presence)}
                    {presence.presence === 'offline' &&
                        presence.lastActiveAt &&
                        ` · ${t('profile.lastActive', { time: shortTime(presence.lastActiveAt) })}`}
                </p>
            )}
            <p class={css['buttons']}>
                {userId === me()?.id ? (
                    <Button
                        onClick={() => {
                            end();
                            go('/settings/profile');
                        }}
                    >
                        {t('profile.edit')}
                    </Button>
                ) : (
                    user?.deletedAt === null && (
                        <Button
                            look="primary"
                            onClick={() => {
                                end();
                                void openDirect([userId]);
                            }}
                        >
                            {t('profile.message')}
                        </Button>
                    )
                )}
            </p>
        </div>
    );
}
