import { signal } from '../ui/runtime.ts';

/** Whose card is open, and beside what. */
export const profile = signal<{ userId: string; anchor: HTMLElement } | null>(null);

export function openProfile(userId: string, anchor: HTMLElement): void {
    profile.value = { userId, anchor };
}
