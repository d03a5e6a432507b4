// What the Redis of the tests, alone or several together, have in common.
import { writeFileSync } from 'node:fs';
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

const subject = (name) => ['-subj', `/CN=${name}`];
const elliptic = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority of its own, which says who 127.0.0.1 is: {caFile, settings}, which are for all servers of a place. */
export async function certify(place) {
    const path = (name) => place.path(name);
    const caFile = path('ca.pem');
    const authority = ['-x509', '-keyout', path('ca.key'), '-out', caFile];
    await place.run('openssl', 'req', ...authority, ...elliptic, ...subject('Banter tests'));
    const request = ['-keyout', path('server.key'), '-out', path('server.csr')];
    await place.run('openssl', 'req', ...request, ...elliptic, ...subject('localhost'));
    writeFileSync(path('names'), 'subjectAltName = IP:127.0.0.1, DNS:localhost\n');
    const signed = ['-in', path('server.csr'), '-out', path('server.pem'), '-extfile', path('names')];
    const by = ['-CA', caFile, '-CAkey', path('ca.key'), '-CAcreateserial'];
    await place.run('openssl', 'x509', '-req', ...signed, ...by);
    const settings = {
        'tls-cert-file': path('server.pem'),
        'tls-key-file': path('server.key'),
        'tls-ca-cert-file': caFile,
        'tls-auth-clients': 'no',
    };
    return { caFile, settings };
}

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
