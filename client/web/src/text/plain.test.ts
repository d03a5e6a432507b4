import { expect, it } from 'vitest';
import { plainText } from './plain.ts';

it('a message in one line has names for ids and no marks', () => {
    const id = '01923456-789a-7bcd-8ef0-123456789abc';
    expect(plainText(`**hi** <@${id}>,\n> see [this](https://x.example)\n\n- a\n- \`b\``, () => 'Ada')).toBe(
        'hi @Ada, see this a, b',
    );
    expect(plainText('```js\nlet a;\n```', () => '')).toBe('let a;');
});
