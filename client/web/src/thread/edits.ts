import { keep, kept, keptNames } from '../app/kept.ts';

/** What is being written over a message is kept on this device until it is saved or given up: nothing is lost by a reload. */
const prefix = 'banter.edit.';

export const keptEdit = (messageId: string): string | null => kept(prefix + messageId);

export const keepEdit = (messageId: string, text: string | null): void => keep(prefix + messageId, text);

/** The messages with an edit that was not finished. */
export const keptEdits = (): string[] => keptNames(prefix).map((name) => name.slice(prefix.length));
