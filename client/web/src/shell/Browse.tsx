import type { Thread } from '@banter/sdk';
import { chat } from '../app/chat.ts';
import { isolated } from '../app/people.ts';
import { go, paths } from '../app/router.ts';
import { failed } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import { Button, Empty, Field, Spinner } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { useEffect, useState } from '../ui/runtime.ts';
import css from './browse.module.css';
import { opened } from './opened.ts';

/** The public channels of the server. */
export default function Browse() {
    const [query, setQuery] = useState(() => new URLSearchParams(location.search).get('q') ?? '');
    const [found, setFound] = useState<readonly Thread[] | null>(null);
    const [next, setNext] = useState<string | null>(null);
    useEffect(() => {
        const abort = new AbortController();
        chat.api.get('/api/threads/discover', { query: { q: query }, signal: abort.signal }).then((page) => {
            setFound(page.items);
            setNext(page.next);
        }, failed);
        return () => abort.abort();
    }, [query]);
    const more = async () => {
        if (next === null) return;
        const page = await chat.api.get('/api/threads/discover', { query: { q: query, cursor: next } });
        setFound([...(found ?? []), ...page.items]);
        setNext(page.next);
    };
    const joined = new Set(chat.threads.value.map((thread) => thread.id));
    return (
        <main class={css['page']} id="messages" aria-label={t('browse.title')}>
            <header>
                <h1>{t('browse.title')}</h1>
                <Button
                    icon="add"
                    onClick={() => {
                        opened.value = 'newThread';
                    }}
                >
                    {t('new.thread')}
                </Button>
            </header>
            <Field label={t('browse.search')} type="search" value={query} onInput={setQuery} autofocus />
            {found === null && <Spinner label={t('loading')} />}
            {found?.length === 0 && <Empty title={t('browse.none')} />}
            <ul>
                {found?.map((thread) => (
                    <li key={thread.id} class={css['channel']}>
                        <Icon name="hash" size={16} />
                        <p>
                            <a href={paths.thread(thread.id)}>
                                <bdi>{isolated(thread.name)}</bdi>
                            </a>
                            <span dir="auto">{thread.topic}</span>
                        </p>
                        <Button onClick={() => go(paths.thread(thread.id))}>
                            {joined.has(thread.id) ? t('browse.open') : t('browse.join')}
                        </Button>
                    </li>
                ))}
            </ul>
            {next !== null && <Button onClick={() => void more().catch(failed)}>{t('more')}</Button>}
        </main>
    );
}
