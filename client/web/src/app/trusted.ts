interface Policies {
    createPolicy(
        name: string,
        rules: { createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): URL };
}

/** Only the app's own files may be run; the page's policy refuses an address that did not come through here. */
export function ownScript(url: URL): URL {
    if (!policies) return checked(url);
    policy ??= policies.createPolicy('banter', {
        createScriptURL: (address) => checked(new URL(address)).href,
    });
    return policy.createScriptURL(url.href);
}

/** From now on what is below this address is run too, whoever adds it to the page: Clerk's script loads more of itself. */
export function allowScriptsBelow(place: URL): void {
    if (allowed.length === 0)
        policies?.createPolicy('default', {
            createScriptURL: (address) => {
                const { href } = new URL(address, location.href);
                return allowed.some((start) => href.startsWith(start)) ? href : checked(new URL(href)).href;
            },
        });
    allowed.push(place.href);
}

const { trustedTypes: policies } = globalThis as { trustedTypes?: Policies };
const allowed: string[] = [];
let policy: ReturnType<Policies['createPolicy']> | undefined;

/** What is made in the page (blob:) has the page's origin, and is no file of the app. */
function checked(url: URL): URL {
    if (url.origin !== location.origin || url.protocol === 'blob:')
        throw new TypeError(`${url.origin} is not this app's`);
    return url;
}
