// A real clamd that knows one malware: the file of the EICAR, which is harmless and made for tests.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

import { freePort, Place, started } from './place.mjs';

/** In two pieces, or scanners would find it in here. */
export const eicar = Buffer.from(
    ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('-'),
);

/** As clamd calls it: it adds a word to the names of signatures that its makers haven't signed. */
export const eicarName = 'Banter.Test.Eicar.UNOFFICIAL';

const streamBytesMax = 4 << 20;

const conf = ({ directory, socket, port }) => `
Foreground yes
LocalSocket ${socket}
TCPSocket ${port}
TCPAddr 127.0.0.1
DatabaseDirectory ${directory}/signatures
TemporaryDirectory ${directory}
StreamMaxLength ${streamBytesMax}
MaxThreads 4
`;

export class Clamd {
    /** A longer file it refuses to look at. */
    streamBytesMax = streamBytesMax;
    /** After its start() wait for ready(). */
    daemon;
    #place = new Place();
    socket = this.#place.path('clamd.ctl');

    /** One that is ready; all of it is gone after stop(), or when this process ends. */
    static start() {
        return started(() => new Clamd());
    }

    async start() {
        const { directory } = this.#place;
        this.port = await freePort();
        mkdirSync(this.#place.path('signatures'));
        // Its name, any kind of file, anywhere in it, these bytes.
        const signature = `Banter.Test.Eicar:0:*:${eicar.toString('hex')}\n`;
        writeFileSync(this.#place.path('signatures/eicar.ndb'), signature);
        writeFileSync(this.#place.path('clamd.conf'), conf({ directory, socket: this.socket, port: this.port }));
        this.daemon = this.#place.daemon('clamd', 'clamd', '-c', this.#place.path('clamd.conf'));
        await this.ready();
    }

    /** Waits until it answers on both of its sockets. */
    ready() {
        const answers = async () =>
            existsSync(this.socket) && (await pong({ path: this.socket })) && (await pong({ port: this.port }));
        return this.#place.ready('clamd', answers);
    }

    /** As Banter's `--clamd` names it. */
    get address() {
        return this.socket;
    }

    get tcpAddress() {
        return `127.0.0.1:${this.port}`;
    }

    stop() {
        return this.#place.stop();
    }
}

/** Whether who listens there answers as clamd does. */
function pong(where) {
    return new Promise((settle) => {
        let answer = '';
        const socket = connect({ host: '127.0.0.1', ...where });
        socket.setEncoding('latin1').on('data', (chunk) => (answer += chunk));
        socket.on('error', () => {});
        socket.on('close', () => settle(answer === 'PONG\0'));
        socket.write('zPING\0');
    });
}
