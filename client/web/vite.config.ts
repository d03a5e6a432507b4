import { defineConfig } from 'vite';
import { finishDist } from './build/finish_dist.ts';
import { emojiTable } from './build/emoji_table.ts';

/** The server that `vite dev` talks to. */
const server = process.env['BANTER_URL'] ?? 'http://127.0.0.1:8080';

/** What is fetched when it is first needed: each of these, and what only they use. */
const later =
    /src\/(?:settings|emoji)\/|\/(?:Browse|Details|Lightbox|NewDirect|NewThread|PeoplePicker|ProfileCard|ShortcutsHelp|Switcher|fuzzy|usePages)\.tsx?$|i18n\/de\.ts|app\/clerk\.ts|highlight\.worker|node_modules\/(?:highlight\.js|lowlight)|virtual:|sdk\/src\/upload\.ts/;
/** Everything else is one file, so that the first page takes few requests. */
const isFirstLoad = (id: string) => /\/(?:web\/src|sdk\/src|node_modules)\//.test(id) && !later.test(id);

export default defineConfig({
    root: import.meta.dirname,
    plugins: [emojiTable(), finishDist()],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    css: { transformer: 'lightningcss', modules: { generateScopedName: '[local]-[hash:base64:4]' } },
    build: {
        target: 'es2023',
        cssMinify: 'lightningcss',
        cssCodeSplit: false,
        rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'app', test: isFirstLoad }] } } },
        // An inlined asset would be a data: URL, which the CSP takes for pictures only.
        assetsInlineLimit: 0,
        manifest: 'build.json',
        modulePreload: { polyfill: false },
        reportCompressedSize: false,
    },
    server: {
        proxy: {
            '/api': server,
            '/files': server,
            '/ws': { target: server, ws: true },
        },
    },
});
