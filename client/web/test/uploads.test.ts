import { describe, expect, it } from 'vitest';
import { eventually } from './lib/people.ts';
import { png } from './lib/png.ts';
import { stage } from './lib/stage.ts';

const on = stage();

const tray = () => on.ada.page.getByRole('list', { name: 'Files to send' });
const pick = (files: { name: string; mimeType: string; buffer: Buffer }[]) =>
    on.ada.page.locator('main input[type=file]').setInputFiles(files);
const ready = (count: number) => eventually(() => tray().locator('[data-state="there"]').count()).toBe(count);

describe('files', () => {
    it('that are picked, pasted and dropped go with the message, and pictures open in a gallery', async () => {
        const thread = await on.ada.channel('files', [on.bob]);
        await on.ada.openThread(thread);
        await on.bob.openThread(thread);
        await pick([{ name: 'red.png', mimeType: 'image/png', buffer: png(320, 200, [200, 60, 60]) }]);
        const give = (event: string, name: string, bytes: number[]) =>
            on.ada.composer.evaluate(
                (area, { event, name, bytes }) => {
                    const data = new DataTransfer();
                    data.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
                    const made =
                        event === 'paste'
                            ? new ClipboardEvent('paste', {
                                  clipboardData: data,
                                  bubbles: true,
                                  cancelable: true,
                              })
                            : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
                    area.dispatchEvent(made);
                },
                { event, name, bytes },
            );
        await give('paste', 'green.png', [...png(200, 320, [60, 160, 90])]);
        await give('drop', 'blue.png', [...png(640, 400, [60, 90, 200])]);
        await ready(3);
        await on.ada.composer.fill('three pictures');
        await on.ada.shot('tray');
        await on.ada.composer.press('Enter');
        await on.bob
            .row('three pictures')
            .getByRole('button', { name: /Open picture/ })
            .nth(2)
            .waitFor();
        await eventually(() => on.bob.row('three pictures').locator('img[data-state="there"]').count()).toBe(
            3,
        );
        await on.bob.shot('pictures');

        const second = on.bob.row('three pictures').getByRole('button', { name: 'Open picture green.png' });
        await second.focus();
        await on.bob.page.keyboard.press('Enter');
        await on.bob.page.getByRole('dialog', { name: 'Picture green.png' }).waitFor();
        await on.bob.page.keyboard.press('ArrowRight');
        await on.bob.page.getByRole('dialog', { name: 'Picture blue.png' }).waitFor();
        await on.bob.shot('lightbox');
        await on.bob.page.keyboard.press('Escape');
        await eventually(() => second.evaluate((button) => button === document.activeElement)).toBe(true);
    });

    it('show how far they are, and can be given up', async () => {
        const thread = await on.ada.channel('progress');
        await on.ada.openThread(thread);
        const network = await on.ada.context.newCDPSession(on.ada.page);
        await network.send('Network.enable');
        await network.send('Network.emulateNetworkConditions', {
            offline: false,
            latency: 20,
            downloadThroughput: -1,
            uploadThroughput: 400_000,
        });
        await pick([
            { name: 'large.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(6_000_000, 7) },
        ]);
        const bar = on.ada.page.getByRole('progressbar', { name: 'Uploading large.bin' });
        await eventually(() =>
            bar.evaluate((element) => (element as HTMLProgressElement).value),
        ).toBeGreaterThan(100_000);
        await on.ada.shot('uploading');
        await on.ada.composer.fill('typed meanwhile');
        await on.ada.page.getByRole('button', { name: 'Remove large.bin' }).click();
        await eventually(() => tray().count()).toBe(0);
        expect(await on.ada.composer.inputValue()).toBe('typed meanwhile');
        await network.send('Network.emulateNetworkConditions', {
            offline: false,
            latency: 0,
            downloadThroughput: -1,
            uploadThroughput: -1,
        });
        await network.detach();
        await on.ada.composer.fill('');
    });

    it('that are large go on where they were when the connection was lost', async () => {
        const thread = await on.ada.channel('resumed');
        await on.ada.openThread(thread);
        const asked: string[] = [];
        on.site.intercept = ({ method = '', url = '' }) => {
            if (url.startsWith('/api/uploads')) asked.push(method);
            return false;
        };
        const network = await on.ada.context.newCDPSession(on.ada.page);
        await network.send('Network.enable');
        const throttle = (uploadThroughput: number) =>
            network.send('Network.emulateNetworkConditions', {
                offline: false,
                latency: 0,
                downloadThroughput: -1,
                uploadThroughput,
            });
        await throttle(4_000_000);
        const bytes = Buffer.alloc(20_000_000, 'abcdefghij');
        await pick([{ name: 'huge.bin', mimeType: 'application/octet-stream', buffer: bytes }]);
        const bar = on.ada.page.getByRole('progressbar', { name: 'Uploading huge.bin' });
        const sent = () => bar.evaluate((element) => (element as HTMLProgressElement).value);
        await eventually(sent).toBeGreaterThan(9_000_000);
        on.site.cut();
        await on.ada.composer.fill('here it is');
        const before = await sent();
        on.site.mend();
        await throttle(-1);
        await eventually(() => tray().locator('[data-state="there"]').count()).toBe(1);
        expect(before).toBeGreaterThan(8_000_000);
        // One upload was begun, and after the cut the server was asked how far it was.
        expect(asked.filter((method) => method === 'POST')).toHaveLength(1);
        expect(asked).toContain('HEAD');
        await on.ada.composer.press('Enter');
        await on.ada.row('here it is').locator('[data-state="settled"]').waitFor();
        const { items } = await on.ada.call<{ items: { attachments: { size: number; url: string }[] }[] }>(
            'GET',
            `/api/threads/${thread}/messages`,
        );
        const file = items.at(-1)?.attachments[0];
        expect(file?.size).toBe(bytes.length);
        const answer = await fetch(new URL(file?.url ?? '', on.site.url));
        expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
        on.site.intercept = null;
        await network.detach();
    });

    it('that can run are given out to be saved, never shown', async () => {
        const thread = await on.ada.channel('hostile-files', [on.bob]);
        await on.ada.openThread(thread);
        await pick([
            {
                name: 'x.svg',
                mimeType: 'image/svg+xml',
                buffer: Buffer.from(
                    '<svg xmlns="http://www.w3.org/2000/svg"><script>parent.pwned=1</script></svg>',
                ),
            },
            { name: 'x.html', mimeType: 'text/html', buffer: Buffer.from('<script>parent.pwned=1</script>') },
        ]);
        await ready(2);
        await on.ada.composer.press('Enter');
        await on.bob.openThread(thread);
        const cards = on.bob.page.locator('main li[data-key] a[download]');
        await eventually(() => cards.count()).toBe(2);
        expect(await on.bob.page.locator('main li[data-key] img').count()).toBe(0);
        const disposition = await on.bob.page.evaluate(async () => {
            const links = [...document.querySelectorAll<HTMLAnchorElement>('main li[data-key] a[download]')];
            return Promise.all(
                links.map(async (link) => (await fetch(link.href)).headers.get('Content-Disposition')),
            );
        });
        for (const each of disposition) expect(each).toMatch(/^attachment/);
    });

    it('of no bytes, and pictures that are none, say so and can be taken away', async () => {
        const thread = await on.ada.channel('bad-files');
        await on.ada.openThread(thread);
        await pick([
            { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
            { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') },
        ]);
        await eventually(() => tray().locator('[data-state="failed"]').count()).toBe(2);
        expect(await tray().innerText()).toMatch(/The file is empty[\s\S]*This picture is damaged/);
        for (const name of ['empty.txt', 'broken.png'])
            await on.ada.page.getByRole('button', { name: `Remove ${name}` }).click();
        await eventually(() => tray().count()).toBe(0);
    });
});
