// What the contract refuses the server refuses: bodies, queries and frames that are wrong in one place each,
// made from the schemas, are answered with a code that says so, and never with a fault of the
// server.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import {
    answersItself,
    asyncapi,
    broadcasts,
    checkAnswer,
    commands as asked,
    frames,
    openapi,
} from './lib/contract.mjs';
import { commands } from './lib/matrix/commands.mjs';
import { listed, Pending } from './lib/matrix/listed.mjs';
import { routes } from './lib/matrix/routes.mjs';
import { callers, readTable } from './lib/matrix/table.mjs';
import { World } from './lib/matrix/world.mjs';
import { wrongs } from './lib/mutations.mjs';
import { Client, startServer } from './harness.mjs';

const server = await startServer();
const world = await World.start(server);
after(() => world.end());

const rows = readTable();
const refusals = { bad_request: 400, unknown_field: 400, too_large: 413 };
const total = { bodies: 0, queries: 0, frames: 0 };
after(() => console.log('wrong requests:', total));

/** A caller and a request that would succeed, by some cell of the table. */
async function wouldSucceed(operation, recipe, succeeds) {
    for (const row of rows.filter((one) => one.operation === operation)) {
        for (const kind of ['thread owner', 'owner']) {
            const expected = row.expected[callers.indexOf(kind)];
            if (!expected || !succeeds(expected)) continue;
            try {
                const caller = await world.caller(kind);
                return { caller, request: await recipe.make(world, caller, row.thing, true) };
            } catch (error) {
                if (!(error instanceof Pending)) throw error;
            }
        }
    }
    return assert.fail(`no row of ${operation} can be tried`);
}

/** Each wrong value of it that the schema refuses, once. */
function* refused(schema, right, check, file) {
    const seen = new Set();
    for (const wrong of wrongs(schema, right, file)) {
        const text = JSON.stringify(wrong);
        if (seen.has(text)) continue;
        seen.add(text);
        try {
            check(wrong);
        } catch {
            yield text;
        }
    }
}

/** Whether the server has it at all: web hooks are taken only where they are asked for, and only signed. */
const isThere = (name) =>
    rows.some((row) => row.operation === name && row.expected.some(({ status }) => status !== 404));

/** Or what is refused only because of how things stand, after the request was read. */
const isRead =
    (name) =>
    ({ status }) =>
        status < 300 || routes[name].conflicts;

for (const [name, operation] of listed) {
    if (!operation.body || !isThere(name)) continue;
    test(`${name} refuses every body that the contract refuses`, async () => {
        const { caller, request } = await wouldSucceed(name, routes[name], isRead(name));
        operation.body(request.body);
        const schema = openapi.paths[operation.path][operation.method.toLowerCase()].requestBody
            .content['application/json'].schema;
        let count = 0;
        for (const body of refused(schema, request.body, operation.body)) {
            const answer = await world.ask(name, caller, { ...request, body });
            const { code } = answer.body;
            assert.equal(answer.status, refusals[code], `${answer.text} to ${body.slice(0, 300)}`);
            if (body.includes('noSuchMember')) assert.equal(code, 'unknown_field', body);
            else if (code === 'unknown_field') assert.match(body, /\{"a":1\}/);
            checkAnswer(operation, answer);
            count++;
        }
        assert.ok(count > 10, `${count} wrong bodies`);
        total.bodies += count;
    });
}

/** The parameters of an operation that stand in a query, with their schemas. */
function queryOf({ path, method }) {
    const { parameters = [] } = openapi.paths[path][method.toLowerCase()];
    return parameters
        .map((one) => (one.$ref ? openapi.components.parameters[one.$ref.split('/').at(-1)] : one))
        .filter((one) => one.in === 'query');
}

/** Texts that are no integer within the limits of a schema, or no time. */
function wrongTexts({ type, minimum, maximum, format }) {
    if (format === 'date-time') return ['', 'x', '2026-11-22', '2026-13-22T06:30:00.123Z', '0'];
    if (type !== 'integer') return [];
    const beyond = [minimum - 1, maximum + 1].filter(Number.isSafeInteger).map(String);
    return ['', 'x', '1.5', '1e1', '0x1', '%201', '-1', '9'.repeat(40), ...beyond];
}

for (const [name, operation] of listed) {
    if (!answersItself(operation) || !isThere(name)) continue;
    test(`${name} refuses every query that the contract refuses`, async () => {
        const { caller, request } = await wouldSucceed(name, routes[name], isRead(name));
        const queries = queryOf(operation).flatMap(({ name: parameter, schema }) =>
            wrongTexts(schema).map((text) => `?${parameter}=${text}`),
        );
        for (const query of ['?noSuchParameter=1', ...queries]) {
            const answer = await world.ask(name, caller, { ...request, query });
            const code = query.startsWith('?no') ? 'unknown_field' : 'bad_request';
            assert.deepEqual([answer.status, answer.body.code], [400, code], query + answer.text);
            checkAnswer(operation, answer);
            total.queries++;
        }
    });
}

for (const type of asked) {
    test(`${type} is refused in every frame that the contract refuses`, async () => {
        const { caller, request } = await wouldSucceed(type, commands[type], ({ code }) => !code);
        const right = { type, id: 'asked', ...request.fields };
        frames.get(type)(right);
        const { $ref } = asyncapi.channels.socket.messages[type];
        const schema = { $ref: `asyncapi.yaml${$ref}/payload` };
        const client = await Client.connect(server, caller.token);
        for (const text of refused(schema, right, frames.get(type))) {
            const from = client.log.length;
            client.sendText(text);
            // Also keeps what is malformed from coming ten times in a row.
            await client.request('ping');
            const told = client.log.slice(from).filter(({ type: one }) => !broadcasts.has(one));
            const [answer, pong] = told;
            assert.equal(pong?.type, 'pong', text);
            assert.equal(answer.type, 'error', `${JSON.stringify(answer)} to ${text}`);
            assert.ok(answer.code in refusals, `${answer.code} to ${text}`);
            total.frames++;
        }
        await client.close();
    });
}
