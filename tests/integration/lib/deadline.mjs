// Deadlines are failures, never part of a test's logic: every wait ends by an event, and a
// deadline only says that the event never came. They are generous, because tests also run under
// sanitizers on small machines.
// BANTER_PATIENCE multiplies them.
const factor = Number(process.env.BANTER_PATIENCE ?? 1);
export const patience = 15_000 * factor;

let fileTimer;
/** A file that hangs is ended, also where the test runner has no limit of its own. */
export function fileMayTake(ms) {
    clearTimeout(fileTimer);
    const hangs = () => {
        console.error(`this test file has not ended within ${ms * factor} ms`);
        process.exit(1);
    };
    fileTimer = setTimeout(hangs, ms * factor).unref();
}
fileMayTake(240_000);

/** Settles as `promise` does, or rejects after `ms` with the name of what was waited for. */
export function within(ms, promise, what) {
    let timer;
    const expired = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what()}: not within ${ms} ms`)), ms);
    });
    return Promise.race([promise, expired]).finally(() => clearTimeout(timer));
}

/** Tries `attempt` until it gives something other than undefined; for states that announce nothing. */
export async function until(attempt, what, ms = patience) {
    const end = Date.now() + ms;
    for (;;) {
        const found = await attempt();
        if (found !== undefined) return found;
        if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
