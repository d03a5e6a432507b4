// One hostile upload, as the lists beside this file have it.

/** What no browser may ever run, whatever it is hidden in. */
export const alert = 'alert(document.domain)';
export const script = `<script>${alert}</script>`;
export const page = `<!doctype html><title>x</title>${script}`;

const picture = /^(png|gif|jpeg|webp|tiff|avif|heic)$/;

/**
 * bytes  of the file
 * kind   what they are, by a name that kinds.mjs knows
 * why    how it would do harm
 *
 * more.claimed   the type that the upload claims, `application/octet-stream` without
 * more.filename  `x` without; a Buffer goes as it is, a string as a browser would send it
 * more.may       what the upload may get: `stored`, or a code of a refusal; `stored` alone without
 * more.gone      what must not be there any more where the file is given to be shown
 */
export function row(name, kind, bytes, why, more = {}) {
    const { claimed = 'application/octet-stream', filename = 'x', may, gone } = more;
    const outcomes = may ?? ['stored'];
    return {
        name,
        kind,
        bytes: Buffer.from(bytes),
        why,
        claimedType: claimed,
        filename,
        may: outcomes,
        gone,
        picture: picture.test(kind),
    };
}

/** A picture that can't be one. */
export const refused = { may: ['bad_image'] };
/** A damaged picture: a decoder that forgives may take it. */
export const either = { may: ['stored', 'bad_image'] };
