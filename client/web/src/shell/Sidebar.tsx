import type { Thread } from '@banter/sdk';
import { chat, mayInvite, me, signOut } from '../app/chat.ts';
import { isMuted, nameOf, othersOf, titleOf, unreadOf, userOf } from '../app/people.ts';
import { go, paths, route } from '../app/router.ts';
import { failed } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import { Avatar, PresenceDot } from '../ui/Avatar.tsx';
import { IconButton, Kbd } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { MenuButton } from '../ui/Menu.tsx';
import { signal } from '../ui/runtime.ts';
import { drawer, opened } from './opened.ts';
import { ownPresence, setOwnPresence } from './own_presence.ts';
import { usePresence } from './presence.ts';
import { folded, type Section, sections, toggleFolded } from './sections.ts';
import css from './sidebar.module.css';
import { Splitter } from './Splitter.tsx';

const onlyUnread = signal(false);

export function Sidebar() {
    const shown = sections(onlyUnread.value);
    const partners = chat.threads.value
        .filter((thread) => thread.kind === 'direct')
        .flatMap((thread) => othersOf(thread).slice(0, 1));
    const presence = usePresence(partners);
    return (
        <nav class={css['sidebar']} aria-label={t('sidebar.threads')} data-open={drawer.value} id="threads">
            <header class={css['head']}>
                <p class={css['server']}>
                    <bdi>{chat.session.value?.workspace.name ?? 'Banter'}</bdi>
                </p>
                <MenuButton
                    icon="add"
                    label={t('new.menu')}
                    items={() => [
                        {
                            label: t('new.thread'),
                            icon: 'hash',
                            run: () => {
                                opened.value = 'newThread';
                            },
                        },
                        {
                            label: t('new.direct'),
                            icon: 'person',
                            run: () => {
                                opened.value = 'newDirect';
                            },
                        },
                        { label: t('browse.title'), icon: 'search', run: () => go('/browse') },
                        ...(mayInvite()
                            ? [
                                  {
                                      label: t('settings.invites'),
                                      icon: 'people' as const,
                                      run: () => go(paths.settings('invites')),
                                  },
                              ]
                            : []),
                    ]}
                />
            </header>
            <button
                type="button"
                class={css['search']}
                onClick={() => {
                    opened.value = 'switcher';
                }}
            >
                <Icon name="search" size={16} />
                <span>{t('switcher.open')}</span>
                <Kbd keys="Ctrl+K" />
            </button>
            <div class={css['scroll']}>
                {chat.session.value === null ? (
                    <Bones />
                ) : (
                    shown.map((section) => (
                        <SectionView key={section.id} section={section} presence={presence} />
                    ))
                )}
                {shown.every((section) => section.threads.length === 0) && onlyUnread.value && (
                    <p class={css['none']}>{t('sidebar.allRead')}</p>
                )}
            </div>
            <Foot />
            <Splitter of="sidebar" />
        </nav>
    );
}

function Bones() {
    return (
        <div class={css['bones']} aria-hidden="true">
            {Array.from({ length: 7 }, (_, at) => (
                <i key={at} />
            ))}
        </div>
    );
}

function SectionView({ section, presence }: { section: Section; presence: ReturnType<typeof usePresence> }) {
    const closed = folded.value.has(section.id);
    const current = route.value.name === 'thread' ? route.value.threadId : null;
    // A folded section still shows where one is, and what is unread.
    const threads = closed
        ? section.threads.filter((thread) => thread.id === current || unreadOf(thread).unread > 0)
        : section.threads;
    return (
        <section>
            <h2 class={css['section']}>
                <button type="button" aria-expanded={!closed} onClick={() => toggleFolded(section.id)}>
                    <span class={css['arrow']} aria-hidden="true">
                        ▾
                    </span>
                    {t(`sidebar.${section.id}`)}
                </button>
                {section.id === 'channels' && (
                    <IconButton
                        icon="unread"
                        small
                        label={t('sidebar.onlyUnread')}
                        pressed={onlyUnread.value}
                        onClick={() => {
                            onlyUnread.value = !onlyUnread.value;
                        }}
                    />
                )}
            </h2>
            <ul>
                {threads.map((thread) => (
                    <li key={thread.id}>
                        <ThreadLink thread={thread} current={thread.id === current} presence={presence} />
                    </li>
                ))}
            </ul>
        </section>
    );
}

function ThreadLink({
    thread,
    current,
    presence,
}: {
    thread: Thread;
    current: boolean;
    presence: ReturnType<typeof usePresence>;
}) {
    const { unread, mentions } = unreadOf(thread);
    const draft = chat.drafts.value.has(thread.id) && !current;
    const title = titleOf(thread);
    return (
        <a
            class={css['thread']}
            href={
                thread.kind === 'reply' && thread.parent
                    ? paths.replies(thread.parent.threadId, thread.parent.messageId)
                    : paths.thread(thread.id)
            }
            aria-current={current ? 'page' : undefined}
            data-unread={unread > 0 || mentions > 0}
            data-muted={isMuted(thread)}
            data-thread={thread.id}
            onClick={() => {
                drawer.value = false;
            }}
        >
            <Sign thread={thread} presence={presence} />
            <bdi class={css['name']}>{title}</bdi>
            {draft && (
                <span class={css['draft']} title={t('sidebar.draft')}>
                    <Icon name="edit" size={14} />
                    <span class="hide">{t('sidebar.draft')}</span>
                </span>
            )}
            {mentions > 0 ? (
                <span class={css['badge']}>
                    <span aria-hidden="true">{mentions > 99 ? '99+' : mentions}</span>
                    <span class="hide">{t('sidebar.mentions', { count: mentions })}</span>
                </span>
            ) : (
                unread > 0 && (
                    <span class={css['count']}>
                        <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
                        <span class="hide">{t('sidebar.unread', { count: unread })}</span>
                    </span>
                )
            )}
        </a>
    );
}

function Sign({ thread, presence }: { thread: Thread; presence: ReturnType<typeof usePresence> }) {
    if (thread.kind === 'reply') return <Icon name="reply" size={16} />;
    if (thread.kind !== 'direct')
        return (
            <Icon
                name={thread.visibility === 'private' || thread.kind === 'group' ? 'lock' : 'hash'}
                size={16}
            />
        );
    const others = othersOf(thread);
    const [first = me()?.id ?? ''] = others;
    const how = others.length === 1 ? presence(first)?.presence : undefined;
    return <Avatar id={first} name={nameOf(first)} size={20} presence={how} />;
}

function Foot() {
    const self = me();
    const user = self && (userOf(self.id) ?? self);
    if (!user) return <footer class={css['foot']} />;
    const own = ownPresence.value;
    return (
        <footer class={css['foot']}>
            <Avatar id={user.id} name={user.displayName} size={24} />
            <p class={css['self']}>
                <bdi>{user.displayName}</bdi>
                <span class={css['selfPresence']}>
                    <span class={css['inlineDot']}>
                        <PresenceDot presence={own} />
                    </span>
                    {user.status?.text || user.status?.emoji
                        ? `${user.status.emoji} ${user.status.text}`
                        : t(`presence.${own}`)}
                </span>
            </p>
            <MenuButton
                icon="settings"
                label={t('own.menu')}
                items={() => [
                    ...(['online', 'away', 'dnd'] as const).map((presence) => ({
                        label: t(`presence.${presence}`),
                        checked: own === presence,
                        run: () => setOwnPresence(presence),
                    })),
                    {
                        label: t('settings.title'),
                        icon: 'settings' as const,
                        keys: 'Ctrl+,',
                        run: () => go('/settings/profile'),
                    },
                    {
                        label: t('shortcuts.title'),
                        icon: 'keyboard' as const,
                        keys: 'Ctrl+/',
                        run: () => {
                            opened.value = 'shortcuts';
                        },
                    },
                    {
                        label: t('own.signOut'),
                        icon: 'leave' as const,
                        run: () => void signOut().catch(failed),
                    },
                ]}
            />
        </footer>
    );
}
