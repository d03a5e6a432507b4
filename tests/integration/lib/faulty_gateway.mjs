// Stands between a server and S3, and does to requests and answers what bad networks, overloaded
// services and proxies in between do.
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';

/** By method, and by which parameter is in the query; in this order. */
const operations = [
    ['GET', 'list-type', 'list objects'],
    ['GET', 'uploads', 'list uploads'],
    ['GET', 'uploadId', 'list parts'],
    ['PUT', 'partNumber', 'put part'],
    ['POST', 'uploads', 'begin'],
    ['POST', 'uploadId', 'complete'],
    ['DELETE', 'uploadId', 'abort'],
    ['GET', undefined, 'get'],
    ['HEAD', undefined, 'head'],
    ['PUT', undefined, 'put'],
    ['DELETE', undefined, 'delete'],
];

function operationOf({ method, url }) {
    const { searchParams } = new URL(url, 'http://127.0.0.1');
    const fits = ([name, parameter]) => name === method && (!parameter || searchParams.has(parameter));
    return operations.find(fits)[2];
}

const errorBody = (code) =>
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>made up</Message></Error>`;
const page = '<!DOCTYPE html><html><body>Please sign in to this network.</body></html>';

/**
 * What may happen to an exchange: {reaches?, answer?, isLost?, cutAfter?, slowMs?}. `reaches: false` keeps it from S3;
 * `answer` {status, headers, body} is given instead of what S3 says, or `change` makes one of that; `isLost` ends the
 * connection without an answer, `cutAfter` after so many bytes of its body; `slowMs` passes for each 64 KiB.
 */
export const faults = {
    refused: (status, code = 'InternalError') => ({
        reaches: false,
        answer: { status, body: errorBody(code) },
    }),
    doneAndRefused: (status, code = 'InternalError') => ({ answer: { status, body: errorBody(code) } }),
    /** How S3 says that a completion failed after it had begun to answer. */
    failedLate: { reaches: false, answer: { status: 200, body: errorBody('InternalError') } },
    doneAndFailedLate: { answer: { status: 200, body: errorBody('InternalError') } },
    page: { reaches: false, answer: { status: 200, body: page, headers: { 'content-type': 'text/html' } } },
    empty: { reaches: false, answer: { status: 200, body: '' } },
    pretended: (status) => ({ reaches: false, answer: { status, body: '' } }),
    lost: { isLost: true },
    lostBefore: { isLost: true, reaches: false },
    cut: (cutAfter) => ({ cutAfter }),
    slow: (slowMs) => ({ slowMs }),
    without: (header) => ({
        change: ({ headers, ...answer }) => ({ ...answer, headers: { ...headers, [header]: undefined } }),
    }),
};

const pieceBytes = 1 << 16;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class FaultyGateway {
    /** Gives the fault of an operation, or nothing. */
    fault = () => undefined;
    /** How often each operation was asked for. */
    counts = {};
    #s3;
    #listener = createServer((request, response) => this.#serve(request, response));

    static async start(s3) {
        const gateway = new FaultyGateway();
        gateway.#s3 = s3;
        await once(gateway.#listener.listen(0, '127.0.0.1'), 'listening');
        return gateway;
    }

    get endpoint() {
        return `http://127.0.0.1:${this.#listener.address().port}`;
    }

    /** By operation, what happens to it the next times: a list, or one fault for every time. */
    plan(planned) {
        this.fault = (operation) => {
            const next = planned[operation];
            return Array.isArray(next) ? next.shift() : next;
        };
    }

    async #serve(request, response) {
        // Whoever asked may be gone: that is for S3 to see, as it would be.
        for (const side of [request, response]) side.on('error', () => {});
        const operation = operationOf(request);
        this.counts[operation] = (this.counts[operation] ?? 0) + 1;
        const fault = this.fault(operation) ?? {};
        try {
            const body = await received(request, fault.slowMs);
            const real = fault.reaches === false ? undefined : await this.#asked(request, body);
            const answer = fault.answer ?? fault.change?.(real) ?? real;
            if (fault.isLost) request.socket.destroy();
            else await give(response, answer, fault);
        } catch {
            request.socket.destroy();
        }
    }

    /** What S3 says. The signature covers Host, which stays as it was. */
    async #asked({ method, url, headers }, body) {
        const { expect, connection, ...others } = headers;
        const { port } = this.#s3;
        const asked = ask({ host: '127.0.0.1', port, method, path: url, headers: others, agent: false });
        asked.end(body);
        const [answer] = await once(asked, 'response');
        const { connection: kept, ...given } = answer.headers;
        return { status: answer.statusCode, headers: given, body: await received(answer) };
    }

    stop() {
        this.#listener.close();
        this.#listener.closeAllConnections();
    }
}

async function received(stream, slowMs) {
    const chunks = [];
    for await (const chunk of stream) {
        chunks.push(chunk);
        if (slowMs) await pause(slowMs);
    }
    return Buffer.concat(chunks);
}

async function give(response, { status, headers = {}, body }, { cutAfter, slowMs }) {
    const bytes = Buffer.from(body);
    const chunked = headers['transfer-encoding'] !== undefined;
    const { 'transfer-encoding': _, ...others } = headers;
    const length = others['content-length'] ?? bytes.length;
    const known = Object.entries(chunked ? others : { ...others, 'content-length': length });
    response.writeHead(status, Object.fromEntries(known.filter(([, value]) => value !== undefined)));
    if (cutAfter !== undefined) {
        response.write(bytes.subarray(0, cutAfter), () => response.socket.destroy());
        return;
    }
    for (let at = 0; slowMs && at < bytes.length; at += pieceBytes) {
        response.write(bytes.subarray(at, at + pieceBytes));
        await pause(slowMs);
    }
    response.end(slowMs ? undefined : bytes);
}
