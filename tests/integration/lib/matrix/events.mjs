// What brings about each event of the socket, and which frame then is the one. `cause` is done when
// a witness, who has to be told, is listening: the peer of the place, or whom `witness` names, who
// has joined the thread unless it is `apart`; what only those are told who ask for it, `asks` asks for.
import { randomUUID } from 'node:crypto';

const inThread = ({ threadId }) => ({ threadId });
const send = (world, { threadId, peer }) =>
    world.do('POST /api/threads/{}/messages', peer, {
        values: [threadId],
        body: { nonce: randomUUID(), content: 'told' },
    });

const add = (world, { threadId, creator, witness }) =>
    world.do('PUT /api/threads/{}/members/{}', creator, { values: [threadId, witness.id], body: {} });
const remove = (world, { threadId, creator }, { id }) =>
    world.do('DELETE /api/threads/{}/members/{}', creator, { values: [threadId, id] });

export const events = {
    'message:new': { cause: send, about: inThread },
    'message:update': {
        cause: (world, { messageId, peer }) =>
            world.do('PATCH /api/messages/{}', peer, {
                values: [messageId],
                body: { content: 'told' },
            }),
        about: ({ threadId, messageId }) => ({ threadId, message: { id: messageId } }),
    },
    'typing:update': {
        // Not told to who types: somebody else is the witness.
        witness: 'creator',
        cause: (world, { threadId }, caller, peers) => peers.tell('typing:start', { threadId }),
        about: ({ threadId, peer }) => ({ threadId, userId: peer.id, typing: true }),
    },
    'presence:update': {
        witness: 'creator',
        asks: ({ peer }) => ['presence:watch', { userIds: [peer.id] }],
        cause: (world, place, caller, peers) => peers.request('presence:set', { presence: 'dnd' }),
        about: ({ peer }) => ({ userId: peer.id, presence: 'dnd' }),
    },
    'user:update': {
        cause: (world, { peer }) =>
            world.do('PATCH /api/me', peer, { body: { displayName: `called ${randomUUID()}` } }),
        about: ({ peer }) => ({ user: { id: peer.id } }),
    },
    'read:update': {
        cause: (world, { threadId, peer }) =>
            world.do('PUT /api/threads/{}/read', peer, { values: [threadId], body: { seq: 0 } }),
        about: ({ threadId, peer }) => ({ threadId, userId: peer.id, seq: 0 }),
    },
    'thread:update': {
        cause: (world, { threadId, creator }) =>
            world.do('PATCH /api/threads/{}', creator, {
                values: [threadId],
                body: { topic: 'told' },
            }),
        about: ({ threadId }) => ({ threadId, thread: { topic: 'told' } }),
    },
    'thread:activity': {
        witness: 'creator',
        apart: true,
        cause: send,
        about: inThread,
    },
    // Somebody new is added; or it is about the caller, who changes what the thread may tell them.
    'member:update': {
        witness: 'newcomer',
        apart: true,
        cause: (world, place, caller) =>
            place.isOwn
                ? world.do('PUT /api/threads/{}/preferences', caller, {
                      values: [place.threadId],
                      body: { level: 'mentions', mutedUntil: null },
                  })
                : add(world, place),
        about: ({ threadId, isOwn, witness }, { id }) => ({
            threadId,
            userId: isOwn ? id : witness.id,
        }),
    },
    // Somebody is removed who had just been added; or the caller is.
    'thread:removed': {
        witness: 'newcomer',
        apart: true,
        cause: async (world, place, caller) => {
            if (place.isOwn) return remove(world, place, caller);
            await add(world, place);
            return remove(world, place, place.witness);
        },
        about: inThread,
    },
};
