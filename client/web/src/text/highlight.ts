import { ownScript } from '../app/trusted.ts';
import address from './highlight.worker.ts?worker&url';

/** Coloured code: text, and parts of it that are of one kind. */
export type Highlighted = readonly (string | { kind: string; children: Highlighted })[];
export interface HighlightRequest {
    id: number;
    language: string;
    text: string;
}
export interface HighlightAnswer {
    id: number;
    result: Highlighted | null;
}

/** More than this stays plain: colouring it takes longer than reading it helps. */
const longest = 20_000;
const waiting = new Map<number, (result: Highlighted | null) => void>();
const done = new Map<string, Highlighted | null>();
let worker: Worker | null = null;
let last = 0;

/** Colours code in a worker, which is loaded when the first code is shown; null if the language isn't known. */
export function highlight(language: string, text: string): Promise<Highlighted | null> {
    const key = `${language}\n${text}`;
    const known = done.get(key);
    if (known !== undefined) return Promise.resolve(known);
    if (text.length > longest) return Promise.resolve(null);
    worker ??= start();
    const id = ++last;
    return new Promise((resolve) => {
        waiting.set(id, (result) => {
            if (done.size > 200) done.clear();
            done.set(key, result);
            resolve(result);
        });
        worker?.postMessage({ id, language, text } satisfies HighlightRequest);
    });
}

function start(): Worker {
    const made = new Worker(ownScript(new URL(address, location.href)), { type: 'module' });
    made.addEventListener('message', ({ data }: MessageEvent<HighlightAnswer>) => {
        waiting.get(data.id)?.(data.result);
        waiting.delete(data.id);
    });
    made.addEventListener('error', () => {
        for (const give of waiting.values()) give(null);
        waiting.clear();
    });
    return made;
}
