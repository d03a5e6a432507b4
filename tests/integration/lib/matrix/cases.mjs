// One case of the matrix: one caller, one operation, one thing. What comes is held against the cell
// of the table, and what differs is thrown.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { Client, contains } from '../client.mjs';
import { checkAnswer, checkFrame } from '../contract.mjs';
import { commands } from './commands.mjs';
import { events } from './events.mjs';
import { requireOperation } from './listed.mjs';
import { nobodies } from './places.mjs';
import { routes } from './routes.mjs';

const isId = (value) => /^[0-9a-f-]{36}$/.test(value);

/** The same about something that nothing is: its first id, or what the body names, is another. */
function withoutThing({ values = [], body, ...rest }) {
    const first = values.findIndex(isId);
    const others = values.map((value, index) => (index === first ? randomUUID() : value));
    const other = {};
    if (body?.parent) other.parent = { threadId: randomUUID(), messageId: randomUUID() };
    if (first < 0 && body?.threadIds) other.threadIds = [randomUUID()];
    return { ...rest, values: others, body: body && { ...body, ...other } };
}

export async function tryRoute(world, { operation, thing }, kind, expected) {
    const contract = requireOperation(operation);
    const recipe = routes[operation];
    const works = expected.status < 300;
    const changes = recipe.changes ?? contract.method !== 'GET';
    const caller = await (works && recipe.spends ? world.fresh(kind) : world.caller(kind));
    const request = await recipe.make(world, caller, thing, works && changes);
    const answer = await world.ask(operation, caller, request);
    const words = ({ status, code }) => (code ? `${status} ${code}` : `${status}`);
    // An invitation has a code too.
    const code = answer.status < 400 ? undefined : answer.body?.code;
    const got = words({ status: answer.status, code });
    const wanted = words(expected);
    assert.equal(got, wanted, `${got}, not ${wanted}: ${answer.text.slice(0, 200)}`);
    checkAnswer(contract, answer);
    if (expected.shown !== undefined)
        assert.equal(recipe.shows(answer.body, request.place), expected.shown, 'what is shown');
    if (expected.code !== 'not_found') return;
    const missing = await world.ask(operation, caller, withoutThing(request));
    assert.equal(answer.bytes, missing.bytes, 'hidden is not answered as missing');
}

/** A socket with the caller's token in the header, unless a command is to bring it. */
async function open(world, caller, signsIn = false) {
    const authorization = caller.token && !signsIn && `Bearer ${caller.token}`;
    const texts = [];
    const client = await Client.upgrade(world.server, {
        headers: authorization ? { Authorization: authorization } : {},
        onText: (text) => texts.push(text),
    });
    return { client, texts };
}

/** The text of the answer to one frame; of nothing, if a later command is answered and it is not. */
async function ask({ client, texts }, type, fields, silent) {
    const from = texts.length;
    client.sendText(JSON.stringify({ id: 'asked', type, ...fields }));
    // Answered after all that went before it, in this state or that.
    if (silent) {
        client.tell('thread:leave', { id: 'fence', threadId: randomUUID() });
        await client.waitFor({ re: 'fence' }, { from });
    } else {
        await client.waitFor({ re: 'asked' }, { from });
    }
    return texts.slice(from).find((text) => JSON.parse(text).re === 'asked');
}

export async function tryCommand(world, { operation, thing }, kind, expected) {
    const recipe = commands[operation];
    const works = !expected.close && !expected.code;
    const caller = await world.caller(kind);
    const { fields } = await recipe.make(world, caller, thing, works);
    const socket = await open(world, caller, recipe.signsIn);
    try {
        if (expected.close) return await expectClose(socket, operation, fields, expected.close);
        const text = await ask(socket, operation, fields, recipe.silent);
        const answer = text && JSON.parse(text);
        assert.equal(answer?.code, expected.code, text?.slice(0, 200));
        if (answer) checkFrame(answer);
        if (expected.code !== 'not_found') return;
        const name = Object.keys(fields).find((one) => isId(fields[one]));
        const elsewhere = { ...fields, [name]: randomUUID() };
        const missing = await ask(socket, operation, elsewhere, recipe.silent);
        assert.equal(text, missing, 'hidden is not answered as missing');
    } finally {
        socket.client.ws.terminate();
    }
}

/** Nothing but the close, whatever is asked meanwhile. */
async function expectClose({ client, texts }, type, fields, code) {
    client.tell(type, fields);
    await client.expectClose(code);
    assert.deepEqual(texts, [], 'told before the close');
}

/** Everybody listens who could be told, the caller from when they were inside, if they ever were. */
export async function tryEvent(world, { operation, thing }, kind, expected) {
    const type = operation.replace('event ', '');
    const { cause, about, witness = 'peer', apart, asks } = events[type];
    const joins = thing.endsWith(': joined');
    const caller = await world.caller(kind);
    const sockets = [];
    const listen = async (who, threadId) => {
        const { client } = await open(world, who);
        sockets.push(client);
        if (threadId) await client.request('thread:join', { threadId });
        return client;
    };
    let own;
    try {
        const place = await world.places.find(thing, caller, true, async (made) => {
            own = await listen(caller, joins && made.comes && made.threadId);
        });
        place.isOwn = thing.endsWith(': own');
        place.witness = witness === 'newcomer' ? await world.fresh('newcomer') : place[witness];
        const peers = await listen(place.peer, place.threadId);
        const told = place.isOwn ? own : await listen(place.witness, !apart && place.threadId);
        // Before it, a session is told of no activity: its memberships are being read.
        await told.waitFor({ type: 'connected' });
        const wanted = { type, ...about(place, caller) };
        // What brought the caller here, or out, was told before and doesn't count.
        const listens = caller.token && !nobodies.has(caller.kind);
        for (const client of asks ? [told, ...(listens ? [own] : [])] : [])
            await client.request(...asks(place));
        if (listens) await own.ask('ping');
        const from = own?.log.length ?? 0;
        await cause(world, place, caller, peers);
        await told.waitFor(wanted);
        const isToldNow = await isTold(own, caller, wanted, { ...expected, from });
        assert.equal(isToldNow, expected.told, 'told');
    } finally {
        for (const client of sockets) client.ws.terminate();
    }
}

/** Whoever is told waits for it; for who is not, all that was told before has come when a ping is answered, or the socket closed. */
async function isTold(client, caller, wanted, { told, from }) {
    if (told) await client.waitFor(wanted, { from });
    else if (caller.token && nobodies.has(caller.kind)) await client.expectClose(4401);
    // Who has not signed in may have been closed meanwhile, as the time for that was over.
    else if (!caller.token) await Promise.any([client.ask('ping'), client.expectClose(4401)]);
    else await client.ask('ping');
    return client.log.slice(from).some((frame) => contains(frame, wanted));
}
