import { BanterError } from '@banter/sdk';
import { alert, say } from '../app/announce.tsx';
import { nameOf } from '../app/people.ts';
import { prefs, touch } from '../app/prefs.ts';
import { errorText } from '../i18n/errors.ts';
import { t } from '../i18n/t.ts';
import { Form, IconButton } from '../ui/controls.tsx';
import { useEffect, useId, useLayoutEffect, useRef, useState } from '../ui/runtime.ts';
import { continued, type Edit, link, prefix, toContent, toText, wordAt, wrap } from '../text/compose.ts';
import { plainText } from '../text/plain.ts';
import css from './composer.module.css';
import { handles } from './EditBox.tsx';
import type { Writing } from './writing.ts';
import { picked, type Suggestion, suggest } from './suggest.ts';
import { Suggestions } from './Suggestions.tsx';
import { pickingText } from './pick_text.ts';
import { Tray } from './Tray.tsx';
import { TypingLine } from './TypingLine.tsx';
import { addFiles, trayOf } from './uploads.ts';
import { confirmAll } from './confirm_all.ts';

interface Props {
    model: Writing;
    /** Takes the focus when it appears. */
    autofocus: boolean;
}

/** Where one writes. What is typed is kept as a draft with every key; sending clears it, nothing else does. */
export function Composer({ model, autofocus }: Props) {
    const area = useRef<HTMLTextAreaElement>(null);
    const files = useRef<HTMLInputElement>(null);
    const { room, threadId } = model;
    const [text, setText] = useState(() => toText(room.draft.peek(), handles));
    // What would be typed meanwhile would go with what is sent.
    const [waiting, setWaiting] = useState(false);
    const suggestions = useSuggestions(area);
    const tray = trayOf(threadId).value;
    const uploading = tray.some((upload) => upload.state === 'sending');
    const empty = text.trim() === '' && !tray.some((upload) => upload.state === 'there');

    // Another tab, or a message that was given back, changed the draft.
    const draft = room.draft.value;
    useEffect(() => {
        if (toContent(text, handles) !== draft) setText(toText(draft, handles));
    }, [draft]);
    useLayoutEffect(() => grow(area.current), [text]);
    useEffect(() => {
        if (autofocus && !touch()) area.current?.focus({ preventScroll: true });
    }, [threadId]);

    const write = (now: string) => {
        setText(now);
        room.draft.value = toContent(now, handles);
        if (now.trim()) room.startTyping();
        else room.stopTyping();
    };
    const apply = (edit: Edit) => {
        write(edit.text);
        requestAnimationFrame(() => area.current?.setSelectionRange(edit.start, edit.end));
    };
    const selection = (): Edit => ({
        text,
        start: area.current?.selectionStart ?? 0,
        end: area.current?.selectionEnd ?? 0,
    });

    const send = async () => {
        const content = toContent(text.trim(), handles);
        if (empty || uploading) {
            if (uploading) say(t('upload.wait'));
            return;
        }
        if (/<!(?:channel|here)>/.test(content) && !(await confirmAll())) return area.current?.focus();
        if (waiting) return;
        const ready = model.ready();
        if (ready !== true) {
            setWaiting(true);
            const may = await ready;
            setWaiting(false);
            if (!may) return;
        }
        const attachments = tray.flatMap((upload) => upload.attachment ?? []);
        const { settled } = room.send({ content, attachments, replyTo: model.quoting.peek()?.id ?? null });
        settled.then(() => say(t('message.sent')), sayRefused);
        trayOf(threadId).value = tray.filter((upload) => upload.state === 'failed');
        model.quoting.value = null;
        write('');
        model.sent();
        area.current?.focus();
    };

    const pick = (item: Suggestion) => {
        const word = suggestions.word;
        if (!word || !area.current) return;
        picked(item);
        const end = area.current.selectionStart;
        const now = `${text.slice(0, word.start)}${item.insert} ${text.slice(end)}`;
        const caret = word.start + item.insert.length + 1;
        suggestions.close();
        apply({ text: now, start: caret, end: caret });
    };
    const insert = (added: string) => {
        const { start, end } = selection();
        apply({
            text: text.slice(0, start) + added + text.slice(end),
            start: start + added.length,
            end: start + added.length,
        });
        area.current?.focus();
    };

    const onKey = (event: KeyboardEvent) => {
        if (event.isComposing || event.keyCode === 229) return;
        if (suggestions.key(event, pick)) return event.preventDefault();
        const sends = sendsNow(event);
        if (sends) void send();
        else if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey) {
            const next = continued(selection());
            if (!next) return;
            apply(next);
        } else if (event.key === 'ArrowUp' && text === '' && !event.shiftKey) {
            const last = model.lastOwn();
            if (!last) return;
            model.editing.value = last.id;
        } else if (event.key === 'Escape' && model.quoting.peek()) model.quoting.value = null;
        else if (!format(event, selection(), apply)) return;
        event.preventDefault();
        event.stopPropagation();
    };
    const onPaste = (event: ClipboardEvent) => {
        const pasted = [...(event.clipboardData?.files ?? [])];
        const address = event.clipboardData?.getData('text/plain').trim() ?? '';
        const { start, end } = selection();
        if (pasted.length > 0) addFiles(threadId, pasted);
        else if (start !== end && /^https?:\/\/\S+$/.test(address)) apply(link(selection(), address));
        else return;
        event.preventDefault();
    };

    if (!model.mayWrite)
        return (
            <div class={css['composer']}>
                <p class={css['closed']}>
                    {room.state.value === 'gone' ? t('composer.gone') : t('composer.archived')}
                </p>
            </div>
        );
    const { label } = model;
    return (
        <Form class={css['composer']} onSubmit={send}>
            {suggestions.items.length > 0 && (
                <Suggestions
                    id={suggestions.id}
                    label={t('composer.suggestions')}
                    items={suggestions.items}
                    chosen={suggestions.chosen}
                    onPick={pick}
                />
            )}
            <div class={css['box']}>
                <Quoting model={model} />
                <Tray threadId={threadId} />
                <div class={css['line']}>
                    <IconButton
                        icon="attach"
                        label={t('composer.attach')}
                        keys="Ctrl+U"
                        onClick={() => files.current?.click()}
                    />
                    <input
                        ref={files}
                        type="file"
                        multiple
                        hidden
                        data-files={threadId}
                        onChange={(event) => {
                            addFiles(threadId, [...(event.currentTarget.files ?? [])]);
                            event.currentTarget.value = '';
                        }}
                    />
                    <textarea
                        ref={area}
                        class={css['area']}
                        data-composer={threadId}
                        rows={1}
                        readOnly={waiting}
                        value={text}
                        dir="auto"
                        placeholder={label}
                        aria-label={label}
                        aria-autocomplete="list"
                        aria-haspopup="listbox"
                        aria-controls={suggestions.items.length > 0 ? suggestions.id : undefined}
                        aria-activedescendant={
                            suggestions.items.length > 0
                                ? `${suggestions.id}-${suggestions.chosen}`
                                : undefined
                        }
                        enterkeyhint={touch() ? 'enter' : 'send'}
                        onInput={(event) => {
                            write(event.currentTarget.value);
                            suggestions.update(event.currentTarget);
                        }}
                        onKeyDown={onKey}
                        onPaste={onPaste}
                        onBlur={() => suggestions.close()}
                    />
                    <IconButton
                        icon="emoji"
                        label={t('composer.emoji')}
                        onClick={(event) => {
                            pickingText.value = { anchor: event.currentTarget, insert };
                        }}
                    />
                    <IconButton
                        icon="send"
                        label={t('composer.send')}
                        type="submit"
                        aria-disabled={empty || uploading}
                    />
                </div>
            </div>
            <TypingLine model={model} />
        </Form>
    );
}

function sayRefused(thrown: unknown): void {
    const error = BanterError.from(thrown);
    if (error.code !== 'aborted') alert(t('message.notSent', { reason: errorText(error) }));
}

function Quoting({ model }: { model: Writing }) {
    const message = model.quoting.value;
    if (!message) return null;
    return (
        <p class={css['quoting']}>
            <span>{t('composer.quoting', { name: nameOf(message.authorId) })}</span>
            <span dir="auto">{plainText(message.content, nameOf).slice(0, 120)}</span>
            <IconButton
                icon="close"
                small
                label={t('cancel')}
                onClick={() => {
                    model.quoting.value = null;
                }}
            />
        </p>
    );
}

/** Whether a key sends: by the setting, and never Enter on touch screens, where it is the only way to a new line. */
function sendsNow(event: KeyboardEvent): boolean {
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return false;
    const control = event.ctrlKey || event.metaKey;
    return control || (prefs.peek().send === 'enter' && !touch());
}

function format(event: KeyboardEvent, edit: Edit, apply: (edit: Edit) => void): boolean {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
    const key = event.key.toLowerCase();
    if (event.shiftKey) {
        if (event.code === 'Digit9') apply(prefix(edit, () => '> '));
        else if (event.code === 'Digit8') apply(prefix(edit, () => '- '));
        else if (key === 'l') apply(link(edit, 'https://'));
        else if (key === 'x') apply(wrap(edit, '~~'));
        else return false;
    } else if (key === 'b') apply(wrap(edit, '**'));
    else if (key === 'i') apply(wrap(edit, '_'));
    else if (key === 'e') apply(wrap(edit, '`'));
    else return false;
    return true;
}

/** As high as its text, up to what the style sheet allows; browsers with `field-sizing` do it themselves. */
function grow(area: HTMLTextAreaElement | null): void {
    if (!area || CSS.supports('field-sizing', 'content')) return;
    area.style.blockSize = 'auto';
    area.style.blockSize = `${area.scrollHeight}px`;
}

function useSuggestions(area: { current: HTMLTextAreaElement | null }) {
    const id = useId();
    const [items, setItems] = useState<readonly Suggestion[]>([]);
    const [chosen, setChosen] = useState(0);
    const [word, setWord] = useState<ReturnType<typeof wordAt>>(null);
    const asking = useRef<AbortController | null>(null);
    const close = () => {
        asking.current?.abort();
        setItems([]);
        setWord(null);
    };
    const update = (element: HTMLTextAreaElement) => {
        asking.current?.abort();
        const now = wordAt(element.value, element.selectionStart);
        if (!now) return close();
        const abort = new AbortController();
        asking.current = abort;
        void suggest(now.sign, now.query, abort.signal).then((found) => {
            if (abort.signal.aborted || document.activeElement !== area.current) return;
            setItems(found);
            setChosen(0);
            setWord(now);
            if (found.length > 0) say(t('composer.suggested', { count: found.length }));
        });
    };
    const key = (event: KeyboardEvent, pick: (item: Suggestion) => void): boolean => {
        if (items.length === 0) return false;
        const item = items[chosen];
        if (event.key === 'ArrowDown') setChosen((chosen + 1) % items.length);
        else if (event.key === 'ArrowUp') setChosen((chosen + items.length - 1) % items.length);
        else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && item) pick(item);
        else if (event.key === 'Escape') close();
        else return false;
        event.stopPropagation();
        return true;
    };
    return { id, items, chosen, word, close, update, key };
}
