// Writes ../sdk/src/contract.ts: the types of contract/openapi.yaml, with the frames of contract/asyncapi.yaml as
// further schemas beside them, and three tables of frames by name. With --check it only says whether the file is up
// to date. This folder has its own TypeScript, since openapi-typescript does not run with the one of the client.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import yaml from 'js-yaml';
import openapiTS, { astToString } from 'openapi-typescript';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const read = (name) => yaml.load(readFileSync(path(`../../contract/${name}`), 'utf8'));
const output = path('../sdk/src/contract.ts');

/** The same schema with its references into the one document that both become. */
function inOneDocument(value) {
    if (Array.isArray(value)) return value.map(inOneDocument);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([key, inner]) => [
        key,
        key === '$ref' ? inner.replace('openapi.yaml#', '#') : inOneDocument(inner),
    ]);
    return Object.fromEntries(entries);
}

/** What `allOf` joins, as one object: types then show a frame's members in one place. */
function joined(schema, schemas) {
    const parts = schema.allOf ?? [schema];
    const result = { type: 'object', required: [], properties: {} };
    for (const part of parts) {
        const found = part.$ref ? schemas[part.$ref.split('/').pop()] : part;
        const flat = found.allOf ? joined(found, schemas) : found;
        result.required.push(...(flat.required ?? []));
        Object.assign(result.properties, flat.properties);
    }
    result.required = [...new Set(result.required)];
    return result;
}

/** Adds the frames to the document's schemas; gives the name of each one's schema by its type. */
function addFrames(openapi, asyncapi) {
    const schemas = openapi.components.schemas;
    const own = inOneDocument(asyncapi.components.schemas);
    for (const name of Object.keys(own)) {
        if (schemas[name]) throw new Error(`both documents have a schema ${name}`);
    }
    schemas.Presence = own.Presence;
    const all = { ...schemas, ...own };
    const names = {};
    for (const [type, { $ref }] of Object.entries(asyncapi.channels.socket.messages)) {
        const key = $ref.split('/').pop();
        const name = `${key[0].toUpperCase()}${key.slice(1)}Frame`;
        schemas[name] = joined(inOneDocument(asyncapi.components.messages[key].payload), all);
        names[type] = name;
    }
    return names;
}

function table(title, comment, entries) {
    const lines = entries.map(([type, value]) => `    '${type}': ${value};`);
    return `/** ${comment} */\nexport interface ${title} {\n${lines.join('\n')}\n}\n`;
}

function tables(asyncapi, names) {
    const schema = (type) => `components['schemas']['${names[type]}']`;
    const of = (message) => message.$ref.split('/messages/').pop();
    const requests = [];
    const events = [];
    for (const [type, operation] of Object.entries(asyncapi.operations)) {
        if (operation.action === 'send') events.push([type, schema(type)]);
        const answers = operation.reply?.messages.map(of).filter((name) => name !== 'error') ?? [];
        if (operation.action === 'receive')
            requests.push([
                type,
                `{ request: ${schema(type)}; answer: ${answers.map(schema).join(' | ') || 'never'} }`,
            ]);
    }
    return [
        table(
            'Requests',
            'What a client asks on the socket, and what answers it when it succeeds.',
            requests,
        ),
        table('Events', 'What the server tells by itself.', events),
    ].join('\n');
}

const openapi = read('openapi.yaml');
const asyncapi = read('asyncapi.yaml');
const names = addFrames(openapi, asyncapi);
const ast = await openapiTS(openapi, { alphabetize: false, enum: false, defaultNonNullable: false });
const header = '// Made by `npm run generate` in client/tools from contract/. Not to be changed by hand.\n\n';
const text = `${header}${astToString(ast)}\n${tables(asyncapi, names)}`;

if (process.argv.includes('--check')) {
    const is = readFileSync(output, 'utf8');
    if (is !== text) {
        console.error(
            'client/sdk/src/contract.ts is not what contract/ says: npm run generate in client/tools',
        );
        process.exit(1);
    }
} else {
    writeFileSync(output, text);
}
