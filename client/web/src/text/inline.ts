import type { Inline, ParseOptions } from './ast.ts';
import { type Token, withEmphasis } from './emphasis.ts';
import { addressAt, destinationAt, safeHref } from './links.ts';
import { mentionAt } from './mentions.ts';

/** The characters that may mean something, by their code. */
const special = new Uint8Array(128);
for (const character of '\\`*_~[]<:\nhH') special[character.charCodeAt(0)] = 1;
const escapable = /[!-/:-@[-`{-~]/;
/** An address in angle brackets, which has none of them inside. */
const angled = /<(?:https?:|mailto:)[^\s<>]{1,2048}>/iy;
const emojiName = /:([a-z0-9_+-]{1,40}):/y;
const spaces = /[\s\p{Z}]/u;
const punctuations = /[\p{P}\p{S}]/u;
type Kind = 'word' | 'space' | 'punctuation';
const kindOf = (character: string): Kind =>
    spaces.test(character) ? 'space' : punctuations.test(character) ? 'punctuation' : 'word';
const asciiKinds = Array.from({ length: 128 }, (_, code) => kindOf(String.fromCharCode(code)));

/** Reads the text of one paragraph, in time linear in its length. */
export function parseInline(text: string, options: ParseOptions = {}): Inline[] {
    return new InlineReader(text, options).read();
}

class InlineReader {
    readonly #text: string;
    readonly #options: ParseOptions;
    readonly #tokens: Token[] = [];
    /** Where each `[` that may begin a link stands among the tokens. */
    #brackets: number[] = [];
    #at = 0;
    /** Starts of the runs of backticks by their length, made when the first is met. */
    #ticks: Map<number, { starts: number[]; next: number }> | null = null;

    constructor(text: string, options: ParseOptions) {
        this.#text = text;
        this.#options = options;
    }

    read(): Inline[] {
        while (this.#at < this.#text.length) {
            let next = this.#at;
            while (next < this.#text.length && special[this.#text.charCodeAt(next)] !== 1) next++;
            this.#plain(next);
            if (next < this.#text.length) this.#special();
        }
        return withEmphasis(this.#tokens);
    }

    #plain(end: number) {
        if (end > this.#at) this.#tokens.push(this.#text.slice(this.#at, end));
        this.#at = end;
    }

    #take(token: Token, length: number) {
        this.#tokens.push(token);
        this.#at += length;
    }

    #special() {
        const character = this.#text.charAt(this.#at);
        switch (character) {
            case '\\':
                return this.#escape();
            case '`':
                return this.#code();
            case '*':
            case '_':
            case '~':
                return this.#run(character);
            case '[':
                this.#brackets.push(this.#tokens.length);
                return this.#take('[', 1);
            case ']':
                return this.#closeBracket();
            case '<':
                return this.#angle();
            case ':':
                return this.#emoji();
            case '\n':
                return this.#take({ type: 'break' }, 1);
            default:
                return this.#address();
        }
    }

    #escape() {
        const next = this.#text[this.#at + 1];
        // The server counts a mention whatever stands before it, so it is shown as one.
        const literal = next !== undefined && escapable.test(next) && !mentionAt(this.#text, this.#at + 1);
        if (literal) this.#take(next, 2);
        else this.#take('\\', 1);
    }

    #code() {
        const length = runLength(this.#text, this.#at);
        const end = this.#nextTicks(length, this.#at + length);
        if (end === null) return this.#take('`'.repeat(length), length);
        const inner = this.#text.slice(this.#at + length, end).replaceAll('\n', ' ');
        const padded = inner.startsWith(' ') && inner.endsWith(' ') && inner.trim() !== '';
        this.#take({ type: 'code', text: padded ? inner.slice(1, -1) : inner }, end + length - this.#at);
    }

    #nextTicks(length: number, from: number): number | null {
        this.#ticks ??= tickRuns(this.#text);
        const runs = this.#ticks.get(length);
        if (!runs) return null;
        while ((runs.starts[runs.next] ?? Number.POSITIVE_INFINITY) < from) runs.next++;
        return runs.starts[runs.next] ?? null;
    }

    #run(run: '*' | '_' | '~') {
        const length = runLength(this.#text, this.#at);
        const before = kindBefore(this.#text, this.#at);
        const after = kindAt(this.#text, this.#at + length);
        const left = flanks(after, before);
        const right = flanks(before, after);
        const word = run === '_' && left && right;
        const opens = left && (!word || before === 'punctuation');
        const closes = right && (!word || after === 'punctuation');
        this.#take({ run, length, opens, closes }, length);
    }

    #closeBracket() {
        const open = this.#brackets.pop();
        const paren = this.#text[this.#at + 1] === '(';
        const destination = open !== undefined && paren ? destinationAt(this.#text, this.#at + 1) : null;
        if (open === undefined || !destination) return this.#take(']', 1);
        const label = this.#tokens.splice(open).slice(1).map(withoutLink);
        // A link holds no other, so what was opened before can't become one around it.
        this.#brackets = [];
        const children = withEmphasis(label);
        const link: Inline = {
            type: 'link',
            href: destination.href,
            children: children.length > 0 ? children : [destination.href],
        };
        this.#take(link, destination.end - this.#at);
    }

    #angle() {
        const mention = mentionAt(this.#text, this.#at);
        if (mention && 'user' in mention)
            return this.#take({ type: 'mention', user: mention.user }, mention.length);
        if (mention) return this.#take({ type: 'mention', all: mention.all }, mention.length);
        angled.lastIndex = this.#at;
        const end = angled.test(this.#text) ? angled.lastIndex - 1 - this.#at : -1;
        const href = end > 0 ? safeHref(this.#text.slice(this.#at + 1, this.#at + end)) : null;
        if (href === null) return this.#take('<', 1);
        this.#take({ type: 'link', href, children: [href.replace(/^mailto:/i, '')] }, end + 1);
    }

    #emoji() {
        emojiName.lastIndex = this.#at;
        const name = emojiName.exec(this.#text)?.[1];
        const emoji = name === undefined ? undefined : this.#options.emoji?.(name);
        if (name === undefined || emoji === undefined) return this.#take(':', 1);
        this.#take({ type: 'emoji', name, emoji }, name.length + 2);
    }

    #address() {
        const { href, run } = addressAt(this.#text, this.#at);
        if (href === null) return this.#take(this.#text.slice(this.#at, this.#at + run), run);
        this.#take({ type: 'link', href, children: [href] }, href.length);
    }
}

/** An address in the label of a link is its text. */
function withoutLink(token: Token): Token {
    return typeof token === 'object' && 'type' in token && token.type === 'link'
        ? token.children.filter((child) => typeof child === 'string').join('')
        : token;
}

function runLength(text: string, at: number): number {
    let end = at + 1;
    while (end < text.length && text[end] === text[at]) end++;
    return end - at;
}

function tickRuns(text: string): Map<number, { starts: number[]; next: number }> {
    const runs = new Map<number, { starts: number[]; next: number }>();
    for (const { 0: run, index } of text.matchAll(/`+/g)) {
        const known = runs.get(run.length);
        if (known) known.starts.push(index);
        else runs.set(run.length, { starts: [index], next: 0 });
    }
    return runs;
}

function kindAt(text: string, at: number): Kind {
    const code = text.codePointAt(at) ?? 32;
    return asciiKinds[code] ?? kindOf(String.fromCodePoint(code));
}

function kindBefore(text: string, at: number): Kind {
    const last = text.charCodeAt(at - 1);
    const pair = last >= 0xdc00 && last <= 0xdfff && at > 1;
    return at === 0 ? 'space' : kindAt(text, pair ? at - 2 : at - 1);
}

/** CommonMark's flanking: `inner` is the character on the side of the emphasised text. */
function flanks(inner: Kind, outer: Kind): boolean {
    return inner === 'word' || (inner === 'punctuation' && outer !== 'word');
}
