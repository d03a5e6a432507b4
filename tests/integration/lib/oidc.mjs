// An issuer of OpenID Connect that no one here wrote, npm `oidc-provider`, and a browser that signs
// in at its pages: it follows redirects and keeps cookies, and can be told to change what passes.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { after } from 'node:test';

// The library says on the console what a real issuer would not do.
for (const name of ['info', 'warn']) {
    const say = console[name];
    console[name] = (...words) => /oidc-provider/.test(words.join(' ')) || say(...words);
}
const { default: Provider } = await import('oidc-provider');

export const secret = 'a secret of the client, with : and %';

export class Issuer {
    /** Answers in the place of the provider's, if it says true. */
    intercept;
    /** How often each path was asked for. */
    asked = new Map();

    /**
     * options.secret  whether the client has one; options.configuration  further settings of the provider;
     * options.port    where it listens
     */
    static async start({ secret: hasSecret = true, configuration = {}, port = 0 } = {}) {
        const issuer = new Issuer();
        issuer.http = createServer((asked, answer) => issuer.#answer(asked, answer));
        issuer.http.listen(port, '127.0.0.1');
        await once(issuer.http, 'listening');
        issuer.url = `http://127.0.0.1:${issuer.http.address().port}`;
        issuer.hasSecret = hasSecret;
        issuer.configuration = configuration;
        after(() => issuer.stop());
        return issuer;
    }

    get port() {
        return Number(new URL(this.url).port);
    }

    /** Registers the client whose people come back to this server, under this name. */
    serve(server, name = 'corp') {
        const client = {
            client_id: 'banter',
            redirect_uris: [`${server.url}/api/auth/oidc/${name}/callback`],
            ...(this.hasSecret
                ? { client_secret: secret }
                : { token_endpoint_auth_method: 'none' }),
        };
        this.provider = new Provider(this.url, {
            clients: [client],
            cookies: { keys: ['of a test'] },
            claims: { profile: ['name', 'preferred_username', 'picture'] },
            pkce: { required: () => true },
            findAccount: (_, id) => ({
                accountId: id,
                claims: () => ({
                    sub: id,
                    name: `${id} of the firm`,
                    preferred_username: `${id}@firm.example`,
                    picture: `https://pictures.example/${id}.png`,
                }),
            }),
            ...this.configuration,
        });
        this.handler = this.provider.callback();
        return this;
    }

    #answer(asked, answer) {
        const path = new URL(asked.url, this.url).pathname;
        this.asked.set(path, (this.asked.get(path) ?? 0) + 1);
        if (this.intercept?.(asked, answer)) return;
        if (this.handler) this.handler(asked, answer);
        else answer.writeHead(503).end();
    }

    stop() {
        this.http.closeAllConnections();
        this.http.close();
    }
}

/** Who sits before the pages. It is only as much of a browser as signing in needs. */
export class Browser {
    /** By origin, name to value. */
    #cookies = new Map();

    cookies(url) {
        const { origin } = new URL(url);
        if (!this.#cookies.has(origin)) this.#cookies.set(origin, new Map());
        return this.#cookies.get(origin);
    }

    /** One exchange, without following: {status, location, headers, text}. */
    async ask(url, { method = 'GET', form } = {}) {
        const kept = this.cookies(url);
        const headers = {};
        if (kept.size > 0) headers.Cookie = [...kept].map(([name, value]) => `${name}=${value}`).join('; ');
        if (form) headers['Content-Type'] = 'application/x-www-form-urlencoded';
        const asked = request(url, { method, headers });
        asked.end(form && new URLSearchParams(form).toString());
        const [response] = await once(asked, 'response');
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        for (const line of response.headers['set-cookie'] ?? []) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
            if (value === '' || /max-age=0/i.test(line)) kept.delete(name);
            else kept.set(name, value);
        }
        const { location } = response.headers;
        return {
            url,
            status: response.statusCode,
            headers: response.headers,
            text,
            location: location === undefined ? undefined : new URL(location, url).href,
        };
    }

    /** Follows redirects as long as they stay at the origin of `url`: the last answer. */
    async visit(url, options) {
        let answer = await this.ask(url, options);
        while (answer.location && new URL(answer.location).origin === new URL(url).origin)
            answer = await this.ask(answer.location);
        return answer;
    }

    /** Signs in and agrees at the provider's own pages; gives the URL that leads back. */
    async signIn(url, login) {
        let answer = await this.visit(url);
        while (!answer.location) {
            const [, action] = /<form[^>]*action="([^"]+)"/.exec(answer.text) ?? [];
            if (!action) throw new Error(`no form: ${answer.status} ${answer.text}`);
            const [, prompt] = /name="prompt" value="(\w+)"/.exec(answer.text);
            const form = { prompt, ...(prompt === 'login' ? { login, password: 'any' } : {}) };
            answer = await this.visit(new URL(action, answer.url).href, { method: 'POST', form });
        }
        return answer.location;
    }
}
