/** Texts that this device keeps over a reload, by name. A browser that keeps nothing is no reason to fail. */
export function kept(name: string): string | null {
    return attempt(() => localStorage.getItem(name)) ?? null;
}

export function keep(name: string, text: string | null): void {
    attempt(() => {
        if (text === null) localStorage.removeItem(name);
        else localStorage.setItem(name, text);
    });
}

export function keptNames(prefix: string): string[] {
    const names = attempt(() => Object.keys(localStorage)) ?? [];
    return names.filter((name) => name.startsWith(prefix));
}

function attempt<T>(act: () => T): T | undefined {
    try {
        return act();
    } catch {
        return undefined;
    }
}
