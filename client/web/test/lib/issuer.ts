import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** An issuer of OpenID Connect that no one here wrote, with its own pages: whatever name is given there signs in. */
export class Issuer {
    url = '';
    #handler: RequestListener | null = null;
    readonly #http: Server = createServer((request, response) => {
        if (this.#handler) this.#handler(request, response);
        else response.writeHead(503).end();
    });

    static async start(): Promise<Issuer> {
        const issuer = new Issuer();
        await new Promise<void>((resolve) => issuer.#http.listen(0, '127.0.0.1', resolve));
        issuer.url = `http://127.0.0.1:${(issuer.#http.address() as AddressInfo).port}`;
        return issuer;
    }

    /** The flag by which a server knows it. */
    get flag(): string[] {
        return ['--oidc', `issuer=${this.url},client-id=banter,name=corp`];
    }

    /** From now on people of the server at this address sign in here. */
    serve(url: string): void {
        const provider = new Provider(this.url, {
            clients: [
                {
                    client_id: 'banter',
                    token_endpoint_auth_method: 'none',
                    redirect_uris: [`${url}/api/auth/oidc/corp/callback`],
                },
            ],
            cookies: { keys: ['of a test'] },
            claims: { profile: ['name', 'preferred_username'] },
            findAccount: (_: unknown, id: string) => ({
                accountId: id,
                claims: () => ({ sub: id, name: `${id} of the firm`, preferred_username: id }),
            }),
        });
        this.#handler = provider.callback();
    }

    async stop(): Promise<void> {
        this.#http.closeAllConnections();
        await new Promise((resolve) => this.#http.close(resolve));
    }
}
