import { chat, me } from '../app/chat.ts';
import { Announcer } from '../app/announce.tsx';
import { go, route } from '../app/router.ts';
import { Toasts } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import { Lazy } from '../ui/Lazy.tsx';
import { Button, Empty } from '../ui/controls.tsx';
import { Boundary } from '../ui/Boundary.tsx';
import { ThreadView } from '../thread/ThreadView.tsx';
import { gallery } from '../thread/lightbox.ts';
import { ConnectionBar } from './ConnectionBar.tsx';
import { Overlays } from './Overlays.tsx';
import { ReplyPane } from '../side/ReplyPane.tsx';
import { SessionEnded } from './SessionEnded.tsx';
import { Sidebar } from './Sidebar.tsx';
import { opened } from './opened.ts';
import css from './shell.module.css';

/** The signed-in app: threads at the side, one of them in the middle, what belongs to it beside. */
export function Shell() {
    const here = route.value;
    const side = here.name === 'thread' ? here.side : undefined;
    const pane = here.name === 'home' ? 'list' : side ? 'side' : 'main';
    return (
        <>
            {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place on this page. */}
            <a class={css['skip']} href="#messages" onClick={(event) => skipTo(event, '#messages')}>
                {t('skip.messages')}
            </a>
            <div class={css['shell']} data-pane={pane} data-side={side !== undefined}>
                <Sidebar />
                <Boundary name={t('thread.messages')}>
                    <Middle />
                </Boundary>
                {here.name === 'thread' && side && (
                    <Boundary name={t('details.title')}>
                        {side.name === 'replies' ? (
                            <ReplyPane
                                key={side.messageId}
                                threadId={here.threadId}
                                messageId={side.messageId}
                            />
                        ) : (
                            <Lazy
                                load={() => import('../side/Details.tsx')}
                                props={{ threadId: here.threadId }}
                            />
                        )}
                    </Boundary>
                )}
                <ConnectionBar />
            </div>
            <Overlays />
            {gallery.value && (
                <Lazy load={() => import('../thread/Lightbox.tsx')} props={{ shown: gallery.value }} />
            )}
            {chat.connection.value.state === 'signed-out' && me() && <SessionEnded />}
            <Toasts />
            <Announcer />
        </>
    );
}

function skipTo(event: MouseEvent, selector: string): void {
    event.preventDefault();
    document.querySelector<HTMLElement>(`${selector} [data-composer], ${selector} [tabindex="0"]`)?.focus();
}

function Middle() {
    const here = route.value;
    if (here.name === 'thread')
        return (
            <ThreadView
                key={here.threadId}
                threadId={here.threadId}
                messageId={here.messageId}
                side={here.side}
            />
        );
    if (here.name === 'browse') return <Lazy load={() => import('./Browse.tsx')} props={{}} />;
    if (here.name === 'settings')
        return <Lazy load={() => import('../settings/Settings.tsx')} props={{ tab: here.tab }} />;
    return <Home />;
}

/** Nothing is open. */
function Home() {
    const none = chat.threads.value.length === 0;
    return (
        <main class={css['home']} id="messages" aria-label={t('home.title')}>
            <Empty
                title={
                    none
                        ? t('home.welcome', { name: chat.session.value?.workspace.name ?? 'Banter' })
                        : t('home.choose')
                }
                page
            >
                <p>{none ? t('home.none') : t('home.hint')}</p>
                <p class={css['homeButtons']}>
                    <Button icon="hash" onClick={() => go('/browse')}>
                        {t('browse.title')}
                    </Button>
                    <Button
                        icon="add"
                        onClick={() => {
                            opened.value = 'newThread';
                        }}
                    >
                        {t('new.thread')}
                    </Button>
                    <Button
                        icon="person"
                        onClick={() => {
                            opened.value = 'newDirect';
                        }}
                    >
                        {t('new.direct')}
                    </Button>
                </p>
            </Empty>
        </main>
    );
}
