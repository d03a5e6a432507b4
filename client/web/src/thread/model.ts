import { BanterError, type Message, type Room, type Row } from '@banter/sdk';
import { chat, me } from '../app/chat.ts';
import { failed } from '../app/toasts.tsx';
import { sayMessage } from '../app/announce.tsx';
import { nameOf, titleOf } from '../app/people.ts';
import { t } from '../i18n/t.ts';
import { plainText } from '../text/plain.ts';
import { type Seen, WindowEngine } from '../list/engine.ts';
import { computed, effect, type ReadonlySignal, signal } from '../ui/runtime.ts';
import type { Writing } from './writing.ts';

export const seqOf = (row: Row): number | null => row.message?.seq ?? null;

function authorsAfter(seq: number, rows: readonly Row[]): string[] {
    const authors = new Set<string>();
    for (let at = rows.length - 1; at >= 0; at--) {
        const row = rows[at];
        if (!row?.message || row.message.seq <= seq) break;
        authors.add(row.authorId);
    }
    return [...authors];
}

/**
 * One open thread as it is looked at: what the room says, where the reader is, and what they are about to do. A model
 * lives as long as the thread is in view.
 */
export class ThreadModel implements Writing {
    readonly room: Room;
    readonly engine = new WindowEngine<Row>();
    /** The id of the message that is being edited, in its row. */
    readonly editing = signal<string | null>(null);
    /** What the next message quotes. */
    readonly quoting = signal<Message | null>(null);
    /** Everything above this seq was new when the thread was opened; null once that is seen to. */
    readonly newFrom = signal<number | null>(null);
    /** The row above which the line stands that says so; null if it isn't loaded. */
    readonly newKey: ReadonlySignal<string | null>;
    /** How many messages came while the reader is not at the end. */
    readonly arrived: ReadonlySignal<number>;
    /** Who wrote them, the latest first. */
    readonly arrivedBy: ReadonlySignal<readonly string[]>;
    /** The day of the topmost row in view. */
    readonly topDay = signal<string | null>(null);
    /** Whether the line of what is new lies above what is in view. */
    readonly newAbove = signal(false);
    /** Where the reader was before a jump: a seq, or the end. */
    readonly #from = signal<number | 'end' | null>(null);
    readonly #leftAt = signal(0);
    readonly #stop: (() => void)[] = [];
    #positioned = false;
    /** Set by an address that names a message: then that is where the thread opens. */
    #placed = false;
    #lastSeen = 0;
    #announced = Number.POSITIVE_INFINITY;

    constructor(readonly threadId: string) {
        this.room = chat.open(threadId);
        this.newKey = computed(() => this.#findNew());
        this.arrived = computed(() => Math.max(0, (this.room.thread.value?.seq ?? 0) - this.#leftAt.value));
        this.arrivedBy = computed(() => authorsAfter(this.#leftAt.value, this.room.rows.value));
        this.engine.onSeen = (seen) => this.#seen(seen);
        const focused = () => this.#markSeen();
        addEventListener('focus', focused);
        document.addEventListener('visibilitychange', focused);
        this.#stop.push(
            () => removeEventListener('focus', focused),
            () => document.removeEventListener('visibilitychange', focused),
            effect(() => this.#position()),
            effect(() => this.#announce()),
            effect(() => this.#draw()),
            effect(() => {
                if (this.engine.pinned.value) this.#leftAt.value = this.room.thread.value?.seq ?? 0;
            }),
        );
    }

    close(): void {
        for (const stop of this.#stop) stop();
        this.room.stopTyping();
        this.room.close();
    }

    /** Whether what is said here can be answered by this person. */
    get mayWrite(): boolean {
        const thread = this.room.thread.value;
        return (thread?.archivedAt ?? null) === null && this.room.state.value !== 'gone';
    }

    get label(): string {
        const thread = this.room.thread.value;
        if (!thread) return t('composer.plain');
        return thread.kind === 'reply'
            ? t('composer.reply')
            : t('composer.label', { thread: titleOf(thread) });
    }

    ready(): boolean {
        return true;
    }

    sent(): void {
        this.newFrom.value = null;
        this.engine.toEnd();
    }

    rowOf(messageId: string): Row | undefined {
        return this.room.rows.peek().find((row) => row.message?.id === messageId);
    }

    /** The newest message of this person, for the Up key. */
    lastOwn(): Message | undefined {
        const own = me()?.id;
        return this.room.rows
            .peek()
            .findLast(({ message }) => message?.authorId === own && message?.deletedAt === null)?.message;
    }

    async toLatest(): Promise<void> {
        if (!this.room.window.peek().atEnd) await this.room.latest().catch(failed);
        this.engine.toEnd();
    }

    async toNew(): Promise<void> {
        const from = this.newFrom.peek();
        if (from !== null) await this.#toSeq(from + 1, 'start');
    }

    /** Goes to a message, shows which it is, and keeps where the reader was. */
    async toMessage(messageId: string): Promise<void> {
        this.#placed = true;
        try {
            const known = this.rowOf(messageId)?.message;
            const message =
                known ?? (await chat.api.get('/api/messages/{messageId}', { path: { messageId } }));
            this.#from.value = this.engine.pinned.peek() ? 'end' : this.#lastSeen;
            await this.#toSeq(message.seq, 'center', true);
        } catch (thrown) {
            failed(thrown);
        }
    }

    /** Back from `toMessage`. */
    async goBack(): Promise<void> {
        const from = this.#from.peek();
        this.#from.value = null;
        if (from === 'end') await this.toLatest();
        else if (from !== null) await this.#toSeq(from, 'center');
    }

    async toTime(time: Date): Promise<void> {
        try {
            await this.room.at(time);
            const first = this.room.rows.peek()[0];
            if (first) this.engine.toRow(first.key, { block: 'start', flash: true });
        } catch (thrown) {
            failed(thrown);
        }
    }

    async markUnread(message: Message): Promise<void> {
        try {
            await this.room.markUnread(message.seq);
            this.newFrom.value = message.seq - 1;
            this.#lastSeen = 0;
            this.#heldUnread = true;
        } catch (thrown) {
            failed(thrown);
        }
    }

    /** The line goes, and all is read. */
    markRead(): void {
        this.newFrom.value = null;
        this.#heldUnread = false;
        this.room.markRead();
    }

    /** Set by "mark unread": being in view doesn't make it read again until the thread is opened anew. */
    #heldUnread = false;

    /** The first answer brings the newest messages; a place that was asked for earlier would be lost to it. */
    #joined(): Promise<void> {
        return new Promise((resolve) => {
            const stop = effect(() => {
                if (this.room.state.value === 'joining') return;
                queueMicrotask(() => stop());
                resolve();
            });
            this.#stop.push(stop);
        });
    }

    async #toSeq(seq: number, block: 'center' | 'start', flash = false): Promise<void> {
        await this.#joined();
        const rows = this.room.rows.peek();
        const loaded = rows.some((row) => seqOf(row) === seq);
        if (!loaded) await this.room.around(seq);
        const row = this.room.rows.peek().find((each) => (seqOf(each) ?? 0) >= seq);
        if (row) this.engine.toRow(row.key, { block, flash });
        else this.engine.toEnd();
    }

    #findNew(): string | null {
        const from = this.newFrom.value;
        if (from === null) return null;
        const rows = this.room.rows.value;
        const first = seqOf(rows[0] ?? ({} as Row)) ?? 0;
        if (first > from + 1 && !this.room.window.value.atStart) return null;
        return rows.find((row) => (seqOf(row) ?? 0) > from && row.authorId !== me()?.id)?.key ?? null;
    }

    /** Once, when the thread is there: to the first unread message, else the end stays in view. */
    #position(): void {
        const membership = this.room.thread.value?.membership;
        const rows = this.room.rows.value;
        if (this.#positioned || !membership || rows.length === 0 || this.room.state.value === 'joining')
            return;
        this.#positioned = true;
        this.#announced = this.room.thread.peek()?.seq ?? 0;
        if (membership.unread === 0) return;
        this.newFrom.value = membership.readSeq;
        if (this.#placed) return;
        // Not from within this effect, which would then depend on all that the jump reads.
        queueMicrotask(() => void this.toNew().catch((thrown) => failed(BanterError.from(thrown))));
    }

    /** What comes while nobody looks gets its line. */
    #draw(): void {
        const membership = this.room.thread.value?.membership;
        if (!membership || !this.#positioned || this.newFrom.peek() !== null) return;
        if (membership.unread > 0 && !document.hasFocus()) this.newFrom.value = membership.readSeq;
    }

    #announce(): void {
        const rows = this.room.rows.value;
        const last = rows.at(-1)?.message;
        if (!last || last.seq <= this.#announced) return;
        for (const { message } of rows)
            if (message && message.seq > this.#announced && message.authorId !== me()?.id)
                sayMessage(nameOf(message.authorId), plainText(message.content, nameOf));
        this.#announced = last.seq;
    }

    #seen({ first, last }: Seen): void {
        const rows = this.room.rows.peek();
        const at = rows.findIndex((row) => row.key === first);
        this.topDay.value = rows[at]?.day ?? null;
        const newAt = rows.findIndex((row) => row.key === this.newKey.peek());
        this.newAbove.value = this.newFrom.peek() !== null && (newAt < 0 || newAt < at);
        const lastRow = rows.findLast((row) => row.message) && rows.find((row) => row.key === last);
        this.#lastSeen = (lastRow && seqOf(lastRow)) ?? this.#newestSeq();
        this.#markSeen();
    }

    #newestSeq(): number {
        return this.room.rows.peek().findLast((row) => row.message)?.message?.seq ?? 0;
    }

    /** What is on the screen of somebody who looks at it is read. */
    #markSeen(): void {
        const readSeq = this.room.thread.peek()?.membership?.readSeq;
        if (
            readSeq === undefined ||
            this.#heldUnread ||
            !document.hasFocus() ||
            document.visibilityState !== 'visible'
        )
            return;
        if (this.#positioned && this.#lastSeen > readSeq) this.room.markRead(this.#lastSeen);
    }
}
