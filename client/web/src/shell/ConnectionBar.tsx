import { say } from '../app/announce.tsx';
import { chat } from '../app/chat.ts';
import { t } from '../i18n/t.ts';
import { Button } from '../ui/controls.tsx';
import { useEffect, useRef, useState } from '../ui/runtime.ts';
import css from './shell.module.css';

/** A connection that is lost for less than this is nobody's business. */
const silentMs = 2000;
const backMs = 1500;

/** Says that the connection is lost, what becomes of what is written, and when it is tried again. */
export function ConnectionBar() {
    const { state, retryAt } = chat.connection.value;
    const lost = state === 'waiting' || state === 'offline' || state === 'connecting' || state === 'refused';
    const [shown, setShown] = useState<'no' | 'lost' | 'back'>('no');
    const [, tick] = useState(0);
    const was = useRef(shown);
    was.current = shown;
    useEffect(() => {
        if (lost) {
            const timer = setTimeout(() => setShown('lost'), silentMs);
            return () => clearTimeout(timer);
        }
        if (was.current !== 'lost') return;
        setShown('back');
        say(t('connection.back'));
        const timer = setTimeout(() => setShown('no'), backMs);
        return () => clearTimeout(timer);
    }, [lost]);
    useEffect(() => {
        if (shown !== 'lost') return;
        say(t(state === 'offline' ? 'connection.offline' : 'connection.lost'));
        const timer = setInterval(() => tick((count) => count + 1), 1000);
        return () => clearInterval(timer);
    }, [shown === 'lost']);
    if (shown === 'no') return null;
    const seconds = retryAt === undefined ? 0 : Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
    const unsent = chat.unsent.value.length;
    const text =
        shown === 'back'
            ? t('connection.back')
            : state === 'refused'
              ? t('connection.refused')
              : state === 'offline'
                ? t('connection.offline')
                : seconds > 0
                  ? t('connection.waiting', { count: seconds })
                  : t('connection.lost');
    return (
        <section
            class={css['bar']}
            data-shown={shown}
            data-connection={state}
            aria-label={t('connection.title')}
        >
            <span>
                {text}
                {unsent > 0 && shown === 'lost' && ` ${t('connection.unsent', { count: unsent })}`}
            </span>
            {shown === 'lost' && state !== 'refused' && (
                <Button look="quiet" onClick={() => chat.connectNow()}>
                    {t('connection.now')}
                </Button>
            )}
            {state === 'refused' && <Button onClick={() => location.reload()}>{t('broken.reload')}</Button>}
        </section>
    );
}
