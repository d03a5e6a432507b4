import { nameOf, othersOf, titleOf } from '../app/people.ts';
import { go, paths } from '../app/router.ts';
import { shortDate } from '../app/time.ts';
import { t } from '../i18n/t.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import type { ThreadModel } from './model.ts';
import css from './thread.module.css';

/** The beginning of a thread. */
export function Intro({ model }: { model: ThreadModel }) {
    const thread = model.room.thread.value;
    if (!thread || thread.kind === 'reply') return null;
    const empty = model.room.rows.value.length === 0;
    const [first] = othersOf(thread);
    const direct = thread.kind === 'direct';
    return (
        <div class={css['intro']}>
            <p class={css['introSign']}>
                {direct && first ? (
                    <Avatar id={first} name={nameOf(first)} size={64} />
                ) : (
                    <Icon name={thread.visibility === 'private' ? 'lock' : 'hash'} size={28} />
                )}
            </p>
            <p class={css['introTitle']}>
                <bdi>{titleOf(thread)}</bdi>
            </p>
            <p>
                {direct
                    ? t(first ? 'intro.direct' : 'intro.notes', { name: titleOf(thread) })
                    : t('intro.channel', {
                          name: nameOf(thread.createdBy),
                          date: shortDate(thread.createdAt),
                      })}
            </p>
            {thread.topic && <p dir="auto">{thread.topic}</p>}
            {!direct && thread.membership?.role === 'owner' && (
                <Button icon="people" onClick={() => go(paths.details(thread.id))}>
                    {t('intro.addPeople')}
                </Button>
            )}
            {empty && <p class={css['hello']}>{t('intro.sayHello')}</p>}
        </div>
    );
}
