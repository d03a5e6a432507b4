// Wrong values of what a schema describes, made from one that is right: every member missing, of
// another type, over and under its limits, and members that stand nowhere. Whether one is really
// wrong the schema decides, not this file.
import { asyncapi, openapi } from './contract.mjs';

const files = { '': undefined, 'openapi.yaml': openapi, 'asyncapi.yaml': asyncapi };

/** Of every kind of JSON, and what is often mistaken for something else. */
const odd = [
    null,
    true,
    0,
    -1,
    1.5,
    1e300,
    '',
    'x',
    '0',
    ' ',
    '\u0000',
    [],
    [null],
    [[]],
    {},
    { a: 1 },
    '01900000-0000-7000-8000-00000000000',
    '01900000-0000-7000-8000-0000000000000',
    '{01900000-0000-7000-8000-000000000000}',
    '2026-11-22',
    '2026-13-22T06:30:00.123Z',
    '2026-11-22 06:30:00.123Z',
];

/** A schema without $ref and allOf; `file` is where its references begin. */
function resolve(schema, file) {
    if (schema.$ref) {
        const [name, path] = schema.$ref.split('#/');
        const next = files[name] ?? file;
        const found = path.split('/').reduce((at, part) => at[part], next);
        const { $ref, ...rest } = schema;
        return merge([resolve(found, next), { schema: rest, file }]);
    }
    if (!schema.allOf) return { schema, file };
    return merge(schema.allOf.map((part) => resolve(part, file)));
}

/** The members of several schemas of one object, each with the file that it stands in. */
function merge(parts) {
    const schema = Object.assign({}, ...parts.map((part) => part.schema));
    schema.properties = Object.assign(
        {},
        ...parts.map(({ schema: { properties = {} }, file }) =>
            Object.fromEntries(
                Object.entries(properties).map(([name, member]) => [name, at(member, file)]),
            ),
        ),
    );
    return { schema, file: parts[0].file };
}

const at = (schema, file) => (schema.file ? schema : { schema, file });

/** Values on the wrong side of what a schema of one value limits. */
function beyond(schema) {
    const values = [];
    if (schema.maxLength) values.push('a'.repeat(schema.maxLength + 1));
    if (schema.maxLength) values.push('\u{1f334}'.repeat(schema.maxLength + 1));
    if (schema.minLength) values.push('a'.repeat(schema.minLength - 1));
    if (schema.pattern) values.push('A', 'a b', 'a\n', '\u00eb\u00eb', 'a'.repeat(1000));
    if (schema.maximum !== undefined) values.push(schema.maximum + 2, -schema.maximum);
    if (schema.minimum !== undefined) values.push(schema.minimum - 1);
    if (schema.enum) values.push('nothing', schema.enum[0].toUpperCase?.());
    return values;
}

function* values(raw, file, right) {
    const { schema, file: home } = resolve(raw, file);
    yield* odd;
    yield* beyond(schema);
    if (Array.isArray(right)) yield* ofArray(schema, home, right);
    else if (typeof right === 'object' && right !== null) yield* ofObject(schema, home, right);
}

function* ofArray(schema, file, right) {
    if (schema.maxItems !== undefined && right.length > 0)
        yield Array.from({ length: schema.maxItems + 1 }, () => right[0]);
    if (right.length === 0 || !schema.items) return;
    for (const value of values(schema.items, file, right[0])) yield [value, ...right.slice(1)];
}

function* ofObject(schema, file, right) {
    yield { ...right, noSuchMember: 1 };
    for (const [name, member] of Object.entries(schema.properties ?? {})) {
        const { schema: raw, file: home } = at(member, file);
        if (name in right) {
            const { [name]: left, ...rest } = right;
            yield rest;
        }
        for (const value of values(raw, home, right[name])) yield { ...right, [name]: value };
    }
}

/** What may be wrong where `schema` of openapi.yaml, or of asyncapi.yaml, describes `right`. */
export function* wrongs(schema, right, file = openapi) {
    yield* [null, true, 1, 'x', [], [right]];
    const { schema: whole, file: home } = resolve(schema, file);
    yield* ofObject(whole, home, right);
}
