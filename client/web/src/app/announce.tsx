import { type ReadonlySignal, signal } from '../ui/runtime.ts';
import { t } from '../i18n/t.ts';
import { prefs } from './prefs.ts';

const polite = signal('');
const urgent = signal('');

/** Tells who uses a screen reader, when they pause. */
export function say(text: string): void {
    polite.value = polite.peek() === text ? `${text}\u200b` : text;
}

/** Tells them at once: for what went wrong. */
export function alert(text: string): void {
    urgent.value = urgent.peek() === text ? `${text}\u200b` : text;
}

const burst: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Tells of a new message in the thread in view; of more than three at once only how many. */
export function sayMessage(author: string, text: string): void {
    if (!prefs.peek().announce) return;
    burst.push(`${author}: ${text.slice(0, 240)}`);
    clearTimeout(timer);
    timer = setTimeout(() => {
        const lines = burst.splice(0);
        say(lines.length > 3 ? t('announce.many', { count: lines.length }) : lines.join('. '));
    }, 500);
}

const said: ReadonlySignal<string> = polite;

export function Announcer() {
    return (
        <>
            <div class="hide" role="status" aria-live="polite">
                {said.value}
            </div>
            <div class="hide" role="alert" aria-live="assertive">
                {urgent.value}
            </div>
        </>
    );
}
