// contract/openapi.yaml and contract/asyncapi.yaml as validators: for what the server sends nothing
// may be missing, of another shape, or there without standing in the contract.
import Ajv from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const read = (name) =>
    parse(readFileSync(new URL(`../../../contract/${name}`, import.meta.url), 'utf8'));
export const openapi = read('openapi.yaml');
export const asyncapi = read('asyncapi.yaml');

/** Closes every object of a schema that lists its members, unless it is a part of an `allOf`. */
function close(schema) {
    if (Array.isArray(schema)) return schema.map(close);
    if (typeof schema !== 'object' || schema === null) return schema;
    const closed = Object.fromEntries(
        Object.entries(schema).map(([name, part]) => [name, name === 'allOf' ? part : close(part)]),
    );
    const lists = schema.properties && schema.additionalProperties === undefined;
    return lists ? { ...closed, additionalProperties: false } : closed;
}

/** The names of the schemas of openapi.yaml that asyncapi.yaml builds upon with further members. */
const extended = new Set();
JSON.stringify(asyncapi, (key, value) => {
    if (key === 'allOf')
        for (const { $ref } of value)
            if ($ref?.startsWith('openapi.yaml#')) extended.add($ref.split('/').at(-1));
    return value;
});

const schemas = Object.fromEntries(
    Object.entries(openapi.components.schemas).map(([name, schema]) => [
        name,
        extended.has(name) ? schema : close(schema),
    ]),
);

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const ajv = new Ajv({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allErrors: true,
    formats: { uuid, 'date-time': time },
});
ajv.addKeyword('components');
ajv.addSchema({ $id: 'openapi.yaml', components: { ...openapi.components, schemas } });
ajv.addSchema({ $id: 'asyncapi.yaml', components: asyncapi.components });

function validator(schema) {
    const validate = ajv.compile(schema);
    return (value) => {
        if (validate(value)) return;
        const mistakes = validate.errors.map(
            ({ instancePath, message, params }) =>
                `${instancePath} ${message} ${JSON.stringify(params)}`,
        );
        throw new Error(`${mistakes.join('; ')} in ${JSON.stringify(value).slice(0, 600)}`);
    };
}

const absolute = (schema) =>
    JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"openapi.yaml#/'));
const resolve = (object) =>
    object?.$ref
        ? openapi.components[object.$ref.split('/')[2]][object.$ref.split('/')[3]]
        : object;

/** Every operation: {id, method, path, secured, parameters, body?, responses: Map status -> {types}}. */
export const operations = Object.entries(openapi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        secured: (operation.security ?? openapi.security).some((way) => 'bearer' in way),
        body: body(operation),
        bodyIsOptional: operation.requestBody?.required === false,
        responses: new Map(
            Object.entries(operation.responses).map(([status, response]) => [
                status,
                validators(resolve(response)),
            ]),
        ),
    })),
);

/** Whether what succeeds is answered here: the others lead a browser elsewhere. */
export const answersItself = ({ responses }) => [...responses.keys()].some((status) => status.startsWith('2'));

const patterns = operations
    .map((operation) => {
        const literal = operation.path.replaceAll(/[.]/g, '\\.').replaceAll(/\{\w+\}/g, '[^/]+');
        return { operation, pattern: new RegExp(`^${literal}$`) };
    })
    .sort((a, b) => a.operation.path.split('{').length - b.operation.path.split('{').length);

/** The operation that a request is for; undefined for one that stands nowhere. */
export function operationOf(method, target) {
    const [path] = target.split('?');
    const fits = ({ operation, pattern }) => operation.method === method && pattern.test(path);
    return patterns.find(fits)?.operation;
}

function body({ requestBody }) {
    const schema = requestBody?.content['application/json']?.schema;
    return schema && validator(absolute(schema));
}

/** By media type, what checks a body of it; empty if there is none. */
function validators({ content = {} }) {
    return new Map(
        Object.entries(content).map(([type, { schema }]) => {
            const closed = { allOf: [absolute(close(schema))], unevaluatedProperties: false };
            return [type, validator(closed)];
        }),
    );
}

/** Checks one answer of an operation against the contract. */
export function checkAnswer({ id, responses }, { status, headers, body }) {
    const declared = responses.get(String(status)) ?? responses.get('default');
    if (!declared) throw new Error(`${id} answers ${status}, which stands nowhere`);
    const type = headers.get('content-type')?.split(';')[0];
    if (declared.size === 0) {
        if (body !== '') throw new Error(`${id} answers ${status} with a body`);
        return;
    }
    if (declared.has('*/*')) return;
    if (!declared.has(type)) throw new Error(`${id} answers ${status} as ${type}`);
    try {
        declared.get(type)(body);
    } catch (error) {
        throw new Error(`${id} ${status}: ${error.message}`, { cause: error });
    }
}

/** Checks an exchange: the answer, and that no request succeeds which the contract refuses. */
export function checkExchange(method, target, text, answer) {
    const operation = operationOf(method, target);
    if (!operation) return;
    checkAnswer(operation, answer);
    if (answer.status >= 300 || !operation.body) return;
    if (text === undefined && operation.bodyIsOptional) return;
    try {
        operation.body(JSON.parse(text));
    } catch (error) {
        const what = `${operation.id} took a body that the contract refuses`;
        throw new Error(`${what}: ${error.message}`, { cause: error });
    }
}

/** By type of frame, what checks its payload; and which of them the server receives. */
const messages = Object.entries(asyncapi.channels.socket.messages);
export const frames = new Map(
    messages.map(([type, { $ref }]) => {
        const payload = { $ref: `asyncapi.yaml${$ref}/payload` };
        return [type, validator({ allOf: [payload], unevaluatedProperties: false })];
    }),
);
const typesOf = (action) =>
    new Set(
        Object.values(asyncapi.operations)
            .filter((operation) => operation.action === action)
            .flatMap(({ messages: refs }) => refs.map(({ $ref }) => $ref.split('/').at(-1))),
    );
export const commands = typesOf('receive');
export const broadcasts = typesOf('send');

/** Checks one frame, in whichever direction. */
export function checkFrame(frame) {
    const check = frames.get(frame.type);
    if (!check) throw new Error(`the type ${frame.type} stands nowhere`);
    try {
        check(frame);
    } catch (error) {
        throw new Error(`${frame.type}: ${error.message}`, { cause: error });
    }
}

/** What differed in frames, which arrive where nobody can be thrown an error; Server.dispose looks here. */
export const mistakes = [];

/** Checks what arrived, and what it answers: nothing succeeds that the contract refuses. */
export function noteFrame(frame, asked) {
    try {
        checkFrame(frame);
        if (asked && frame.type !== 'error') checkFrame(asked);
    } catch (error) {
        mistakes.push(error.message);
    }
}
