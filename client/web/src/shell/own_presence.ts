import { chat } from '../app/chat.ts';
import { signal } from '../ui/runtime.ts';

/** How this person wants to be shown, as last said on this device. */
export const ownPresence = signal<'online' | 'away' | 'dnd'>('online');

export function setOwnPresence(presence: 'online' | 'away' | 'dnd'): void {
    ownPresence.value = presence;
    chat.setPresence(presence);
}
