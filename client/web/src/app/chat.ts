import { BanterError, type Config, createChat, type Thread } from '@banter/sdk';
import { effect, signal } from '../ui/runtime.ts';
import { AppAuth } from './auth.ts';
import { keep, keptNames } from './kept.ts';

/** The one sign-in and the one connection of this page. */
export const auth = new AppAuth(knownConfig);
export const chat = createChat({ url: location.origin, auth });

/** What the server says of itself before anybody signs in; null until it has. */
export const config = signal<Config | null>(null);
export const configError = signal<BanterError | null>(null);

async function knownConfig(): Promise<Config | null> {
    if (!config.value) await loadConfig();
    return config.value;
}

export function loadConfig(): Promise<void> {
    loading ??= askConfig()
        .then(
            (known) => {
                config.value = known;
                configError.value = null;
            },
            (thrown: unknown) => {
                configError.value = BanterError.from(thrown);
            },
        )
        .finally(() => {
            loading = undefined;
        });
    return loading;
}
let loading: Promise<void> | undefined;

/** Without a token: where one comes from stands in it. */
async function askConfig(): Promise<Config> {
    const response = await fetch('/api/config', { signal: AbortSignal.timeout(configMs) });
    if (!response.ok) throw new BanterError('internal', `/api/config answered ${response.status}`);
    return response.json();
}
const configMs = 10_000;

/** At once for who has to sign in; for who is in, the messages come first. */
export function loadConfigWhenNeeded(): void {
    if (/^\/(?:login|signup|setup|invite)\b/.test(location.pathname)) return void loadConfig();
    const stop = effect(() => {
        if (auth.state.value === 'unknown') return;
        setTimeout(
            () => {
                stop();
                void loadConfig();
            },
            auth.state.value === 'signed-in' ? configAfterMs : 0,
        );
    });
}
const configAfterMs = 2000;

export const me = () => chat.session.value?.user;
export const role = () => chat.session.value?.role ?? 'member';
export const isAdmin = () => role() === 'owner' || role() === 'admin';
/** Who comes by way of an organization is invited to that. */
export const mayInvite = () => isAdmin() && !auth.isInOrganization;

export function threadById(threadId: string): Thread | undefined {
    return chat.threads.value.find((thread) => thread.id === threadId);
}

/** Ends the sign-in here, and removes what this device keeps of it. */
export async function signOut(): Promise<void> {
    await auth.logout();
    await chat.forget();
    for (const prefix of ['banter.edit.', 'banter.reply.'])
        for (const name of keptNames(prefix)) keep(name, null);
    location.assign('/login');
}
