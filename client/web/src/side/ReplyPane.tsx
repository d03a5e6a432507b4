import { BanterError, type Message } from '@banter/sdk';
import { chat, threadById } from '../app/chat.ts';
import { nameOf } from '../app/people.ts';
import { go, paths } from '../app/router.ts';
import { shortTime } from '../app/time.ts';
import { errorText } from '../i18n/errors.ts';
import { t } from '../i18n/t.ts';
import { MessageBody } from '../text/MessageBody.tsx';
import { Attachments } from '../thread/attachments.tsx';
import { Composer } from '../thread/Composer.tsx';
import { Conversation, useModel } from '../thread/ThreadView.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, Empty, IconButton, Spinner } from '../ui/controls.tsx';
import { Splitter } from '../shell/Splitter.tsx';
import { useEffect, useState } from '../ui/runtime.ts';
import { NewReplies, takeReplyDraft } from './new_replies.ts';
import css from './side.module.css';

/** The replies to one message, beside its thread. */
export function ReplyPane({ threadId, messageId }: { threadId: string; messageId: string }) {
    const [root, setRoot] = useState<Message | null>(null);
    const [made, setMade] = useState<string | null>(null);
    const [error, setError] = useState<string | null>(null);
    const load = () => {
        setError(null);
        chat.api
            .get('/api/messages/{messageId}', { path: { messageId } })
            .then(setRoot, (thrown) => setError(errorText(BanterError.from(thrown))));
    };
    useEffect(load, [messageId]);
    useEffect(
        () =>
            chat.onEvent((event) => {
                if (event.type === 'message:update' && event.message.id === messageId)
                    setRoot((known) => (known && known.rev > event.message.rev ? known : event.message));
            }),
        [messageId],
    );
    const repliesId = made ?? root?.replyThread?.threadId;
    return (
        <aside class={css['pane']} aria-label={t('replies.title')} id="details">
            <Splitter of="side" />
            <header class={css['head']}>
                <IconButton icon="back" label={t('back')} onClick={() => go(paths.thread(threadId))} />
                <h2>{t('replies.title')}</h2>
                <IconButton icon="close" label={t('close')} onClick={() => go(paths.thread(threadId))} />
            </header>
            {root === null ? (
                error === null ? (
                    <Spinner label={t('loading')} />
                ) : (
                    <Empty title={t('replies.failed')}>
                        <p role="alert">{error}</p>
                        <Button onClick={load}>{t('retry')}</Button>
                    </Empty>
                )
            ) : repliesId === undefined ? (
                <FirstReply key={root.id} root={root} onMade={setMade} />
            ) : (
                <Replies key={repliesId} root={root} threadId={repliesId} />
            )}
        </aside>
    );
}

/** Nobody has answered yet. */
function FirstReply({ root, onMade }: { root: Message; onMade: (threadId: string) => void }) {
    const [model, setModel] = useState<NewReplies | null>(null);
    useEffect(() => {
        const writing = new NewReplies(root, onMade);
        setModel(writing);
        return () => writing.close();
    }, [root.id]);
    const thread = threadById(root.threadId);
    const closed = root.deletedAt !== null || (thread?.archivedAt ?? null) !== null;
    return (
        <div class={css['first']}>
            <div class={css['firstRoot']}>
                <Root message={root} />
            </div>
            {model && !closed && <Composer model={model} autofocus />}
        </div>
    );
}

function Replies({ root, threadId }: { root: Message; threadId: string }) {
    const model = useModel(threadId);
    useEffect(() => {
        if (!model) return;
        const { draft } = model.room;
        draft.value ||= takeReplyDraft(root.id);
    }, [model]);
    if (!model) return null;
    return <Conversation model={model} autofocus label={t('replies.title')} top={<Root message={root} />} />;
}

function Root({ message }: { message: Message }) {
    return (
        <section class={css['root']} aria-label={t('replies.root')}>
            <header>
                <Avatar id={message.authorId} name={nameOf(message.authorId)} size={24} />
                <bdi>{nameOf(message.authorId)}</bdi>
                <time dateTime={message.createdAt}>{shortTime(message.createdAt)}</time>
            </header>
            {message.deletedAt === null ? (
                <MessageBody content={message.content} />
            ) : (
                <p class={css['muted']}>{t('message.deleted')}</p>
            )}
            <Attachments files={message.attachments} messageId={message.id} />
        </section>
    );
}
