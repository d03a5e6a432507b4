import { expect, it } from 'vitest';
import { score } from './fuzzy.ts';

const best = (query: string, names: string[]) =>
    names.toSorted((a, b) => score(query, b) - score(query, a))[0];

it('the beginning of a name fits best, then that of a word, then any letters in order', () => {
    expect(best('gen', ['agenda', 'team-general', 'general'])).toBe('general');
    expect(best('gen', ['agenda', 'team-general'])).toBe('team-general');
    expect(score('gnl', 'general')).toBeGreaterThan(0);
    expect(score('xyz', 'general')).toBe(0);
});

it('accents and capitals make no difference', () => {
    expect(score('uber', 'Über uns')).toBeGreaterThan(0);
});

it('ten thousand names are ranked in a fraction of a frame or two', () => {
    const names = Array.from({ length: 10_000 }, (_, at) => `thread number ${at}`);
    const begun = performance.now();
    for (const name of names) score('thr 99', name);
    expect(performance.now() - begun).toBeLessThan(200);
});
