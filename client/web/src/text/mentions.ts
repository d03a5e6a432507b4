// Who a message mentions. This is the server's rule (`mentions_in`), so it knows nothing of Markdown: a mention
// counts in code too.

const hex = (count: number) => `[0-9a-fA-F]{${count}}`;
const id = [8, 4, 4, 4, 12].map(hex).join('-');
const mention = new RegExp(`<(?:@(${id})|!(channel|here))>`, 'y');

export type MentionAt = { length: number; user: string } | { length: number; all: 'channel' | 'here' };

/** The mention that begins at `at`, if one does. */
export function mentionAt(text: string, at: number): MentionAt | null {
    mention.lastIndex = at;
    const found = mention.exec(text);
    if (!found) return null;
    const [{ length }, user, all] = found;
    return user !== undefined
        ? { length, user: user.toLowerCase() }
        : { length, all: all === 'here' ? 'here' : 'channel' };
}

/** Different users in the order of their first mention, and whether everybody is mentioned. */
export function mentionsIn(content: string): { users: string[]; all: boolean } {
    const users = new Set<string>();
    let all = false;
    for (let at = content.indexOf('<'); at >= 0; at = content.indexOf('<', at + 1)) {
        const found = mentionAt(content, at);
        if (!found) continue;
        if ('user' in found) users.add(found.user);
        else all = true;
    }
    return { users: [...users], all };
}
