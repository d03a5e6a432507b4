import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Result {
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** What axe-core finds wrong with the page as it is now: each rule with the elements, nothing if all is well. */
export async function faults(page: Page): Promise<string[]> {
    await page.evaluate(source);
    const { violations } = await page.evaluate(
        (values) =>
            (
                window as unknown as { axe: { run(context: Document, options: object): Promise<Result> } }
            ).axe.run(document, { runOnly: { type: 'tag', values } }),
        tags,
    );
    return violations.flatMap(({ id, impact, nodes }) =>
        nodes.map(
            (node) =>
                `${id} (${impact}): ${node.html.slice(0, 200)}\n    ${node.failureSummary.split('\n').slice(1, 3).join(' ')}`,
        ),
    );
}
