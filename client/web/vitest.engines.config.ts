import { defineConfig } from 'vitest/config';

/** The list in Firefox and WebKitGTK: packages firefox-esr, webkit2gtk-driver and xvfb. */
export default defineConfig({
    test: {
        root: import.meta.dirname,
        include: ['test/engines/*.test.ts'],
        environment: 'node',
        testTimeout: 90_000,
        hookTimeout: 90_000,
        fileParallelism: false,
    },
});
