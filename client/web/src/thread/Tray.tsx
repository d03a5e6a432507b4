import { bytes } from '../app/time.ts';
import { t } from '../i18n/t.ts';
import { IconButton } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { useEffect, useMemo } from '../ui/runtime.ts';
import css from './composer.module.css';
import { removeUpload, retryUpload, trayOf, type Upload } from './uploads.ts';

export function Tray({ threadId }: { threadId: string }) {
    const uploads = trayOf(threadId).value;
    if (uploads.length === 0) return null;
    return (
        <ul class={css['tray']} aria-label={t('upload.list')}>
            {uploads.map((upload) => (
                <UploadCard key={upload.id} upload={upload} threadId={threadId} />
            ))}
        </ul>
    );
}

function UploadCard({ upload, threadId }: { upload: Upload; threadId: string }) {
    const { file, state, sent, error } = upload;
    const picture = /^image\/(?:png|jpeg|gif|webp|avif)$/.test(file.type);
    const preview = useMemo(() => (picture ? URL.createObjectURL(file) : null), [file]);
    useEffect(() => () => void (preview && URL.revokeObjectURL(preview)), [preview]);
    return (
        <li class={css['upload']} data-state={state}>
            {preview ? <img src={preview} alt="" width={40} height={40} /> : <Icon name="file" size={24} />}
            <span class={css['uploadText']}>
                <bdi>{file.name}</bdi>
                {state === 'failed' ? (
                    <span class={css['uploadError']}>{error}</span>
                ) : (
                    <span class="num">
                        {state === 'there'
                            ? bytes(file.size)
                            : t('upload.progress', { sent: bytes(sent), total: bytes(file.size) })}
                    </span>
                )}
                {state === 'sending' && (
                    <progress
                        max={file.size}
                        value={sent}
                        aria-label={t('upload.sending', { name: file.name })}
                    />
                )}
            </span>
            {state === 'failed' && (
                <IconButton
                    icon="retry"
                    small
                    label={t('retry')}
                    onClick={() => retryUpload(threadId, upload.id)}
                />
            )}
            <IconButton
                icon="close"
                small
                label={t('upload.remove', { name: file.name })}
                onClick={() => removeUpload(threadId, upload.id)}
            />
        </li>
    );
}
