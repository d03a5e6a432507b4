import type { Block, Inline } from './ast.ts';
import { knownEmoji } from './known_emoji.ts';
import { parseMarkdown } from './parse.ts';

/** A message as one line of text, without its marks: for what is quoted, read out or notified of. */
export function plainText(content: string, nameOf: (userId: string) => string): string {
    const inline = (node: Inline): string => {
        if (typeof node === 'string') return node;
        switch (node.type) {
            case 'mention':
                return `@${'user' in node ? nameOf(node.user) : node.all}`;
            case 'emoji':
                return node.emoji;
            case 'code':
                return node.text;
            case 'break':
                return ' ';
            default:
                return node.children.map(inline).join('');
        }
    };
    const block = (node: Block): string => {
        switch (node.type) {
            case 'paragraph':
                return node.children.map(inline).join('');
            case 'codeBlock':
                return node.text;
            case 'quote':
                return node.children.map(block).join(' ');
            case 'list':
                return node.items.map((item) => item.map(block).join(' ')).join(', ');
        }
    };
    const blocks = parseMarkdown(content.slice(0, 1000), { emoji: (name) => knownEmoji[name] });
    return blocks.map(block).join(' ').replace(/\s+/g, ' ').trim();
}
