// Files go up in one request, or in pieces by tus 1.0 when they are large, and then survive lost connections.
import { slept } from './clock.ts';
import type { Core } from './core.ts';
import { BanterError } from './error.ts';
import type { Link } from './link.ts';
import { sender, type Transfer } from './transfer.ts';
import type { UploadOptions } from './types.ts';
import type { Attachment } from './wire.ts';

/** Files of this size and above are resumable. */
export const resumableBytes = 8 * 1024 * 1024;
/** So much goes in one request; after a cut, what of it arrived is not sent again. */
export const pieceBytes = 8 * 1024 * 1024;
/** So many cuts in a row without a byte arriving end it, though the chat is connected. */
const mostCuts = 8;
const tus = { 'Tus-Resumable': '1.0.0' };
const worthAnotherTry = new Set([
    'network',
    'busy',
    'rate_limited',
    'storage_unavailable',
    'conflict',
    'internal',
]);

export interface UploadContext {
    core: Core;
    url: string;
    fetch: typeof fetch;
    token(refused?: string): Promise<string | null>;
}

export async function upload(
    context: UploadContext,
    file: Blob,
    options: UploadOptions = {},
): Promise<Attachment> {
    const name = options.name ?? (file instanceof File ? file.name : 'file');
    const progress = progressOf(file.size, options);
    if (file.size >= resumableBytes)
        return new Resumable(context, file, name, progress, options.signal).run();
    const body = new FormData();
    body.append('file', file, name);
    const transfer: Transfer = {
        method: 'POST',
        url: '/api/upload',
        headers: {},
        body,
        // The form around the file is not of the file.
        onProgress: (sent) => progress(Math.min(sent, file.size)),
        signal: options.signal,
    };
    const attachment = (await (await authorized(context, transfer)).json()) as Attachment;
    progress(file.size);
    return attachment;
}

function progressOf(total: number, { onProgress }: UploadOptions): (sent: number) => void {
    let most = -1;
    return (sent) => {
        if (sent <= most) return;
        most = sent;
        onProgress?.(sent, total);
    };
}

async function authorized(context: UploadContext, transfer: Transfer): Promise<Response> {
    const token = await context.token();
    const send = sender(context.fetch);
    const attempt = (bearer: string | null) =>
        send({
            ...transfer,
            url: context.url + transfer.url,
            headers: { ...transfer.headers, ...(bearer !== null && { Authorization: `Bearer ${bearer}` }) },
        });
    try {
        return await attempt(token);
    } catch (thrown) {
        if (BanterError.from(thrown).code !== 'unauthenticated' || token === null) throw thrown;
        return attempt(await context.token(token));
    }
}

class Resumable {
    readonly #context: UploadContext;
    readonly #file: Blob;
    readonly #name: string;
    readonly #progress: (sent: number) => void;
    readonly #signal: AbortSignal | undefined;
    #place: string | undefined;
    #offset = 0;
    /** After a cut only the server knows how much has arrived. */
    #isOffsetKnown = true;
    #fileId: string | null = null;

    constructor(
        context: UploadContext,
        file: Blob,
        name: string,
        progress: (sent: number) => void,
        signal: AbortSignal | undefined,
    ) {
        this.#context = context;
        this.#file = file;
        this.#name = name;
        this.#progress = progress;
        this.#signal = signal;
    }

    async run(): Promise<Attachment> {
        let backoff = this.#context.core.link.backoff();
        let furthest = 0;
        for (let cuts = 0; this.#fileId === null; ) {
            try {
                await this.#step();
            } catch (thrown) {
                const error = BanterError.from(thrown);
                if (!worthAnotherTry.has(error.code) || ++cuts > mostCuts) throw await this.#givenUp(error);
                await this.#pause(error.retryAfterMs ?? backoff.next());
                this.#isOffsetKnown = false;
            }
            if (this.#offset > furthest) {
                furthest = this.#offset;
                cuts = 0;
                backoff = this.#context.core.link.backoff();
            }
            this.#progress(this.#offset);
        }
        const path = { fileId: this.#fileId };
        return this.#context.core.api.get('/api/files/{fileId}', { path });
    }

    /** Begins, finds out where it stands, or sends one piece. */
    async #step(): Promise<void> {
        if (this.#place === undefined) return this.#create();
        if (!this.#isOffsetKnown) return this.#findOffset(this.#place);
        const from = this.#offset;
        const response = await this.#ask('PATCH', this.#place, {
            headers: { 'Upload-Offset': String(from), 'Content-Type': 'application/offset+octet-stream' },
            body: this.#file.slice(from, from + pieceBytes),
            onProgress: (sent) => this.#progress(Math.min(from + sent, this.#file.size)),
        });
        this.#take(response);
    }

    async #create(): Promise<void> {
        const metadata = [`filename ${base64(this.#name)}`, `filetype ${base64(this.#file.type)}`];
        const response = await this.#ask('POST', '/api/uploads', {
            headers: { 'Upload-Length': String(this.#file.size), 'Upload-Metadata': metadata.join(',') },
        });
        const place = response.headers.get('Location') ?? '';
        this.#place = new URL(place, this.#context.url).pathname;
        this.#take(response);
    }

    /** An upload that is gone begins anew. */
    async #findOffset(place: string): Promise<void> {
        try {
            this.#take(await this.#ask('HEAD', place, { body: null }));
        } catch (thrown) {
            if (BanterError.from(thrown).status !== 404) throw thrown;
            this.#place = undefined;
            this.#offset = 0;
        }
        this.#isOffsetKnown = true;
    }

    #take({ headers }: Response): void {
        this.#offset = Number(headers.get('Upload-Offset') ?? this.#offset);
        this.#fileId = headers.get('Banter-File');
    }

    /** Nobody comes back for what was aborted or refused. */
    async #givenUp(error: BanterError): Promise<BanterError> {
        if (this.#place && error.code === 'aborted') {
            await this.#ask('DELETE', this.#place, { signal: undefined }).catch(() => {});
        }
        return error;
    }

    #ask(method: string, url: string, more: Partial<Transfer> = {}): Promise<Response> {
        const signal = this.#signal;
        const headers = { ...tus, ...more.headers };
        return authorized(this.#context, { method, url, body: new Blob(), signal, ...more, headers });
    }

    /** Also as long as the chat itself is without a connection. */
    async #pause(ms: number): Promise<void> {
        const { core } = this.#context;
        const aborted = new Promise<never>((_, reject) => {
            const abort = () => reject(new BanterError('aborted', 'aborted'));
            this.#signal?.addEventListener('abort', abort, { once: true });
            if (this.#signal?.aborted) abort();
        });
        const waited = slept(core.clock, ms).then(() => notAway(core.link));
        await Promise.race([aborted, waited]);
    }
}

/** Resolves unless and until a connection that is wanted is there. */
async function notAway({ connection }: Link): Promise<void> {
    let end = () => {};
    await new Promise<void>((resolve) => {
        end = connection.subscribe(({ state }) => {
            if (!['connecting', 'waiting', 'offline'].includes(state)) resolve();
        });
    });
    end();
}

function base64(text: string): string {
    return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
