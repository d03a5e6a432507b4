// Who may do what: every operation of the contract on every kind of thing, by every kind of caller,
// answers as contract/permissions.csv says. The table is written by hand and never taken from the
// server; an operation without rows fails. What a caller may not see is answered byte for byte as
// what does not exist, and what is refused changes nothing.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';

import { Instance } from './lib/clerk.mjs';
import { broadcasts, commands as asked } from './lib/contract.mjs';
import { tryCommand, tryEvent, tryRoute } from './lib/matrix/cases.mjs';
import { commands } from './lib/matrix/commands.mjs';
import { events } from './lib/matrix/events.mjs';
import { listed, Pending } from './lib/matrix/listed.mjs';
import { impossible } from './lib/matrix/places.mjs';
import { routes } from './lib/matrix/routes.mjs';
import { callers, readTable } from './lib/matrix/table.mjs';
import { World } from './lib/matrix/world.mjs';
import { fileMayTake, register, startServer } from './harness.mjs';

fileMayTake(600_000);

// One loop: what one socket has been told, every socket has.
const issuer = await Instance.start();
const server = await startServer({ args: ['--shards', '1', '--clerk-issuer', issuer.issuer] });
const elsewhere = await startServer();
const { token: foreign } = await register(elsewhere, 'foreign');
const world = await World.start(server, foreign, issuer);
after(() => world.end());

const rows = readTable();
const counts = { cases: 0, mismatches: 0, pending: 0 };
const waitsFor = new Map();
const kinds = {
    route: { known: [...listed.keys()], recipes: routes, attempt: tryRoute },
    command: { known: [...asked], recipes: commands, attempt: tryCommand },
    event: { known: [...broadcasts], recipes: events, attempt: tryEvent },
};

/** Tries one cell; gives what is wrong with it. */
async function tryCell(attempt, row, kind, expected) {
    try {
        if (impossible(row.thing, kind) !== (expected === undefined))
            throw new Error(expected ? 'there is no such caller' : 'the cell is empty');
        if (!expected) return undefined;
        await attempt(world, row, kind, expected);
        counts.cases++;
        return undefined;
    } catch (error) {
        if (error instanceof Pending) {
            counts.pending++;
            waitsFor.set(error.message, (waitsFor.get(error.message) ?? 0) + 1);
            return undefined;
        }
        counts.cases++;
        counts.mismatches++;
        return `line ${row.line}: ${row.operation}, ${row.thing}, ${kind}: ${error.message}`;
    }
}

for (const [name, { known, recipes, attempt }] of Object.entries(kinds)) {
    const written = rows.filter(({ kind }) => kind === name);
    for (const operation of known) {
        test(`${operation} answers everybody as the table says`, async () => {
            const own = written.filter((row) => row.operation.replace('event ', '') === operation);
            assert.notEqual(own.length, 0, 'contract/permissions.csv has no row for it');
            assert.ok(recipes[operation], 'no recipe says how it is asked');
            const cells = own.flatMap((row) =>
                callers.map((kind, index) => tryCell(attempt, row, kind, row.expected[index])),
            );
            const wrong = (await Promise.all(cells)).filter(Boolean);
            assert.equal(wrong.length, 0, `\n${wrong.join('\n')}`);
        });
    }
}

test('a cell that is wrong is found', async () => {
    const find = (thing) => ({ operation: 'GET /api/threads/{}', thing });
    const hidden = { status: 404, code: 'not_found' };
    await assert.rejects(tryRoute(world, find('public channel'), 'member', hidden), /200/);
    await assert.rejects(tryRoute(world, find('missing'), 'member', { status: 200 }), /404/);
    await assert.rejects(tryRoute(world, find('missing'), 'foreign', hidden), /401/);
    const send = { operation: 'message:send', thing: 'public channel' };
    await assert.rejects(tryCommand(world, send, 'member', {}), /forbidden/);
    const told = { operation: 'event message:new', thing: 'public channel: joined' };
    await assert.rejects(tryEvent(world, told, 'thread owner', { told: false }), /told/);
});

test('what is refused, or only looks, has changed nothing', async (t) => {
    const count = await world.places.checkUnchanged();
    assert.ok(count > 0);
    t.diagnostic(`${count} threads stand as they were made`);
});

after(() => {
    console.log(`permissions: ${counts.cases} cases, ${counts.mismatches} mismatches`);
    if (counts.pending > 0) console.log(`waiting: ${counts.pending} cases`, waitsFor);
});
