// What the contract lists so far. Whatever needs more than that is Pending: not tried, counted, and
// tried by itself as soon as it is listed.
import { openapi, operations } from '../contract.mjs';
import { nameless } from './table.mjs';

export class Pending extends Error {}

/** Operations of HTTP by the name that they have in the table. */
export const listed = new Map(
    operations.map((operation) => [nameless(`${operation.method} ${operation.path}`), operation]),
);

export function requireOperation(name) {
    if (!listed.has(name)) throw new Pending(name);
    return listed.get(name);
}

/** A kind of thread that can be made. */
export function requireKind(kind) {
    const schema = JSON.stringify(openapi.components.schemas.CreateThread);
    if (!schema.includes(`"${kind}"`)) throw new Pending(`POST /api/threads {kind: ${kind}}`);
}
