import { defineConfig } from 'vitest/config';

/** The tests with a browser: they want /usr/bin/chromium, and most of them BANTER_BINARY. */
export default defineConfig({
    test: {
        root: import.meta.dirname,
        include: ['test/*.test.ts'],
        environment: 'node',
        testTimeout: 90_000,
        hookTimeout: 90_000,
        fileParallelism: false,
    },
});
