import { problem } from './api.ts';
import { BanterError } from './error.ts';

export interface Transfer {
    method: string;
    url: string;
    headers: Record<string, string>;
    body: Blob | FormData | null;
    /** Bytes of the body that have left, where the platform tells. */
    onProgress?: ((sent: number) => void) | undefined;
    signal?: AbortSignal | undefined;
}

/** Sends a body; rejects with a BanterError for anything but success. */
export type Send = (transfer: Transfer) => Promise<Response>;

/** Only XMLHttpRequest tells how much of a body has left. */
export function sender(fetcher: typeof fetch): Send {
    return typeof XMLHttpRequest === 'undefined' ? byFetch(fetcher) : byXhr;
}

function byFetch(fetcher: typeof fetch): Send {
    return async ({ method, url, headers, body, signal }) => {
        const init: RequestInit = { method, headers, body, ...(signal && { signal }) };
        const response = await fetcher(url, init).catch((thrown: unknown) => {
            throw BanterError.from(thrown);
        });
        if (!response.ok) throw await problem(response);
        return response;
    };
}

/** A connection on which nothing moves for so long is taken for lost. */
const stallMs = 60_000;

const byXhr: Send = ({ method, url, headers, body, onProgress, signal }) =>
    new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        let error = new BanterError('network', 'the connection was lost');
        let stalled: ReturnType<typeof setTimeout>;
        const moved = () => {
            clearTimeout(stalled);
            stalled = setTimeout(() => request.abort(), stallMs);
        };
        const aborted = () => {
            error = new BanterError('aborted', 'aborted');
            request.abort();
        };
        request.open(method, url);
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        request.upload.onprogress = ({ loaded }) => {
            moved();
            onProgress?.(loaded);
        };
        request.onload = () => {
            const response = responseOf(request);
            if (response.ok) resolve(response);
            else void problem(response).then(reject);
        };
        request.onerror = () => reject(error);
        request.onabort = () => reject(error);
        request.onloadend = () => {
            clearTimeout(stalled);
            signal?.removeEventListener('abort', aborted);
        };
        signal?.addEventListener('abort', aborted);
        if (signal?.aborted) reject(new BanterError('aborted', 'aborted'));
        else {
            moved();
            request.send(body);
        }
    });

function responseOf(request: XMLHttpRequest): Response {
    const lines = request.getAllResponseHeaders().trim().split(/\r?\n/);
    const headers = lines.map((line) => line.split(/:\s*(.*)/s, 2) as [string, string]);
    const { status, statusText } = request;
    const text = status === 204 ? null : request.responseText;
    return new Response(text, { status, statusText, headers: headers.filter(([name]) => name !== '') });
}
