// A caching edge of a CDN, as CloudFront is one: it gives what is in the bucket of an S3 server to
// whoever has a URL that was signed with its key, and asks for each object once.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { edgeConf } from './edge_conf.mjs';
import { freePort, Place, started, statusOf } from './place.mjs';

const scripts = fileURLToPath(new URL('.', import.meta.url));

export class Edge {
    keyPairId = 'KBANTERTESTEDGE1';
    #s3;
    #originPath;
    #place = new Place();
    /** PEM, of RSA with 2048 bits, made for this edge. */
    keyFile = this.#place.path('private.pem');
    #daemon;

    constructor(s3, originPath) {
        this.#s3 = s3;
        this.#originPath = originPath;
    }

    /**
     * One in front of the S3 server; it is ready, and gone after stop() or when this process ends. `originPath` goes
     * before each path that the bucket is asked for, as `/PREFIX` does.
     */
    static start(s3, originPath = '') {
        return started(() => new Edge(s3, originPath));
    }

    async start() {
        this.port = await freePort();
        this.#makeKey();
        const { directory } = this.#place;
        const { port, keyPairId } = this;
        const conf = this.#place.path('edge.conf');
        const origin = { s3: this.#s3, originPath: this.#originPath };
        writeFileSync(conf, edgeConf({ directory, scripts, port, keyPairId, ...origin }));
        this.#daemon = this.#place.daemon('edge', 'nginx', '-e', 'stderr', '-p', directory, '-c', conf);
        const ready = async () => (await statusOf(`${this.url}/_ready`)) === 204;
        await this.#place.ready('the edge', ready);
    }

    #makeKey() {
        const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
        writeFileSync(this.keyFile, pem, { mode: 0o600 });
        writeFileSync(this.#place.path('public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    }

    /** As Banter's `--cdn` names it. */
    get url() {
        return `http://127.0.0.1:${this.port}`;
    }

    get environment() {
        return {
            BANTER_TEST_EDGE: this.url,
            BANTER_TEST_EDGE_KEY_PAIR_ID: this.keyPairId,
            BANTER_TEST_EDGE_KEY_FILE: this.keyFile,
        };
    }

    stop() {
        return this.#place.stop();
    }
}
