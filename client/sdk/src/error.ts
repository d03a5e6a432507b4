import type { WireErrorCode } from './wire.ts';

/**
 * Why something failed. The server's codes are those of its table of errors; these are the library's own:
 *
 * - `network`: no answer came over HTTP; whether the server did it is unknown.
 * - `timeout`: no answer came over the socket in time.
 * - `disconnected`: there is no connection now, or it ended before the answer.
 * - `aborted`: the caller's AbortSignal ended it.
 * - `signed_out`: nobody is signed in.
 */
export type ErrorCode = WireErrorCode | 'network' | 'timeout' | 'disconnected' | 'aborted' | 'signed_out';

/** The only error that this library throws or stores. `code` is what to act on; `detail` is for developers. */
export class BanterError extends Error {
    override readonly name = 'BanterError';

    constructor(
        readonly code: ErrorCode,
        readonly detail: string,
        /** The HTTP status, or null where there was none. */
        readonly status: number | null = null,
        /** How long the server asks to wait, if it does. */
        readonly retryAfterMs: number | null = null,
    ) {
        super(`${code}: ${detail}`);
    }

    /** Anything thrown, as one of ours. */
    static from(thrown: unknown): BanterError {
        if (thrown instanceof BanterError) return thrown;
        const aborted = thrown instanceof Error && thrown.name === 'AbortError';
        return new BanterError(aborted ? 'aborted' : 'network', String(thrown));
    }
}
