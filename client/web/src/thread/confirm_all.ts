import { signal } from '../ui/runtime.ts';

/** The question whether everybody is to be told, while it stands. */
export const askingAll = signal<((yes: boolean) => void) | null>(null);

export function confirmAll(): Promise<boolean> {
    return new Promise((resolve) => {
        askingAll.value = (yes) => {
            askingAll.value = null;
            resolve(yes);
        };
    });
}
