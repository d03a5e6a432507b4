import { nameOf } from '../app/people.ts';
import { t } from '../i18n/t.ts';
import css from './composer.module.css';
import type { Writing } from './writing.ts';

/** Who is typing. Its line is always there, so nothing moves when somebody begins. */
export function TypingLine({ model }: { model: Writing }) {
    const ids = model.room.typing.value;
    const [first, second] = ids.slice(0, 2).map(nameOf);
    const text =
        ids.length > 2
            ? t('typing.several')
            : second !== undefined && first !== undefined
              ? t('typing.two', { first, second })
              : first !== undefined
                ? t('typing.one', { first })
                : '';
    return <p class={css['typing']}>{text}</p>;
}
