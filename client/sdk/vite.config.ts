import { defineConfig } from 'vitest/config';

/** The library as one file, with all that it needs, and its tests. */
export default defineConfig({
    root: import.meta.dirname,
    build: {
        target: 'es2023',
        lib: { entry: 'src/index.ts', formats: ['es'], fileName: 'index' },
        reportCompressedSize: false,
    },
    test: {
        projects: [
            { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts'] } },
            {
                extends: true,
                test: {
                    // Against the real server: BANTER_BINARY says which.
                    name: 'server',
                    include: ['test/**/*.test.ts'],
                    testTimeout: 120_000,
                    hookTimeout: 60_000,
                    fileParallelism: false,
                },
            },
        ],
    },
});
