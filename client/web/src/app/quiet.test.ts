import { expect, it } from 'vitest';
import { hourOf, isQuiet } from './quiet.ts';

it('quiet hours go over midnight, begin with their first minute and end before their last', () => {
    const night = { from: '22:00', to: '07:00' };
    const noon = { from: '12:00', to: '13:30' };
    const at = (quiet: typeof night, hours: string[]) => hours.map((hour) => isQuiet(quiet, hour));
    expect(at(night, ['21:59', '22:00', '00:00', '06:59', '07:00'])).toEqual([
        false,
        true,
        true,
        true,
        false,
    ]);
    expect(at(noon, ['11:59', '12:00', '13:29', '13:30'])).toEqual([false, true, true, false]);
    expect(isQuiet(null, '03:00')).toBe(false);
    expect(isQuiet({ from: '08:00', to: '08:00' }, '08:00')).toBe(false);
    expect(hourOf(new Date(2026, 10, 26, 7, 5))).toBe('07:05');
});
