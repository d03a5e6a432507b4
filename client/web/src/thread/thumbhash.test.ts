import { expect, it } from 'vitest';
import { hashSide, thumbHashPixels } from './thumbhash.ts';

/** The example of the format's own page. */
const sunset = '1QcSHQRnh493V4dIh4eXh1h4kJUI';

/** A hash of numbers of so many bits each, the lowest first. */
function hashOf(...numbers: [value: number, bits: number][]): string {
    const bits = numbers.flatMap(([value, count]) =>
        Array.from({ length: count }, (_, at) => (value >> at) & 1),
    );
    const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, (_, at) =>
        bits.slice(at * 8, at * 8 + 8).reduce((sum, bit, place) => sum | (bit << place), 0),
    );
    return btoa(String.fromCharCode(...bytes));
}

/** Of mean values only; `waves` are the lightness's, each from 0 to 15, of which 7.5 is none. */
const opaque = (l: number, p: number, q: number, waves: number[] = [], scale = 0) =>
    hashOf(
        ...([
            [l, 6],
            [p, 6],
            [q, 6],
            [scale, 5],
            [0, 1],
            [3, 3],
            [0, 6],
            [0, 6],
            [0, 1],
        ] as [number, number][]),
        ...Array.from({ length: 40 }, (_, at): [number, number] => [waves[at] ?? 7 + (at % 2), 4]),
    );

const pixel = (hash: string, x: number, y: number) => {
    const at = (y * hashSide + x) * 4;
    return [...(thumbHashPixels(hash)?.slice(at, at + 4) ?? [])];
};

it('one colour comes back as it was', () => {
    const near = (hash: string, colour: number[]) => {
        for (const [x, y] of [
            [0, 0],
            [15, 15],
            [7, 3],
        ] as const)
            for (const [part, value] of pixel(hash, x, y).entries())
                expect(Math.abs(value - (colour[part] ?? 0)), `${hash} ${part}`).toBeLessThan(6);
    };
    near(opaque(63, 32, 32), [255, 255, 255, 255]);
    near(opaque(0, 32, 32), [0, 0, 0, 255]);
    // Red: lightness a third, half more red and green than blue, all of the difference of red and green.
    near(opaque(21, 47, 63), [255, 0, 0, 255]);
});

it('the first wave goes from left to right', () => {
    const hash = opaque(32, 32, 32, [15], 20);
    expect(pixel(hash, 0, 8)[0]).toBeGreaterThan(200);
    expect(pixel(hash, 15, 8)[0]).toBeLessThan(60);
    const [top = 0, bottom = 0] = [0, 15].map((y) => pixel(hash, 8, y)[0]);
    expect(Math.abs(top - bottom)).toBeLessThan(100);
});

it('a real one is opaque, and neither black nor white', () => {
    const pixels = thumbHashPixels(sunset) ?? new Uint8ClampedArray();
    expect(pixels.length).toBe(hashSide * hashSide * 4);
    const parts = [...pixels];
    expect(parts.filter((_, at) => at % 4 === 3).every((part) => part === 255)).toBe(true);
    const mean =
        parts.filter((_, at) => at % 4 !== 3).reduce((sum, part) => sum + part, 0) / (parts.length * 0.75);
    expect(mean).toBeGreaterThan(40);
    expect(mean).toBeLessThan(200);
});

it('what is no hash gives nothing', () => {
    for (const bad of ['', '!', 'AA', btoa('abcde'), btoa('\xff'.repeat(7)), 'é'])
        expect(thumbHashPixels(bad), bad).toBe(null);
});
