// How each operation over HTTP is asked about a thing of the table. A recipe makes the request:
//   make          {values, query, body, headers} for this caller and thing; `place` if it is about one
//   changes       what succeeds changes the thing: so unless it is a GET
//   spends        what succeeds changes the caller
//   shows         whether an answer lists the thing, for rows that say shown or hidden
import { randomUUID } from 'node:crypto';

import { password } from '../people.mjs';
import { files } from './files.mjs';
import { requireKind } from './listed.mjs';
import { nobodies, nowhere } from './places.mjs';
import { requested } from './world.mjs';

const emoji = '👍';
let count = 0;
const unique = (word) => `${word}.${++count}`;

const plain = (request = () => ({})) => ({ make: (world, caller) => request(caller) });

/** About a place: `request` is given it. */
const about = (request, rest) => ({
    ...rest,
    make: async (world, caller, thing, fresh) => {
        const place = await world.places.find(thing, caller, fresh);
        return { place, ...request(place, caller) };
    },
});
const thread = (body, rest) =>
    about(({ threadId }) => ({ values: [threadId], body: body?.() }), rest);
const message = (body, rest) =>
    about(({ messageId }) => ({ values: [messageId], body: body?.() }), rest);
const reaction = about(({ messageId }) => ({ values: [messageId, emoji] }));
const member = (body) =>
    about(({ threadId, userId }) => ({ values: [threadId, userId], body: body?.() }));

const listsThread = (threads, { threadId }) => threads.some(({ id }) => id === threadId);

export const routes = {
    'GET /api/config': plain(),
    'GET /.well-known/jwks.json': plain(),
    'GET /api/auth/oidc/{}': plain(() => ({ values: ['nowhere'] })),
    'GET /api/auth/oidc/{}/callback': plain(() => ({ values: ['nowhere'] })),
    'POST /api/webhooks/clerk': plain(() => ({ body: { type: 'user.deleted', data: { id: 'x' } } })),
    'POST /api/auth/register': plain(() => ({
        body: { handle: unique('new'), displayName: 'New', password },
    })),
    'POST /api/auth/login': plain(({ handle = 'nobody' }) => ({ body: { handle, password } })),
    'POST /api/auth/refresh': {
        ...plain(({ cookie }) => ({ headers: { ...requested, Cookie: cookie } })),
        spends: true,
    },
    'POST /api/auth/logout': {
        ...plain(({ cookie }) => ({ headers: { ...requested, Cookie: cookie } })),
        spends: true,
    },
    'POST /api/auth/password': {
        ...plain(() => ({ body: { old: password, new: `another ${password}` } })),
        spends: true,
    },
    // The matrix has its owner: whatever is right is a conflict.
    'POST /api/setup': {
        ...plain(() => ({
            body: {
                code: '',
                handle: unique('new'),
                displayName: 'New',
                password,
                name: 'Taken over',
                signUp: 'open',
            },
        })),
        conflicts: true,
    },
    'GET /api/me/sessions': plain(),
    'DELETE /api/me/sessions/{}': {
        make: async (world, caller, thing) => ({ values: [await session(world, caller, thing)] }),
    },
    'GET /api/me/tokens': plain(),
    'POST /api/me/tokens': plain(() => ({ body: { name: 'a program' } })),
    'DELETE /api/me/tokens/{}': {
        make: async (world, caller, thing) => ({ values: [await token(world, caller, thing)] }),
    },

    'GET /api/invites': plain(),
    'POST /api/invites': {
        make: async (world, caller, thing) => {
            if (!/channel/.test(thing)) return { body: { role: thing.split(' ').at(-1) } };
            const { threadId } = await world.places.find(thing, caller);
            return { body: { maxUses: 1, threadIds: [threadId] } };
        },
    },
    'DELETE /api/invites/{}': {
        make: async (world, caller, thing) => {
            if (thing === 'missing') return { values: [nowhere()] };
            return { values: [(await world.do('POST /api/invites', world.root, { body: {} })).id] };
        },
    },

    'GET /api/bots': plain(),
    'POST /api/bots': {
        make: (world, caller, thing) => ({
            body: { handle: unique('robot'), displayName: 'Robot', role: thing.split(' ').at(-1) },
        }),
    },
    'PATCH /api/bots/{}': aboutBot(() => ({ displayName: unique('Robot') })),
    'GET /api/bots/{}/tokens': aboutBot(),
    'POST /api/bots/{}/tokens': aboutBot(() => ({ name: 'x', scopes: ['read'] })),
    'DELETE /api/bots/{}/tokens/{}': {
        make: async (world, caller, thing) => {
            const id = await bot(world, thing);
            if (thing !== 'a bot') return { values: [id, nowhere()] };
            const request = { values: [id], body: { name: 'x', scopes: ['read'] } };
            const made = await world.do('POST /api/bots/{}/tokens', world.root, request);
            return { values: [id, made.id] };
        },
    },

    'GET /api/boot': about(() => ({}), {
        changes: true,
        shows: ({ threads }, place) => listsThread(threads.items, place),
    }),
    'GET /api/me': plain(),
    'PATCH /api/me': plain(() => ({ body: { displayName: unique('called') } })),
    'DELETE /api/me': { ...plain(() => ({ body: { erase: true, password } })), spends: true },

    'GET /api/users': about(({ userId }) => ({ query: `?ids=${userId}` }), {
        shows: ({ items }, { userId }) => items.some(({ id }) => id === userId),
    }),
    'GET /api/users/{}': {
        make: async (world, caller, thing) => {
            if (thing === 'missing') return { values: [nowhere()] };
            const { userId } = await world.places.find(thing, caller);
            return { values: [userId] };
        },
    },
    'PATCH /api/users/{}': {
        make: async (world, caller, thing) => ({
            values: [await somebody(world, thing)],
            body: / role$/.test(thing) ? { role: 'guest' } : { deactivated: true },
        }),
    },

    'GET /api/threads': about(() => ({ query: '?limit=200' }), {
        changes: true,
        shows: ({ items }, place) => listsThread(items, place),
    }),
    'POST /api/threads': { make: opening },
    'GET /api/threads/discover': about(({ name }) => ({ query: `?q=${name}` }), {
        shows: ({ items }, place) => listsThread(items, place),
    }),
    'GET /api/threads/{}': thread(),
    'PATCH /api/threads/{}': about((place) => ({
        values: [place.threadId],
        body: { name: `c-${randomUUID()}` },
    })),
    'POST /api/threads/{}/join': thread(),
    'POST /api/threads/{}/leave': thread(),
    'GET /api/threads/{}/members': thread(),
    'PUT /api/threads/{}/members/{}': member(() => ({})),
    'DELETE /api/threads/{}/members/{}': member(),
    'PUT /api/threads/{}/preferences': thread(() => ({ level: 'mentions', mutedUntil: null })),
    'PUT /api/threads/{}/read': thread(() => ({ seq: 1 })),

    'GET /api/threads/{}/messages': thread(),
    'POST /api/threads/{}/messages': thread(() => ({ nonce: randomUUID(), content: 'new' })),
    'GET /api/messages/{}': message(),
    'PATCH /api/messages/{}': message(() => ({ content: 'edited' })),
    'DELETE /api/messages/{}': message(),
    'GET /api/messages/{}/reactions/{}': reaction,
    'PUT /api/messages/{}/reactions/{}': reaction,
    'DELETE /api/messages/{}/reactions/{}': reaction,

    ...files,

    'GET /healthz': plain(),
    'GET /readyz': plain(),
    'GET /metrics': plain(),
};

/** Whom something is done to. */
async function somebody(world, thing) {
    if (thing === 'missing') return nowhere();
    if (thing === 'an owner') return world.root.id;
    return (await world.fresh('newcomer')).id;
}

/** The id of a sign-in, of somebody else for who has none. */
async function session(world, caller, thing) {
    if (thing === 'missing') return nowhere();
    // Somebody else each time: few sign in often within a minute.
    const own = thing.startsWith('own ') && caller.cookie && !nobodies.has(caller.kind);
    return (await world.signIn(own ? caller : await world.fresh('another'))).id;
}

async function token(world, caller, thing) {
    if (thing === 'missing') return nowhere();
    const whose = await owner(world, caller, thing);
    // A token makes no token: its user does.
    const { token: by } = whose.kind === 'access token' ? await world.signIn(whose) : whose;
    return (await world.do('POST /api/me/tokens', { token: by }, { body: { name: 'other' } })).id;
}

/** Of a bot of its own, of somebody who is none, or of nobody. */
async function bot(world, thing) {
    if (thing === 'missing') return nowhere();
    if (thing === 'a person') return (await world.caller('peer')).id;
    const body = { handle: unique('robot'), displayName: 'Robot' };
    return (await world.do('POST /api/bots', world.root, { body })).id;
}

function aboutBot(body) {
    return {
        make: async (world, caller, thing) => ({
            values: [await bot(world, thing)],
            body: body?.(),
        }),
    };
}

async function owner(world, caller, thing) {
    const own = thing.startsWith('own ') && caller.handle && !nobodies.has(caller.kind);
    return own ? caller : world.caller('peer');
}

/** The thing is what is opened, as a public channel, or where the replies to a message are opened. */
async function opening(world, caller, thing, fresh) {
    if (thing.endsWith(': replies') || thing === 'missing') {
        requireKind('reply');
        const { threadId, messageId } = await world.places.find(thing, caller, fresh);
        return { body: { kind: 'reply', parent: { threadId, messageId } } };
    }
    const [kind, visibility] = thing.split(' ').reverse();
    requireKind(kind);
    if (kind === 'channel') return { body: { kind, visibility, name: `c-${randomUUID()}` } };
    const { id } = await world.fresh('newcomer');
    return { body: { kind, memberIds: [id] } };
}
