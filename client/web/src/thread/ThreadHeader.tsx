import { isMuted, nameOf, othersOf, titleOf } from '../app/people.ts';
import { go, paths, type Side } from '../app/router.ts';
import { chat } from '../app/chat.ts';
import { failed } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import { presenceText, usePresence } from '../shell/presence.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, Field, Form, IconButton } from '../ui/controls.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { MenuButton } from '../ui/Menu.tsx';
import { useState } from '../ui/runtime.ts';
import type { ThreadModel } from './model.ts';
import css from './thread.module.css';

export function ThreadHeader({ model, side }: { model: ThreadModel; side: Side | undefined }) {
    const thread = model.room.thread.value;
    const [jumping, setJumping] = useState(false);
    const others = thread?.kind === 'direct' ? othersOf(thread) : [];
    const presence = usePresence(others.length === 1 ? others : []);
    if (!thread)
        return (
            <header class={css['header']}>
                <Back />
            </header>
        );
    const [first] = others;
    const now = first ? presence(first) : undefined;
    const details = side?.name === 'details';
    return (
        <header class={css['header']}>
            <Back />
            {first && others.length === 1 ? (
                <Avatar id={first} name={nameOf(first)} size={24} presence={now?.presence} />
            ) : (
                <Icon name={thread.visibility === 'private' ? 'lock' : 'hash'} size={16} />
            )}
            <div class={css['title']}>
                <h1>
                    <bdi>{titleOf(thread)}</bdi>
                </h1>
                {isMuted(thread) && <Icon name="bellOff" size={14} />}
                <p dir="auto">{now ? presenceText(now) : thread.topic}</p>
            </div>
            <IconButton icon="calendar" label={t('jump.open')} onClick={() => setJumping(true)} />
            <LevelMenu model={model} />
            <IconButton
                icon="details"
                label={t('details.open')}
                keys="Ctrl+."
                pressed={details}
                onClick={() => go(details ? paths.thread(thread.id) : paths.details(thread.id))}
            />
            {jumping && <JumpToDate model={model} onClose={() => setJumping(false)} />}
        </header>
    );
}

function Back() {
    return (
        <span class={css['onlyPhone']}>
            <IconButton icon="back" label={t('back')} onClick={() => go('/')} />
        </span>
    );
}

function LevelMenu({ model }: { model: ThreadModel }) {
    const thread = model.room.thread.value;
    const membership = thread?.membership;
    if (!thread || !membership) return null;
    const set = (level: typeof membership.level, mutedUntil: string | null = null) =>
        void chat.setLevel(thread.id, level, mutedUntil).catch(failed);
    const muted = membership.mutedUntil !== null && isMuted(thread);
    const tomorrow = () => {
        const time = new Date();
        time.setDate(time.getDate() + 1);
        time.setHours(8, 0, 0, 0);
        return time.toISOString();
    };
    return (
        <MenuButton
            icon={isMuted(thread) ? 'bellOff' : 'bell'}
            label={t('level.menu')}
            items={() => [
                {
                    label: t('level.all'),
                    checked: membership.level === 'all' && !muted,
                    run: () => set('all'),
                },
                {
                    label: t('level.mentions'),
                    checked: membership.level === 'mentions' && !muted,
                    run: () => set('mentions'),
                },
                {
                    label: t('level.none'),
                    checked: membership.level === 'none' && !muted,
                    run: () => set('none'),
                },
                { label: t('level.tomorrow'), checked: muted, run: () => set(membership.level, tomorrow()) },
            ]}
        />
    );
}

function JumpToDate({ model, onClose }: { model: ThreadModel; onClose: () => void }) {
    const today = new Date();
    const day = (date: Date) =>
        `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
    const [value, setValue] = useState(day(today));
    const jump = () => {
        const [year = 0, month = 1, date = 1] = value.split('-').map(Number);
        onClose();
        void model.toTime(new Date(year, month - 1, date));
    };
    return (
        <Dialog title={t('jump.title')} onClose={onClose}>
            <Form class={css['jump']} onSubmit={jump}>
                <Field
                    label={t('jump.date')}
                    type="date"
                    value={value}
                    onInput={setValue}
                    required
                    autofocus
                />
                <div class={css['buttons']}>
                    <Button
                        onClick={() => {
                            onClose();
                            void model.toTime(new Date(0));
                        }}
                    >
                        {t('jump.first')}
                    </Button>
                    <Button look="primary" type="submit">
                        {t('jump.go')}
                    </Button>
                </div>
            </Form>
        </Dialog>
    );
}
