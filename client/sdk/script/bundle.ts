import { type OutputChunk, rolldown } from 'rolldown';

/** The library as a browser gets it: what is loaded first, and what follows when it is needed. */
export async function bundle(external: string[]): Promise<OutputChunk[]> {
    const root = `${import.meta.dirname}/..`;
    const bundled = await rolldown({
        cwd: root,
        input: { index: 'src/index.ts', node: 'src/node.ts' },
        platform: 'browser',
        external,
        tsconfig: 'tsconfig.json',
        transform: { target: 'es2023' },
        preserveEntrySignatures: 'allow-extension',
    });
    const { output } = await bundled.generate({
        format: 'es',
        minify: true,
        comments: false,
        chunkFileNames: '[name].js',
    });
    return output.filter((one) => one.type === 'chunk');
}
