import { BanterError, type Config, createChat, localAuth, type Thread } from '@banter/sdk';
import { effect, signal } from '../ui/runtime.ts';
import { keep, keptNames } from './kept.ts';

/** The one sign-in and the one connection of this page. */
export const auth = localAuth();
export const chat = createChat({ url: location.origin, auth });

/** What the server says of itself before anybody signs in; null until it has. */
export const config = signal<Config | null>(null);
export const configError = signal<BanterError | null>(null);

export async function loadConfig(): Promise<void> {
    try {
        config.value = await chat.api.get('/api/config');
        configError.value = null;
    } catch (thrown) {
        configError.value = BanterError.from(thrown);
    }
}

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
