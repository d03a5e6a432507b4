import type { Prefs } from './prefs.ts';

/** Whether it is now, as `HH:MM`, one of the quiet hours; they may go over midnight. */
export function isQuiet(quiet: Prefs['quiet'], now: string): boolean {
    if (!quiet || quiet.from === quiet.to) return false;
    const { from, to } = quiet;
    return from < to ? now >= from && now < to : now >= from || now < to;
}

export function hourOf(date: Date): string {
    const two = (part: number) => String(part).padStart(2, '0');
    return `${two(date.getHours())}:${two(date.getMinutes())}`;
}
