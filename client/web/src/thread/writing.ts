import type { Message, Room } from '@banter/sdk';
import type { Signal } from '../ui/runtime.ts';

/** What a composer needs of where it writes to. */
export interface Writing {
    /** Of the thread, or of what is in its place until there is one: what files and drafts are kept by. */
    readonly threadId: string;
    readonly room: Pick<Room, 'draft' | 'typing' | 'startTyping' | 'stopTyping' | 'send'> & {
        readonly state: { readonly value: string };
    };
    readonly label: string;
    readonly mayWrite: boolean;
    readonly editing: Signal<string | null>;
    readonly quoting: Signal<Message | null>;
    lastOwn(): Message | undefined;
    /** False if it can't be written to now, which the person has been told. */
    ready(): boolean | Promise<boolean>;
    /** Something was sent by hand. */
    sent(): void;
}
