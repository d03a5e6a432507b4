import { allowScriptsBelow } from './trusted.ts';

/** What is used of Clerk's own script: https://clerk.com/docs/reference/javascript/clerk */
interface Clerk {
    load(options: { telemetry: false }): Promise<void>;
    readonly session: Session | null | undefined;
    addListener(listener: () => void): () => void;
    signOut(done: () => void): Promise<void>;
    buildSignInUrl(options: { signInForceRedirectUrl: string; signUpForceRedirectUrl: string }): string;
    readonly __internal_environment?: { displayConfig?: { applicationName?: string } } | null;
}
interface Session {
    id: string;
    status: string;
    lastActiveOrganizationId?: string | null;
    getToken(options: { skipCache: boolean }): Promise<string | null>;
}

/** So long a script that doesn't come is waited for. */
const patienceMs = 20_000;

/** The sign-in at an instance of Clerk, as its own script keeps it. */
export interface ClerkSession {
    readonly publishableKey: string;
    /** What people know the instance by. */
    readonly name: string;
    readonly isActive: boolean;
    readonly isInOrganization: boolean;
    /** Null: nobody is signed in. Rejects while Clerk can't be reached. */
    token(refused?: string): Promise<string | null>;
    /** Where people sign in; from there they come to `returnTo`, a path of this app. */
    signInUrl(returnTo: string): string;
    signOut(): Promise<void>;
    /** Called when another session begins, goes on in another organization, or ends. */
    onChange(listener: (isActive: boolean) => void): void;
}

/** Loads the script from the instance's own host. Rejects if it doesn't come, or can't reach the instance. */
export async function loadClerk(publishableKey: string): Promise<ClerkSession> {
    const clerk = await within(patienceMs, loadScript(publishableKey));
    await within(patienceMs, clerk.load({ telemetry: false }));
    return new LoadedClerk(clerk, publishableKey);
}

class LoadedClerk implements ClerkSession {
    readonly #clerk: Clerk;
    readonly publishableKey: string;

    constructor(clerk: Clerk, publishableKey: string) {
        this.#clerk = clerk;
        this.publishableKey = publishableKey;
    }

    get name(): string {
        return this.#clerk.__internal_environment?.displayConfig?.applicationName || 'Clerk';
    }

    get isActive(): boolean {
        return this.#identity !== null;
    }

    get isInOrganization(): boolean {
        return this.isActive && Boolean(this.#clerk.session?.lastActiveOrganizationId);
    }

    async token(refused?: string): Promise<string | null> {
        if (!this.isActive) return null;
        return (await this.#clerk.session?.getToken({ skipCache: refused !== undefined })) ?? null;
    }

    signInUrl(returnTo: string): string {
        const url = new URL(returnTo, location.origin).href;
        return this.#clerk.buildSignInUrl({ signInForceRedirectUrl: url, signUpForceRedirectUrl: url });
    }

    signOut(): Promise<void> {
        // With a function of ours in place of Clerk’s leaving for another page.
        return this.#clerk.signOut(() => {});
    }

    onChange(listener: (isActive: boolean) => void): void {
        let before = this.#identity;
        this.#clerk.addListener(() => {
            const now = this.#identity;
            if (now === before) return;
            before = now;
            listener(now !== null);
        });
    }

    /** A pending session has something to do at Clerk first, as choosing an organization. */
    get #identity(): string | null {
        const { session } = this.#clerk;
        if (session?.status !== 'active') return null;
        return `${session.id} ${session.lastActiveOrganizationId ?? ''}`;
    }
}

function loadScript(publishableKey: string): Promise<Clerk> {
    const host = atob(publishableKey.replace(/^pk_(?:live|test)_/, '')).replace(/\$$/, '');
    const url = new URL(`https://${host}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`);
    allowScriptsBelow(new URL('/npm/@clerk/', url));
    const script = document.createElement('script');
    script.async = true;
    script.crossOrigin = 'anonymous';
    script.dataset['clerkPublishableKey'] = publishableKey;
    script.src = url.href;
    return new Promise((resolve, reject) => {
        script.onload = () => {
            const { Clerk: clerk } = globalThis as { Clerk?: Clerk };
            if (clerk) resolve(clerk);
            else reject(new Error(`${url} is no script of Clerk`));
        };
        script.onerror = () => {
            script.remove();
            reject(new Error(`${url} did not come`));
        };
        document.head.append(script);
    });
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
    let timer = 0;
    const late = new Promise<never>((_, reject) => {
        timer = window.setTimeout(() => reject(new Error('it took too long')), ms);
    });
    try {
        return await Promise.race([work, late]);
    } finally {
        clearTimeout(timer);
    }
}
