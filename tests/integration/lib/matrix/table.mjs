// contract/permissions.csv: what everybody may do, as people wrote it. A row is an operation on a
// kind of thing, a column is a kind of caller, and a cell is what that caller gets.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** The columns in their order; `docs/testing.md` says who they are. */
export const callers = [
    'anonymous',
    'foreign',
    'other workspace',
    'signed out',
    'deactivated',
    'deleted',
    'guest',
    'guest inside',
    'member',
    'access token',
    'ex-member',
    'thread member',
    'thread owner',
    'admin',
    'admin inside',
    'owner',
    'owner inside',
];

/** How HTTP says a code where a cell gives the status alone; the others are written out. */
const codes = {
    400: 'bad_request',
    401: 'unauthenticated',
    403: 'forbidden',
    404: 'not_found',
    409: 'conflict',
};

/** One line of CSV (RFC 4180, without line breaks in a field). */
function fields(line) {
    const found = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)];
    assert.equal(found.map(([text]) => text).join(''), line, 'no CSV');
    return found.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}

/** What a cell of a route says: {status, code?, shown?}. */
function routeCell(cell) {
    if (cell === 'shown' || cell === 'hidden') return { status: 200, shown: cell === 'shown' };
    const [, status, code] = /^([2-4]\d\d)(?: ([a-z_]+))?$/.exec(cell) ?? [];
    assert.ok(status, `'${cell}' is no answer to a request`);
    if (status < 400) return { status: Number(status) };
    return { status: Number(status), code: code ?? codes[status] };
}

/** What a cell of a command says: its answer, an error's code, or the close of the socket. */
function commandCell(cell) {
    if (cell === 'ok') return {};
    if (cell === '4401') return { close: 4401 };
    assert.match(cell, /^[a-z]+(_[a-z]+)*$/, `'${cell}' is no answer to a command`);
    return { code: cell };
}

function eventCell(cell) {
    assert.match(cell, /^(yes|no)$/, `'${cell}' says not whether an event comes`);
    return { told: cell === 'yes' };
}

/** The name of an operation with its parameters left blank, as rows and recipes call it. */
export const nameless = (operation) => operation.replaceAll(/\{\w*\}/g, '{}');

function row(cells, line) {
    const [operation, thing, ...rest] = cells;
    const answers = rest.slice(0, callers.length);
    const kind = / /.test(operation) ? (/^event /.test(operation) ? 'event' : 'route') : 'command';
    const read = { route: routeCell, command: commandCell, event: eventCell }[kind];
    assert.equal(rest.length, callers.length + 1, `line ${line} has ${cells.length} fields`);
    assert.notEqual(rest.at(-1), '', `line ${line} says not why`);
    const expected = answers.map((cell) => (cell === '-' ? undefined : read(cell)));
    return { kind, operation: nameless(operation), thing, line, answers, expected };
}

/** All rows: {kind, operation, thing, line, answers, expected}; undefined where there can't be such a caller. */
export function readTable(text = read()) {
    const [head, ...lines] = text.trimEnd().split('\n');
    assert.deepEqual(fields(head), ['operation', 'thing', ...callers, 'rule']);
    const rows = lines.map((line, index) => row(fields(line), index + 2));
    const names = rows.map(({ operation, thing }) => `${operation}, ${thing}`);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    assert.deepEqual(twice, [], 'rows that stand twice');
    return rows;
}

const file = new URL('../../../../contract/permissions.csv', import.meta.url);
const read = () => readFileSync(file, 'utf8');
