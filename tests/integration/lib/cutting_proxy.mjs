// A proxy in front of a server that cuts connections as planned: what a bad network does, at a byte
// that the test chooses.
import { once } from 'node:events';
import net from 'node:net';

/**
 * A cut is {after, method?, answer?, reset?, then?}: a connection ends when `after` bytes of it have gone to the server,
 * or come from it with `answer`. It is one whose first request has this method, if any is told. The server has got all
 * bytes before the cut, unless `reset` throws away what it has not read yet. `then` is called after it.
 */
export class CuttingProxy {
    /** What is still to be cut, a connection each; then everything passes. */
    plan;
    cuts = 0;
    #server;
    #listener = net.createServer({ allowHalfOpen: true }, (client) => this.#pass(client));
    #open = new Set();

    static async start(server, plan = []) {
        const proxy = new CuttingProxy();
        proxy.#server = server;
        proxy.plan = plan;
        await once(proxy.#listener.listen(0, '127.0.0.1'), 'listening');
        return proxy;
    }

    get url() {
        return `http://127.0.0.1:${this.#listener.address().port}`;
    }

    #pass(client) {
        const upstream = net.connect({ port: this.#server.port, host: '127.0.0.1', allowHalfOpen: true });
        const pair = { client, upstream, ended: false };
        this.#open.add(pair);
        const close = () => this.#close(pair);
        for (const socket of [client, upstream]) socket.setNoDelay(true).on('error', close).on('close', close);
        client.once('data', (chunk) => (pair.cut = this.#cutFor(chunk)));
        this.#forward(pair, client, upstream, false);
        this.#forward(pair, upstream, client, true);
    }

    #cutFor(request) {
        const method = this.plan[0]?.method ?? '';
        return request.toString('latin1', 0, method.length) === method ? this.plan.shift() : undefined;
    }

    /** Takes bytes from one to the other, until there were enough of them for a cut. */
    #forward(pair, from, to, isAnswer) {
        let passed = 0;
        from.on('data', (chunk) => {
            if (pair.ended) return;
            const isCut = pair.cut && Boolean(pair.cut.answer) === isAnswer;
            const passing = isCut ? chunk.subarray(0, pair.cut.after - passed) : chunk;
            passed += passing.length;
            if (!to.write(passing)) {
                from.pause();
                to.once('drain', () => from.resume());
            }
            if (isCut && passed === pair.cut.after) this.#cut(pair);
        });
        from.on('end', () => to.end());
    }

    #cut(pair) {
        const { client, upstream, cut } = pair;
        pair.ended = true;
        this.#open.delete(pair);
        this.cuts++;
        if (cut.reset) upstream.resetAndDestroy();
        else upstream.end();
        client.resetAndDestroy();
        cut.then?.();
    }

    #close(pair) {
        if (pair.ended) return;
        pair.ended = true;
        this.#open.delete(pair);
        pair.client.destroy();
        pair.upstream.destroy();
    }

    stop() {
        this.plan = [];
        for (const pair of this.#open) this.#close(pair);
        this.#listener.close();
    }
}
