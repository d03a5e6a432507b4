// A real Redis with a password, plain and encrypted. Nothing of it survives its end.
import { writeFileSync } from 'node:fs';

import { freePort, Place, started } from './place.mjs';
import { certify, redisConf, redisPassword, tell } from './redis_node.mjs';

export class Redis {
    password = redisPassword;
    /** The server. After its start() wait for ready(). */
    daemon;
    #settings;
    #place = new Place();
    /** PEM: whom to trust to reach it encrypted. */
    caFile;

    constructor(settings = {}) {
        this.#settings = settings;
    }

    /** One that is ready; all of it is gone after stop(), or when this process ends. */
    static start(settings) {
        return started(() => new Redis(settings));
    }

    async start() {
        const { directory } = this.#place;
        this.port = await freePort();
        this.tlsPort = await freePort();
        const { caFile, settings: encrypted } = await certify(this.#place);
        this.caFile = caFile;
        const settings = { 'tls-port': this.tlsPort, ...encrypted, ...this.#settings };
        const file = this.#place.path('redis.conf');
        writeFileSync(file, redisConf({ directory, port: this.port, settings }));
        this.daemon = this.#place.daemon('redis', 'redis-server', file);
        await this.ready();
    }

    /** Waits until it answers. */
    ready() {
        const answers = () => tell(this.port, 'PING').then((answer) => answer === 'PONG', () => false);
        return this.#place.ready('Redis', answers);
    }

    /** As Banter's `--redis` names it. */
    get url() {
        return `redis://:${this.password}@127.0.0.1:${this.port}`;
    }

    get tlsUrl() {
        return `rediss://:${this.password}@127.0.0.1:${this.tlsPort}?ca=${this.caFile}`;
    }

    get environment() {
        return { BANTER_TEST_REDIS: this.url, BANTER_TEST_REDIS_TLS: this.tlsUrl };
    }

    stop() {
        return this.#place.stop();
    }
}
