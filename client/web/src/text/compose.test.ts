import { describe, expect, it } from 'vitest';
import { continued, link, prefix, toContent, toText, wordAt, wrap } from './compose.ts';
import { mentionsIn } from './mentions.ts';

const ada = '01923456-789a-7bcd-8ef0-123456789abc';
const handles = {
    idOf: (name: string) => (name === 'ada' || name === 'a.lovelace' ? ada : undefined),
    handleOf: (id: string) => (id === ada ? 'ada' : undefined),
};

describe('a handle', () => {
    it('becomes a mention, whatever stands around it', () => {
        expect(toContent('@ada', handles)).toBe(`<@${ada}>`);
        expect(toContent('hi @ada, (@ada) **@ada**', handles)).toBe(
            `hi <@${ada}>, (<@${ada}>) **<@${ada}>**`,
        );
        expect(toContent('ask @ada. or @a.lovelace...', handles)).toBe(`ask <@${ada}>. or <@${ada}>...`);
        expect(toContent('@channel @here', handles)).toBe('<!channel> <!here>');
    });

    it('stays text in code, in an address of mail, and if nobody has it', () => {
        for (const text of ['`@ada`', '```\n@ada\n```', 'me@ada', '@adam', '@@ada', 'https://x.example/@ada'])
            expect(toContent(text, handles)).toBe(text);
        expect(mentionsIn(toContent('`@ada` and @here', handles))).toEqual({ users: [], all: true });
    });

    it('comes back when the message is edited', () => {
        expect(toText(`hi <@${ada}> <!here>`, handles)).toBe('hi @ada @here');
        const unknown = `<@${ada.replace('0', 'f')}>`;
        expect(toText(unknown, handles)).toBe(unknown);
        expect(toContent(toText(`hi <@${ada}>`, handles), handles)).toBe(`hi <@${ada}>`);
    });
});

describe('what is completed', () => {
    it('is the word before the caret that begins with a sign', () => {
        expect(wordAt('hi @ad', 6)).toEqual({ sign: '@', query: 'ad', start: 3 });
        expect(wordAt('@', 1)).toEqual({ sign: '@', query: '', start: 0 });
        expect(wordAt('so :smi', 7)).toEqual({ sign: ':', query: 'smi', start: 3 });
        for (const text of ['me@ad', 'at 10:30', ':s', 'a : b', '@ada '])
            expect(wordAt(text, text.length)).toBeNull();
    });
});

describe('marks', () => {
    it('go around a selection and away again', () => {
        const bold = wrap({ text: 'a b c', start: 2, end: 3 }, '**');
        expect(bold).toEqual({ text: 'a **b** c', start: 4, end: 5 });
        expect(wrap(bold, '**')).toEqual({ text: 'a b c', start: 2, end: 3 });
        expect(link({ text: 'a b c', start: 2, end: 3 }, 'https://x.example').text).toBe(
            'a [b](https://x.example) c',
        );
    });

    it('begin all lines of a selection', () => {
        const quoted = prefix({ text: 'x\na\nb', start: 2, end: 5 }, () => '> ');
        expect(quoted.text).toBe('x\n> a\n> b');
        expect(prefix({ text: quoted.text, start: 2, end: 9 }, () => '> ').text).toBe('x\na\nb');
    });

    it('go on in the next line until it stays empty', () => {
        const at = (text: string) => continued({ text, start: text.length, end: text.length })?.text;
        expect(at('- a')).toBe('- a\n- ');
        expect(at('  2. a')).toBe('  2. a\n  3. ');
        expect(at('> a')).toBe('> a\n> ');
        expect(at('- a\n- ')).toBe('- a\n');
        expect(at('plain')).toBeUndefined();
    });
});
