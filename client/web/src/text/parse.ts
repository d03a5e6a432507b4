import { type Block, depthMax, type ParseOptions } from './ast.ts';
import { parseInline } from './inline.ts';

const fence = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`]*)$/;
const quote = /^ {0,3}> ?/;
const item = /^( {0,3})(?:[-*+]|(\d{1,9})[.)])[ \t]+(?=\S)/;
const blank = /^[ \t]*$/;

/**
 * Reads a message. Never throws, takes time linear in the content (what is nested deeper than `depthMax` is text), and
 * makes no HTML.
 */
export function parseMarkdown(content: string, options: ParseOptions = {}): Block[] {
    return parseLines(content.replace(/\r\n?/g, '\n').split('\n'), options, 0);
}

function parseLines(lines: readonly string[], options: ParseOptions, depth: number): Block[] {
    const blocks: Block[] = [];
    let at = 0;
    while (at < lines.length) {
        const line = lines[at] ?? '';
        if (blank.test(line)) {
            at++;
            continue;
        }
        const read =
            readCode(lines, at) ??
            readNested(lines, at, options, depth) ??
            readParagraph(lines, at, options, depth);
        blocks.push(read.block);
        at = read.next;
    }
    return blocks;
}

interface Read {
    block: Block;
    next: number;
}

function readCode(lines: readonly string[], at: number): Read | null {
    const [, mark = '', info = ''] = fence.exec(lines[at] ?? '') ?? [];
    if (mark === '') return null;
    let end = at + 1;
    while (end < lines.length && !closes(lines[end] ?? '', mark)) end++;
    const language = /^[\w+#.-]{1,32}/.exec(info)?.[0]?.toLowerCase() ?? '';
    return {
        block: { type: 'codeBlock', language, text: lines.slice(at + 1, end).join('\n') },
        next: end + 1,
    };
}

function closes(line: string, mark: string): boolean {
    const text = line.trim();
    return text.length >= mark.length && text === mark.charAt(0).repeat(text.length) && !/^ {4}/.test(line);
}

function readNested(lines: readonly string[], at: number, options: ParseOptions, depth: number): Read | null {
    if (depth >= depthMax) return null;
    return readQuote(lines, at, options, depth) ?? readList(lines, at, options, depth);
}

function readQuote(lines: readonly string[], at: number, options: ParseOptions, depth: number): Read | null {
    const inner: string[] = [];
    let end = at;
    for (; end < lines.length; end++) {
        const line = lines[end] ?? '';
        const found = quote.exec(line);
        if (!found) break;
        inner.push(line.slice(found[0].length));
    }
    if (end === at) return null;
    return { block: { type: 'quote', children: parseLines(inner, options, depth + 1) }, next: end };
}

function readList(lines: readonly string[], at: number, options: ParseOptions, depth: number): Read | null {
    const first = item.exec(lines[at] ?? '');
    if (!first) return null;
    const ordered = first[2] !== undefined;
    const items: Block[][] = [];
    let next = at;
    for (;;) {
        const found = item.exec(lines[next] ?? '');
        if (!found || (found[2] !== undefined) !== ordered) break;
        const { inner, end } = readItem(lines, next, found[0].length);
        items.push(parseLines(inner, options, depth + 1));
        next = end;
    }
    return { block: { type: 'list', start: ordered ? Number(first[2]) : null, items }, next };
}

/** The lines of an item: what follows its mark, and the lines below that are indented. */
function readItem(lines: readonly string[], at: number, width: number): { inner: string[]; end: number } {
    const inner = [(lines[at] ?? '').slice(width)];
    let end = at + 1;
    for (let here = end; here < lines.length; here++) {
        const line = lines[here] ?? '';
        if (blank.test(line)) continue;
        if (!/^(?: {2}|\t)/.test(line)) break;
        // Blank lines belong to the item only if more of it follows.
        while (end < here) {
            inner.push('');
            end++;
        }
        inner.push(line.replace(new RegExp(`^(?:\\t| {1,${width}})`), ''));
        end = here + 1;
    }
    // Blank lines between two items belong to neither.
    let after = end;
    while (after < lines.length && blank.test(lines[after] ?? '')) after++;
    return { inner, end: item.test(lines[after] ?? '') ? after : end };
}

function readParagraph(lines: readonly string[], at: number, options: ParseOptions, depth: number): Read {
    let end = at + 1;
    while (end < lines.length && !interrupts(lines[end] ?? '', depth)) end++;
    const text = lines
        .slice(at, end)
        .map((line) => line.trim())
        .join('\n');
    return { block: { type: 'paragraph', children: parseInline(text, options) }, next: end };
}

function interrupts(line: string, depth: number): boolean {
    if (blank.test(line) || fence.test(line)) return true;
    if (depth >= depthMax) return false;
    // A number at the beginning of a line is often just one: only 1 begins a list within a paragraph.
    const found = item.exec(line);
    return quote.test(line) || (found !== null && (found[2] === undefined || found[2] === '1'));
}
