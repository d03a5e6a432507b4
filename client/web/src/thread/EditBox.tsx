import type { Message } from '@banter/sdk';
import { say } from '../app/announce.tsx';
import { userByHandle, userOf } from '../app/people.ts';
import { failed } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import { toContent, toText } from '../text/compose.ts';
import { Button, Form } from '../ui/controls.tsx';
import { useLayoutEffect, useRef, useState } from '../ui/runtime.ts';
import { deleting } from './actions.ts';
import css from './composer.module.css';
import { keepEdit, keptEdit } from './edits.ts';
import type { ThreadModel } from './model.ts';

export const handles = {
    idOf: (name: string) => userByHandle(name)?.id,
    handleOf: (id: string) => userOf(id)?.handle,
};

/** The message as text again, in its row. Escape leaves it as it was; without any text it asks whether to delete. */
export function EditBox({ message, model }: { message: Message; model: ThreadModel }) {
    const area = useRef<HTMLTextAreaElement>(null);
    const [text, setText] = useState(() => toText(keptEdit(message.id) ?? message.content, handles));
    const [saving, setSaving] = useState(false);
    useLayoutEffect(() => {
        const element = area.current;
        element?.focus();
        element?.setSelectionRange(text.length, text.length);
    }, []);
    // Kept with every key, not after the next frame: the page may be gone by then.
    const write = (now: string) => {
        setText(now);
        keepEdit(message.id, toContent(now, handles));
    };
    const done = () => {
        keepEdit(message.id, null);
        const row = area.current?.closest<HTMLElement>('[data-focus]');
        model.editing.value = null;
        const composer = document.querySelector<HTMLElement>(`[data-composer="${model.threadId}"]`);
        requestAnimationFrame(() => (composer ?? row)?.focus());
    };
    const save = async () => {
        const content = toContent(text.trim(), handles);
        if (content === '' && message.attachments.length === 0) {
            deleting.value = { model, message };
            return;
        }
        setSaving(true);
        try {
            if (content !== message.content) await model.room.edit(message.id, content);
            say(t('message.saved'));
            done();
        } catch (thrown) {
            setSaving(false);
            failed(thrown);
        }
    };
    return (
        <Form class={css['edit']} onSubmit={save}>
            <textarea
                ref={area}
                class={css['area']}
                aria-label={t('message.editLabel')}
                value={text}
                dir="auto"
                onInput={(event) => write(event.currentTarget.value)}
                onKeyDown={(event) => {
                    event.stopPropagation();
                    if (event.isComposing) return;
                    if (event.key === 'Escape') done();
                    else if (event.key === 'Enter' && !event.shiftKey) void save();
                    else return;
                    event.preventDefault();
                }}
            />
            <div class={css['editButtons']}>
                <Button look="primary" type="submit" busy={saving}>
                    {t('save')}
                </Button>
                <Button onClick={done}>{t('cancel')}</Button>
                <span>{t('message.editHint')}</span>
            </div>
        </Form>
    );
}
