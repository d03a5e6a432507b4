// Threads of every kind, and each caller's place in them. A place that nothing may change stands
// for all rows; what changes its place gets one of its own.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { textForm } from '../files.mjs';
import { requireKind } from './listed.mjs';

const kinds = new Map([
    ['public channel', { kind: 'channel', visibility: 'public' }],
    ['private channel', { kind: 'channel', visibility: 'private' }],
    ['archived channel', { kind: 'channel', visibility: 'public', archived: true }],
    ['archived private channel', { kind: 'channel', visibility: 'private', archived: true }],
    ['direct', { kind: 'direct' }],
    ['group', { kind: 'group' }],
    ['replies in a public channel', { of: 'public channel' }],
    ['replies in a private channel', { of: 'private channel' }],
    ['replies in an archived channel', { of: 'archived channel' }],
]);

const inside = new Set([
    'guest inside',
    'thread member',
    'thread owner',
    'admin inside',
    'owner inside',
]);
/** They can be in no thread when they ask. */
export const nobodies = new Set(['anonymous', 'foreign', 'signed out', 'deactivated', 'deleted']);

/** "group: own message" as {name: "group", what: "own message"}. */
function parse(thing) {
    const [name, what] = thing.split(': ');
    return { name, what };
}

/** Whether there can't be such a caller for this thing, so that its cell has to be empty. */
export function impossible(thing, kind) {
    const { name, what } = parse(thing);
    if (what === 'own') return !inside.has(kind);
    if (what === 'own message' && kind === 'other workspace') return true;
    if (name !== 'direct') return false;
    if (kind === 'thread owner' || kind === 'ex-member') return true;
    return what === 'own message' && !inside.has(kind) && !nobodies.has(kind);
}

/** An id that nothing has. */
export const nowhere = randomUUID;

export class Places {
    #world;
    #standing = new Map();

    constructor(world) {
        this.#world = world;
    }

    /**
     * {threadId, messageId, userId, creator, peer} as the thing says, for this caller. `fresh`: one of its own, where
     * `meanwhile` is awaited while everybody is inside who ever was.
     */
    async find(thing, caller, fresh, meanwhile) {
        if (thing === 'missing') {
            const { id } = await this.#world.caller('thread member');
            return { threadId: nowhere(), messageId: nowhere(), userId: id };
        }
        if (fresh) return this.#make(thing, caller, meanwhile);
        const name = `${thing} of ${caller.kind}`;
        if (!this.#standing.has(name)) this.#standing.set(name, this.#stand(thing, caller));
        return this.#standing.get(name);
    }

    async #stand(thing, caller) {
        const place = await this.#make(thing, caller);
        place.before = await this.#look(place);
        return place;
    }

    /** All that stands is as it was made: what is refused, or only looks, changes nothing. */
    async checkUnchanged() {
        let count = 0;
        for (const [name, standing] of this.#standing) {
            const place = await standing.catch(() => undefined);
            if (!place) continue;
            assert.deepEqual(await this.#look(place), place.before, name);
            count++;
        }
        return count;
    }

    /** A place as somebody sees it who is in it all the time. */
    async #look({ threadId, peer }) {
        const request = { values: [threadId] };
        const { membership, ...thread } = await this.#world.do(
            'GET /api/threads/{}',
            peer,
            request,
        );
        const history = await this.#world.do('GET /api/threads/{}/messages', peer, request);
        // Links are others after some minutes.
        const messages = history.items.map(({ attachments, ...message }) => ({
            ...message,
            attachments: attachments.map(({ id, name, size }) => ({ id, name, size })),
        }));
        return { role: membership?.role, thread, messages };
    }

    async #make(thing, caller, meanwhile) {
        const { name, what } = parse(thing);
        const kind = kinds.get(name);
        assert.ok(kind, `there is no ${thing}`);
        const place = kind.kind === 'direct' ? await this.#direct(caller) : await this.#open(kind);
        const writes = what === 'own message' && !nobodies.has(caller.kind);
        place.stays = inside.has(caller.kind);
        place.comes = place.stays || caller.kind === 'ex-member' || writes;
        if (place.comes) await this.#enter(place, caller);
        if (kind.of) await this.#reply(place, caller);
        const { id, attachments } = await this.#send(place, writes ? caller : place.peer);
        place.messageId = id;
        place.fileId = attachments[0].id;
        await meanwhile?.(place);
        if (place.comes && !place.stays) await this.#leave(place, caller);
        if ((kinds.get(kind.of) ?? kind).archived) await this.#archive(place);
        place.userId = await this.#target(place, caller, what);
        return place;
    }

    /** The user whom something is done to. */
    async #target({ creator, peer }, caller, what) {
        if (what === 'oneself') return caller.id ?? nowhere();
        if (what === 'the owner') return creator.id;
        if (what === 'a newcomer') return (await this.#world.fresh('newcomer')).id;
        return peer.id;
    }

    /** A channel or group, or the one that replies hang off: of its creator, and with one more member. */
    async #open({ of: parent, ...kind }) {
        if (parent) return this.#open(kinds.get(parent));
        const creator = await this.#world.caller('thread owner');
        const peer = await this.#world.caller('peer');
        const isGroup = kind.kind === 'group';
        if (isGroup) requireKind('group');
        const body = isGroup
            ? { kind: 'group', memberIds: [peer.id] }
            : { kind: 'channel', visibility: kind.visibility, name: `c-${randomUUID()}` };
        const { id, name } = await this.#world.do('POST /api/threads', creator, { body });
        const isPublic = kind.visibility === 'public';
        const place = { threadId: id, name, creator, peer, isPublic };
        if (!isGroup) await this.#enter(place, peer);
        return place;
    }

    /** With somebody new, so that it is another than all before. */
    async #direct(caller) {
        requireKind('direct');
        const peer = await this.#world.fresh('newcomer');
        const other = inside.has(caller.kind) ? caller : await this.#world.caller('peer');
        const body = { kind: 'direct', memberIds: [other.id] };
        const { id } = await this.#world.do('POST /api/threads', peer, { body });
        return { threadId: id, creator: other, peer, isDirect: true };
    }

    async #enter({ threadId, creator, isPublic, isDirect }, who) {
        if (isDirect || who === creator) return;
        if (isPublic && !who.kind.startsWith('guest')) {
            await this.#world.do('POST /api/threads/{}/join', who, { values: [threadId] });
        } else {
            const request = { values: [threadId, who.id], body: {} };
            await this.#world.do('PUT /api/threads/{}/members/{}', creator, request);
        }
    }

    /** An ex-member was removed; everybody else goes. */
    async #leave(place, who) {
        const threadId = place.parent?.threadId ?? place.threadId;
        if (who.kind === 'ex-member') {
            const request = { values: [threadId, who.id] };
            await this.#world.do('DELETE /api/threads/{}/members/{}', place.creator, request);
        } else {
            await this.#world.do('POST /api/threads/{}/leave', who, { values: [threadId] });
        }
    }

    async #archive({ parent, threadId, creator }) {
        const request = { values: [parent?.threadId ?? threadId], body: { archived: true } };
        await this.#world.do('PATCH /api/threads/{}', creator, request);
    }

    /** Makes it the thread of replies to a message that is sent for that; who is inside follows them. */
    async #reply(place, caller) {
        requireKind('reply');
        const message = await this.#send(place, place.peer);
        place.parent = { threadId: place.threadId, messageId: message.id };
        const body = { kind: 'reply', parent: place.parent };
        const { id } = await this.#world.do('POST /api/threads', place.peer, { body });
        place.threadId = id;
        const followers = place.comes ? [place.creator, caller] : [place.creator];
        for (const who of new Set(followers))
            await this.#world.do('POST /api/threads/{}/join', who, { values: [id] });
    }

    async #send({ threadId }, author) {
        const file = await this.#world.do('POST /api/upload', author, textForm('a.txt', 'as it was'));
        const body = { nonce: randomUUID(), content: 'as it was', attachments: [file.id] };
        const request = { values: [threadId], body };
        return this.#world.do('POST /api/threads/{}/messages', author, request);
    }
}
