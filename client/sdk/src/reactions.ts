import type { Events, Message } from './wire.ts';

/**
 * A message as a broadcast has it, with what only this user knows of it: broadcasts are the same for everyone and never
 * say `mine`, and name 20 people only.
 */
export function keepMine(
    before: Message | undefined,
    now: Message,
    me: string | undefined,
    change?: Events['message:update']['reaction'],
): Message {
    if (now.reactions.length === 0) return now;
    const mine = new Set(before?.reactions.filter((reaction) => reaction.mine).map(({ emoji }) => emoji));
    if (change && change.userId === me) {
        if (change.added) mine.add(change.emoji);
        else mine.delete(change.emoji);
    }
    const reactions = now.reactions.map((reaction) => {
        const isMine = mine.has(reaction.emoji) || reaction.userIds.includes(me ?? '');
        return isMine ? { ...reaction, mine: true as const } : reaction;
    });
    return { ...now, reactions };
}

/** A message as it will be when the server has taken what this user just did: emoji, and whether it is added. */
export function withWishes(message: Message, wishes: ReadonlyMap<string, boolean>, me: string): Message {
    let reactions = message.reactions;
    for (const [emoji, isAdded] of wishes) {
        const known = reactions.find((reaction) => reaction.emoji === emoji);
        if (Boolean(known?.mine) === isAdded) continue;
        if (!known) reactions = [...reactions, { emoji, count: 1, userIds: [me], mine: true }];
        else
            reactions = reactions.flatMap((reaction) =>
                reaction === known ? wished(known, isAdded, me) : reaction,
            );
    }
    return { ...message, reactions };
}

function wished({ emoji, count, userIds }: Message['reactions'][number], isAdded: boolean, me: string) {
    if (isAdded) return [{ emoji, count: count + 1, userIds: [...userIds, me], mine: true as const }];
    return count > 1 ? [{ emoji, count: count - 1, userIds: userIds.filter((id) => id !== me) }] : [];
}
