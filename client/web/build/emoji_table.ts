import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const virtual = 'virtual:emoji';

interface Compact {
    unicode: string;
    hexcode: string;
    label: string;
    group?: number;
    order?: number;
    tags?: string[];
}

/** [the emoji, its short name, words to find it by, index of its group] */
export type EmojiEntry = [emoji: string, name: string, words: string, group: number];

/**
 * Serves `virtual:emoji`: the emoji of Unicode in the usual order with GitHub's short names, from emojibase. It is
 * made at build time so that the app ships a fifth of that package.
 */
export function emojiTable(): Plugin {
    return {
        name: 'banter-emoji',
        resolveId: (id) => (id === virtual ? `\0${virtual}` : null),
        load: (id) => (id === `\0${virtual}` ? `export default JSON.parse(${source()});` : null),
    };
}

function source(): string {
    return JSON.stringify(JSON.stringify(entries()));
}

export function entries(): EmojiEntry[] {
    const compact: Compact[] = require('emojibase-data/en/compact.json');
    const names: Record<string, string | string[]> = require('emojibase-data/en/shortcodes/github.json');
    return compact
        .filter((each) => each.group !== undefined && each.group !== 2)
        .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
        .map((each) => {
            const known = names[each.hexcode];
            const all = known === undefined ? [] : [known].flat();
            const name = all[0] ?? each.label.toLowerCase().replace(/[^a-z0-9]+/g, '_');
            const words = new Set([...all.slice(1), ...(each.tags ?? []).slice(0, 6)]);
            return [each.unicode, name, [...words].join(' '), each.group ?? 0];
        });
}
