// What brings about each event of the socket, and which frame then is the one. `cause` is done when
// a witness, who has to be told, is listening: somebody inside all the time, who has joined the
// thread unless `witness` says otherwise.
import { randomUUID } from 'node:crypto';

const inThread = ({ threadId }) => ({ threadId });
const send = (world, { threadId, peer }) =>
    world.do('POST /api/threads/{}/messages', peer, {
        values: [threadId],
        body: { nonce: randomUUID(), content: 'told' },
    });

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
        cause: (world, { threadId }, { peers }) => peers.tell('typing:start', { threadId }),
        about: ({ threadId, peer }) => ({ threadId, userId: peer.id, typing: true }),
    },
    'read:update': {
        cause: (world, { threadId, peer }) =>
            world.do('PUT /api/threads/{}/read', peer, { values: [threadId], body: { seq: 0 } }),
        about: ({ threadId, peer }) => ({ threadId, userId: peer.id, seq: 0 }),
    },
};
