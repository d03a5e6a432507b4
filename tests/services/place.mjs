// Where a service of the tests lives: one temporary directory with all that it writes, and the
// processes that run in it. They are known by their pids alone, and none outlives this process.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Daemon } from './daemon.mjs';

/** Nothing here takes a tenth of that, unless it hangs. */
const patience = 60_000 * Number(process.env.BANTER_PATIENCE ?? 1);

const answer_ms_max = 5_000;

const places = new Set();
process.on('exit', () => places.forEach((place) => place.clear()));

/** Below those that the system gives to outgoing connections, so that none of them is there first. */
const ports = { first: 20_000, count: 12_000 };
const given = new Set();

/** A port of 127.0.0.1 on which nobody listens. */
export async function freePort() {
    for (;;) {
        const port = ports.first + Math.floor(Math.random() * ports.count);
        if (given.has(port)) continue;
        given.add(port);
        const server = createServer().listen(port, '127.0.0.1');
        const free = await once(server, 'listening').then(
            () => true,
            () => false,
        );
        server.close();
        if (free) return port;
    }
}

/** The status that a request without a body gets; 0 while nobody answers. */
export function statusOf(url, options) {
    return new Promise((settle) => {
        const asked = request(url, { agent: false, timeout: answer_ms_max, ...options });
        asked.on('response', (response) => settle(response.resume().statusCode));
        asked.on('timeout', () => asked.destroy());
        asked.on('error', () => settle(0));
        asked.end();
    });
}

/** Starts a service that `make` gives; with other ports if somebody took one before it could listen there. */
export async function started(make) {
    for (let attempt = 1; ; attempt++) {
        const service = make();
        try {
            await service.start();
            return service;
        } catch (error) {
            await service.stop();
            if (attempt === 3 || !/address already in use/i.test(error.message)) throw error;
        }
    }
}

export class Place {
    directory = mkdtempSync(join(process.env.BANTER_TEST_SERVICES_DIRECTORY ?? tmpdir(), 'banter-services-'));
    #daemons = [];

    constructor() {
        places.add(this);
    }

    path(name) {
        return join(this.directory, name);
    }

    /** Starts a program that stays. */
    daemon(name, ...command) {
        const daemon = new Daemon(name, command, this.directory);
        this.#daemons.push(daemon);
        return daemon;
    }

    /** Runs a program that ends, and has to end well, before anything that it may be waiting for has ended. */
    async run(...command) {
        const others = [...this.#daemons];
        const program = this.daemon(command[0], ...command);
        const timer = setTimeout(() => program.signal('SIGKILL'), patience);
        const failed = others.map((daemon) => daemon.ended.then(() => `after ${daemon.name}`));
        const end = await Promise.race([program.ended, ...failed]);
        clearTimeout(timer);
        if (end !== 0) throw new Error(`${command[0]} ended with ${end}\n${this.logs}`);
        this.#daemons.splice(this.#daemons.indexOf(program), 1);
    }

    /** Asks `probe` until it says yes. */
    async ready(what, probe) {
        const end = Date.now() + patience;
        while (!(await probe())) {
            const ended = this.#daemons.find((daemon) => !daemon.running);
            if (ended || Date.now() > end) {
                const why = ended ? `${ended.name} has ended` : `not within ${patience} ms`;
                throw new Error(`${what} is not ready: ${why}\n${this.logs}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    }

    /** The end of what each of them said. */
    get logs() {
        return this.#daemons.map(({ name, log }) => `--- ${name}:\n${log}`).join('\n');
    }

    /** Everything ends and is gone. Nothing is asked to end well: nothing of it is kept. */
    async stop() {
        await Promise.all(this.#daemons.map((daemon) => daemon.kill9()));
        this.clear();
    }

    clear() {
        for (const daemon of this.#daemons) daemon.signal('SIGKILL');
        rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
        places.delete(this);
    }
}
