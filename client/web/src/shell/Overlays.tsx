import { failed } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import { MessageBody } from '../text/MessageBody.tsx';
import { profile } from '../side/profile.ts';
import { deleting, picking, toggleReaction } from '../thread/actions.ts';
import { askingAll } from '../thread/confirm_all.ts';
import { pickingText } from '../thread/pick_text.ts';
import { Button } from '../ui/controls.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Lazy } from '../ui/Lazy.tsx';
import { opened } from './opened.ts';
import css from './overlays.module.css';

/** Whatever is open over the panes, one of each kind at most. */
export function Overlays() {
    const name = opened.value;
    return (
        <>
            {(name === 'switcher' || name === 'palette') && (
                <Lazy
                    load={() => import('./Switcher.tsx')}
                    props={{ commands: name === 'palette' }}
                    key={name}
                />
            )}
            {name === 'shortcuts' && <Lazy load={() => import('./ShortcutsHelp.tsx')} props={{}} />}
            {name === 'newThread' && <Lazy load={() => import('./NewThread.tsx')} props={{}} />}
            {name === 'newDirect' && <Lazy load={() => import('./NewDirect.tsx')} props={{}} />}
            {deleting.value && <ConfirmDelete />}
            {askingAll.value && <ConfirmAll />}
            {profile.value && <Lazy load={() => import('../side/ProfileCard.tsx')} props={profile.value} />}
            <Emoji />
        </>
    );
}

function Emoji() {
    const reaction = picking.value;
    const text = pickingText.value;
    const load = () => import('../emoji/Picker.tsx');
    if (reaction)
        return (
            <Lazy
                load={load}
                props={{
                    anchor: reaction.anchor,
                    onPick: (emoji: string) => toggleReaction(reaction.model, reaction.message, emoji),
                    onClose: () => {
                        picking.value = null;
                    },
                }}
            />
        );
    if (text)
        return (
            <Lazy
                load={load}
                props={{
                    anchor: text.anchor,
                    onPick: text.insert,
                    onClose: () => {
                        pickingText.value = null;
                    },
                }}
            />
        );
    return null;
}

function ConfirmDelete() {
    const asked = deleting.value;
    if (!asked) return null;
    const { model, message } = asked;
    const stop = () => {
        deleting.value = null;
    };
    const remove = async () => {
        const key = model.rowOf(message.id)?.key ?? '';
        const row = document.querySelector(`li[data-key="${CSS.escape(key)}"]`);
        const next = row?.nextElementSibling ?? row?.previousElementSibling;
        stop();
        model.editing.value = null;
        try {
            await model.room.remove(message.id);
        } catch (thrown) {
            failed(thrown);
        }
        // The focus goes on to the next row, or back to where one writes.
        const target =
            next?.querySelector<HTMLElement>('[data-focus]') ??
            document.querySelector<HTMLElement>(`[data-composer="${model.threadId}"]`);
        target?.focus();
    };
    return (
        <Dialog title={t('delete.title')} onClose={stop}>
            <div class={css['confirm']}>
                <p>{t('delete.hint')}</p>
                {message.content && (
                    <div class={css['preview']}>
                        <MessageBody content={message.content} />
                    </div>
                )}
                <p class={css['buttons']}>
                    <Button onClick={stop}>{t('cancel')}</Button>
                    <Button look="danger" onClick={() => void remove()} autofocus>
                        {t('message.delete')}
                    </Button>
                </p>
            </div>
        </Dialog>
    );
}

function ConfirmAll() {
    const answer = askingAll.value;
    if (!answer) return null;
    return (
        <Dialog title={t('all.title')} onClose={() => answer(false)}>
            <div class={css['confirm']}>
                <p>{t('all.hint')}</p>
                <p class={css['buttons']}>
                    <Button onClick={() => answer(false)}>{t('cancel')}</Button>
                    <Button look="primary" onClick={() => answer(true)} autofocus>
                        {t('all.send')}
                    </Button>
                </p>
            </div>
        </Dialog>
    );
}
