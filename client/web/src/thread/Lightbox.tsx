import { t } from '../i18n/t.ts';
import { IconButton } from '../ui/controls.tsx';
import { useEffect, useRef, useState } from '../ui/runtime.ts';
import { useFresh } from './attachments.tsx';
import css from './lightbox.module.css';
import { type Gallery, gallery } from './lightbox.ts';

/** One picture over everything: arrow keys go on, Escape closes and gives the focus back to the thumbnail. */
export default function Lightbox({ shown }: { shown: Gallery }) {
    const dialog = useRef<HTMLDialogElement>(null);
    const [zoomed, setZoomed] = useState(false);
    const { pictures, at } = shown;
    const picture = pictures[at];
    useEffect(() => {
        const opener = document.activeElement;
        dialog.current?.showModal();
        return () => {
            if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
        };
    }, []);
    useEffect(() => setZoomed(false), [at]);
    const close = () => {
        dialog.current?.close();
        gallery.value = null;
    };
    const turn = (by: number) => {
        gallery.value = { ...shown, at: (at + by + pictures.length) % pictures.length };
    };
    if (!picture) return null;
    return (
        <dialog
            ref={dialog}
            class={css['lightbox']}
            aria-label={t('picture.view', { name: picture.name })}
            onCancel={(event) => {
                event.preventDefault();
                close();
            }}
            onKeyDown={(event) => {
                if (event.key === 'ArrowLeft') turn(-1);
                else if (event.key === 'ArrowRight') turn(1);
                else if (event.key === '+' || event.key === '-') setZoomed(event.key === '+');
                else return;
                event.preventDefault();
            }}
            onClick={(event) => event.target === dialog.current && close()}
        >
            <header>
                <p>
                    <bdi>{picture.name}</bdi>
                    {pictures.length > 1 && (
                        <span class="num">
                            {' '}
                            {at + 1} / {pictures.length}
                        </span>
                    )}
                </p>
                <IconButton
                    icon="search"
                    label={t('picture.zoom')}
                    pressed={zoomed}
                    onClick={() => setZoomed(!zoomed)}
                />
                <Download picture={picture} />
                <IconButton icon="close" label={t('close')} onClick={close} />
            </header>
            <Picture key={picture.id} picture={picture} zoomed={zoomed} />
            {pictures.length > 1 && (
                <div class={css['turn']}>
                    <IconButton icon="back" label={t('picture.previous')} onClick={() => turn(-1)} />
                    <IconButton icon="back" label={t('picture.next')} onClick={() => turn(1)} />
                </div>
            )}
        </dialog>
    );
}

type PictureProps = { picture: Gallery['pictures'][number] };

function Picture({ picture, zoomed }: PictureProps & { zoomed: boolean }) {
    const fresh = useFresh(picture);
    return (
        <div class={`${css['stage']} ${zoomed ? css['zoomed'] : ''}`}>
            <img
                src={fresh.url}
                alt={picture.name}
                width={picture.width ?? undefined}
                height={picture.height ?? undefined}
            />
        </div>
    );
}

function Download({ picture }: PictureProps) {
    const fresh = useFresh(picture);
    return (
        <a class={css['download']} href={fresh.url} download={picture.name}>
            {t('download')}
        </a>
    );
}
