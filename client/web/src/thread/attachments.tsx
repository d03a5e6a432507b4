import type { Attachment } from '@banter/sdk';
import { chat } from '../app/chat.ts';
import { bytes } from '../app/time.ts';
import { t } from '../i18n/t.ts';
import { Icon } from '../ui/icons.tsx';
import { useEffect, useLayoutEffect, useRef, useState } from '../ui/runtime.ts';
import css from './attachments.module.css';
import { openLightbox } from './lightbox.ts';
import { hashSide, thumbHashPixels } from './thumbhash.ts';

/** Pictures that browsers show; anything else is a file. What a file is, the server found out, not its sender. */
const shown = /^image\/(?:png|jpeg|gif|webp|avif)$/;
const played = /^(?:video\/(?:mp4|webm)|audio\/(?:mpeg|mp4|ogg|wav|webm|aac|flac|x-wav))$/;
export const isPicture = (file: Attachment) =>
    shown.test(file.mediaType) && file.width !== null && file.height !== null;

export function Attachments({ files, messageId }: { files: readonly Attachment[]; messageId: string }) {
    const pictures = files.filter(isPicture);
    const others = files.filter((file) => !isPicture(file));
    return (
        <>
            {pictures.length > 0 && (
                <ul class={css['pictures']} data-count={Math.min(pictures.length, 4)}>
                    {pictures.map((file, at) => (
                        <li key={file.id}>
                            <Thumbnail file={file} open={() => openLightbox(messageId, pictures, at)} />
                        </li>
                    ))}
                </ul>
            )}
            {others.map((file) =>
                played.test(file.mediaType) ? (
                    <Player key={file.id} file={file} />
                ) : (
                    <FileCard key={file.id} file={file} />
                ),
            )}
        </>
    );
}

const widest = 400;
const tallest = 300;

/** How large a picture is in the list: known before it is loaded, so that nothing moves when it is. */
export function sizeOf(file: Pick<Attachment, 'width' | 'height'>): { width: number; height: number } {
    const width = file.width ?? widest;
    const height = file.height ?? tallest;
    const scale = Math.min(1, widest / width, tallest / height);
    return {
        width: Math.max(48, Math.round(width * scale)),
        height: Math.max(48, Math.round(height * scale)),
    };
}

/** The smallest variant that is sharp at this width, or the file itself. */
export function sourceFor(file: Attachment, width: number): string {
    const wanted = width * Math.min(devicePixelRatio, 2);
    return file.variants.find((variant) => variant.width >= wanted)?.url ?? file.url;
}

/** The file with a link that works: links end after some minutes. */
export function useFresh(file: Attachment): Attachment {
    const [fresh, setFresh] = useState(file);
    useEffect(() => {
        let gone = false;
        if (Date.parse(file.urlExpiresAt) - Date.now() > 30_000) setFresh(file);
        else
            void chat.fresh(file).then(
                (renewed) => !gone && setFresh(renewed),
                () => {},
            );
        return () => {
            gone = true;
        };
    }, [file]);
    return fresh;
}

function Thumbnail({ file, open }: { file: Attachment; open: () => void }) {
    const fresh = useFresh(file);
    const { width, height } = sizeOf(file);
    const [state, setState] = useState<'loading' | 'there' | 'failed'>('loading');
    return (
        <button
            type="button"
            class={css['picture']}
            onClick={open}
            aria-label={t('picture.open', { name: file.name })}
        >
            {file.thumbhash !== null && state !== 'there' && <Blur hash={file.thumbhash} />}
            <img
                src={sourceFor(fresh, width)}
                alt={file.name}
                width={width}
                height={height}
                loading="lazy"
                decoding="async"
                data-state={state}
                onLoad={() => setState('there')}
                onError={() => setState('failed')}
            />
        </button>
    );
}

/** What the picture looks like from far away, until it is there. */
function Blur({ hash }: { hash: string }) {
    const canvas = useRef<HTMLCanvasElement>(null);
    useLayoutEffect(() => {
        const pixels = thumbHashPixels(hash);
        if (pixels) canvas.current?.getContext('2d')?.putImageData(new ImageData(pixels, hashSide), 0, 0);
    }, [hash]);
    return <canvas ref={canvas} class={css['blur']} width={hashSide} height={hashSide} />;
}

function Player({ file }: { file: Attachment }) {
    const { url } = useFresh(file);
    return (
        <div class={css['player']}>
            {file.mediaType.startsWith('video/') ? (
                // biome-ignore lint/a11y/useMediaCaption: what people upload has none.
                <video
                    src={url}
                    controls
                    preload="metadata"
                    width={400}
                    height={225}
                    aria-label={file.name}
                />
            ) : (
                // biome-ignore lint/a11y/useMediaCaption: what people upload has none.
                <audio src={url} controls preload="none" aria-label={file.name} />
            )}
            <FileCard file={file} />
        </div>
    );
}

export function FileCard({ file }: { file: Attachment }) {
    const fetchNow = async (event: Event) => {
        if (Date.parse(file.urlExpiresAt) - Date.now() > 5_000) return;
        event.preventDefault();
        const { url } = await chat.fresh(file);
        location.assign(url);
    };
    return (
        <a class={css['file']} href={file.url} download={file.name} onClick={fetchNow}>
            <Icon name={file.mediaType.startsWith('image/') ? 'image' : 'file'} size={24} />
            <span>
                <bdi class={css['name']}>{file.name}</bdi>
                <span class={css['about']}>
                    {file.mediaType} · {bytes(file.size)}
                </span>
            </span>
            <Icon name="download" />
            <span class="hide">{t('download')}</span>
        </a>
    );
}
