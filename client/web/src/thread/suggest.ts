import type { User } from '@banter/sdk';
import { chat } from '../app/chat.ts';
import { isolated, learn } from '../app/people.ts';
import { t } from '../i18n/t.ts';
import { knownEmoji } from '../text/known_emoji.ts';

export interface Suggestion {
    key: string;
    /** What is put in the place of the word. */
    insert: string;
    label: string;
    hint: string;
    /** Whose face stands in front of it. */
    user?: User;
    emoji?: string;
}

const most = 8;

export async function suggest(sign: '@' | ':', query: string, signal: AbortSignal): Promise<Suggestion[]> {
    return sign === '@' ? people(query, signal) : emoji(query);
}

/** The people that were picked last come first. */
const recent: string[] = [];
export function picked(suggestion: Suggestion): void {
    if (!suggestion.user) return;
    learn(suggestion.user);
    recent.unshift(suggestion.user.id);
    recent.splice(50);
}

async function people(query: string, signal: AbortSignal): Promise<Suggestion[]> {
    const wanted = query.toLowerCase();
    const found = await chat.users.search(wanted, signal).catch((): User[] => []);
    for (const user of found) learn(user);
    const rank = (user: User) => (recent.indexOf(user.id) + 51) % 51;
    const users = found
        .filter((user) => user.deletedAt === null)
        .sort(
            (a, b) => (recent.includes(b.id) ? 1 : 0) - (recent.includes(a.id) ? 1 : 0) || rank(a) - rank(b),
        )
        .slice(0, most)
        .map((user) => ({
            key: user.id,
            insert: `@${user.handle}`,
            label: isolated(user.displayName),
            hint: `@${user.handle}`,
            user,
        }));
    const all = ['channel', 'here']
        .filter((name) => name.startsWith(wanted))
        .map((name) => ({ key: name, insert: `@${name}`, label: `@${name}`, hint: t('composer.everyone') }));
    return [...users, ...all].slice(0, most);
}

async function emoji(query: string): Promise<Suggestion[]> {
    const wanted = query.toLowerCase();
    const usual = Object.entries(knownEmoji).filter(([name]) => name.startsWith(wanted));
    const table = await import('virtual:emoji').then(
        ({ default: entries }) => entries,
        () => [],
    );
    const more = [
        ...table.filter(([, name]) => name.startsWith(wanted)),
        ...table.filter(
            ([, name, words]) =>
                !name.startsWith(wanted) &&
                (name.includes(wanted) || words.split(' ').some((word) => word.startsWith(wanted))),
        ),
    ].map(([sign, name]): [string, string] => [name, sign]);
    const seen = new Set<string>();
    return [...usual, ...more]
        .filter(([, sign]) => !seen.has(sign) && seen.add(sign))
        .slice(0, most)
        .map(([name, sign]) => ({ key: sign, insert: sign, label: `:${name}:`, hint: '', emoji: sign }));
}
