// Which addresses become links. Everything else stays text.

const schemes = /^(?:https?:\/\/[^/]|mailto:[^/])/i;
/** Spaces, controls, and what turns the direction of text around: none of them belongs into an address. */
const forbidden = /[\s\p{Cc}\p{Cf}<>"`\\]/u;
const bare = /https?:\/\/[^\s\p{Cc}<>"`\\[\]]+/iuy;
const trailing = /[.,:;!?'*_~)\]}]/;

/** The address if it may be linked: http, https or mailto, and one that a browser takes. */
export function safeHref(address: string): string | null {
    if (address.length > 2048 || !schemes.test(address) || forbidden.test(address)) return null;
    return URL.canParse(address) ? address : null;
}

/**
 * The bare address that begins at `at`, without the punctuation of the sentence around it. `run` is how far what
 * looks like one reaches, so that nobody has to look for another within it if it is none.
 */
export function addressAt(text: string, at: number): { href: string | null; run: number } {
    const before = text[at - 1];
    if (before !== undefined && /[\p{L}\p{N}_/]/u.test(before)) return { href: null, run: 1 };
    bare.lastIndex = at;
    const found = bare.exec(text);
    return found
        ? { href: safeHref(withoutTrailing(found[0])), run: found[0].length }
        : { href: null, run: 1 };
}

function withoutTrailing(address: string): string {
    let opened = 0;
    for (const character of address) {
        if (character === '(') opened++;
        else if (character === ')') opened--;
    }
    let end = address.length;
    for (; end > 0; end--) {
        const last = address.charAt(end - 1);
        if (!trailing.test(last)) break;
        // A closing bracket belongs to the address if it has an opening one in it.
        if (last === ')' && opened++ >= 0) break;
    }
    return address.slice(0, end);
}

/** The destination of `](…)`, whose `(` is at `at`: the address, and where it ends. */
export function destinationAt(text: string, at: number): { href: string; end: number } | null {
    let depth = 0;
    for (let here = at + 1; here < text.length; here++) {
        const character = text.charAt(here);
        if (character === '(') {
            // Few enough that no text makes this look at a character more than a few times.
            if (++depth > 4) return null;
        } else if (character === ')' && depth-- === 0) {
            const href = safeHref(text.slice(at + 1, here));
            return href === null ? null : { href, end: here + 1 };
        } else if (character <= ' ') return null;
    }
    return null;
}
