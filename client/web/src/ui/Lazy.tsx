import { t } from '../i18n/t.ts';
import { Button, Empty, Spinner } from './controls.tsx';
import { type FunctionComponent, useEffect, useState } from './runtime.ts';

interface Props<P> {
    /** Fetches the module whose default is the component. */
    load: () => Promise<{ default: FunctionComponent<P> }>;
    props: P;
}

const loaded = new Map<string, FunctionComponent<never>>();

/** A part of the app that is fetched when it is first shown. */
export function Lazy<P extends object>({ load, props }: Props<P>) {
    const key = String(load);
    const [state, setState] = useState<'loading' | 'there' | 'failed'>(loaded.has(key) ? 'there' : 'loading');
    const [tries, setTries] = useState(0);
    useEffect(() => {
        if (loaded.has(key)) return setState('there');
        setState('loading');
        load().then(
            (module) => {
                loaded.set(key, module.default as FunctionComponent<never>);
                setState('there');
            },
            () => setState('failed'),
        );
    }, [key, tries]);
    const View = loaded.get(key) as FunctionComponent<P> | undefined;
    if (state === 'failed')
        return (
            <Empty title={t('lazy.failed')}>
                <Button onClick={() => setTries(tries + 1)}>{t('retry')}</Button>
            </Empty>
        );
    return View ? <View {...props} /> : <Spinner label={t('loading')} />;
}
