// Files that somebody uploads to do harm, made here: none of them is ever to be served so that a
// browser would run it. Each is {name, kind, bytes, why, claimedType, filename, may, gone, picture};
// hostile/row.mjs says what that means.
import assert from 'node:assert/strict';

import archives from './hostile/archives.mjs';
import claims from './hostile/claims.mjs';
import { areOf, mayBeShown } from './hostile/kinds.mjs';
import names from './hostile/names.mjs';
import pages from './hostile/pages.mjs';
import pictures from './hostile/pictures.mjs';
import plain from './hostile/plain.mjs';
import polyglots from './hostile/polyglots.mjs';
import programs from './hostile/programs.mjs';

export const hostileFiles = { pages, programs, archives, pictures, polyglots, claims, names, plain };

/** Types by which a page takes in what it did not ask to be shown, whatever the disposition. */
const taken = /javascript|ecmascript|livescript|jscript|^text\/css$|cache-manifest|multipart|x-mixed-replace/;
const mediaType = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+(; ?charset=[a-z0-9-]+)?$/;
/** In a name they are more than text: to a path, a header, a terminal or an eye. */
const unwanted = /[\x00-\x1f\x7f-\x9f/\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** The names that a Content-Disposition tells, in each way that there is. */
function dispositionOf(value) {
    const parts = /^(inline|attachment); filename="([ -!#-[\]-~]*)"(?:; filename\*=UTF-8''([!#$&+\-.^_`|~\w%]*))?$/.exec(value);
    assert.ok(parts, `Content-Disposition: ${value}`);
    const [, how, plainName, extended] = parts;
    return { how, names: [plainName, ...(extended === undefined ? [] : [decodeURIComponent(extended)])] };
}

/**
 * Holds an answer that gives a file, {headers, body}, to what keeps any browser from running it. `expected` is its
 * row: nothing that a row says is gone may be in what is shown.
 */
export function assertNeverRunnable({ headers, body }, expected = {}) {
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    const policy = headers.get('content-security-policy') ?? '';
    const directives = policy.split(';').map((directive) => directive.trim());
    assert.ok(directives.includes('sandbox'), `without a sandbox that allows nothing: ${policy}`);
    assert.ok(directives.includes("default-src 'none'"), `without default-src 'none': ${policy}`);
    for (const name of ['content-encoding', 'refresh', 'link', 'service-worker-allowed', 'x-evil'])
        assert.equal(headers.get(name), null, name);

    const type = headers.get('content-type') ?? '';
    assert.match(type, mediaType);
    assert.doesNotMatch(type, taken);
    const { how, names } = dispositionOf(headers.get('content-disposition') ?? '');
    for (const name of names) {
        assert.doesNotMatch(name, unwanted, JSON.stringify(name));
        assert.match(name, /[^. ]/, 'a name of dots is a folder');
    }
    const [essence] = type.split(';');
    if (how === 'attachment') return;
    assert.ok(mayBeShown(essence), `${essence} is shown`);
    assert.ok(areOf(essence, body), `what is shown as ${essence} is something else`);
    if (expected.gone) assert.ok(!body.includes(expected.gone), 'what stood behind the picture is shown with it');
}
