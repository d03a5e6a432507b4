import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

// The contrast of every pair of colours that stand on each other, by WCAG's formula.

const css = readFileSync(`${import.meta.dirname}/tokens.css`, 'utf8');
const usual = css.slice(0, css.indexOf('@layer contrast'));
const token = (name: string, dark: boolean) => {
    const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(usual);
    const colour = found?.[dark ? 2 : 1];
    if (colour === undefined) throw new Error(`there is no --${name}`);
    return colour;
};

const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
type Rgb = readonly [number, number, number];
const luminance = ([red, green, blue]: Rgb) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
const rgb = (hex: string): Rgb => {
    const part = (at: number) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255);
    return [part(1), part(3), part(5)];
};
const contrast = (a: Rgb, b: Rgb) => {
    const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
};

const pairs: [string, string[], number][] = [
    ['text', ['bg', 'bg-sidebar', 'bg-sunken', 'bg-raised', 'bg-hover', 'bg-active', 'mention'], 4.5],
    ['text-muted', ['bg', 'bg-sidebar', 'bg-hover', 'bg-raised'], 4.5],
    ['text-subtle', ['bg', 'bg-sidebar', 'bg-hover'], 4.5],
    ['link', ['bg', 'bg-hover', 'mention'], 4.5],
    ['on-accent', ['accent', 'accent-hover', 'unread'], 4.5],
    ['accent', ['accent-soft'], 4.5],
    ['danger', ['bg', 'danger-soft'], 4.5],
    ['success', ['bg'], 4.5],
    ['warning', ['bg', 'warning-soft'], 4.5],
    ['mention-text', ['mention'], 4.5],
    ['code-text', ['bg-code'], 4.5],
    ['unread', ['bg-sidebar'], 3],
    ['border-strong', ['bg', 'bg-raised'], 3],
    ['focus', ['bg', 'bg-sidebar', 'bg-hover'], 3],
    ['online', ['bg', 'bg-sidebar'], 3],
];

describe.each([
    ['light', false],
    ['dark', true],
] as const)('in the %s theme', (_, dark) => {
    it.each(pairs.flatMap(([front, backs, need]) => backs.map((back) => [front, back, need] as const)))(
        '%s can be read on %s',
        (front, back, need) => {
            expect(contrast(rgb(token(front, dark)), rgb(token(back, dark)))).toBeGreaterThanOrEqual(need);
        },
    );
});

/** OKLCH to linear sRGB. */
function oklch(lightness: number, chroma: number, hue: number): Rgb {
    const angle = (hue * Math.PI) / 180;
    const a = chroma * Math.cos(angle);
    const b = chroma * Math.sin(angle);
    const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
    const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
    const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
    const clamp = (value: number) => Math.min(1, Math.max(0, value));
    return [
        clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
        clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
        clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    ];
}

it('the letters of a person without a picture can be read on every one of the hues', () => {
    const sheet = readFileSync(`${import.meta.dirname}/../ui/avatar.module.css`, 'utf8');
    const hues = [
        ...sheet.matchAll(/data-hue=['"]\d+['"]\]\s*\{\s*background: oklch\(([\d.]+) ([\d.]+) (\d+)\)/g),
    ];
    expect(hues.length).toBe(12);
    for (const [, lightness, chroma, hue] of hues)
        expect(
            contrast(oklch(Number(lightness), Number(chroma), Number(hue)), [1, 1, 1]),
            hue,
        ).toBeGreaterThanOrEqual(4.5);
});
