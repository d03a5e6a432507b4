import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Attachment, createChat, tokenAuth } from '../src/index.ts';
import { pieceBytes, resumableBytes } from '../src/upload.ts';
import { when } from './support/deadline.ts';
import { newChannel, newPerson, type Person } from './support/people.ts';
import { CuttingProxy } from './support/proxy.ts';
import { randomFrom } from './support/random.ts';
import { Server } from './support/server.ts';

let server: Server;
let proxy: CuttingProxy;
let ada: Person;
beforeAll(async () => {
    server = await Server.start();
    proxy = await CuttingProxy.start(() => server.port);
    ada = await newPerson(proxy.url, 'ada');
});
beforeEach(() => {
    proxy.plan = [];
    proxy.cuts = 0;
    proxy.isDown = false;
});
afterAll(async () => {
    await ada?.chat.stop();
    proxy?.stop();
    await server?.dispose();
});

function noise(length: number): Uint8Array<ArrayBuffer> {
    const random = randomFrom(length);
    return Uint8Array.from({ length }, () => random() * 256);
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function download({ url }: Attachment): Promise<Uint8Array> {
    const response = await fetch(new URL(url, server.url));
    return new Uint8Array(await response.arrayBuffer());
}

describe('a small file', () => {
    test('goes up in one request, and is sent with a message', async () => {
        const bytes = noise(100_000);
        const progress: number[] = [];
        const file = new File([bytes], 'räume "1".bin');
        const attachment = await ada.chat.upload(file, { onProgress: (sent) => progress.push(sent) });
        expect(attachment).toMatchObject({ name: 'räume "1".bin', size: bytes.length });
        expect(progress.at(-1)).toBe(bytes.length);
        const room = ada.chat.open((await newChannel(ada.chat, 'small')).id);
        const message = await room.send({ content: '', attachments: [attachment] }).settled;
        expect(message.attachments).toMatchObject([{ id: attachment.id }]);
        const fresh = await ada.chat.fresh({ ...attachment, urlExpiresAt: '2026-01-01T00:00:00.000Z' });
        expect(hash(await download(fresh))).toBe(hash(bytes));
        expect(await ada.chat.fresh(fresh)).toBe(fresh);
    });

    test('that says it is a picture and is none is refused with a reason', async () => {
        const file = new File([noise(1_000)], 'x.png', { type: 'image/png' });
        await expect(ada.chat.upload(file)).rejects.toMatchObject({ code: 'bad_image', status: 422 });
    });

    test('that is a picture comes back with its size', async () => {
        const attachment = await ada.chat.upload(new File([png(40, 30)], 'dot.png', { type: 'image/png' }));
        expect(attachment).toMatchObject({ mediaType: 'image/png', width: 40, height: 30 });
    });

    test('whose connection is cut is told as a lost network', async () => {
        proxy.plan = [50_000];
        await expect(ada.chat.upload(new Blob([noise(500_000)]))).rejects.toMatchObject({ code: 'network' });
        expect(proxy.cuts).toBe(1);
    });
});

describe('a large file', () => {
    const bytes = noise(2.5 * resumableBytes);

    test('survives cuts, arrives as it was, and its progress never goes back', async () => {
        proxy.plan = [1_000_000, 3_000_000, 20_000, 5_000_000];
        const progress: number[] = [];
        const file = new File([bytes], 'large.bin');
        const attachment = await ada.chat.upload(file, { onProgress: (sent) => progress.push(sent) });
        expect(proxy.cuts).toBe(4);
        expect(attachment).toMatchObject({ name: 'large.bin', size: bytes.length });
        expect(progress).toEqual(progress.toSorted((a, b) => a - b));
        expect(progress.at(-1)).toBe(bytes.length);
        expect(hash(await download(attachment))).toBe(hash(bytes));
    });

    test('what arrived before a cut is not sent again', async () => {
        const before = proxy.bytes;
        proxy.plan = [18_000_000];
        await ada.chat.upload(new Blob([bytes]));
        expect(proxy.cuts).toBe(1);
        // One piece at most is sent in vain: what was on its way is lost, or arrives after it was asked about.
        expect(proxy.bytes - before).toBeLessThan(bytes.length + pieceBytes + 1_000_000);
    });

    test('can be given up on the way', async () => {
        const given = new AbortController();
        const progress = (sent: number) => sent > 0 && given.abort();
        const file = new Blob([bytes]);
        const failed = ada.chat.upload(file, { onProgress: progress, signal: given.signal });
        await expect(failed).rejects.toMatchObject({ code: 'aborted' });
    });

    test('is refused at once where it is over the limit', async () => {
        const { limits } = await ada.chat.api.get('/api/config');
        const size = (limits['fileBytes'] ?? 0) + 1;
        // A Blob of that size without the memory.
        const huge = Object.defineProperty(new Blob([]), 'size', { value: size });
        await expect(ada.chat.upload(huge)).rejects.toMatchObject({ code: 'too_large' });
    });

    test('waits as long as the chat is without a network, and goes on', async () => {
        let isFirst = true;
        const uploading = ada.chat.upload(new Blob([bytes]), {
            onProgress(sent) {
                if (sent === 0 || !isFirst) return;
                isFirst = false;
                proxy.isDown = true;
                proxy.cut();
            },
        });
        await when(ada.chat.connection, ({ error, state }) => state === 'waiting' && error !== undefined);
        // More failures than an upload takes for itself.
        for (let failures = 0; failures < 12; failures++) {
            await when(ada.chat.connection, ({ state }) => state === 'connecting');
            await when(ada.chat.connection, ({ state }) => state === 'waiting');
        }
        proxy.isDown = false;
        expect(await uploading).toMatchObject({ size: bytes.length });
    }, 120_000);

    test('ends with an error where nothing arrives and no chat says that the network is away', async () => {
        const backoff = { minMs: 1, maxMs: 20 };
        const apiOnly = createChat({ url: proxy.url, auth: tokenAuth(() => ada.auth.token()), backoff });
        proxy.isDown = true;
        proxy.cut();
        await expect(apiOnly.upload(new Blob([bytes]))).rejects.toMatchObject({ code: 'network' });
    });
});

/** A picture of one colour. */
function png(width: number, height: number): Uint8Array<ArrayBuffer> {
    const chunk = (type: string, data: Uint8Array) => {
        const body = Buffer.concat([Buffer.from(type), data]);
        const ends = Buffer.alloc(8);
        ends.writeUInt32BE(data.length, 0);
        ends.writeUInt32BE(crc(body), 4);
        return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
    };
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width, 0);
    header.writeUInt32BE(height, 4);
    header.set([8, 2, 0, 0, 0], 8);
    const pixels = deflateSync(Buffer.alloc(height * (1 + 3 * width)));
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const whole = [signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))];
    return Uint8Array.from(Buffer.concat(whole));
}

function crc(bytes: Uint8Array): number {
    let value = ~0;
    for (const byte of bytes) {
        value ^= byte;
        for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
    }
    return ~value >>> 0;
}
