interface Policies {
    createPolicy(
        name: string,
        rules: { createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): URL };
}

/** Only the app's own files may be run; the page's policy refuses an address that did not come through here. */
export function ownScript(url: URL): URL {
    const { trustedTypes } = globalThis as { trustedTypes?: Policies };
    if (!trustedTypes) return checked(url);
    policy ??= trustedTypes.createPolicy('banter', {
        createScriptURL: (address) => checked(new URL(address)).href,
    });
    return policy.createScriptURL(url.href);
}

let policy: ReturnType<Policies['createPolicy']> | undefined;

function checked(url: URL): URL {
    if (url.origin !== location.origin) throw new TypeError(`${url.origin} is not this app's`);
    return url;
}
