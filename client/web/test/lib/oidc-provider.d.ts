declare module 'oidc-provider' {
    import type { RequestListener } from 'node:http';

    /** As much of npm's issuer of OpenID Connect as a test needs. */
    export default class Provider {
        constructor(issuer: string, configuration: object);
        callback(): RequestListener;
    }
}
