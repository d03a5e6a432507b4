// What people do in the property test of state and events. Each is given the circle, a device that
// has joined the thread, and the thread; it gives the message that changed, if one did, and throws
// if it is refused.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

const emojis = ['👍', '🎉', '❤️', '👀'];
const path = (threadId, rest = '') => `/api/threads/${threadId}${rest}`;

/** Over the socket or over HTTP, as it happens; gives the message. */
async function change(circle, device, type, fields, method, target, body) {
    if (circle.chance(0.5)) return circle.ask(device.person, method, target, body);
    return (await device.client.request(type, fields)).message;
}

function content(circle) {
    const mentioned = circle.people.filter(() => circle.chance(0.2)).map(({ id }) => `<@${id}>`);
    const all = circle.chance(0.05) ? '<!channel>' : '';
    return `${mentioned.join(' ')} ${all} ${'x'.repeat(circle.below(40))} ${randomUUID()}`;
}

/** Some message that the device knows of, one of the last twenty mostly; its own if asked so. */
function someMessage(circle, { copy, person }, threadId, own) {
    const { messages, seq } = copy.rooms.get(threadId).view;
    const near = circle.chance(0.9) ? Math.min(20, seq) : seq;
    for (let tries = 0; tries < 10 && seq > 0; tries++) {
        const message = messages.get(seq - circle.below(near));
        if (!own || message.authorId === person.id) return message;
    }
    return undefined;
}

const canLose = ({ kind }) => kind === 'channel' || kind === 'group';
/** Whether the device's person decides about the thread: replies and direct threads have nobody who does. */
const owns = ({ copy }, { id, kind }) =>
    canLose({ kind }) && copy.rooms.get(id).membership?.role === 'owner';

export const acts = {
    send(circle, device, { id: threadId }) {
        const quoted = circle.chance(0.1) && someMessage(circle, device, threadId);
        const reply = quoted ? { replyTo: quoted.id } : {};
        const body = { nonce: randomUUID(), content: content(circle), ...reply };
        const target = path(threadId, '/messages');
        return change(circle, device, 'message:send', { threadId, ...body }, 'POST', target, body);
    },

    edit(circle, device, { id }) {
        const message = someMessage(circle, device, id, true);
        if (!message || message.deletedAt) return undefined;
        const body = { content: circle.chance(0.1) ? message.content : content(circle) };
        const fields = { messageId: message.id, ...body };
        const target = `/api/messages/${message.id}`;
        return change(circle, device, 'message:edit', fields, 'PATCH', target, body);
    },

    remove(circle, device, { id }) {
        const message = someMessage(circle, device, id, true);
        if (!message) return undefined;
        const target = `/api/messages/${message.id}`;
        return change(circle, device, 'message:delete', { messageId: message.id }, 'DELETE', target);
    },

    react(circle, device, { id }) {
        const message = someMessage(circle, device, id);
        if (!message || message.deletedAt) return undefined;
        const emoji = circle.pick(emojis);
        const target = `/api/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
        const [type, method] = circle.chance(0.6)
            ? ['reaction:add', 'PUT']
            : ['reaction:remove', 'DELETE'];
        return change(circle, device, type, { messageId: message.id, emoji }, method, target);
    },

    async mark(circle, { client, copy }, { id: threadId }) {
        const seq = circle.below(copy.rooms.get(threadId).view.seq + 1);
        await client.request('read:mark', { threadId, seq });
    },

    async markUnread(circle, { person, copy }, { id }) {
        const { seq } = copy.rooms.get(id).view;
        const back = Math.max(0, seq - circle.below(150));
        await circle.ask(person, 'PUT', path(id, '/read'), { seq: back });
    },

    async prefer(circle, { person }, { id }) {
        const mutedUntil = circle.chance(0.5) ? '2099-01-01T00:00:00.000Z' : null;
        const level = circle.pick(['all', 'mentions', 'none']);
        await circle.ask(person, 'PUT', path(id, '/preferences'), { level, mutedUntil });
    },

    async rename(circle, device, thread) {
        if (!owns(device, thread)) return;
        const text = `t-${randomUUID()}`;
        const body = circle.chance(0.5) ? { name: text } : { topic: text };
        const changed = await circle.ask(device.person, 'PATCH', path(thread.id), body);
        circle.reached(thread, changed.rev);
    },

    /** Into the archive, where it refuses what is sent, and out of it. */
    async archive(circle, device, thread) {
        if (!owns(device, thread)) return;
        for (const archived of [true, false]) {
            const changed = await circle.ask(device.person, 'PATCH', path(thread.id), { archived });
            circle.reached(thread, changed.rev);
            await circle.settle(thread);
            if (!archived) return;
            const sent = { threadId: thread.id, nonce: randomUUID(), content: 'x' };
            const { code } = await device.client.ask('message:send', sent);
            assert.equal(code, 'conflict');
        }
    },

    /** One of the circle comes into the thread, or comes back. */
    async add(circle, device, thread) {
        if (!owns(device, thread) && thread.kind !== 'group') return;
        const { members } = device.copy.rooms.get(thread.id);
        const outside = circle.people.filter(({ id }) => !members.has(id));
        if (outside.length === 0) return;
        const { id } = circle.pick(outside);
        await circle.ask(device.person, 'PUT', path(thread.id, `/members/${id}`), {});
        await circle.settle(thread);
    },

    async promote(circle, device, thread) {
        if (!owns(device, thread)) return;
        const [id] = circle.pick([...device.copy.rooms.get(thread.id).members]);
        const body = { role: circle.pick(['owner', 'member']) };
        await circle.ask(device.person, 'PUT', path(thread.id, `/members/${id}`), body);
        await circle.settle(thread);
    },

    /** In replies, which one may read as a member of the thread that they hang off. */
    async follow(circle, device, thread) {
        await device.person.join(thread);
        await circle.settle(thread);
    },

    async unfollow(circle, device, thread) {
        if (thread.kind !== 'reply') return;
        await circle.ask(device.person, 'POST', path(thread.id, '/leave'));
        await circle.settle(thread);
    },

    /** Somebody else is removed, or one goes; whoever is left goes on. */
    async lose(circle, device, thread) {
        if (!canLose(thread)) return;
        const { members } = device.copy.rooms.get(thread.id);
        if (members.size < 3) return;
        const { person } = device;
        const [id] = owns(device, thread) ? circle.pick([...members]) : [person.id];
        if (id === person.id) await circle.ask(person, 'POST', path(thread.id, '/leave'));
        else await circle.ask(person, 'DELETE', path(thread.id, `/members/${id}`));
        await circle.settle(thread);
    },

    join: (circle, device, { id }) => device.join(id),
    leave: (circle, device, { id }) => device.leave(id),
    reconnect: (circle, device) => device.reconnect(),
};

/** How often each is done. */
export const weights = {
    send: 400,
    edit: 120,
    remove: 30,
    react: 200,
    mark: 110,
    markUnread: 50,
    prefer: 20,
    rename: 20,
    archive: 5,
    add: 30,
    promote: 10,
    lose: 20,
    unfollow: 10,
    join: 20,
    leave: 15,
    reconnect: 10,
};
