// BANTER_TEST_DATABASE=postgres runs every server that doesn't choose for itself as a node of several would run: with a
// database of a real PostgreSQL server, one for each data directory, as a file would be, and with a real Redis, or with a
// Redis Cluster of three primaries if BANTER_TEST_REDIS=cluster.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { Postgres } from '../../services/postgres.mjs';
import { Redis } from '../../services/redis.mjs';
import { RedisCluster } from '../../services/redis_cluster.mjs';

const onServer = process.env.BANTER_TEST_DATABASE === 'postgres';
const made = new Set();
let starting;
let postgres;
let redis;

/** The Redis that is asked for. */
export const startRedis = () => (process.env.BANTER_TEST_REDIS === 'cluster' ? RedisCluster : Redis).start();

const nameOf = (directory) => `banter_${createHash('sha256').update(directory).digest('hex').slice(0, 24)}`;

function execute(database, statement) {
    execFileSync('psql', ['--no-psqlrc', '--quiet', '--command', statement, postgres.url(database)]);
}

/** The flags of a server whose data is in `directory`; it finds the same database again when it starts anew. */
export async function databaseFlags(directory) {
    if (!onServer) return [];
    starting ??= Promise.all([Postgres.start(), startRedis()]);
    [postgres, redis] = await starting;
    for (const { daemon } of [postgres, ...(redis.nodes ?? [redis])]) daemon.leave();
    const name = nameOf(directory);
    if (!made.has(name)) {
        execute('postgres', `CREATE DATABASE ${name}`);
        made.add(name);
    }
    return ['--database', postgres.url(name), '--redis', redis.url];
}

/** What another program does to a server's database; the server's own events know nothing of it. */
export function pastTheServer(server, statement) {
    if (onServer) return execute(nameOf(server.data), statement);
    const script = `import sqlite3, sys
with sqlite3.connect(sys.argv[1], timeout=10) as database: database.execute(sys.argv[2])`;
    execFileSync('/usr/bin/python3', ['-c', script, join(server.data, 'banter.db'), statement]);
}

/** An id as a statement has it. */
export function blobOf(id) {
    const digits = id.replaceAll('-', '');
    return onServer ? `'\\x${digits}'` : `x'${digits}'`;
}
