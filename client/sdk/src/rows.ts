import type { BanterError } from './error.ts';
import type { PendingMessage, Row } from './types.ts';
import type { Message } from './wire.ts';

/** A row goes on from the one above within this time. */
const groupMs = 5 * 60_000;

/** What tells two rows of one message apart. */
const shown = ['message', 'pending', 'state', 'error', 'startsDay', 'grouped', 'day'] as const;

/** A message as the outbox has it. */
export interface Outgoing {
    pending: PendingMessage;
    state: 'sending' | 'failed';
    error?: BanterError;
    /** The server has it, and the thread's own order has not brought it yet. */
    message?: Message;
}

/** Turns messages into rows, and gives the same object for a row of which nothing has changed. */
export class RowBuilder {
    #known = new Map<string, Row>();

    build(messages: Iterable<Message>, outgoing: readonly Outgoing[], me: string | undefined): Row[] {
        const rows: Row[] = [];
        const known = new Map<string, Row>();
        const add = (row: Row) => {
            const before = this.#known.get(row.key);
            const kept = before && same(before, row) ? before : row;
            known.set(kept.key, kept);
            rows.push(kept);
        };
        for (const message of messages) add(settled(message, rows.at(-1), me));
        for (const { pending, message, state, error } of outgoing) {
            if (message) add(settled(message, rows.at(-1), me));
            else {
                const place = placed(me ?? '', pending.createdAt, pending.replyTo, rows.at(-1));
                add({ ...place, key: pending.nonce, state, pending, ...(error && { error }) } as Row);
            }
        }
        this.#known = known;
        return rows;
    }
}

/** Own messages are known by their nonce from the beginning; a nonce of another's proves nothing. */
function settled(message: Message, above: Row | undefined, me: string | undefined): Row {
    const key = message.authorId === me ? message.nonce : message.id;
    const place = placed(message.authorId, message.createdAt, message.replyTo, above);
    return { ...place, key, state: 'settled', message };
}

function placed(authorId: string, createdAt: string, replyTo: string | null, above: Row | undefined) {
    const day = dayOf(createdAt);
    const startsDay = above?.day !== day;
    const near = above && Date.parse(createdAt) - Date.parse(above.createdAt) < groupMs;
    const grouped = Boolean(near && !startsDay && above.authorId === authorId && replyTo === null);
    return { authorId, createdAt, day, startsDay, grouped };
}

function same(a: Row, b: Row): boolean {
    return shown.every((part) => a[part] === b[part]);
}

function dayOf(time: string): string {
    const date = new Date(time);
    const two = (value: number) => String(value).padStart(2, '0');
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
