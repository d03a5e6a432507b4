import { BanterError } from '@banter/sdk';
import { errorText } from '../i18n/errors.ts';
import { t } from '../i18n/t.ts';
import { Button, IconButton } from '../ui/controls.tsx';
import { signal } from '../ui/runtime.ts';
import css from './toasts.module.css';

interface Toast {
    id: number;
    text: string;
    bad: boolean;
    action?: { label: string; run: () => void };
}

const shownMs = 6000;
const toasts = signal<readonly Toast[]>([]);
let last = 0;

export function toast(text: string, options: Partial<Pick<Toast, 'bad' | 'action'>> = {}): void {
    const id = ++last;
    toasts.value = [...toasts.peek().slice(-2), { id, text, bad: false, ...options }];
    if (!options.action) setTimeout(() => dismiss(id), shownMs);
}

/** Says why something that the person asked for did not happen. */
export function failed(thrown: unknown): void {
    const error = BanterError.from(thrown);
    if (error.code !== 'aborted') toast(errorText(error), { bad: true });
}

function dismiss(id: number): void {
    toasts.value = toasts.peek().filter((each) => each.id !== id);
}

export function Toasts() {
    return (
        <div class={css['toasts']} role="status">
            {toasts.value.map(({ id, text, bad, action }) => (
                <div key={id} class={`${css['toast']} ${bad ? css['bad'] : ''}`}>
                    <p>{text}</p>
                    {action && (
                        <Button
                            look="quiet"
                            onClick={() => {
                                dismiss(id);
                                action.run();
                            }}
                        >
                            {action.label}
                        </Button>
                    )}
                    <IconButton icon="close" small label={t('dismiss')} onClick={() => dismiss(id)} />
                </div>
            ))}
        </div>
    );
}
