import { signal } from '../ui/runtime.ts';

/** Where the table of emoji is open for the text that is being written. */
export const pickingText = signal<{ anchor: HTMLElement; insert: (emoji: string) => void } | null>(null);
