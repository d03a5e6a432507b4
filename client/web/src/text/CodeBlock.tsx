import { t } from '../i18n/t.ts';
import { say } from '../app/announce.tsx';
import { IconButton } from '../ui/controls.tsx';
import { Fragment, useEffect, useState, type VNode } from '../ui/runtime.ts';
import css from './code.module.css';
import { highlight, type Highlighted } from './highlight.ts';

/** Lines above which a block is folded. */
const foldedFrom = 24;

export function CodeBlock({ language, text }: { language: string; text: string }) {
    const [coloured, setColoured] = useState<Highlighted | null>(null);
    const [wraps, setWraps] = useState(false);
    const lines = text.split('\n').length;
    const [open, setOpen] = useState(lines <= foldedFrom);
    useEffect(() => {
        // After the paint: the text is there at once, its colours come when they are ready.
        let gone = false;
        if (language) void highlight(language, text).then((done) => !gone && setColoured(done));
        return () => {
            gone = true;
        };
    }, [language, text]);
    const copy = async () => {
        await navigator.clipboard.writeText(text);
        say(t('copied'));
    };
    return (
        <figure class={css['block']}>
            <figcaption>
                <span>{language}</span>
                <span class={css['tools']}>
                    <IconButton
                        icon="menu"
                        small
                        label={t('code.wrap')}
                        pressed={wraps}
                        onClick={() => setWraps(!wraps)}
                    />
                    <IconButton icon="copy" small label={t('code.copy')} onClick={copy} />
                </span>
            </figcaption>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it. */}
            <pre class={`${wraps ? css['wraps'] : ''} ${open ? '' : css['folded']}`} tabIndex={0} dir="ltr">
                <code>{coloured ? coloured.map(paint) : text}</code>
            </pre>
            {!open && (
                <button type="button" class={css['more']} onClick={() => setOpen(true)}>
                    {t('code.more', { count: lines })}
                </button>
            )}
        </figure>
    );
}

function paint(node: Highlighted[number], at: number): VNode {
    if (typeof node === 'string') return <Fragment key={at}>{node}</Fragment>;
    return (
        <span key={at} data-code={node.kind}>
            {node.children.map(paint)}
        </span>
    );
}
