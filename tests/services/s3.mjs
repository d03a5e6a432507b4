// A real S3 server: Ceph's gateway in front of a store in memory, with one user and one bucket. It
// refuses what Amazon's refuses; docs/testing.md names the differences.
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';

import { cephConf } from './ceph_conf.mjs';
import { freePort, Place, started, statusOf } from './place.mjs';
import { sha256, signedHeaders } from './signature.mjs';

/** The store of objects takes several ports, and looks for them itself. */
const store_ports = 40;

export class S3 {
    region = 'us-east-1';
    bucket = 'banter-test';
    credentials = {
        accessKeyId: 'BANTERTESTACCESSKEY1',
        secretAccessKey: 'banterTestSecretKey/0000000000000000001',
    };
    /** The process that speaks S3. After its start() wait for ready(). */
    gateway;
    #monitor;
    #place = new Place();
    #conf = ['-c', this.#place.path('ceph.conf')];

    /** One that is ready; all of it is gone after stop(), or when this process ends. */
    static start() {
        return started(() => new S3());
    }

    async start() {
        await this.#configure();
        await this.#startMonitor();
        await this.#startStore();
        this.gateway = this.#daemon('gateway', 'radosgw', '-n', 'client.rgw.a', '-f');
        await this.ready();
        await this.#makeUser();
        await this.#makeBucket();
    }

    async #configure() {
        const first = await freePort();
        this.port = await freePort();
        this.#monitor = { cluster: randomUUID(), port: await freePort() };
        const conf = cephConf({
            directory: this.#place.directory,
            monitor: this.#monitor,
            storePorts: { first, last: first + store_ports },
            gatewayPort: this.port,
        });
        writeFileSync(this.#place.path('ceph.conf'), conf);
        writeFileSync(this.#place.path('keyring'), '');
        for (const folder of ['mon', 'osd', 'rgw']) mkdirSync(this.#place.path(folder));
    }

    async #startMonitor() {
        const { cluster, port } = this.#monitor;
        const map = this.#place.path('monmap');
        const address = ['--addv', 'a', `[v2:127.0.0.1:${port}]`];
        await this.#place.run('monmaptool', '--create', '--fsid', cluster, ...address, map);
        await this.#run('ceph-mon', '-i', 'a', '--mkfs', '--monmap', map);
        this.#daemon('monitor', 'ceph-mon', '-i', 'a', '-f');
    }

    async #startStore() {
        const id = randomUUID();
        await this.#run('ceph', 'osd', 'new', id);
        await this.#run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', id);
        this.#daemon('store', 'ceph-osd', '-i', '0', '-f');
    }

    #makeUser() {
        const { accessKeyId, secretAccessKey } = this.credentials;
        const user = ['--uid', 'banter', '--display-name', 'banter'];
        const keys = ['--access-key', accessKeyId, '--secret-key', secretAccessKey, '--caps', 'user-policy=*'];
        return this.#run('radosgw-admin', '-n', 'client.rgw.a', 'user', 'create', ...user, ...keys);
    }

    async #makeBucket() {
        const url = `${this.endpoint}/${this.bucket}`;
        const headers = signedHeaders('PUT', url, this.credentials, this.region);
        const status = await statusOf(url, { method: 'PUT', headers });
        if (status !== 200) throw new Error(`a bucket is refused: ${status}\n${this.#place.logs}`);
    }

    /** A key that is good for a quarter of an hour, with the token that has to come with it. */
    async temporaryCredentials() {
        // The gateway gives one only to whom a policy allows it.
        const Statement = [{ Effect: 'Allow', Action: ['sts:GetSessionToken'], Resource: ['*'] }];
        const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
        await this.#ask('iam', { Action: 'PutUserPolicy', UserName: 'banter', PolicyName: 'sts', PolicyDocument });
        const given = await this.#ask('sts', { Action: 'GetSessionToken', DurationSeconds: '900' });
        const field = (name) => new RegExp(`<${name}>(.+?)</${name}>`).exec(given)[1];
        return {
            accessKeyId: field('AccessKeyId'),
            secretAccessKey: field('SecretAccessKey'),
            sessionToken: field('SessionToken'),
        };
    }

    /** One of the gateway's services that take forms. */
    async #ask(service, fields) {
        const body = new URLSearchParams(fields).toString();
        const url = `${this.endpoint}/`;
        const signed = signedHeaders('POST', url, this.credentials, this.region, sha256(body), service);
        const headers = { ...signed, 'content-type': 'application/x-www-form-urlencoded' };
        const answer = await fetch(url, { method: 'POST', headers, body });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${fields.Action} is refused: ${answer.status} ${text}`);
        return text;
    }

    #daemon(name, program, ...args) {
        return this.#place.daemon(name, program, ...this.#conf, ...args);
    }

    #run(program, ...args) {
        return this.#place.run(program, ...this.#conf, ...args);
    }

    /** Waits until the gateway answers. */
    ready() {
        return this.#place.ready('S3', async () => (await statusOf(this.endpoint)) === 200);
    }

    get endpoint() {
        return `http://127.0.0.1:${this.port}`;
    }

    /** As Banter's `--files` names it. */
    get url() {
        return `s3://${this.bucket}?endpoint=${this.endpoint}&region=${this.region}&style=path`;
    }

    get environment() {
        return {
            BANTER_TEST_S3: this.url,
            AWS_ACCESS_KEY_ID: this.credentials.accessKeyId,
            AWS_SECRET_ACCESS_KEY: this.credentials.secretAccessKey,
        };
    }

    stop() {
        return this.#place.stop();
    }
}
