// Kills a process after a time that the busy main thread has no part in. Runs as a worker thread:
// it gets {pid, afterMs}, waits and sends SIGKILL, so that the moment does not depend on what the
// clients are doing.
import { parentPort } from 'node:worker_threads';

const never = new Int32Array(new SharedArrayBuffer(4));

parentPort.on('message', ({ pid, afterMs }) => {
    Atomics.wait(never, 0, 0, afterMs);
    process.kill(pid, 'SIGKILL');
});
