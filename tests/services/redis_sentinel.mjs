// A real Redis with a replica, and three sentinels that watch them; with `tls` all of them speak TLS with each other and
// name encrypted ports.
import { writeFileSync } from 'node:fs';

import { freePort, Place, started } from './place.mjs';
import { certify, redisConf, redisPassword, tell } from './redis_node.mjs';

const sentinels = 3;
/** Of them say that it is down before another takes its place. */
const quorum = 2;
const down_after_ms = 2_000;

export class RedisSentinel {
    password = redisPassword;
    /** What the sentinels call the two. */
    name = 'banter';
    /** The one that is the primary at first, then its replica: { port, tlsPort, daemon }. */
    nodes = [];
    /** { port, tlsPort, daemon } */
    sentinels = [];
    #tls;
    #encrypted;
    #place = new Place();

    constructor({ tls = false } = {}) {
        this.#tls = tls;
    }

    /** One that is ready; all of it is gone after stop(), or when this process ends. */
    static start(options) {
        return started(() => new RedisSentinel(options));
    }

    async start() {
        if (this.#tls) {
            const { caFile, settings } = await certify(this.#place);
            this.caFile = caFile;
            this.#encrypted = { ...settings, 'tls-replication': 'yes' };
        }
        this.nodes.push(await this.#server('redis-0', {}));
        this.nodes.push(await this.#server('redis-1', { replicaof: `127.0.0.1 ${this.#portOf(this.nodes[0])}` }));
        await this.#until(this.nodes[1].port, ['INFO', 'replication'], (text) => /master_link_status:up/.test(text));
        for (let index = 0; index < sentinels; index++) this.sentinels.push(await this.#sentinel(index));
        await this.ready();
    }

    /** Which the others of them speak with it by. */
    #portOf({ port, tlsPort }) {
        return this.#tls ? tlsPort : port;
    }

    async #ports() {
        const port = await freePort();
        if (!this.#tls) return { port, settings: {} };
        const tlsPort = await freePort();
        return { port, tlsPort, settings: { 'tls-port': tlsPort, ...this.#encrypted } };
    }

    async #server(name, settings) {
        const { port, tlsPort, settings: encrypted } = await this.#ports();
        const file = this.#place.path(`${name}.conf`);
        const { directory } = this.#place;
        const all = { ...encrypted, ...settings, masterauth: redisPassword, 'repl-diskless-sync-delay': 0 };
        writeFileSync(file, redisConf({ directory, port, settings: all }));
        return { port, tlsPort, daemon: this.#place.daemon(name, 'redis-server', file) };
    }

    /** It writes what it learns into its file. */
    async #sentinel(index) {
        const { port, tlsPort, settings } = await this.#ports();
        const name = `sentinel-${index}`;
        const lines = [
            'bind 127.0.0.1',
            `port ${port}`,
            `dir ${this.#place.directory}`,
            ...Object.entries(settings).map(([name, value]) => `${name} ${value}`),
            `sentinel monitor ${this.name} 127.0.0.1 ${this.#portOf(this.nodes[0])} ${quorum}`,
            `sentinel auth-pass ${this.name} ${redisPassword}`,
            `sentinel down-after-milliseconds ${this.name} ${down_after_ms}`,
            `sentinel failover-timeout ${this.name} 10000`,
            `requirepass ${redisPassword}`,
        ];
        const file = this.#place.path(`${name}.conf`);
        writeFileSync(file, `${lines.join('\n')}\n`);
        return { port, tlsPort, daemon: this.#place.daemon(name, 'redis-server', file, '--sentinel') };
    }

    /** Waits until each sentinel knows the replica and the others. */
    async ready() {
        const fields = (list) => new Map(list.map((name, index) => [name, list[index + 1]]));
        const knowsAll = (list) => {
            const known = fields(list);
            const others = Number(known.get('num-other-sentinels'));
            return known.get('flags') === 'master' && known.get('num-slaves') === '1' && others === sentinels - 1;
        };
        const knows = ({ port }) => this.#until(port, ['SENTINEL', 'MASTER', this.name], knowsAll);
        await Promise.all(this.sentinels.map(knows));
    }

    #until(port, words, isSo) {
        const probe = () => tell(port, ...words).then(isSo, () => false);
        return this.#place.ready(`Redis at ${port}`, probe);
    }

    /** As Banter's `--redis` names it. */
    get url() {
        const places = this.sentinels.map((sentinel) => `127.0.0.1:${this.#portOf(sentinel)}`);
        const start = `${this.#tls ? 'rediss' : 'redis'}://:${this.password}@${places.join(',')}`;
        return `${start}?sentinel=${this.name}${this.#tls ? `&ca=${this.caFile}` : ''}`;
    }

    get environment() {
        return { [`BANTER_TEST_REDIS_SENTINEL${this.#tls ? '_TLS' : ''}`]: this.url };
    }

    stop() {
        return this.#place.stop();
    }
}
