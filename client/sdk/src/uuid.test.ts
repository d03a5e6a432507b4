import { expect, test } from 'vitest';
import { uuidMaker } from './uuid.ts';

test('are of version 7, and each is greater than the one before, whatever the clock does', () => {
    let now = 1_795_680_000_000;
    const next = uuidMaker(() => now);
    const made = Array.from({ length: 10_000 }, (_, index) => {
        if (index === 5_000) now -= 3_600_000;
        if (index % 7 === 0) now++;
        return next();
    });
    for (const uuid of made)
        expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
    expect(Number.parseInt(made[0]?.replace('-', '').slice(0, 12) ?? '', 16)).toBe(1_795_680_000_001);
});
