import type { Attachment } from '@banter/sdk';
import { signal } from '../ui/runtime.ts';

/** The pictures of one message that are looked at, and which of them. */
export interface Gallery {
    messageId: string;
    pictures: readonly Attachment[];
    at: number;
}

export const gallery = signal<Gallery | null>(null);

export function openLightbox(messageId: string, pictures: readonly Attachment[], at: number): void {
    gallery.value = { messageId, pictures, at };
}
