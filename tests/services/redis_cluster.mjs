// A real Redis Cluster: three primaries, and a replica of each; with `tls` they speak TLS with each other, and tell whoever
// comes encrypted of encrypted ports.
import { writeFileSync } from 'node:fs';

import { freePort, Place, started } from './place.mjs';
import { certify, redisConf, redisPassword, tell } from './redis_node.mjs';

const primaries = 3;
const slots = 16_384;
/** A node that says nothing for so long is failed over. */
const node_timeout_ms = 2_000;
/** More keys than tests have in one slot. */
const keys_max = 1_000;
const migration_ms_max = 5_000;

/** Of who has a range of slots, as CLUSTER SLOTS tells it. */
const portOf = ([, , [, port]]) => port;

export class RedisCluster {
    password = redisPassword;
    slots = slots;
    /** First the primaries, then the replica of each: { port, tlsPort, daemon }. */
    nodes = [];
    #tls;
    #encrypted;
    #place = new Place();

    constructor({ tls = false } = {}) {
        this.#tls = tls;
    }

    /** One that is ready; all of it is gone after stop(), or when this process ends. */
    static start(options) {
        return started(() => new RedisCluster(options));
    }

    async start() {
        if (this.#tls) {
            const { caFile, settings } = await certify(this.#place);
            this.caFile = caFile;
            this.#encrypted = { ...settings, 'tls-cluster': 'yes', 'tls-replication': 'yes' };
        }
        for (let index = 0; index < 2 * primaries; index++) this.nodes.push(await this.#node(index));
        const alive = ({ port }) => this.#until(port, ['PING'], (answer) => answer === 'PONG');
        await Promise.all(this.nodes.map(alive));
        await this.#acquaint();
        await Promise.all(this.nodes.slice(primaries).map((node, index) => this.#follow(node, this.nodes[index])));
        await this.ready();
    }

    async #node(index) {
        const port = await freePort();
        const tlsPort = this.#tls ? await freePort() : undefined;
        const bus = await freePort();
        const name = `redis-${index}`;
        const settings = {
            ...(this.#tls ? { 'tls-port': tlsPort, ...this.#encrypted } : {}),
            'cluster-enabled': 'yes',
            'cluster-config-file': this.#place.path(`${name}.nodes`),
            'cluster-node-timeout': node_timeout_ms,
            'cluster-port': bus,
            'repl-diskless-sync-delay': 0,
            // A replica is told of once it was pinged.
            'repl-ping-replica-period': 1,
            masterauth: redisPassword,
        };
        const file = this.#place.path(`${name}.conf`);
        writeFileSync(file, redisConf({ directory: this.#place.directory, port, settings }));
        return { port, tlsPort, bus, daemon: this.#place.daemon(name, 'redis-server', file) };
    }

    /** Deals the slots out, and has everybody know everybody. */
    async #acquaint() {
        const each = Math.ceil(slots / primaries);
        for (const [index, { port, tlsPort, bus }] of this.nodes.entries()) {
            await tell(port, 'CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
            if (index < primaries) {
                const last = Math.min(slots, (index + 1) * each) - 1;
                await tell(port, 'CLUSTER', 'ADDSLOTSRANGE', index * each, last);
            }
            if (index > 0) await tell(this.nodes[0].port, 'CLUSTER', 'MEET', '127.0.0.1', tlsPort ?? port, bus);
        }
        const all = (text) => text.trim().split('\n').filter((line) => !/handshake/.test(line)).length;
        const knows = ({ port }) =>
            this.#until(port, ['CLUSTER', 'NODES'], (text) => all(text) === this.nodes.length);
        await Promise.all(this.nodes.map(knows));
    }

    async #follow(replica, primary) {
        const id = await tell(primary.port, 'CLUSTER', 'MYID');
        await tell(replica.port, 'CLUSTER', 'REPLICATE', id);
        await this.#until(replica.port, ['INFO', 'replication'], (text) => /master_link_status:up/.test(text));
    }

    /** Waits until every node says that the cluster is whole, and knows who follows whom. */
    async ready() {
        const whole = async ({ port }) => {
            await this.#until(port, ['CLUSTER', 'INFO'], (text) => /cluster_state:ok/.test(text));
            const pairs = (ranges) =>
                new Set(ranges.map(portOf)).size === primaries && ranges.every((range) => range.length === 4);
            await this.#until(port, ['CLUSTER', 'SLOTS'], pairs);
        };
        await Promise.all(this.nodes.map(whole));
    }

    /** The one of `nodes` that has a slot, as one that is up sees it. */
    async primaryOf(slot) {
        const { port } = this.nodes.find(({ daemon }) => daemon.running);
        const ranges = await tell(port, 'CLUSTER', 'SLOTS');
        const found = portOf(ranges.find(([first, last]) => first <= slot && slot <= last));
        return this.nodes.find((node) => node.port === found);
    }

    /** The one of `nodes` that follows this primary. */
    async replicaOf({ port }) {
        const [, , [[, found]]] = await tell(port, 'ROLE');
        return this.nodes.find((node) => (node.tlsPort ?? node.port) === Number(found));
    }

    /** A channel that somebody listens to, found by the end of its name: {name, slot, listeners}. */
    async channel(end) {
        for (const { port } of this.nodes) {
            const [name] = await tell(port, 'PUBSUB', 'SHARDCHANNELS', `*${end}`);
            if (name === undefined) continue;
            const [, listeners] = await tell(port, 'PUBSUB', 'SHARDNUMSUB', name);
            return { name, slot: await tell(port, 'CLUSTER', 'KEYSLOT', name), listeners };
        }
        throw new Error(`nobody listens to …${end}`);
    }

    /** Waits until the channel has all of its listeners at this node. */
    async heardAt({ port }, { name, listeners }) {
        await this.#until(port, ['PUBSUB', 'SHARDNUMSUB', name], ([, count]) => count === listeners);
    }

    /** These slots, with what is in them, go from one primary to another, one by one as an operator has them moved. */
    async move(slots, from, to) {
        const source = await tell(from.port, 'CLUSTER', 'MYID');
        const target = await tell(to.port, 'CLUSTER', 'MYID');
        for (const slot of slots) {
            await tell(to.port, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', source);
            await tell(from.port, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', target);
            const keys = await tell(from.port, 'CLUSTER', 'GETKEYSINSLOT', slot, keys_max);
            const how = ['', 0, migration_ms_max, 'AUTH', redisPassword, 'KEYS'];
            if (keys.length > 0) await tell(from.port, 'MIGRATE', '127.0.0.1', to.port, ...how, ...keys);
            for (const { port } of [to, from]) await tell(port, 'CLUSTER', 'SETSLOT', slot, 'NODE', target);
        }
    }

    /** A replica takes the place of its primary, which follows it from then on. It may do so again after 8 s. */
    async takeOver({ port }) {
        let tries = 0;
        await this.#place.ready(`Redis at ${port} as a primary`, async () => {
            const [role] = await tell(port, 'ROLE');
            // The others agree to it only once in a while.
            if (role === 'slave' && tries++ % 200 === 0) await tell(port, 'CLUSTER', 'FAILOVER');
            return role === 'master';
        });
    }

    #until(port, words, isSo) {
        const probe = () => tell(port, ...words).then(isSo, () => false);
        return this.#place.ready(`Redis at ${port}`, probe);
    }

    /** As Banter's `--redis` names it. */
    get url() {
        const places = this.nodes.map(({ port, tlsPort }) => `127.0.0.1:${tlsPort ?? port}`).join(',');
        if (!this.#tls) return `redis://:${this.password}@${places}`;
        return `rediss://:${this.password}@${places}?ca=${this.caFile}`;
    }

    get environment() {
        return { [`BANTER_TEST_REDIS_CLUSTER${this.#tls ? '_TLS' : ''}`]: this.url };
    }

    stop() {
        return this.#place.stop();
    }
}
