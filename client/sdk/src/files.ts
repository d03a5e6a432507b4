import type { Core } from './core.ts';
import type { Attachment } from './wire.ts';

/** A URL with less than this left is renewed. */
const marginMs = 60_000;

/** Attachments with URLs that work: the server is asked once for each file and time. */
export class Files {
    readonly #core: Core;
    readonly #kept = new Map<string, Promise<Attachment>>();

    constructor(core: Core) {
        this.#core = core;
    }

    async fresh(attachment: Attachment): Promise<Attachment> {
        if (this.#works(attachment)) return attachment;
        const known = await this.#kept.get(attachment.id)?.catch(() => undefined);
        return known && this.#works(known) ? known : this.#fetch(attachment.id);
    }

    #works({ url, urlExpiresAt }: Attachment): boolean {
        return url !== '' && Date.parse(urlExpiresAt) - this.#core.link.serverNow() > marginMs;
    }

    #fetch(fileId: string): Promise<Attachment> {
        const found = this.#core.api.get('/api/files/{fileId}', { path: { fileId } });
        this.#kept.set(fileId, found);
        return found;
    }
}
