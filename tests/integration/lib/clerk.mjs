// A stand-in for an instance of Clerk as far as a server sees it: session tokens that are made as its
// documentation has them, the key set at their issuer, web hooks, and users at the Backend API.
import { createSign, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after } from 'node:test';

import { Webhook } from 'svix';

import { http } from './people.mjs';
import { noteSecret } from './secrets.mjs';

const encode = (object) => Buffer.from(JSON.stringify(object)).toString('base64url');

/** A key of the instance, by its name. */
export function newKey(kid, bits = 2048) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    const jwk = { ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid };
    const pem = publicKey.export({ format: 'pem', type: 'spki' });
    return { kid, jwk, pem, privateKey };
}

/** What `key` has signed: RS256, whatever the header says. */
export function sign(key, header, claims) {
    const text = `${encode(header)}.${encode(claims)}`;
    const token = `${text}.${createSign('RSA-SHA256').update(text).sign(key.privateKey, 'base64url')}`;
    noteSecret(token);
    return token;
}

/** As Clerk has a user who has changed nothing. */
export const userOf = (id, fields = {}) => ({
    id,
    object: 'user',
    first_name: 'Ada',
    last_name: 'Lovelace',
    username: null,
    has_image: false,
    image_url: 'https://img.clerk.example/initials',
    banned: false,
    locked: false,
    public_metadata: {},
    email_addresses: [],
    ...fields,
});

export class Instance {
    keys = [newKey('ins_1')];
    /** How often the key set was asked for. */
    asked = 0;
    /** Answers in place of the key set, if there is one. */
    answer;

    static async start() {
        const instance = new Instance();
        instance.http = createServer((request, response) => instance.#answer(request, response));
        await new Promise((resolve) => instance.http.listen(0, '127.0.0.1', resolve));
        after(() => {
            instance.http.closeAllConnections();
            instance.http.close();
        });
        return instance;
    }

    get issuer() {
        return `http://127.0.0.1:${this.http.address().port}`;
    }

    get newest() {
        return this.keys.at(-1);
    }

    #answer(request, response) {
        this.asked++;
        if (request.url !== '/.well-known/jwks.json') return response.writeHead(404).end();
        if (this.answer) return this.answer(response);
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify({ keys: this.keys.map(({ jwk }) => jwk) }));
    }

    header(fields = {}) {
        return { alg: 'RS256', cat: 'cl_B7d4PD111AAA', kid: this.newest.kid, typ: 'JWT', ...fields };
    }

    /** Of a session token of 60 seconds; what is undefined is left out. */
    claims(fields = {}) {
        const now = Math.floor(Date.now() / 1000);
        return {
            azp: 'https://app.example',
            exp: now + 60,
            fva: [0, -1],
            iat: now,
            iss: this.issuer,
            jti: '9fb2a8',
            nbf: now - 10,
            sid: 'sess_2abc',
            sts: 'active',
            sub: 'user_2def',
            v: 2,
            ...fields,
        };
    }

    token(fields, header) {
        return sign(this.newest, this.header(header), this.claims(fields));
    }
}

/** Sends web hooks to an endpoint of this secret. */
export class HookSender {
    constructor(secret = `whsec_${randomBytes(24).toString('base64')}`) {
        this.secret = secret;
        noteSecret(secret);
        noteSecret(secret.slice('whsec_'.length));
    }

    /** The headers and the body of an attempt that is made `at` a time. */
    request(body, { id = `msg_${randomUUID()}`, at = new Date() } = {}) {
        const headers = {
            'Content-Type': 'application/json',
            'svix-id': id,
            'svix-timestamp': String(Math.floor(at / 1000)),
            'svix-signature': new Webhook(this.secret).sign(id, at, body),
        };
        return { headers, body };
    }

    /** An event of this type; the answer is as of `http`. */
    send(server, type, data, options) {
        const event = { data, object: 'event', type, timestamp: Date.now(), instance_id: 'ins_2abc' };
        return http(server, 'POST', '/api/webhooks/clerk', this.request(JSON.stringify(event), options));
    }
}

/** As Clerk has a membership; `org` is an organization as Clerk has it. */
export const membershipOf = (sub, org, role, at) => ({
    id: `orgmem_${sub}`,
    object: 'organization_membership',
    organization: { ...org, object: 'organization' },
    public_user_data: { user_id: sub, identifier: 'ada@example.com', first_name: null },
    role: `org:${role}`,
    created_at: 1000,
    updated_at: at,
});

/** The Backend API of an instance, as far as it tells of users and of members of organizations
 * (clerk.com/docs/reference/backend-api, Users, Organization Memberships). */
export class Backend {
    /** By id, as `addUser` has them. */
    users = new Map();
    /** By id of the organization, the memberships by id of the user, as `setMember` has them. */
    members = new Map();
    /** The questions that had the key, in their order: {at, ids, list}; about members {at, ids, organization}. */
    asked = [];
    /** Answers in place of the users, if there is one: (response, question). */
    answer;
    #time = Date.now() - 1_000_000;

    constructor(kind) {
        this.key = `sk_${kind}_${randomBytes(32).toString('hex').slice(0, 42)}`;
        noteSecret(this.key);
    }

    /** kind: live or test. */
    static async start(kind = 'live') {
        const backend = new Backend(kind);
        backend.http = createServer((request, response) => backend.#answer(request, response));
        await new Promise((resolve) => backend.http.listen(0, '127.0.0.1', resolve));
        after(() => {
            backend.http.closeAllConnections();
            backend.http.close();
        });
        return backend;
    }

    get url() {
        return `http://127.0.0.1:${this.http.address().port}`;
    }

    /** Makes or changes a user. */
    addUser(id, fields = {}) {
        const known = this.users.get(id) ?? userOf(id, { created_at: this.#time });
        this.users.set(id, { ...known, ...fields, updated_at: ++this.#time });
    }

    /** Makes or changes a membership. */
    setMember(sub, org, role = 'member', at = ++this.#time) {
        if (!this.members.has(org.id)) this.members.set(org.id, new Map());
        this.members.get(org.id).set(sub, membershipOf(sub, org, role, at));
    }

    /** How many lists were asked for, and how many times this user alone. */
    get lists() {
        return this.asked.filter(({ list }) => list).length;
    }

    askedFor(id) {
        return this.asked.filter(({ list, organization, ids }) => !list && !organization && ids[0] === id).length;
    }

    #answer(request, response) {
        const url = new URL(request.url, this.url);
        const alone = /^\/v1\/users\/([^/]+)$/.exec(url.pathname);
        const organization = /^\/v1\/organizations\/([^/]+)\/memberships$/.exec(url.pathname)?.[1];
        const refuse = (status, code, headers = {}) => {
            const errors = [{ message: code, long_message: code, code }];
            response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
            response.end(JSON.stringify({ errors, clerk_trace_id: randomUUID() }));
        };
        if (request.headers.authorization !== `Bearer ${this.key}`) return refuse(401, 'clerk_key_invalid');
        if (url.pathname === '/v1/users/count') return this.#give(response, { object: 'total_count', total_count: 0 });
        const known = alone || organization || url.pathname === '/v1/users';
        if (request.method !== 'GET' || !known) return refuse(404, 'not_found');
        const question = {
            at: Date.now(),
            list: !alone && !organization,
            organization,
            ids: alone ? [alone[1]] : url.searchParams.getAll('user_id'),
            search: url.search,
        };
        this.asked.push(question);
        if (this.answer) return this.answer(response, question, refuse);
        if (alone) {
            const user = this.users.get(alone[1]);
            return user ? this.#give(response, user) : refuse(404, 'resource_not_found');
        }
        const limit = Number(url.searchParams.get('limit') ?? 10);
        if (question.ids.length > 100 || !(limit >= 1 && limit <= 500)) return refuse(422, 'form_param_value_invalid');
        if (organization) {
            const members = this.members.get(organization);
            if (!members) return refuse(404, 'resource_not_found');
            const data = [...members].filter(([id]) => question.ids.includes(id)).map(([, member]) => member);
            return this.#give(response, { data: data.slice(0, limit), total_count: data.length });
        }
        // The newest first, whatever was asked for first.
        const found = [...this.users.values()].reverse().filter(({ id }) => question.ids.includes(id));
        this.#give(response, found.slice(0, limit));
    }

    #give(response, body) {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(body));
    }
}
