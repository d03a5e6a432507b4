// A server whose clocks are ahead, by as much as the test says while it runs.
import { execFileSync } from 'node:child_process';
import { openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { temporaryDirectory } from './server.mjs';

const source = fileURLToPath(new URL('moved_clock.cpp', import.meta.url));

export class MovedClock {
    #library;
    #path;
    #file;
    seconds = 0;

    constructor() {
        const directory = temporaryDirectory();
        process.on('exit', () => rmSync(directory, { recursive: true }));
        this.#library = join(directory, 'moved_clock.so');
        execFileSync('c++', ['-std=c++20', '-O1', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-o', this.#library, source]);
        this.#path = join(directory, 'seconds');
        this.#file = openSync(this.#path, 'w');
        this.set(0);
    }

    /** Sets it ahead of this machine's, at once. */
    set(seconds) {
        this.seconds = seconds;
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64LE(BigInt(seconds));
        writeSync(this.#file, bytes, 0, bytes.length, 0);
    }

    /** options.inside of a server. */
    get inside() {
        return ['env', `LD_PRELOAD=${this.#library}`, `MOVED_CLOCK=${this.#path}`];
    }
}
