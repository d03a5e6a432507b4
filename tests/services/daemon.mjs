// A process of a service, known by its pid, with its output in a file. It is in a session of its
// own, so that no terminal interrupts it, and is killed when the process that started it dies.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const log_bytes_shown = 3000;

/** Daemons are where only root's PATH leads. */
const folders = [...process.env.PATH.split(':'), '/usr/sbin', '/usr/local/sbin'];

function programOf(name) {
    const folder = folders.find((folder) => existsSync(join(folder, name)));
    if (!folder) throw new Error(`there is no ${name}: script/bootstrap services installs it`);
    return join(folder, name);
}

export class Daemon {
    #command;
    #log;
    #child;

    /** Starts it. */
    constructor(name, [program, ...args], directory) {
        this.name = name;
        this.#command = ['--pdeathsig', 'KILL', programOf(program), ...args];
        this.#log = join(directory, `${name}.log`);
        this.start();
    }

    /** Starts it again. Whether it is ready then, its service knows. */
    start() {
        const log = openSync(this.#log, 'a');
        const stdio = ['ignore', log, log];
        this.#child = spawn('setpriv', this.#command, { cwd: '/', detached: true, stdio });
        closeSync(log);
        /** Gives the status or the signal that it ended with; never rejects. */
        this.ended = new Promise((settle) => {
            this.#child.on('error', (error) => settle(String(error)));
            this.#child.on('exit', (code, signal) => settle(signal ?? code));
        });
    }

    get pid() {
        return this.#child.pid;
    }

    get running() {
        return this.#child.exitCode === null && this.#child.signalCode === null;
    }

    /** From now on this process may end before it does, and ends it then. */
    leave() {
        this.#child.unref();
    }

    signal(name) {
        if (this.running) this.#child.kill(name);
    }

    async kill9() {
        this.signal('SIGKILL');
        await this.ended;
    }

    /** The end of what it said, since its first start. */
    get log() {
        return readFileSync(this.#log, 'utf8').slice(-log_bytes_shown);
    }
}
