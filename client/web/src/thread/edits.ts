/** What is being written over a message is kept on this device until it is saved or given up: nothing is lost by a reload. */
const prefix = 'banter.edit.';

export function keptEdit(messageId: string): string | null {
    return attempt(() => localStorage.getItem(prefix + messageId)) ?? null;
}

export function keepEdit(messageId: string, text: string | null): void {
    attempt(() => {
        if (text === null) localStorage.removeItem(prefix + messageId);
        else localStorage.setItem(prefix + messageId, text);
    });
}

/** The messages with an edit that was not finished. */
export function keptEdits(): string[] {
    const names = attempt(() => Object.keys(localStorage)) ?? [];
    return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** A browser that keeps nothing is no reason to fail. */
function attempt<T>(act: () => T): T | undefined {
    try {
        return act();
    } catch {
        return undefined;
    }
}
