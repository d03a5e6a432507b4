// A network that fails: passes TCP connections on to the server, and cuts them when it is told to.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

interface Pair {
    client: Socket;
    upstream: Socket;
}

export class CuttingProxy {
    readonly #open = new Set<Pair>();
    readonly #listener = createServer((client) => this.#pass(client));
    cuts = 0;
    /** Of all clients, passed on. */
    bytes = 0;
    /** How many connections there were. */
    passed = 0;
    /** Ends the next connections after so many bytes of the client's, one each; the server gets these bytes. */
    plan: number[] = [];
    /** While it is true every new connection is refused. */
    isDown = false;

    /** The server's port is asked for anew by each connection, as a server that starts again may have another. */
    private constructor(private readonly port: () => number) {}

    static async start(port: () => number): Promise<CuttingProxy> {
        const proxy = new CuttingProxy(port);
        proxy.#listener.listen(0, '127.0.0.1');
        await once(proxy.#listener, 'listening');
        return proxy;
    }

    get url(): string {
        return `http://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
    }

    get open(): number {
        return this.#open.size;
    }

    /** Ends all connections, or one of them: with a reset, so that bytes on their way are lost in both directions. */
    cut(index?: number): number {
        const all = [...this.#open];
        const chosen = index === undefined ? all : all.slice(index % all.length, (index % all.length) + 1);
        for (const pair of chosen) {
            this.cuts++;
            this.#end(pair);
        }
        return chosen.length;
    }

    stop(): void {
        for (const pair of [...this.#open]) this.#end(pair);
        this.#listener.close();
    }

    #pass(client: Socket): void {
        if (this.isDown) {
            client.resetAndDestroy();
            return;
        }
        const pair = { client, upstream: connect(this.port(), '127.0.0.1') };
        this.#open.add(pair);
        this.passed++;
        const end = () => this.#end(pair);
        for (const socket of [client, pair.upstream])
            socket.setNoDelay(true).on('error', end).on('close', end);
        let bytes = 0;
        client.on('data', (chunk) => {
            bytes += chunk.length;
            this.bytes += chunk.length;
            pair.upstream.write(chunk);
            if (this.plan[0] === undefined || bytes < this.plan[0]) return;
            this.plan.shift();
            this.cuts++;
            this.#open.delete(pair);
            pair.client.resetAndDestroy();
            pair.upstream.end();
        });
        pair.upstream.on('data', (chunk) => client.write(chunk));
    }

    #end(pair: Pair): void {
        if (!this.#open.delete(pair)) return;
        pair.client.resetAndDestroy();
        pair.upstream.resetAndDestroy();
    }
}
