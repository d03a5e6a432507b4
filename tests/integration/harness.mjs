// What a test file needs to run the real binary and talk to it with clients that are not our own.
import { webcrypto } from 'node:crypto';
import { after } from 'node:test';

import { Server } from './lib/server.mjs';

// npm's jose takes the web's crypto from where Node has had it since 19.
globalThis.crypto ??= webcrypto;

export * from './lib/client.mjs';
export * from './lib/deadline.mjs';
export * from './lib/people.mjs';
export * from './lib/raw.mjs';
export * from './lib/server.mjs';

/** What is worth a run with several numbers of event loops runs with each of these. */
export const shardCounts = process.env.BANTER_TEST_SHARDS
    ? [Number(process.env.BANTER_TEST_SHARDS)]
    : [1, 2, 3];

/** A server that lives as long as the test file, or as the test `t` when one is given. */
export async function startServer(options, t) {
    const server = await Server.start(options);
    const end = () => server.dispose();
    if (t) t.after(end);
    else after(end);
    return server;
}
