import type { Message, Row } from '@banter/sdk';
import { chat, me } from '../app/chat.ts';
import { nameOf, userOf } from '../app/people.ts';
import { paths } from '../app/router.ts';
import { clockTime, dayName, fullTime, shortTime } from '../app/time.ts';
import { errorText } from '../i18n/errors.ts';
import { t } from '../i18n/t.ts';
import { quickEmoji } from '../text/known_emoji.ts';
import { plainText } from '../text/plain.ts';
import { LongBody } from '../text/LongBody.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, IconButton } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { MenuButton } from '../ui/Menu.tsx';
import { useRef, useState } from '../ui/runtime.ts';
import { actionsOf, picking, toggleReaction } from './actions.ts';
import { Attachments } from './attachments.tsx';
import { EditBox } from './EditBox.tsx';
import css from './message.module.css';
import type { ThreadModel } from './model.ts';
import { openProfile } from '../side/profile.ts';
import { rowMenu, useRowMenu } from './RowMenu.tsx';

/** One row of the list: a message, whatever has become of it. */
export function MessageRow({ row, model }: { row: Row; model: ThreadModel }) {
    const article = useRef<HTMLElement>(null);
    const [near, setNear] = useState(false);
    const { message } = row;
    const isNew = model.newKey.value === row.key;
    const editing = message !== undefined && model.editing.value === message.id;
    const grouped = row.grouped && !isNew;
    const own = me()?.id;
    const menu = useRowMenu((at) => {
        if (message?.deletedAt !== null || editing || !article.current) return;
        rowMenu.value = { model, message, row: article.current, at };
    });
    const named = message?.mentions.some((each) => each === own || each === 'all') ?? false;
    return (
        <>
            {row.startsDay && (
                <h2 class={css['day']}>
                    <span>{dayName(row.day)}</span>
                </h2>
            )}
            {isNew && (
                <p class={css['new']}>
                    <span>{t('thread.new')}</span>
                </p>
            )}
            <article
                ref={article}
                data-focus=""
                tabIndex={-1}
                aria-label={spoken(row)}
                data-state={row.state}
                class={`${css['message']} ${grouped ? css['grouped'] : ''} ${named ? css['named'] : ''} ${editing ? css['editing'] : ''}`}
                {...menu}
                onPointerEnter={(event) => setNear(event.pointerType !== 'touch')}
                onPointerLeave={() => setNear(false)}
                onFocusIn={() => setNear(true)}
                onFocusOut={(event) => {
                    if (
                        !(
                            event.relatedTarget instanceof Node &&
                            article.current?.contains(event.relatedTarget)
                        )
                    )
                        setNear(false);
                }}
            >
                <Gutter row={row} grouped={grouped} />
                <div class={css['content']}>
                    {!grouped && <Author row={row} />}
                    {editing ? (
                        <EditBox message={message} model={model} />
                    ) : (
                        <Content row={row} model={model} />
                    )}
                </div>
                {near && message && message.deletedAt === null && !editing && (
                    <Toolbar message={message} model={model} row={article.current} />
                )}
            </article>
        </>
    );
}

/** What a screen reader says of the row as a whole. */
function spoken(row: Row): string {
    const { message } = row;
    const parts = [nameOf(row.authorId), clockTime(row.createdAt)];
    if (message?.deletedAt) parts.push(t('message.deleted'));
    else parts.push(plainText((message ?? row.pending)?.content ?? '', nameOf).slice(0, 200));
    if (message?.editedAt) parts.push(t('message.edited'));
    if (message && message.attachments.length > 0)
        parts.push(t('message.files', { count: message.attachments.length }));
    const reactions = message?.reactions.reduce((sum, each) => sum + each.count, 0) ?? 0;
    if (reactions > 0) parts.push(t('message.reactions', { count: reactions }));
    if (row.state === 'sending') parts.push(t('message.sending'));
    if (row.state === 'failed') parts.push(t('message.failed'));
    return parts.filter(Boolean).join(', ');
}

function Gutter({ row, grouped }: { row: Row; grouped: boolean }) {
    if (grouped)
        return (
            <time class={css['gutter']} dateTime={row.createdAt} aria-hidden="true">
                {clockTime(row.createdAt)}
            </time>
        );
    return (
        <button
            type="button"
            class={css['face']}
            tabIndex={-1}
            aria-hidden="true"
            onClick={(event) => openProfile(row.authorId, event.currentTarget)}
        >
            <Avatar id={row.authorId} name={nameOf(row.authorId)} />
        </button>
    );
}

function Author({ row }: { row: Row }) {
    const user = userOf(row.authorId);
    return (
        <header class={css['head']}>
            <h3>
                <button
                    type="button"
                    class={css['author']}
                    onClick={(event) => openProfile(row.authorId, event.currentTarget)}
                >
                    <bdi>{nameOf(row.authorId)}</bdi>
                </button>
            </h3>
            {user?.bot && <span class={css['bot']}>{t('person.bot')}</span>}
            {user?.status?.emoji && <span title={user.status.text}>{user.status.emoji}</span>}
            <time dateTime={row.createdAt} title={fullTime(row.createdAt)}>
                {row.message ? (
                    <a href={paths.message(row.message.threadId, row.message.id)} tabIndex={-1}>
                        {clockTime(row.createdAt)}
                    </a>
                ) : (
                    clockTime(row.createdAt)
                )}
            </time>
        </header>
    );
}

function Content({ row, model }: { row: Row; model: ThreadModel }) {
    const { message, pending } = row;
    if (!message)
        return (
            <>
                {pending && pending.replyTo !== null && <Quote messageId={pending.replyTo} model={model} />}
                {pending?.content && <LongBody content={pending.content} />}
                {pending && <Attachments files={pending.attachments} messageId={pending.nonce} />}
                <Delivery row={row} model={model} />
            </>
        );
    if (message.deletedAt !== null)
        return (
            <p class={css['tombstone']}>
                {t('message.deleted')}
                <ReplyFooter message={message} />
            </p>
        );
    const edited = message.editedAt && (
        <span class={css['edited']} title={fullTime(message.editedAt)}>
            {' '}
            ({t('message.edited')})
        </span>
    );
    return (
        <>
            {message.replyTo !== null && <Quote messageId={message.replyTo} model={model} />}
            {message.content && <LongBody content={message.content} after={edited} />}
            <Attachments files={message.attachments} messageId={message.id} />
            <Reactions message={message} model={model} />
            <ReplyFooter message={message} />
        </>
    );
}

/** What has become of a message that the server does not have. */
function Delivery({ row, model }: { row: Row; model: ThreadModel }) {
    if (row.state === 'sending') {
        const offline = chat.connection.value.state !== 'online';
        const wait = row.error?.code === 'rate_limited' ? errorText(row.error) : null;
        return (
            <p class={`${css['sending']} ${offline ? css['queued'] : ''}`}>
                <Icon name="clock" size={14} />{' '}
                {wait ?? (offline ? t('message.queued') : t('message.sending'))}
            </p>
        );
    }
    if (row.state !== 'failed') return null;
    const { nonce, content } = row.pending;
    const backToComposer = () => {
        model.room.draft.value = [model.room.draft.peek(), content].filter(Boolean).join('\n');
        model.room.discard(nonce);
    };
    return (
        <div class={css['failed']}>
            <p>
                <Icon name="warn" size={14} /> {t('message.notSent', { reason: errorText(row.error) })}
            </p>
            <Button onClick={() => model.room.retry(nonce)}>{t('retry')}</Button>
            {content && <Button onClick={backToComposer}>{t('message.edit')}</Button>}
            <Button look="danger" onClick={() => model.room.discard(nonce)}>
                {t('message.discard')}
            </Button>
        </div>
    );
}

function Quote({ messageId, model }: { messageId: string; model: ThreadModel }) {
    const quoted = model.room.rows.value.find((row) => row.message?.id === messageId)?.message;
    const text =
        quoted &&
        (quoted.deletedAt !== null
            ? t('message.deleted')
            : plainText(quoted.content, nameOf) || t('message.files', { count: quoted.attachments.length }));
    return (
        <a class={css['quote']} href={paths.message(model.threadId, messageId)}>
            <Icon name="quote" size={14} />
            {quoted && <bdi class={css['quoted']}>{nameOf(quoted.authorId)}</bdi>}
            <span dir="auto">{text ?? t('message.quoted')}</span>
        </a>
    );
}

function Reactions({ message, model }: { message: Message; model: ThreadModel }) {
    const own = me()?.id ?? '';
    if (message.reactions.length === 0) return null;
    return (
        <ul class={css['reactions']} aria-label={t('message.reactionList')}>
            {message.reactions.map(({ emoji, count, userIds, mine }) => {
                const pressed = mine === true || userIds.includes(own);
                const names = userIds.slice(0, 10).map(nameOf).join(', ');
                const who = count > 10 ? t('message.reactedMore', { names, count: count - 10 }) : names;
                return (
                    <li key={emoji}>
                        <button
                            type="button"
                            aria-pressed={pressed}
                            aria-label={`${emoji} ${count}: ${who}`}
                            title={who}
                            disabled={!model.mayWrite}
                            onClick={() => toggleReaction(model, message, emoji)}
                        >
                            <span>{emoji}</span> <span class="num">{count}</span>
                        </button>
                    </li>
                );
            })}
            {model.mayWrite && (
                <li>
                    <button
                        type="button"
                        class={css['addReaction']}
                        aria-label={t('message.react')}
                        title={t('message.react')}
                        onClick={(event) => {
                            picking.value = { model, message, anchor: event.currentTarget };
                        }}
                    >
                        <Icon name="react" size={16} />
                    </button>
                </li>
            )}
        </ul>
    );
}

function ReplyFooter({ message }: { message: Message }) {
    const replies = message.replyThread;
    if (!replies || replies.count === 0) return null;
    return (
        <a class={css['replies']} href={paths.replies(message.threadId, message.id)}>
            <span class={css['faces']}>
                {replies.userIds.map((id) => (
                    <Avatar key={id} id={id} name={nameOf(id)} size={20} />
                ))}
            </span>
            <span>{t('message.replyCount', { count: replies.count })}</span>
            <time dateTime={replies.lastReplyAt}>{shortTime(replies.lastReplyAt)}</time>
        </a>
    );
}

function Toolbar({ message, model, row }: { message: Message; model: ThreadModel; row: HTMLElement | null }) {
    const actions = actionsOf(model, message, row);
    const find = (id: string) => actions.find((action) => action.id === id);
    const shown = [find('quote'), find('replies'), find('edit')].filter((action) => action !== undefined);
    return (
        <div class={css['toolbar']} role="toolbar" aria-label={t('message.actions')}>
            {find('react') && (
                <>
                    {quickEmoji.slice(0, 3).map((emoji) => (
                        <button
                            key={emoji}
                            type="button"
                            class={css['quick']}
                            aria-label={t('message.reactWith', { emoji })}
                            onClick={() => toggleReaction(model, message, emoji)}
                        >
                            {emoji}
                        </button>
                    ))}
                    <IconButton
                        icon="react"
                        small
                        label={t('message.react')}
                        keys="+"
                        onClick={(event) => {
                            picking.value = { model, message, anchor: event.currentTarget };
                        }}
                    />
                </>
            )}
            {shown.map((action) => (
                <IconButton
                    key={action.id}
                    icon={action.icon ?? 'more'}
                    small
                    label={action.label}
                    keys={action.keys}
                    onClick={action.run}
                />
            ))}
            <MenuButton icon="more" small label={t('message.more')} items={() => actions} />
        </div>
    );
}
