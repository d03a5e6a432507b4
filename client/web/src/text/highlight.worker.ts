import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import cssLanguage from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import markdown from 'highlight.js/lib/languages/markdown';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';
import type { Highlighted, HighlightAnswer, HighlightRequest } from './highlight.ts';

const lowlight = createLowlight({
    bash,
    c,
    cpp,
    csharp,
    css: cssLanguage,
    diff,
    go,
    ini,
    java,
    javascript,
    json,
    markdown,
    python,
    rust,
    sql,
    typescript,
    xml,
    yaml,
});
lowlight.registerAlias({ bash: ['shell', 'console'], ini: ['toml', 'conf'], markdown: ['mdown'] });

interface HastNode {
    type: string;
    value?: string;
    properties?: { className?: unknown };
    children?: readonly HastNode[];
}

function simplified(nodes: readonly HastNode[]): Highlighted {
    return nodes.map((node) => {
        if (node.type === 'text') return node.value ?? '';
        const names = Array.isArray(node.properties?.className) ? node.properties.className : [];
        const kind = String(names[0] ?? '').replace(/^hljs-/, '');
        return { kind, children: simplified(node.children ?? []) };
    });
}

addEventListener('message', ({ data }: MessageEvent<HighlightRequest>) => {
    const { id, language, text } = data;
    const result = lowlight.registered(language)
        ? simplified(lowlight.highlight(language, text).children as HastNode[])
        : null;
    postMessage({ id, result } satisfies HighlightAnswer);
});
