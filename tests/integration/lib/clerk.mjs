// A stand-in for an instance of Clerk as far as a server sees it: session tokens that are made as its
// documentation has them, the key set at their issuer, and web hooks.
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
