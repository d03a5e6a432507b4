import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownCertificate } from './tls.ts';

const scripts = join(import.meta.dirname, '../clerk/node_modules/@clerk/clerk-js/dist');

/**
 * An instance of Clerk as far as Clerk's own script asks one: it gives out the script, says of the instance and of who is
 * signed in, makes session tokens and ends sessions. Its page for signing in has one button for Ada. What Clerk does
 * behind that page, as passwords and second factors, is not here.
 */
export class ClerkInstance {
    url = '';
    /** What it was asked, as "GET /v1/client". */
    readonly asked: string[] = [];
    /** Nothing comes through, not even the script. */
    isBlocked = false;
    /** So long a session token counts; of Clerk's own, a minute. */
    tokenSeconds = 60;
    #tokens = 0;
    readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
    readonly #folder = mkdtempSync(join(tmpdir(), 'banter-clerk-'));
    readonly #https: Server;
    /** By the cookie of the browser. */
    readonly #sessions = new Map<string, string>();

    private constructor() {
        this.#https = createServer(ownCertificate(this.#folder), (request, response) =>
            this.#answer(request, response),
        );
    }

    static async start(): Promise<ClerkInstance> {
        const instance = new ClerkInstance();
        await new Promise<void>((resolve) => instance.#https.listen(0, '127.0.0.1', resolve));
        instance.url = `https://127.0.0.1:${(instance.#https.address() as AddressInfo).port}`;
        return instance;
    }

    /** The flags by which a server knows it. */
    get flags(): string[] {
        const key = join(this.#folder, 'key.pem');
        writeFileSync(key, this.#keys.publicKey.export({ type: 'spki', format: 'pem' }));
        return [
            ...['--clerk-issuer', this.url],
            ...['--clerk-publishable-key', `pk_live_${btoa(`${new URL(this.url).host}$`)}`],
            ...['--clerk-jwt-key-file', key],
        ];
    }

    get tokens(): number {
        return this.#tokens;
    }

    /** As in the dashboard: whoever is signed in is so no more. */
    endSessions(): void {
        this.#sessions.clear();
    }

    async stop(): Promise<void> {
        this.#https.closeAllConnections();
        await new Promise((resolve) => this.#https.close(resolve));
        rmSync(this.#folder, { recursive: true, force: true });
    }

    #answer(request: IncomingMessage, response: ServerResponse): void {
        if (this.isBlocked) return void request.socket.destroy();
        const url = new URL(request.url ?? '/', this.url);
        const method = url.searchParams.get('_method') ?? request.method ?? 'GET';
        this.asked.push(`${method} ${url.pathname}`);
        if (url.pathname.startsWith('/npm/')) return void this.#script(url.pathname, response);
        if (url.pathname === '/favicon.ico') return void response.writeHead(204).end();
        if (url.pathname === '/sign-in') return void this.#signIn(method, response);
        const { origin } = request.headers;
        if (origin) {
            response.setHeader('Access-Control-Allow-Origin', origin);
            response.setHeader('Access-Control-Allow-Credentials', 'true');
            response.setHeader(
                'Access-Control-Allow-Headers',
                request.headers['access-control-request-headers'] ?? '',
            );
            response.setHeader('Access-Control-Allow-Methods', 'GET, POST, PATCH, DELETE');
        }
        if (request.method === 'OPTIONS') return void response.writeHead(204).end();
        const answer = this.#api(method, url.pathname, cookieOf(request), origin);
        response.writeHead(answer ? 200 : 401, {
            'Content-Type': 'application/json',
            'Cache-Control': 'no-store',
        });
        // All else is asked for a session.
        const none = { errors: [{ code: 'authentication_invalid', message: 'you are signed out' }] };
        response.end(JSON.stringify(answer ?? none));
    }

    #script(path: string, response: ServerResponse): void {
        const name = /^\/npm\/@clerk\/clerk-js@6\/dist\/([\w.-]+\.js)$/.exec(path)?.[1];
        if (!name) return void response.writeHead(404).end();
        response.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' });
        response.end(readFileSync(join(scripts, name)));
    }

    #signIn(method: string, response: ServerResponse): void {
        if (method === 'POST') {
            const cookie = crypto.randomUUID();
            this.#sessions.set(cookie, `sess_${cookie}`);
            response.setHeader('Set-Cookie', `__client=${cookie}; Secure; HttpOnly; SameSite=None; Path=/`);
            return void response.writeHead(204).end();
        }
        response.writeHead(200, { 'Content-Type': 'text/html' });
        response.end(`<!doctype html><title>Sign in</title><button>Sign in as Ada</button><script>
            document.querySelector('button').onclick = async () => {
                await fetch('/sign-in', { method: 'POST' });
                const asked = new URLSearchParams(location.hash.replace(/^[^?]*\\?/, '') || location.search);
                location.assign(asked.get('sign_in_force_redirect_url') ?? asked.get('redirect_url'));
            };
        </script>`);
    }

    #api(method: string, path: string, cookie: string, origin: string | undefined): object | null {
        const session = this.#sessions.get(cookie);
        if (path === '/v1/environment') return environment(this.url);
        if (path === '/v1/client' && method !== 'DELETE')
            return { response: this.#client(session, origin), client: null };
        if (path === '/v1/client/sessions' && method === 'DELETE') {
            this.#sessions.delete(cookie);
            return { response: this.#client(undefined, origin), client: null };
        }
        if (!session) return null;
        if (path.startsWith(`/v1/client/sessions/${session}/tokens`))
            return { object: 'token', jwt: this.#token(session, origin) };
        if (path === `/v1/client/sessions/${session}/touch`)
            return { response: this.#session(session, origin), client: this.#client(session, origin) };
        return null;
    }

    #client(session: string | undefined, origin: string | undefined): object {
        return {
            object: 'client',
            id: 'client_1',
            sessions: session ? [this.#session(session, origin)] : [],
            sign_in: null,
            sign_up: null,
            last_active_session_id: session ?? null,
            created_at: 1,
            updated_at: Date.now(),
        };
    }

    #session(id: string, origin: string | undefined): object {
        return {
            object: 'session',
            id,
            status: 'active',
            expire_at: Date.now() + 86_400_000,
            abandon_at: Date.now() + 86_400_000,
            last_active_at: Date.now(),
            last_active_organization_id: null,
            actor: null,
            user: ada,
            public_user_data: {
                first_name: 'Ada',
                last_name: 'Lovelace',
                image_url: '',
                has_image: false,
                identifier: 'ada',
            },
            last_active_token: { object: 'token', jwt: this.#token(id, origin) },
            created_at: 1,
            updated_at: 1,
        };
    }

    #token(sid: string, azp: string | undefined): string {
        this.#tokens++;
        const iat = Math.floor(Date.now() / 1000);
        const claims = {
            ...{ iss: this.url, azp, sub: ada.id, sid, sts: 'active', v: 2, jti: crypto.randomUUID() },
            ...{ iat, nbf: iat - 10, exp: iat + this.tokenSeconds, name: 'Ada Lovelace', username: 'ada' },
        };
        return signed(this.#keys.privateKey, claims);
    }
}

const ada = {
    object: 'user',
    id: 'user_2ada',
    username: 'ada',
    first_name: 'Ada',
    last_name: 'Lovelace',
    image_url: '',
    has_image: false,
    email_addresses: [],
    phone_numbers: [],
    web3_wallets: [],
    external_accounts: [],
    enterprise_accounts: [],
    passkeys: [],
    organization_memberships: [],
    created_at: 1,
    updated_at: 1,
};

function environment(url: string): object {
    return {
        object: 'environment',
        id: 'env_1',
        auth_config: { object: 'auth_config', id: 'auth_1', single_session_mode: true },
        display_config: {
            object: 'display_config',
            id: 'display_1',
            application_name: 'Analytical Engines',
            instance_environment_type: 'production',
            sign_in_url: `${url}/sign-in`,
            sign_up_url: `${url}/sign-in`,
            home_url: url,
            after_sign_in_url: url,
            after_sign_up_url: url,
            theme: { general: {}, buttons: {}, accounts: {} },
        },
        user_settings: {
            attributes: {},
            social: {},
            actions: {},
            sign_in: { second_factor: {} },
            sign_up: {},
            password_settings: {},
        },
        organization_settings: { enabled: false, domains: { enrollment_modes: [] } },
        maintenance_mode: false,
    };
}

function signed(key: KeyObject, claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({ alg: 'RS256', typ: 'JWT', kid: 'ins_1' })}.${part(claims)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

function cookieOf(request: IncomingMessage): string {
    return /(?:^|; )__client=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
}
