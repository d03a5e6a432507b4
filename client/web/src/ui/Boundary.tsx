import { t } from '../i18n/t.ts';
import { Button, Empty } from './controls.tsx';
import { type ComponentChildren, useErrorBoundary } from './runtime.ts';

/** Keeps what breaks in one pane from taking the others with it. */
export function Boundary({ name, children }: { name: string; children: ComponentChildren }) {
    const [error, reset] = useErrorBoundary((thrown) => console.error(thrown));
    if (!error) return <>{children}</>;
    const details = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
    return (
        <Empty title={t('broken.title', { name })}>
            <p>{t('broken.hint')}</p>
            <p>
                <Button look="primary" onClick={reset}>
                    {t('broken.reload')}
                </Button>{' '}
                <Button onClick={() => void navigator.clipboard.writeText(details)}>
                    {t('broken.copy')}
                </Button>
            </p>
        </Empty>
    );
}
