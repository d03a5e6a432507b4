// Between one node and its Redis: passes everything on, or holds all of it as a network that is parted does, or lets
// what the node publishes reach nobody, while every answer says that all is well.
import { once } from 'node:events';
import net from 'node:net';

const publishing = new Set(['PUBLISH', 'SPUBLISH']);
/** Nobody subscribes to it, so Redis itself answers that nobody was reached, in its turn. */
const nobody = Buffer.from('nobody');
const end = '\r\n';

/** The first command of these bytes, {parts, size}, or undefined while it is not whole. */
function commandOf(bytes) {
    const line = (from) => {
        const to = bytes.indexOf(end, from);
        return to < 0 ? undefined : { number: Number(bytes.toString('latin1', from + 1, to)), next: to + 2 };
    };
    const head = line(0);
    if (!head) return undefined;
    const parts = [];
    let at = head.next;
    while (parts.length < head.number) {
        const size = line(at);
        if (!size || bytes.length < size.next + size.number + 2) return undefined;
        parts.push(bytes.subarray(size.next, size.next + size.number));
        at = size.next + size.number + 2;
    }
    return { parts, size: at };
}

const encoded = (parts) =>
    Buffer.concat([
        Buffer.from(`*${parts.length}${end}`),
        ...parts.flatMap((part) => [Buffer.from(`$${part.length}${end}`), part, Buffer.from(end)]),
    ]);

export class RedisProxy {
    /** Whether what is published reaches nobody. */
    swallows = false;
    swallowed = 0;
    /** What reached Redis, that is whoever subscribes. */
    published = 0;
    #redis;
    #listener = net.createServer((client) => this.#pass(client));
    #sockets = new Set();
    #held = false;

    static async start(redis) {
        const proxy = new RedisProxy();
        proxy.#redis = redis;
        await once(proxy.#listener.listen(0, '127.0.0.1'), 'listening');
        return proxy;
    }

    /** As Banter's `--redis` names it. */
    get url() {
        return this.#redis.url.replace(`:${this.#redis.port}`, `:${this.#listener.address().port}`);
    }

    /** From now on nothing comes through, and no connection ends. */
    hold() {
        this.#held = true;
        for (const socket of this.#sockets) socket.pause();
    }

    /** What was held comes through, late. */
    release() {
        this.#held = false;
        for (const socket of this.#sockets) socket.resume();
    }

    #pass(client) {
        const redis = net.connect({ port: this.#redis.port, host: '127.0.0.1' });
        const close = () => {
            for (const socket of [client, redis]) {
                socket.destroy();
                this.#sockets.delete(socket);
            }
        };
        let waiting = Buffer.alloc(0);
        client.on('data', (chunk) => (waiting = this.#commands(Buffer.concat([waiting, chunk]), redis)));
        redis.on('data', (chunk) => client.write(chunk));
        for (const socket of [client, redis]) {
            socket.setNoDelay(true).on('error', close).on('close', close);
            this.#sockets.add(socket);
            if (this.#held) socket.pause();
        }
    }

    /** Passes the whole commands on, and gives what is left. */
    #commands(bytes, redis) {
        for (;;) {
            const command = commandOf(bytes);
            if (!command) return bytes;
            const { parts, size } = command;
            const publishes = publishing.has(parts[0].toString().toUpperCase());
            if (publishes && this.swallows) {
                this.swallowed++;
                redis.write(encoded([parts[0], nobody, parts[2]]));
            } else {
                if (publishes) this.published++;
                redis.write(bytes.subarray(0, size));
            }
            bytes = bytes.subarray(size);
        }
    }

    stop() {
        this.#listener.close();
        for (const socket of this.#sockets) socket.destroy();
    }
}
