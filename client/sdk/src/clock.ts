/** Time and chance, as tests replace them. */
export interface Clock {
    /** ms since 1970; may jump. */
    now(): number;
    after(ms: number, run: () => void): Timer;
    /** Before the next frame of the screen, or soon where there is none. */
    frame(run: () => void): void;
    /** In [0, 1). */
    random(): number;
}

export interface Timer {
    cancel(): void;
}

export const realClock: Clock = {
    now: () => Date.now(),
    after(ms, run) {
        const id = setTimeout(run, ms);
        return { cancel: () => clearTimeout(id) };
    },
    frame(run) {
        // A hidden page gets no frames, and one that is hidden meanwhile gets no more.
        let isDone = false;
        const once = () => {
            if (!isDone) run();
            isDone = true;
        };
        const isShown = typeof document !== 'undefined' && document.visibilityState === 'visible';
        if (isShown) requestAnimationFrame(once);
        setTimeout(once, isShown ? 100 : 0);
    },
    random: () => Math.random(),
};

/** A call that runs `run` once before the next frame, however often it is made. */
export function byFrame(clock: Clock, run: () => void): () => void {
    let isWaiting = false;
    return () => {
        if (isWaiting) return;
        isWaiting = true;
        clock.frame(() => {
            isWaiting = false;
            run();
        });
    };
}

export function slept(clock: Clock, ms: number): Promise<void> {
    return new Promise((resolve) => {
        clock.after(ms, resolve);
    });
}
