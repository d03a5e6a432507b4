import { t } from '../i18n/t.ts';
import { IconButton } from './controls.tsx';
import css from './dialog.module.css';
import { type ComponentChildren, useId, useLayoutEffect, useRef } from './runtime.ts';

interface DialogProps {
    title: string;
    onClose: () => void;
    children: ComponentChildren;
    wide?: boolean;
    /** Without a visible heading, as the quick switcher. */
    bare?: boolean;
    /** At the foot of the screen, where fingers are. */
    sheet?: boolean;
    /** Can't be closed by the person, as when the sign-in has ended. */
    firm?: boolean;
}

/** A modal dialog: the native one, which keeps the focus inside; closing gives it back to where it was. */
export function Dialog({
    title,
    onClose,
    children,
    wide = false,
    bare = false,
    sheet = false,
    firm = false,
}: DialogProps) {
    const dialog = useRef<HTMLDialogElement>(null);
    /** Whether what is pressed began beside the dialog: a finger that opened it, or a selection, may end there. */
    const beside = useRef(false);
    const id = useId();
    // At once when it goes, or the focus that is given on then would be taken back.
    useLayoutEffect(() => {
        const opener = document.activeElement;
        const element = dialog.current;
        if (element && !element.open) element.showModal();
        return () => {
            element?.close();
            if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
        };
    }, []);
    return (
        // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, as the native dialog does.
        <dialog
            ref={dialog}
            class={`${css['dialog']} ${wide ? css['wide'] : ''} ${bare ? css['bare'] : ''} ${sheet ? css['sheet'] : ''}`}
            aria-labelledby={id}
            onCancel={(event) => {
                event.preventDefault();
                if (!firm) onClose();
            }}
            onPointerDown={(event) => {
                beside.current = event.target === dialog.current;
            }}
            onClick={(event) => {
                if (!firm && beside.current && event.target === dialog.current) onClose();
            }}
        >
            <div class={css['inside']}>
                <header class={bare ? 'hide' : css['head']}>
                    <h2 id={id}>{title}</h2>
                    {!bare && !firm && <IconButton icon="close" label={t('close')} onClick={onClose} />}
                </header>
                {children}
            </div>
        </dialog>
    );
}
