// Everybody who asks in the matrix, made through the API alone.
import assert from 'node:assert/strict';

import { cookieOf, password } from '../people.mjs';
import { Wire } from '../wire.mjs';
import { requireOperation } from './listed.mjs';
import { Places } from './places.mjs';

const roles = new Map([
    ['guest', 'guest'],
    ['guest inside', 'guest'],
    ['admin', 'admin'],
    ['admin inside', 'admin'],
    ['owner', 'owner'],
    ['owner inside', 'owner'],
]);
export const requested = { 'X-Requested-With': 'banter' };

export class World {
    places = new Places(this);
    #callers = new Map();
    #count = 0;
    #wires = [];

    /** `foreign` is a token that another installation has made; `issuer` has an organization, which is a workspace. */
    static async start(server, foreign, issuer) {
        const world = new World();
        Object.assign(world, { server, foreign, issuer, wire: new Wire(server) });
        // The first who registers is the owner of the installation.
        world.#callers.set('owner', world.#register('owner'));
        world.root = await world.caller('owner');
        return world;
    }

    /** An exchange: `operation` by the name that it has in the table. */
    ask(operation, by, { values = [], query = '', body, headers } = {}) {
        const { method, path } = requireOperation(operation);
        let next = 0;
        const filled = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(values[next++]));
        assert.equal(next, values.length, `${operation} has ${next} parameters`);
        const wire = by?.wire ?? this.wire;
        return wire.ask(method, filled + query, { token: by?.token, body, headers });
    }

    /** The body of an exchange that must succeed. */
    async do(operation, by, request) {
        const answer = await this.ask(operation, by, request);
        const said = `${operation} by ${by?.kind}: ${answer.status} ${answer.text.slice(0, 300)}`;
        assert.ok(answer.status < 300, said);
        return answer.body;
    }

    /** The one caller of this kind who is never changed by what is asked; "peer" stands in no column. */
    caller(kind) {
        if (!this.#callers.has(kind)) this.#callers.set(kind, this.fresh(kind));
        return this.#callers.get(kind);
    }

    /** One more of this kind. */
    async fresh(kind) {
        if (kind === 'anonymous') return { kind, wire: this.#from() };
        if (kind === 'foreign') return { kind, wire: this.#from(), token: this.foreign };
        if (kind === 'other workspace') return this.#fromElsewhere(kind);
        const caller = await this.#register(kind);
        if (roles.has(kind)) {
            const request = { values: [caller.id], body: { role: roles.get(kind) } };
            await this.do('PATCH /api/users/{}', this.root, request);
        }
        if (kind === 'access token') caller.token = await this.#accessToken(caller);
        await this.#end(caller);
        return caller;
    }

    /** The highest that there is in the workspace of an organization. */
    async #fromElsewhere(kind) {
        const wire = this.#from();
        const sub = `user_2${this.#count}`;
        const o = { id: 'org_2elsewhere', slg: 'elsewhere', rol: 'admin' };
        const exp = Math.floor(Date.now() / 1000) + 3600;
        const token = this.issuer.token({ sub, sid: `sess_${sub}`, o, exp });
        const { id, handle } = await this.do('GET /api/me', { kind, wire, token });
        return { kind, wire, id, handle, token };
    }

    async #accessToken(caller) {
        const request = { body: { name: 'a program' } };
        return (await this.do('POST /api/me/tokens', caller, request)).token;
    }

    /** Another sign-in of the caller: {id, token, cookie}. */
    async signIn({ handle }) {
        const answer = await this.#from().ask('POST', '/api/auth/login', {
            body: { handle, password },
        });
        assert.equal(answer.status, 200, answer.text);
        const { token } = answer.body;
        const { sid } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
        return { id: sid, token, cookie: cookieOf(answer) };
    }

    /** From an address that nobody asked from: whatever takes a password is limited for each. */
    #from() {
        const count = ++this.#count;
        const wire = new Wire(this.server, `127.1.${count >> 8}.${count & 255}`);
        this.#wires.push(wire);
        return wire;
    }

    end() {
        for (const wire of [this.wire, ...this.#wires]) wire.end();
    }

    /** Takes the access from those who are there to have none. */
    async #end(caller) {
        if (caller.kind === 'signed out') {
            // Before sessions can be revoked, a token counts until it expires.
            requireOperation('DELETE /api/me/sessions/{}');
            const headers = { ...requested, Cookie: caller.cookie };
            await this.do('POST /api/auth/logout', undefined, { headers });
        } else if (caller.kind === 'deactivated') {
            const request = { values: [caller.id], body: { deactivated: true } };
            await this.do('PATCH /api/users/{}', this.root, request);
        } else if (caller.kind === 'deleted') {
            await this.do('DELETE /api/me', caller, { body: { erase: false, password } });
        }
    }

    async #register(kind) {
        const wire = this.#from();
        const handle = `${kind.replaceAll(' ', '-')}.${this.#count}`;
        const body = { handle, displayName: kind, password };
        const answer = await wire.ask('POST', '/api/auth/register', { body });
        assert.equal(answer.status, 201, answer.text);
        const { user, token } = answer.body;
        return { kind, wire, id: user.id, handle, token, cookie: cookieOf(answer) };
    }
}
