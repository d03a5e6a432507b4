import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { launchChromium } from './browser.ts';
import { Person } from './people.ts';
import { Site, type SiteOptions } from './site.ts';

export interface Stage {
    site: Site;
    browser: Browser;
    ada: Person;
    bob: Person;
}

/** A server and two people for the tests of a file; at the end nothing was refused, and nothing broke. */
export function stage(options: SiteOptions = {}): Stage {
    const set = {} as Stage;
    beforeAll(async () => {
        set.site = await Site.start(options);
        set.browser = await launchChromium();
        set.ada = await Person.arrive(set.site, set.browser, 'Ada Lovelace');
        set.bob = await Person.arrive(set.site, set.browser, 'Bob Babbage');
    });
    afterAll(async () => {
        const trouble = [...(set.ada?.trouble ?? []), ...(set.bob?.trouble ?? [])];
        await set.browser?.close();
        await set.site?.stop();
        expect(trouble).toEqual([]);
    });
    return set;
}
