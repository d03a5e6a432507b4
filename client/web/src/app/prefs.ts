import { type Language, preferredLanguage, setLanguage } from '../i18n/t.ts';
import { type ReadonlySignal, signal } from '../ui/runtime.ts';

/** How the app looks and behaves on this device. */
export interface Prefs {
    theme: 'system' | 'light' | 'dark';
    contrast: 'system' | 'normal' | 'more';
    density: 'comfortable' | 'compact';
    motion: 'system' | 'full' | 'reduced';
    size: 'small' | 'normal' | 'large';
    language: Language | 'system';
    hours: 'system' | '12' | '24';
    /** Which key sends; the other one, with Shift or Ctrl, makes a new line. */
    send: 'enter' | 'ctrlEnter';
    /** How wide the sidebar is, and what stands beside a thread, in px. */
    sidebar: number;
    side: number;
    announce: boolean;
    notify: boolean;
    sound: boolean;
    /** Hours as `22:00` in which nothing is heard or shown, or null. */
    quiet: { from: string; to: string } | null;
}

export type Pane = 'sidebar' | 'side';
export const paneWidths: Record<Pane, { least: number; usual: number; most: number }> = {
    sidebar: { least: 220, usual: 264, most: 360 },
    side: { least: 300, usual: 360, most: 560 },
};

/** The name is known to the script in index.html, which paints the right theme before this one runs. */
const place = 'banter.look';
const usual: Prefs = {
    theme: 'system',
    contrast: 'system',
    density: 'comfortable',
    motion: 'system',
    size: 'normal',
    language: 'system',
    hours: 'system',
    send: 'enter',
    sidebar: paneWidths.sidebar.usual,
    side: paneWidths.side.usual,
    announce: true,
    notify: false,
    sound: false,
    quiet: null,
};

const stored = signal<Prefs>(read());
export const prefs: ReadonlySignal<Prefs> = stored;

export function setPrefs(change: Partial<Prefs>): void {
    stored.value = { ...stored.value, ...change };
    try {
        localStorage.setItem(place, JSON.stringify(stored.value));
    } catch {
        // A browser that keeps nothing: it counts until the reload.
    }
    void applyPrefs();
}

export async function applyPrefs(): Promise<void> {
    const now = stored.peek();
    for (const name of ['theme', 'contrast', 'density', 'motion', 'size'] as const)
        document.documentElement.dataset[name] = now[name];
    for (const pane of ['sidebar', 'side'] as const)
        document.documentElement.style.setProperty(`--${pane}`, `${now[pane]}px`);
    await setLanguage(now.language === 'system' ? preferredLanguage() : now.language);
}

/** Another tab changed them. */
export function followPrefs(): void {
    addEventListener('storage', (event) => {
        if (event.key !== place) return;
        stored.value = read();
        void applyPrefs();
    });
}

function read(): Prefs {
    try {
        const known: unknown = JSON.parse(localStorage.getItem(place) ?? '{}');
        return { ...usual, ...(typeof known === 'object' ? known : {}) };
    } catch {
        return usual;
    }
}

/** Whether fingers are what this device is used with: then Enter makes a new line. */
export const touch = () => matchMedia('(pointer: coarse)').matches;
