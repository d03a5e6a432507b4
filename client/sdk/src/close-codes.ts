import type { ErrorCode } from './error.ts';

/** What to do after a close. */
export interface CloseAction {
    next: 'reconnect' | 'renew' | 'refused';
    code: ErrorCode;
    /** Instead of the pause that grows. */
    afterMs?: number;
    /** The pause is as after so many failures, at least. */
    failures?: number;
}

/** The longest that a server can make a client wait. */
const longestMs = 60_000;
const reconnect: CloseAction = { next: 'reconnect', code: 'disconnected' };
/** Coming back soon would only bring the same again. */
const later: CloseAction = { ...reconnect, failures: 4 };

const actions: Record<number, CloseAction> = {
    1002: later,
    1003: later,
    1007: later,
    1009: later,
    4400: { next: 'refused', code: 'bad_request' },
    4401: { next: 'renew', code: 'unauthenticated' },
    4406: { next: 'refused', code: 'bad_request' },
    4429: { ...later, code: 'rate_limited' },
};

/** By the table of close codes in contract/asyncapi.yaml. */
export function closeAction(code: number, reason: string): CloseAction {
    if (code === 1012) return { ...reconnect, ...afterOf(reason) };
    return actions[code] ?? reconnect;
}

function afterOf(reason: string): { afterMs?: number } {
    try {
        const ms = Number(JSON.parse(reason).retryAfterMs);
        return ms >= 0 ? { afterMs: Math.min(ms, longestMs) } : {};
    } catch {
        return {};
    }
}
