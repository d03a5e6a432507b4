import { BanterError, type Message, type Thread } from '@banter/sdk';
import { chat } from '../app/chat.ts';
import { nameOf } from '../app/people.ts';
import { go, paths } from '../app/router.ts';
import { shortTime } from '../app/time.ts';
import { errorText } from '../i18n/errors.ts';
import { t } from '../i18n/t.ts';
import { MessageBody } from '../text/MessageBody.tsx';
import { Attachments } from '../thread/attachments.tsx';
import { Conversation, useModel } from '../thread/ThreadView.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, Empty, IconButton, Spinner } from '../ui/controls.tsx';
import { useEffect, useState } from '../ui/runtime.ts';
import css from './side.module.css';

/** The replies to one message, beside its thread. */
export function ReplyPane({ threadId, messageId }: { threadId: string; messageId: string }) {
    const [found, setFound] = useState<{ root: Message; thread: Thread } | null>(null);
    const [error, setError] = useState<string | null>(null);
    const load = async () => {
        setError(null);
        try {
            const [root, thread] = await Promise.all([
                chat.api.get('/api/messages/{messageId}', { path: { messageId } }),
                chat.api.post('/api/threads', { body: { kind: 'reply', parent: { threadId, messageId } } }),
            ]);
            setFound({ root, thread });
        } catch (thrown) {
            setError(errorText(BanterError.from(thrown)));
        }
    };
    useEffect(() => void load(), [messageId]);
    return (
        <aside class={css['pane']} aria-label={t('replies.title')} id="details">
            <header class={css['head']}>
                <IconButton icon="back" label={t('back')} onClick={() => go(paths.thread(threadId))} />
                <h2>{t('replies.title')}</h2>
                <IconButton icon="close" label={t('close')} onClick={() => go(paths.thread(threadId))} />
            </header>
            {error !== null ? (
                <Empty title={t('replies.failed')}>
                    <p>{error}</p>
                    <Button onClick={() => void load()}>{t('retry')}</Button>
                </Empty>
            ) : found ? (
                <Replies root={found.root} threadId={found.thread.id} />
            ) : (
                <Spinner label={t('loading')} />
            )}
        </aside>
    );
}

function Replies({ root, threadId }: { root: Message; threadId: string }) {
    const model = useModel(threadId);
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
