import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';

/** In files of this folder, too. No browser trusts it that is not told to. */
export function ownCertificate(folder: string): { key: Buffer; cert: Buffer } {
    const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        ...subject,
        '-keyout',
        key,
        '-out',
        cert,
    ];
    execFileSync('openssl', made, { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** TLS in front of a server on this machine, as a proxy has it; whatever comes is passed on as it is. */
export class TlsFront {
    url = '';
    /** Of the server behind. */
    port = 0;
    readonly #folder = mkdtempSync(join(tmpdir(), 'banter-tls-'));
    readonly #sockets = new Set<Socket>();
    readonly #server: Server = createServer(ownCertificate(this.#folder), (socket) => {
        const onward = connect(this.port, '127.0.0.1');
        for (const [end, other] of [
            [socket, onward],
            [onward, socket],
        ] as const) {
            this.#sockets.add(end);
            end.on('error', () => other.destroy());
            end.on('close', () => this.#sockets.delete(end));
            end.pipe(other);
        }
    });

    static async start(): Promise<TlsFront> {
        const front = new TlsFront();
        await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
        front.url = `https://127.0.0.1:${(front.#server.address() as AddressInfo).port}`;
        return front;
    }

    async stop(): Promise<void> {
        for (const socket of this.#sockets) socket.destroy();
        await new Promise((resolve) => this.#server.close(resolve));
        rmSync(this.#folder, { recursive: true, force: true });
    }
}
