import { nameOf } from '../app/people.ts';
import { t } from '../i18n/t.ts';
import css from './thread.module.css';
import type { ThreadModel } from './model.ts';

/** Under the newest message, in direct threads and small groups: who has read it, if it is one's own. */
export function Seen({ model }: { model: ThreadModel }) {
    const last = model.room.rows.value.findLast((row) => row.message)?.message;
    const kind = model.room.thread.value?.kind;
    if (!last || last !== model.lastOwn() || (kind !== 'direct' && kind !== 'group')) return null;
    const names = [...model.room.readers.value]
        .filter(([id, seq]) => seq >= last.seq && id !== last.authorId)
        .map(([id]) => nameOf(id));
    if (names.length === 0) return <p class={css['seen']} />;
    return (
        <p class={css['seen']}>
            {kind === 'direct' && names.length === 1
                ? t('thread.seen')
                : t('thread.seenBy', { names: names.slice(0, 5).join(', ') })}
        </p>
    );
}
