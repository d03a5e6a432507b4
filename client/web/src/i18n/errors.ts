import type { BanterError, ErrorCode } from '@banter/sdk';
import { type Key, t } from './t.ts';

const texts: Partial<Record<ErrorCode, Key>> = {
    aborted: 'error.aborted',
    bad_credentials: 'error.badCredentials',
    bad_image: 'error.badImage',
    busy: 'error.busy',
    conflict: 'error.conflict',
    disconnected: 'error.network',
    forbidden: 'error.forbidden',
    network: 'error.network',
    not_found: 'error.notFound',
    rate_limited: 'error.rateLimited',
    setup_needed: 'error.setupNeeded',
    signed_out: 'error.signedOut',
    storage_full: 'error.storageFull',
    storage_unavailable: 'error.busy',
    timeout: 'error.network',
    too_large: 'error.tooLarge',
    unauthenticated: 'error.signedOut',
    unsupported_media: 'error.unsupportedMedia',
};

/** What went wrong, for the person it happened to. */
export function errorText(error: BanterError): string {
    const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1000);
    if (error.code === 'rate_limited' && seconds > 0) return t('error.rateLimitedFor', { count: seconds });
    return t(texts[error.code] ?? 'error.unknown', { code: error.code });
}
