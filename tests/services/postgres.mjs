// A real PostgreSQL with one user, who needs the password, and may do everything. Nothing of it
// survives its end; until then it keeps what it has acknowledged, over `kill -9` too.
import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { freePort, Place, started } from './place.mjs';

/** Debian's packages put each version into a folder of its own. */
const versions = '/usr/lib/postgresql';

/** The newest that is installed. */
function programs() {
    const found = readdirSync(versions).map(Number).sort((one, other) => other - one);
    return join(versions, String(found[0]), 'bin');
}

/** The server refuses to be root, and Debian makes this user for it. */
function user() {
    if (process.getuid() !== 0) return undefined;
    const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    return { uid: id('-u'), gid: id('-g') };
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];

const conf = ({ directory, port, settings }) => `
listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = '${directory}'
max_connections = 300
# Shared memory that a killed server leaves behind would stay for good.
dynamic_shared_memory_type = mmap
# After kill -9 the default looks at every file.
recovery_init_sync_method = syncfs
wal_level = minimal
max_wal_senders = 0
checkpoint_timeout = 30min
${Object.entries(settings).map(([name, value]) => `${name} = ${value}`).join('\n')}
`;

export class Postgres {
    password = 'banter-test-password';
    /** The server. After its start() wait for ready(). */
    daemon;
    #settings;
    #tls;
    #place = new Place();
    #as = user();
    #data = this.#place.path('data');

    /** tls: it speaks TLS to whoever wants that, with a certificate of an authority of its own. */
    constructor(settings = {}, { tls = false } = {}) {
        this.#settings = settings;
        this.#tls = tls;
    }

    /** One that is ready; all of it is gone after stop(), or when this process ends. */
    static start(settings, options) {
        return started(() => new Postgres(settings, options));
    }

    async start() {
        this.port = await freePort();
        const { directory } = this.#place;
        if (this.#as) chownSync(directory, this.#as.uid, this.#as.gid);
        const passwordFile = this.#place.path('password');
        writeFileSync(passwordFile, this.password, { mode: 0o644 });
        const auth = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--username=banter'];
        const locale = ['--encoding=UTF8', '--locale=C.UTF-8'];
        await this.#place.run(...this.#command('initdb', '-D', this.#data, '--no-sync', ...auth, ...locale));
        const settings = { ...this.#settings, ...(this.#tls ? await this.#certified() : {}) };
        appendFileSync(join(this.#data, 'postgresql.conf'), conf({ directory, port: this.port, settings }));
        this.daemon = this.#place.daemon('postgres', ...this.#command('postgres', '-D', this.#data));
        await this.ready();
    }

    /** The settings of a server that has a certificate for 127.0.0.1, and for no name. */
    async #certified() {
        const [ca, caKey, file, key] = ['ca.pem', 'ca.key', 'server.pem', 'server.key'].map((name) =>
            this.#place.path(name),
        );
        const authority = ['-subj', '/CN=Banter test authority', '-keyout', caKey, '-out', ca];
        await this.#place.run('openssl', 'req', '-x509', ...curve, ...authority);
        const server = ['-subj', '/CN=server', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', file];
        await this.#place.run('openssl', 'req', '-x509', '-CA', ca, '-CAkey', caKey, ...curve, ...server);
        if (this.#as) chownSync(key, this.#as.uid, this.#as.gid);
        const other = ['-subj', '/CN=Another authority', '-keyout', caKey, '-out', this.#place.path('other-ca.pem')];
        await this.#place.run('openssl', 'req', '-x509', ...curve, ...other);
        return { ssl: 'on', ssl_cert_file: `'${file}'`, ssl_key_file: `'${key}'` };
    }

    /** As the user that it may run as. */
    #command(program, ...args) {
        const path = join(programs(), program);
        if (!this.#as) return [path, ...args];
        const as = [`--reuid=${this.#as.uid}`, `--regid=${this.#as.gid}`, '--clear-groups'];
        // Who becomes somebody else forgets with whom it is to die.
        return ['setpriv', ...as, '--pdeathsig=KILL', path, ...args];
    }

    /** Waits until it takes connections. */
    ready() {
        return this.#place.ready('PostgreSQL', () => answers(this.port));
    }

    /** To the server and each of its processes, so that all of it stands still, or goes on. */
    signalAll(name) {
        const { pid } = this.daemon;
        const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
        for (const each of [pid, ...children.filter(Boolean)]) process.kill(Number(each), name);
    }

    /** As Banter's `--database` names its database `name`. */
    url(name) {
        return `postgresql://banter:${this.password}@127.0.0.1:${this.port}/${name}`;
    }

    get environment() {
        const log = this.#place.path('postgres.log');
        const plain = { BANTER_TEST_POSTGRES: this.url('postgres'), BANTER_TEST_POSTGRES_LOG: log };
        if (!this.#tls) return plain;
        // Without that libpq takes TLS where it can have it.
        return {
            ...plain,
            BANTER_TEST_POSTGRES_CA: this.#place.path('ca.pem'),
            BANTER_TEST_POSTGRES_OTHER_CA: this.#place.path('other-ca.pem'),
            PGSSLMODE: 'disable',
        };
    }

    stop() {
        return this.#place.stop();
    }
}

/** Whether who listens there answers a request for TLS as PostgreSQL does, and is not just starting. */
function answers(port) {
    return new Promise((settle) => {
        const startup = Buffer.from('\0\0\0\0\0\x03\0\0user\0banter\0database\0postgres\0\0', 'latin1');
        startup.writeUInt32BE(startup.length);
        let answer = '';
        const socket = connect({ host: '127.0.0.1', port });
        socket.setEncoding('latin1').on('error', () => settle(false));
        // It asks for the password ("R"), or says why not ("E").
        socket.on('data', (chunk) => {
            answer += chunk;
            socket.destroy();
        });
        socket.on('close', () => settle(answer.startsWith('R')));
        socket.write(startup);
    });
}
