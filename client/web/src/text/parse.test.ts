import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cases from '../../../../contract/markdown-cases.json' with { type: 'json' };
import type { Block, Inline } from './ast.ts';
import { mentionsIn } from './mentions.ts';
import { parseMarkdown } from './parse.ts';

const known: Record<string, string> = cases.emoji;
const parse = (content: string) => parseMarkdown(content, { emoji: (name) => known[name] });

describe("the contract's cases", () => {
    it.each(cases.cases)('$name', ({ content, blocks, mentions }) => {
        expect(parse(content)).toEqual(blocks);
        expect(mentionsIn(content)).toEqual(mentions);
    });
});

/** Every node, with how deep it is nested in blocks and in inline nodes. */
function* walk(blocks: readonly Block[], depth = 1): Generator<{ node: Block | Inline; depth: number }> {
    for (const block of blocks) {
        yield { node: block, depth };
        if (block.type === 'quote') yield* walk(block.children, depth + 1);
        else if (block.type === 'list') for (const item of block.items) yield* walk(item, depth + 1);
        else if (block.type === 'paragraph') yield* walkInline(block.children, 1);
    }
}
function* walkInline(nodes: readonly Inline[], depth: number): Generator<{ node: Inline; depth: number }> {
    for (const node of nodes) {
        yield { node, depth };
        if (typeof node === 'object' && 'children' in node) yield* walkInline(node.children, depth + 1);
    }
}

/** Text made of what means something, which is what breaks parsers. */
const marked = fc
    .array(
        fc.oneof(
            fc.constantFrom(
                ...[
                    '*',
                    '**',
                    '_',
                    '~~',
                    '`',
                    '```',
                    '\n',
                    '\n\n',
                    '> ',
                    '- ',
                    '1. ',
                    '  ',
                    '[',
                    ']',
                    '](',
                    ')',
                ],
            ),
            fc.constantFrom(
                ...[
                    'https://x.example/',
                    'javascript:',
                    '<@',
                    '>',
                    '<!here>',
                    ':smile:',
                    '\\',
                    '<',
                    'a',
                    ' ',
                    '\t',
                ],
            ),
            fc.string({ unit: 'binary', maxLength: 4 }),
        ),
        { maxLength: 120 },
    )
    .map((parts) => parts.join(''));

describe('any text', () => {
    it('is parsed without throwing, not too deep, and links only to http, https and mailto', () => {
        fc.assert(
            fc.property(marked, (content) => {
                for (const { node, depth } of walk(parse(content))) {
                    expect(depth).toBeLessThanOrEqual(18);
                    if (typeof node === 'object' && node.type === 'link')
                        expect(['http:', 'https:', 'mailto:']).toContain(new URL(node.href).protocol);
                }
            }),
            { numRuns: 2000 },
        );
    });

    it('shows as a mention only what the server counts as one', () => {
        fc.assert(
            fc.property(marked, (content) => {
                const { users, all } = mentionsIn(content);
                for (const { node } of walk(parse(content))) {
                    if (typeof node !== 'object' || node.type !== 'mention') continue;
                    if ('user' in node) expect(users).toContain(node.user);
                    else expect(all).toBe(true);
                }
            }),
            { numRuns: 1000 },
        );
    });

    it('that has no sign in it comes back as it is', () => {
        fc.assert(
            fc.property(fc.stringMatching(/^[a-gi-z](?:[a-gi-z ,.!?]*[a-gi-z])?$/), (content) => {
                expect(parse(content)).toEqual([{ type: 'paragraph', children: [content] }]);
            }),
        );
    });

    it('with half of a surrogate pair is text', () => {
        expect(parse('a\ud800*b')).toEqual([{ type: 'paragraph', children: ['a\ud800*b'] }]);
    });
});

const hostile: Record<string, (size: number) => string> = {
    quotes: (size) => '>'.repeat(size),
    brackets: (size) => '['.repeat(size),
    links: (size) => ']('.repeat(size / 2),
    'open links': (size) => '[a]('.repeat(size / 4),
    stars: (size) => '*'.repeat(size),
    'opening stars': (size) => '*a '.repeat(size / 3),
    mixed: (size) => '*_~~'.repeat(size / 4),
    'starred letters': (size) => '*a**b*'.repeat(size / 6),
    underscores: (size) => '_a '.repeat(size / 3),
    backticks: (size) => '` '.repeat(size / 2),
    'runs of backticks': (size) =>
        Array.from({ length: Math.sqrt(size * 2) }, (_, at) => '`'.repeat(at + 1)).join(' '),
    fences: (size) => '```\n'.repeat(size / 4),
    addresses: (size) => 'http://'.repeat(size / 7),
    'a long address': (size) => `https://x.example/${'('.repeat(size)}`,
    'addresses in brackets': (size) => '(http://a'.repeat(size / 9),
    'angle brackets': (size) => '<https:'.repeat(size / 7),
    mentions: (size) => '<@01923456-'.repeat(size / 11),
    colons: (size) => ':a'.repeat(size / 2),
    'nested quotes': (size) => `${'> '.repeat(20)}a\n`.repeat(size / 42),
    'nested lists': (size) => '- '.repeat(size / 2),
    'indented lists': (size) =>
        Array.from({ length: Math.sqrt(size) }, (_, at) => `${' '.repeat(at * 2)}- a`).join('\n'),
    'blank lines': (size) => `- a\n${'\n'.repeat(size)}b`,
    'spread items': (size) => '- a\n\n\n'.repeat(size / 6),
    'marks that turn text around': (size) => '\u200f\u202e'.repeat(size / 2),
    emoji: (size) => ':smile:'.repeat(size / 7),
};

describe('hostile text', () => {
    // Ten times as much may take ten times as long; a square would take a hundred times, so there is room for noise.
    it.each(Object.entries(hostile))('%s take time in proportion to their length', (_, make) => {
        const time = (content: string) => {
            let best = Number.POSITIVE_INFINITY;
            for (let round = 0; round < 5; round++) {
                const begun = performance.now();
                parse(content);
                best = Math.min(best, performance.now() - begun);
            }
            return best;
        };
        const small = time(make(4_000));
        const large = time(make(40_000));
        expect(large).toBeLessThan(Math.max(60, small * 40));
    });
});
