import { signal } from '../ui/runtime.ts';
import { en } from './en.ts';

/** A text, or one for each plural form of the language with `{count}` in it. */
export type Text = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;
export type Key = keyof typeof en;
export type Texts = Readonly<Record<Key, Text>>;
export type Values = Readonly<Record<string, string | number>>;

/** The languages there are texts for; each is loaded when it is chosen. */
export const languages = [
    ['en', 'English'],
    ['de', 'Deutsch'],
] as const;
export type Language = (typeof languages)[number][0];

const rtl = new Set(['ar', 'fa', 'he', 'ur']);
const current = signal<{ language: Language; texts: Texts }>({ language: 'en', texts: en });

export const language = () => current.value.language;

/** The language that the browser asks for, if there is one for it. */
export function preferredLanguage(): Language {
    const wanted = navigator.languages.map((each) => each.split('-')[0]);
    const known = wanted.find((each) => languages.some(([name]) => name === each));
    return languages.find(([name]) => name === known)?.[0] ?? 'en';
}

export async function setLanguage(name: Language): Promise<void> {
    const texts: Texts = name === 'de' ? (await import('./de.ts')).de : en;
    current.value = { language: name, texts };
    document.documentElement.lang = name;
    document.documentElement.dir = rtl.has(name) ? 'rtl' : 'ltr';
}

/** The text of the app in the language of the person; `{name}` in it stands for a value. */
export function t(key: Key, values: Values = {}): string {
    const { texts, language: name } = current.value;
    const text = texts[key];
    const chosen =
        typeof text === 'string'
            ? text
            : (text[pluralRules(name).select(Number(values['count']))] ?? text.other);
    return chosen.replace(/\{(\w+)\}/g, (whole, value: string) => {
        const given = values[value];
        return given === undefined ? whole : typeof given === 'number' ? given.toLocaleString(name) : given;
    });
}

const rules = new Map<string, Intl.PluralRules>();
function pluralRules(name: string): Intl.PluralRules {
    const known = rules.get(name) ?? new Intl.PluralRules(name);
    rules.set(name, known);
    return known;
}
