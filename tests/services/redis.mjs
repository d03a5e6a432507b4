// A real Redis with a password, plain and encrypted. Nothing of it survives its end.
import { writeFileSync } from 'node:fs';

import { freePort, Place, started } from './place.mjs';
import { redisConf, redisPassword, tell } from './redis_node.mjs';

const subject = (name) => ['-subj', `/CN=${name}`];
const elliptic = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export class Redis {
    password = redisPassword;
    /** The server. After its start() wait for ready(). */
    daemon;
    #settings;
    #place = new Place();
    /** PEM: whom to trust to reach it encrypted. */
    caFile = this.#place.path('ca.pem');

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
        await this.#certify();
        const encrypted = {
            'tls-port': this.tlsPort,
            'tls-cert-file': this.#place.path('server.pem'),
            'tls-key-file': this.#place.path('server.key'),
            'tls-auth-clients': 'no',
        };
        const settings = { ...encrypted, ...this.#settings };
        const file = this.#place.path('redis.conf');
        writeFileSync(file, redisConf({ directory, port: this.port, settings }));
        this.daemon = this.#place.daemon('redis', 'redis-server', file);
        await this.ready();
    }

    /** An authority of its own, which says who 127.0.0.1 is. */
    async #certify() {
        const path = (name) => this.#place.path(name);
        const authority = ['-x509', '-keyout', path('ca.key'), '-out', this.caFile];
        await this.#place.run('openssl', 'req', ...authority, ...elliptic, ...subject('Banter tests'));
        const request = ['-keyout', path('server.key'), '-out', path('server.csr')];
        await this.#place.run('openssl', 'req', ...request, ...elliptic, ...subject('localhost'));
        writeFileSync(path('names'), 'subjectAltName = IP:127.0.0.1, DNS:localhost\n');
        const signed = ['-in', path('server.csr'), '-out', path('server.pem'), '-extfile', path('names')];
        const by = ['-CA', this.caFile, '-CAkey', path('ca.key'), '-CAcreateserial'];
        await this.#place.run('openssl', 'x509', '-req', ...signed, ...by);
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
