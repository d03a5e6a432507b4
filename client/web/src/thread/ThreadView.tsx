import type { Row } from '@banter/sdk';
import { nameOf, titleOf } from '../app/people.ts';
import { go, type Side } from '../app/router.ts';
import { dayName } from '../app/time.ts';
import { errorText } from '../i18n/errors.ts';
import { t } from '../i18n/t.ts';
import { MessageWindow } from '../list/MessageWindow.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, Empty } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { type ComponentChildren, useCallback, useEffect, useMemo, useState } from '../ui/runtime.ts';
import { runKey } from './actions.ts';
import { Composer } from './Composer.tsx';
import { keptEdits } from './edits.ts';
import { Intro } from './Intro.tsx';
import { MessageRow } from './MessageRow.tsx';
import { RowMenu, rowMenu } from './RowMenu.tsx';
import { ThreadModel } from './model.ts';
import { Seen } from './Seen.tsx';
import css from './thread.module.css';
import { ThreadHeader } from './ThreadHeader.tsx';
import { addFiles } from './uploads.ts';

/** The models of the threads in view, for the shortcuts: the main one first. */
export const inView: ThreadModel[] = [];

export function useModel(threadId: string): ThreadModel | null {
    const [model, setModel] = useState<ThreadModel | null>(null);
    useEffect(() => {
        const made = new ThreadModel(threadId);
        inView.push(made);
        setModel(made);
        return () => {
            inView.splice(inView.indexOf(made), 1);
            made.close();
        };
    }, [threadId]);
    return model?.threadId === threadId ? model : null;
}

interface Props {
    threadId: string;
    messageId?: string | undefined;
    side?: Side | undefined;
}

/** One conversation: its header, its messages and where one writes. */
export function ThreadView({ threadId, messageId, side }: Props) {
    const model = useModel(threadId);
    useEffect(() => {
        if (!model) return;
        if (messageId) void model.toMessage(messageId);
        else void model.goBack();
    }, [model, messageId]);
    if (!model) return <main class={css['thread']} id="messages" aria-label={t('thread.messages')} />;
    if (model.room.state.value === 'gone' && model.room.rows.value.length === 0) return <Gone />;
    return (
        <main class={css['thread']} id="messages" aria-label={titleOrEmpty(model)}>
            <ThreadHeader model={model} side={side} />
            <Conversation model={model} autofocus={!messageId} label={t('thread.messages')} />
        </main>
    );
}

function titleOrEmpty(model: ThreadModel): string {
    const thread = model.room.thread.value;
    return thread ? titleOf(thread) : t('thread.messages');
}

function Gone() {
    return (
        <main class={css['thread']} id="messages">
            <Empty title={t('thread.gone')} page>
                <p>{t('thread.goneWhy')}</p>
                <Button onClick={() => go('/')}>{t('thread.goneHome')}</Button>
            </Empty>
        </main>
    );
}

/** The messages and the composer, as they are in the thread and in the replies beside it. */
export function Conversation({
    model,
    autofocus,
    label,
    top,
}: {
    model: ThreadModel;
    autofocus: boolean;
    label: string;
    top?: ComponentChildren;
}) {
    const { engine, room } = model;
    const draw = useCallback((row: Row) => <MessageRow row={row} model={model} />, [model]);
    const view = room.window.value;
    const rows = room.rows.value;
    const [dropping, setDropping] = useState(false);
    useReopenedEdits(model);
    const source = {
        rows,
        atStart: view.atStart,
        atEnd: view.atEnd,
        older: () => void (view.loading === null && room.older().catch(() => {})),
        newer: () => void (view.loading === null && room.newer().catch(() => {})),
    };
    const onRowKey = (event: KeyboardEvent, key: string) => {
        const message = room.rows.peek().find((row) => row.key === key)?.message;
        const row = event.target instanceof HTMLElement ? event.target : null;
        if (event.key === 'Escape')
            document.querySelector<HTMLElement>(`[data-composer="${model.threadId}"]`)?.focus();
        else if (event.key === 'Enter' && message?.deletedAt === null && row)
            rowMenu.value = { model, message, row, at: row.getBoundingClientRect() };
        else if (!message || !runKey(event, model, message, row)) return;
        event.preventDefault();
        event.stopPropagation();
    };
    const first = view.loading === 'first' || (rows.length === 0 && room.state.value === 'joining');
    return (
        // biome-ignore lint/a11y/noStaticElementInteractions: files can also be picked and pasted.
        <div
            class={css['conversation']}
            onDragOver={(event) => {
                if (!event.dataTransfer?.types.includes('Files') || !model.mayWrite) return;
                event.preventDefault();
                setDropping(true);
            }}
            onDragLeave={(event) => {
                if (event.target === event.currentTarget) setDropping(false);
            }}
            onDrop={(event) => {
                event.preventDefault();
                setDropping(false);
                if (model.mayWrite) addFiles(model.threadId, [...(event.dataTransfer?.files ?? [])]);
            }}
        >
            <div class={css['list']}>
                <MessageWindow
                    engine={engine}
                    source={source}
                    draw={draw}
                    label={label}
                    onRowKey={onRowKey}
                    busy={view.loading !== null}
                    top={
                        <>
                            {!first && (view.atStart ? <Intro model={model} /> : <Bones count={3} />)}
                            {view.atStart && top}
                            {view.error && <LoadError model={model} />}
                        </>
                    }
                    foot={<Seen model={model} />}
                />
                {/* Over the list, not in it, which would move when its rows come. */}
                {first && (
                    <div class={css['firstBones']}>
                        <Bones count={8} />
                    </div>
                )}
                <Pills model={model} />
            </div>
            <Composer model={model} autofocus={autofocus} key={model.threadId} />
            <RowMenu of={model} />
            {dropping && <p class={css['drop']}>{t('upload.drop')}</p>}
        </div>
    );
}

function LoadError({ model }: { model: ThreadModel }) {
    const { error } = model.room.window.value;
    if (!error) return null;
    return (
        <p class={css['error']} role="alert">
            {t('thread.loadFailed', { reason: errorText(error) })}{' '}
            <Button onClick={() => void model.room.older().catch(() => {})}>{t('retry')}</Button>
        </p>
    );
}

/** Grey lines in the place of messages that are on their way. */
export function Bones({ count }: { count: number }) {
    return (
        <div class={css['bones']} aria-hidden="true">
            {Array.from({ length: count }, (_, at) => (
                <p key={at}>
                    <b />
                    <i />
                </p>
            ))}
        </div>
    );
}

/** On the way to the end: of those who wrote meanwhile. */
const mostFaces = 3;

/** What floats over the list: the day, the way to what is new, the way to the end. */
function Pills({ model }: { model: ThreadModel }) {
    const from = model.newFrom.value;
    const above = from !== null && model.newAbove.value;
    const count = from === null ? 0 : Math.max(1, (model.room.thread.value?.seq ?? from) - from);
    const pinned = model.engine.pinned.value;
    const arrived = model.arrived.value;
    const day = model.topDay.value;
    return (
        <>
            <div class={css['pillsTop']}>
                {above ? (
                    <button type="button" class={css['pill']} onClick={() => void model.toNew()}>
                        <Icon name="up" size={14} /> {t('thread.jumpNew', { count })}
                    </button>
                ) : (
                    !pinned &&
                    day && (
                        <span class={css['chip']} aria-hidden="true">
                            {dayName(day)}
                        </span>
                    )
                )}
            </div>
            {!pinned && (
                <div class={css['pillsEnd']}>
                    <button
                        type="button"
                        class={css['pill']}
                        data-new={arrived > 0}
                        onClick={() => void model.toLatest()}
                    >
                        <Icon name="down" size={14} />{' '}
                        {model.arrivedBy.value.slice(0, mostFaces).map((id) => (
                            <Avatar key={id} id={id} name={nameOf(id)} size={20} />
                        ))}
                        {arrived > 0 ? t('thread.jumpArrived', { count: arrived }) : t('thread.jumpLatest')}
                    </button>
                </div>
            )}
        </>
    );
}

/** An edit that the page was left in the middle of opens again. */
function useReopenedEdits(model: ThreadModel): void {
    const kept = useMemo(() => new Set(keptEdits()), [model]);
    const rows = model.room.rows.value;
    useEffect(() => {
        if (kept.size === 0 || model.editing.peek() !== null) return;
        const row = rows.find(({ message }) => message && kept.has(message.id));
        if (!row?.message) return;
        kept.delete(row.message.id);
        model.editing.value = row.message.id;
    }, [rows]);
}
