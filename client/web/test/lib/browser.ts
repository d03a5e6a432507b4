import { type Browser, chromium } from 'playwright-core';

/** Debian's Chromium; BANTER_CHROMIUM names another. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
    return chromium.launch({
        executablePath: process.env['BANTER_CHROMIUM'] ?? '/usr/bin/chromium',
        args: [
            ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-dev-shm-usage',
            ...args,
        ],
    });
}
