import { depthMax, type Inline } from './ast.ts';

/** A run of `*`, `_` or `~` that may open or close emphasis; `count` is what of it is not used yet. */
export interface Run {
    readonly run: '*' | '_' | '~';
    readonly length: number;
    readonly opens: boolean;
    readonly closes: boolean;
}
export type Token = Inline | Run;

interface Mark {
    readonly at: number;
    readonly type: 'strong' | 'emphasis' | 'strike';
}
interface Open {
    readonly at: number;
    readonly run: Run;
    left: number;
}

const isRun = (token: Token | undefined): token is Run => typeof token === 'object' && 'run' in token;

/**
 * Pairs the runs and builds the tree. One pass and one stack for each character: a closing run takes the nearest that
 * opens, and what was opened in between is text, so each run is pushed and popped once.
 */
export function withEmphasis(tokens: readonly Token[]): Inline[] {
    const opening = new Map<number, Mark[]>();
    const closing = new Map<number, Mark[]>();
    const rest = new Map<number, number>();
    const stacks: Record<Run['run'], Open[]> = { '*': [], _: [], '~': [] };
    tokens.forEach((token, at) => {
        if (!isRun(token)) return;
        let left = token.length;
        const stack = stacks[token.run];
        while (token.closes && left > 0) {
            const found = opener(stack, token, left);
            if (!found) break;
            const { open, taken } = found;
            const type = token.run === '~' ? 'strike' : taken === 2 ? 'strong' : 'emphasis';
            push(opening, open.at, { at, type });
            push(closing, at, { at: open.at, type });
            open.left -= taken;
            left -= taken;
            rest.set(open.at, open.left);
            for (const other of Object.values(stacks)) while ((other.at(-1)?.at ?? -1) > open.at) other.pop();
            if (open.left === 0) stack.pop();
        }
        rest.set(at, left);
        if (token.opens && left > 0) stack.push({ at, run: token, left });
    });
    return build(tokens, opening, closing, rest);
}

/** How many runs are asked whether they open, when the nearest doesn't fit. */
const looksBack = 8;

function opener(stack: readonly Open[], close: Run, left: number): { open: Open; taken: number } | null {
    for (let back = 1; back <= looksBack; back++) {
        const open = stack.at(-back);
        if (!open) return null;
        const taken = used(open, close, left);
        if (taken > 0) return { open, taken };
    }
    return null;
}

/** How many characters of both runs make one pair: 2 for strong, 1 for emphasis, 0 for none. */
function used(open: Open, close: Run, left: number): number {
    if (close.run === '~') return open.left >= 2 && left >= 2 ? 2 : 0;
    const both = (open.run.opens && open.run.closes) || (close.opens && close.closes);
    const sum = open.run.length + close.length;
    if (both && sum % 3 === 0 && (open.run.length % 3 !== 0 || close.length % 3 !== 0)) return 0;
    return open.left >= 2 && left >= 2 ? 2 : 1;
}

const marker = ({ run }: Run, type: Mark['type']) => run.repeat(type === 'emphasis' ? 1 : 2);

function push(map: Map<number, Mark[]>, at: number, mark: Mark): void {
    const marks = map.get(at);
    if (marks) marks.push(mark);
    else map.set(at, [mark]);
}

interface Level {
    readonly children: Inline[];
}

function build(
    tokens: readonly Token[],
    opening: Map<number, Mark[]>,
    closing: Map<number, Mark[]>,
    rest: Map<number, number>,
): Inline[] {
    const levels: Level[] = [{ children: [] }];
    let tooDeep = 0;
    const add = (node: Inline) => append(levels.at(-1)?.children, node);
    tokens.forEach((token, at) => {
        if (!isRun(token)) {
            add(token);
            return;
        }
        for (const { type } of closing.get(at) ?? []) {
            if (tooDeep > 0) {
                tooDeep--;
                add(marker(token, type));
                continue;
            }
            const children = levels.pop()?.children ?? [];
            add({ type, children });
        }
        const left = rest.get(at) ?? token.length;
        if (left > 0) add(token.run.repeat(left));
        // The pair that was made last is the outermost.
        for (const { type } of opening.get(at) ?? []) {
            if (levels.length <= depthMax) {
                levels.push({ children: [] });
                continue;
            }
            tooDeep++;
            add(marker(token, type));
        }
    });
    return levels[0]?.children ?? [];
}

/** Adds a node; text joins the text before it. */
export function append(children: Inline[] | undefined, node: Inline): void {
    if (!children || node === '') return;
    const last = children.length - 1;
    const before = children[last];
    if (typeof node === 'string' && typeof before === 'string') children[last] = before + node;
    else children.push(node);
}
