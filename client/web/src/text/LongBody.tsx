import { t } from '../i18n/t.ts';
import { useState } from '../ui/runtime.ts';
import css from './body.module.css';
import { type BodyProps, MessageBody } from './MessageBody.tsx';

const mostLines = 24;
const mostLetters = 2000;

/** The text of a message; a long one shows its beginning until more is asked for. */
export function LongBody({ content, after }: BodyProps) {
    const [open, setOpen] = useState(false);
    const long = content.length > mostLetters || content.split('\n', mostLines + 1).length > mostLines;
    if (!long) return <MessageBody content={content} after={after} />;
    return (
        <>
            {/* Whoever goes to something in it by keyboard sees all of it. */}
            <div class={open ? undefined : css['folded']} onFocusIn={() => setOpen(true)}>
                <MessageBody content={content} after={after} />
            </div>
            <button type="button" class={css['fold']} aria-expanded={open} onClick={() => setOpen(!open)}>
                {open ? t('less') : t('more')}
            </button>
        </>
    );
}
