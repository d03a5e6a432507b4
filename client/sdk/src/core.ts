import type { Api } from './api.ts';
import type { Clock } from './clock.ts';
import type { Link } from './link.ts';
import type { Shelf } from './shelf.ts';

/** What the parts of a chat share. */
export interface Core {
    link: Link;
    api: Api;
    clock: Clock;
    shelf: Shelf;
    /** The signed-in user's id; undefined until somebody was ever signed in here. */
    me(): string | undefined;
    epoch(): string | undefined;
}
