// BANTER_TEST_DATABASE=postgres runs every server that doesn't choose for itself with a database of a real PostgreSQL
// server: one for each data directory, as a file would be.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

import { Postgres } from '../../services/postgres.mjs';

export const onServer = process.env.BANTER_TEST_DATABASE === 'postgres';
const made = new Set();
let server;

/** Runs one statement in the database that the server has of its own. */
function execute(statement) {
    execFileSync('psql', ['--no-psqlrc', '--quiet', '--command', statement, server.url('postgres')]);
}

/** The flags of a server whose data is in `directory`; it finds the same database again when it starts anew. */
export async function databaseFlags(directory) {
    if (!onServer) return [];
    server ??= await Postgres.start();
    const name = `banter_${createHash('sha256').update(directory).digest('hex').slice(0, 24)}`;
    if (!made.has(name)) {
        execute(`CREATE DATABASE ${name}`);
        made.add(name);
    }
    return ['--database', server.url(name)];
}
