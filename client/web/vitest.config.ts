import { defineConfig } from 'vitest/config';

export default defineConfig({
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    test: {
        root: import.meta.dirname,
        include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.ts'],
        environment: 'node',
    },
});
