import { type Attachment, BanterError } from '@banter/sdk';
import { alert } from '../app/announce.tsx';
import { chat, config } from '../app/chat.ts';
import { bytes } from '../app/time.ts';
import { errorText } from '../i18n/errors.ts';
import { t } from '../i18n/t.ts';
import { type Signal, signal } from '../ui/runtime.ts';

/** A file that is to go with the next message of a thread. */
export interface Upload {
    readonly id: number;
    readonly file: File;
    readonly state: 'sending' | 'there' | 'failed';
    /** Bytes. */
    readonly sent: number;
    readonly attachment?: Attachment;
    readonly error?: string;
    readonly abort: AbortController;
}

const trays = new Map<string, Signal<readonly Upload[]>>();
let last = 0;

/** The files beside what is being written in a thread; they stay while another thread is looked at. */
export function trayOf(threadId: string): Signal<readonly Upload[]> {
    const known = trays.get(threadId) ?? signal<readonly Upload[]>([]);
    trays.set(threadId, known);
    return known;
}

/** Whether there are files that a reload would lose. */
export const hasFiles = (): boolean => [...trays.values()].some((tray) => tray.peek().length > 0);

const limit = (name: string, usual: number) => config.peek()?.limits[name] ?? usual;

/** Takes files, and says at once which can't be sent. */
export function addFiles(threadId: string, files: readonly File[]): void {
    const tray = trayOf(threadId);
    const room = limit('attachments', 10) - tray.peek().length;
    if (files.length > room) alert(t('upload.tooMany', { count: limit('attachments', 10) }));
    for (const file of files.slice(0, Math.max(0, room))) {
        const upload: Upload = { id: ++last, file, state: 'sending', sent: 0, abort: new AbortController() };
        const error = refusal(file);
        tray.value = [...tray.peek(), error ? { ...upload, state: 'failed', error } : upload];
        if (error) alert(`${file.name}: ${error}`);
        else void run(tray, upload);
    }
}

function refusal(file: File): string | null {
    const most = limit('fileBytes', Number.POSITIVE_INFINITY);
    if (file.size > most) return t('upload.tooLarge', { size: bytes(most) });
    const picture = limit('pictureBytes', Number.POSITIVE_INFINITY);
    if (file.type.startsWith('image/') && file.type !== 'image/svg+xml' && file.size > picture)
        return t('upload.tooLarge', { size: bytes(picture) });
    return file.size === 0 ? t('upload.empty') : null;
}

export function retryUpload(threadId: string, id: number): void {
    const tray = trayOf(threadId);
    const upload = tray.peek().find((each) => each.id === id);
    if (!upload || refusal(upload.file)) return;
    const again: Upload = { id, file: upload.file, state: 'sending', sent: 0, abort: new AbortController() };
    change(tray, id, again);
    void run(tray, again);
}

export function removeUpload(threadId: string, id: number): void {
    const tray = trayOf(threadId);
    tray.peek()
        .find((each) => each.id === id)
        ?.abort.abort();
    tray.value = tray.peek().filter((each) => each.id !== id);
}

async function run(tray: Signal<readonly Upload[]>, upload: Upload): Promise<void> {
    try {
        const attachment = await chat.upload(upload.file, {
            name: upload.file.name,
            signal: upload.abort.signal,
            onProgress: (sent) => change(tray, upload.id, { sent }),
        });
        change(tray, upload.id, { state: 'there', sent: upload.file.size, attachment });
    } catch (thrown) {
        const error = BanterError.from(thrown);
        if (error.code === 'aborted') return;
        change(tray, upload.id, { state: 'failed', error: errorText(error) });
        alert(`${upload.file.name}: ${errorText(error)}`);
    }
}

function change(tray: Signal<readonly Upload[]>, id: number, by: Partial<Upload>): void {
    tray.value = tray.peek().map((each) => (each.id === id ? { ...each, ...by } : each));
}
