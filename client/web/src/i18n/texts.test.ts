import { expect, it } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import type { Text } from './t.ts';

const values = (text: Text) => {
    const forms = typeof text === 'string' ? [text] : Object.values(text);
    return forms.map((form) =>
        [...form.matchAll(/\{(\w+)\}/g)]
            .map(([, name]) => name)
            .sort()
            .join(),
    );
};

it('every text has the same values in every language', () => {
    expect(Object.keys(de)).toEqual(Object.keys(en));
    for (const [key, text] of Object.entries(en)) {
        const other = de[key as keyof typeof de];
        expect([...new Set(values(other))], key).toEqual([...new Set(values(text))]);
    }
});
