// Between what a person sees while writing (`@ada`) and what is sent (`<@01923456-…>`).
import { mentionAt } from './mentions.ts';

const handle = /(^|[^\w@/.-])@([a-z0-9._-]{2,32})/g;
const codes = /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/;

export interface Handles {
    /** The id of who has this handle. */
    idOf(handle: string): string | undefined;
    /** The handle of an id, if it is known. */
    handleOf(id: string): string | undefined;
}

/** Handles become mentions; those in code stay text, so nobody is told of them. */
export function toContent(text: string, handles: Handles): string {
    return text
        .split(codes)
        .map((part, at) =>
            at % 2 === 1
                ? part
                : part.replace(handle, (whole, before, name) => mention(whole, before, name, handles)),
        )
        .join('');
}

function mention(whole: string, before: string, name: string, handles: Handles): string {
    if (name === 'channel' || name === 'here') return `${before}<!${name}>`;
    // A full stop or dash may belong to the sentence instead.
    for (let end = name.length; end >= 2; end--) {
        const id = handles.idOf(name.slice(0, end));
        if (id !== undefined) return `${before}<@${id}>${name.slice(end)}`;
        if (!/[._-]/.test(name.charAt(end - 1))) break;
    }
    return whole;
}

/** Mentions become handles again; those of people that aren't known stay as they are, and mean the same. */
export function toText(content: string, handles: Handles): string {
    let text = '';
    for (let at = 0; at < content.length; at++) {
        const found = content.charAt(at) === '<' ? mentionAt(content, at) : null;
        const name = found && ('user' in found ? handles.handleOf(found.user) : found.all);
        if (found && name !== null && name !== undefined) {
            text += `@${name}`;
            at += found.length - 1;
        } else text += content.charAt(at);
    }
    return text;
}

/** What is being completed: the word before the caret, if it begins with one of the signs. */
export function wordAt(
    text: string,
    caret: number,
): { sign: '@' | ':'; query: string; start: number } | null {
    const [, , sign, query] =
        /(^|[\s(*_~>"'])([@:])([\p{L}\p{N}._+-]{0,32})$/u.exec(text.slice(0, caret)) ?? [];
    if (query === undefined || (sign !== '@' && sign !== ':')) return null;
    if (sign === ':' && query.length < 2) return null;
    return { sign, query, start: caret - query.length - 1 };
}

export interface Edit {
    text: string;
    start: number;
    end: number;
}

/** Puts signs around the selection, or takes them away. */
export function wrap({ text, start, end }: Edit, sign: string): Edit {
    const inner = text.slice(start, end);
    const outside = text.slice(0, start).endsWith(sign) && text.slice(end).startsWith(sign);
    if (outside)
        return {
            text: text.slice(0, start - sign.length) + inner + text.slice(end + sign.length),
            start: start - sign.length,
            end: end - sign.length,
        };
    return {
        text: text.slice(0, start) + sign + inner + sign + text.slice(end),
        start: start + sign.length,
        end: end + sign.length,
    };
}

/** Makes a link of the selection. */
export function link({ text, start, end }: Edit, address: string): Edit {
    const made = `[${text.slice(start, end)}](${address})`;
    const caret = start + made.length;
    return { text: text.slice(0, start) + made + text.slice(end), start: caret, end: caret };
}

/** Begins each line of the selection with a sign, or none of them if all have it. */
export function prefix({ text, start, end }: Edit, sign: (index: number) => string): Edit {
    const from = text.lastIndexOf('\n', start - 1) + 1;
    const lines = text.slice(from, end).split('\n');
    const all = lines.every((line, index) => line.startsWith(sign(index)));
    const made = lines
        .map((line, index) => (all ? line.slice(sign(index).length) : sign(index) + line))
        .join('\n');
    return {
        text: text.slice(0, from) + made + text.slice(end),
        start: from + made.length,
        end: from + made.length,
    };
}

/** A new line that goes on with the quote or list of this one; an empty item ends it. Null for a plain one. */
export function continued({ text, start, end }: Edit): Edit | null {
    if (start !== end) return null;
    const from = text.lastIndexOf('\n', start - 1) + 1;
    const line = text.slice(from, start);
    const [mark, indent = '', sign = '', number] = /^(\s*)(?:(>|[-*+])|(\d{1,9})[.)]) ?/.exec(line) ?? [];
    if (mark === undefined) return null;
    if (line.trim() === mark.trim())
        return { text: text.slice(0, from) + text.slice(start), start: from, end: from };
    const next = number === undefined ? `${indent}${sign} ` : `${indent}${Number(number) + 1}. `;
    const at = start + 1 + next.length;
    return { text: `${text.slice(0, start)}\n${next}${text.slice(end)}`, start: at, end: at };
}
