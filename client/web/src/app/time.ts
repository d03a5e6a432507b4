import { language } from '../i18n/t.ts';
import { prefs } from './prefs.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const hours = prefs.value.hours;
    const key = `${name}/${language()}/${hours}`;
    const known = formats.get(key);
    if (known) return known;
    const clock = hours === 'system' ? {} : { hour12: hours === '12' };
    // The system's language, where it is the chosen one, also knows the region.
    const locale = navigator.language.startsWith(language()) ? navigator.language : language();
    const made = new Intl.DateTimeFormat(locale, {
        ...options,
        ...(options.hour || options.timeStyle ? clock : {}),
    });
    formats.set(key, made);
    return made;
}

export const clockTime = (time: string) =>
    format('clock', { hour: 'numeric', minute: '2-digit' }).format(new Date(time));
export const fullTime = (time: string) =>
    format('full', { dateStyle: 'full', timeStyle: 'short' }).format(new Date(time));
export const shortDate = (time: string) => format('short', { dateStyle: 'medium' }).format(new Date(time));
export const shortTime = (time: string) =>
    format('shortTime', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));

/** A day, as `2026-11-22`: Today, Yesterday, or its date. */
export function dayName(day: string, now = new Date()): string {
    const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
    const then = new Date(year, month - 1, date);
    const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
    const days = Math.round((then.getTime() - today.getTime()) / 86_400_000);
    if (days === 0 || days === -1) {
        const name = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' }).format(days, 'day');
        return name.charAt(0).toLocaleUpperCase(language()) + name.slice(1);
    }
    const sameYear = then.getFullYear() === today.getFullYear();
    return sameYear
        ? format('day', { weekday: 'long', day: 'numeric', month: 'long' }).format(then)
        : format('dayYear', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(then);
}

export function bytes(size: number): string {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
    let at = 0;
    let left = size;
    while (left >= 1000 && at < units.length - 1) {
        left /= 1000;
        at++;
    }
    return new Intl.NumberFormat(language(), {
        style: 'unit',
        unit: units[at] ?? 'byte',
        unitDisplay: 'short',
        maximumFractionDigits: left < 10 && at > 0 ? 1 : 0,
    }).format(left);
}
