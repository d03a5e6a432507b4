// How each command on the socket is asked about a thing of the table: the members of its frame.
import { randomUUID } from 'node:crypto';

const emoji = '👍';
const plain = (fields = () => ({})) => ({ make: (world, caller) => ({ fields: fields(caller) }) });
const about = (fields, rest) => ({
    ...rest,
    make: async (world, caller, thing, fresh) => {
        const place = await world.places.find(thing, caller, fresh);
        return { place, fields: fields(place) };
    },
});
const thread = (fields) => about(({ threadId }) => ({ threadId, ...fields?.() }));
const message = (fields) => about(({ messageId }) => ({ messageId, ...fields?.() }));

export const commands = {
    connect: { ...plain(({ token = 'none' }) => ({ token })), signsIn: true },
    'auth:refresh': plain(({ token = 'none' }) => ({ token })),
    'thread:join': thread(),
    'thread:leave': thread(),
    'message:send': thread(() => ({ nonce: randomUUID(), content: 'new' })),
    'message:edit': message(() => ({ content: 'edited' })),
    'message:delete': message(),
    'reaction:add': message(() => ({ emoji })),
    'reaction:remove': message(() => ({ emoji })),
    'typing:start': { ...thread(), silent: true },
    'typing:stop': { ...thread(), silent: true },
    'read:mark': thread(() => ({ seq: 1 })),
    'presence:set': plain(() => ({ presence: 'online' })),
    'presence:watch': plain(({ id }) => ({ userIds: id ? [id] : [] })),
    ping: plain(),
};
