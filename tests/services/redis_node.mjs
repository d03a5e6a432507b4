// What the Redis of the tests, alone or several together, have in common.
import { connect } from 'node:net';

export const redisPassword = 'banter-test-password';

/** A configuration: nothing is kept, and tests may look into it. `settings` come last. */
export const redisConf = ({ directory, port, settings = {} }) => `
bind 127.0.0.1
port ${port}
dir ${directory}
requirepass ${redisPassword}
save ""
appendonly no
${Object.entries(settings).map(([name, value]) => `${name} ${value}`).join('\n')}
`;

const answer_ms_max = 5_000;

/** The first value of a reply and what follows it; nothing while it isn't whole. */
function read(text) {
    const end = text.indexOf('\r\n');
    if (end < 0) return undefined;
    const rest = text.slice(end + 2);
    const number = Number(text.slice(1, end));
    switch (text[0]) {
        case '+':
            return [text.slice(1, end), rest];
        case '-':
            return [new Error(text.slice(1, end)), rest];
        case ':':
            return [number, rest];
        case '$':
            if (number < 0) return [null, rest];
            return rest.length < number + 2 ? undefined : [rest.slice(0, number), rest.slice(number + 2)];
        default:
            return readList(number, rest);
    }
}

function readList(count, rest) {
    const items = [];
    while (items.length < count) {
        const one = read(rest);
        if (!one) return undefined;
        items.push(one[0]);
        rest = one[1];
    }
    return [items, rest];
}

const command = (words) =>
    `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(String(word))}\r\n${word}\r\n`).join('')}`;

/** Tells a server of this machine one thing, and gives its answer. Fails with what it refuses. */
export function tell(port, ...words) {
    return new Promise((settle, fail) => {
        let text = '';
        const socket = connect({ host: '127.0.0.1', port, timeout: answer_ms_max });
        const end = (act, value) => {
            socket.destroy();
            act(value);
        };
        socket.setEncoding('latin1').on('data', (chunk) => {
            text += chunk;
            const both = read(text) && readList(2, text);
            if (!both) return;
            const answer = both[0][1];
            end(answer instanceof Error ? fail : settle, answer);
        });
        socket.on('timeout', () => end(fail, new Error(`Redis at ${port} does not answer`)));
        socket.on('error', (error) => end(fail, error));
        socket.on('close', () => fail(new Error(`Redis at ${port} went away`)));
        socket.write(command(['AUTH', redisPassword]) + command(words));
    });
}
