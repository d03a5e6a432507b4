// Several nodes on one database of a real PostgreSQL, each with its own way to a real Redis.
import { execFileSync } from 'node:child_process';

import { Postgres } from '../../services/postgres.mjs';
import { Redis } from '../../services/redis.mjs';
import { people, Person } from './people.mjs';
import { RedisProxy } from './redis_proxy.mjs';
import { Server } from './server.mjs';

let databases = 0;

export class Cluster {
    static services;
    /** In the order in which they were started. */
    nodes = [];
    /** Between each of them and a Redis alone; whoever is in a cluster of Redis goes straight to each of it. */
    proxies = [];

    /** The services that all clusters of the file stand on, each with a database of its own. */
    static async startServices(starting = Redis.start()) {
        const settings = { log_lock_waits: 'on', log_min_duration_statement: '1s' };
        const [postgres, redis] = await Promise.all([Postgres.start(settings), starting]);
        Cluster.services = { postgres, redis };
        return Cluster.services;
    }

    /** Lives as long as the test. `redis` is another than the one of the services, `options` as for Server.start. */
    static async start(t, { count = 2, args = [], redis = Cluster.services.redis, ...options } = {}) {
        const cluster = new Cluster();
        t.after(() => cluster.dispose());
        cluster.name = `cluster_${databases++}`;
        cluster.sql(`CREATE DATABASE ${cluster.name}`, 'postgres');
        const database = Cluster.services.postgres.url(cluster.name);
        while (cluster.nodes.length < count) {
            const flags = ['--database', database, '--redis', await cluster.#way(redis), ...args];
            cluster.nodes.push(await Server.start({ ...options, args: flags }));
        }
        return cluster;
    }

    /** How the next node comes to Redis, as `--redis` names it. */
    async #way(redis) {
        if (!(redis instanceof Redis)) return redis.url;
        this.proxies.push(await RedisProxy.start(redis));
        return this.proxies.at(-1).url;
    }

    /** What the database answers. */
    sql(statement, database = this.name) {
        const flags = ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--command', statement];
        const url = Cluster.services.postgres.url(database);
        return execFileSync('psql', [...flags, url], { encoding: 'utf8' }).trim();
    }

    /** People, and `channels` threads that all of them are in, as {id, rev}. */
    async crowd(count, channels) {
        const everybody = await people(this.nodes[0], 'p', count);
        const threads = [];
        while (threads.length < channels) threads.push(await everybody[0].channel());
        for (const person of everybody.slice(1)) for (const thread of threads) await person.join(thread);
        for (const thread of threads) thread.rev = (await everybody[0].thread(thread)).rev;
        return { everybody, threads };
    }

    /** The same person, at another node. */
    at(person, node) {
        return new Person(this.nodes[node], person.token, person.user);
    }

    async dispose() {
        for (const proxy of this.proxies) proxy.stop();
        const ends = await Promise.allSettled(this.nodes.map((node) => node.dispose()));
        for (const { reason } of ends) if (reason) throw reason;
    }
}
