import { t } from '../i18n/t.ts';
import { me } from '../app/chat.ts';
import { nameOf } from '../app/people.ts';
import { type ComponentChildren, useMemo } from '../ui/runtime.ts';
import type { Block, Inline } from './ast.ts';
import css from './body.module.css';
import { CodeBlock } from './CodeBlock.tsx';
import { knownEmoji } from './known_emoji.ts';
import { parseMarkdown } from './parse.ts';

const emoji = (name: string) => knownEmoji[name];
const onlyEmoji =
    /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f|\u200d\p{Extended_Pictographic})*\s*){1,3}$/u;

export interface BodyProps {
    content: string;
    /** Behind the last word, as «edited». */
    after?: ComponentChildren;
}

/** What somebody wrote. Made of elements and text only: no HTML is ever parsed here. */
export function MessageBody({ content, after }: BodyProps) {
    const blocks = useMemo(() => parseMarkdown(content, { emoji }), [content]);
    const large = onlyEmoji.test(content);
    return (
        <div class={`${css['body']} ${large ? css['large'] : ''}`} dir="auto">
            {blocks.map((block, at) => (
                <BlockView key={at} block={block} after={at === blocks.length - 1 ? after : undefined} />
            ))}
            {blocks.length === 0 && after}
        </div>
    );
}

function BlockView({ block, after }: { block: Block; after?: ComponentChildren }) {
    switch (block.type) {
        case 'paragraph':
            return (
                <p dir="auto">
                    <Inlines nodes={block.children} />
                    {after}
                </p>
            );
        case 'codeBlock':
            return (
                <>
                    <CodeBlock language={block.language} text={block.text} />
                    {after}
                </>
            );
        case 'quote':
            return (
                <>
                    <blockquote>
                        {block.children.map((child, at) => (
                            <BlockView key={at} block={child} />
                        ))}
                    </blockquote>
                    {after}
                </>
            );
        case 'list': {
            const items = block.items.map((item, at) => (
                <li key={at}>
                    {item.map((child, index) => (
                        <BlockView key={index} block={child} />
                    ))}
                </li>
            ));
            return (
                <>
                    {block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>}
                    {after}
                </>
            );
        }
    }
}

function Inlines({ nodes }: { nodes: readonly Inline[] }) {
    return (
        <>
            {nodes.map((node, at) => (
                <InlineView key={at} node={node} />
            ))}
        </>
    );
}

function InlineView({ node }: { node: Inline }) {
    if (typeof node === 'string') return <>{node}</>;
    switch (node.type) {
        case 'strong':
            return (
                <strong>
                    <Inlines nodes={node.children} />
                </strong>
            );
        case 'emphasis':
            return (
                <em>
                    <Inlines nodes={node.children} />
                </em>
            );
        case 'strike':
            return (
                <s>
                    <Inlines nodes={node.children} />
                </s>
            );
        case 'code':
            return <code>{node.text}</code>;
        case 'break':
            return <br />;
        case 'emoji':
            return <span title={`:${node.name}:`}>{node.emoji}</span>;
        case 'link':
            return <LinkView href={node.href} label={node.children} />;
        case 'mention':
            return 'user' in node ? (
                <Mention user={node.user} />
            ) : (
                <span class={`${css['mention']} ${css['own']}`}>@{node.all}</span>
            );
    }
}

function Mention({ user }: { user: string }) {
    const own = user === me()?.id;
    return <bdi class={`${css['mention']} ${own ? css['own'] : ''}`}>@{nameOf(user)}</bdi>;
}

function LinkView({ href, label }: { href: string; label: readonly Inline[] }) {
    return (
        <>
            <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
                <Inlines nodes={label} />
                <span class="hide"> {t('opensElsewhere')}</span>
            </a>
            {pretends(href, label) && <span class={css['real']}> ({new URL(href).host})</span>}
        </>
    );
}

/** Whether the text of a link looks like an address of another host than it leads to. */
export function pretends(href: string, label: readonly Inline[]): boolean {
    const text = label.map((node) => (typeof node === 'string' ? node : '')).join('');
    const shown = /(?:^|[\s/])((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:$|[\s/:?#])/u.exec(text)?.[1]?.toLowerCase();
    if (shown === undefined || /^mailto:/i.test(href)) return false;
    const { hostname } = new URL(href);
    return hostname.replace(/^www\./, '') !== shown.replace(/^www\./, '');
}
