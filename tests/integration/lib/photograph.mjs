// A picture that is as large as one from a camera.
import { deflateSync } from 'node:zlib';

import { join } from './hostile/bytes.mjs';
import { pngChunk, pngHeader, pngSignature } from './hostile/rasters.mjs';

/** A photograph as far as sizes go: soft greys with the noise of a sensor, which PNG can't make smaller. */
export function photograph(width, height) {
    const rows = Buffer.alloc(height * (1 + width));
    let seed = 1;
    for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
            seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
            const noise = ((seed >>> 24) / 256 - 0.5) * 22;
            const light = 128 + 70 * Math.sin(x / 300 + y / 400) + 30 * Math.cos(y / 150);
            rows[y * (1 + width) + 1 + x] = Math.max(0, Math.min(255, light + noise));
        }
    }
    const data = deflateSync(rows, { level: 1 });
    return join(pngSignature, pngHeader(width, height), pngChunk('IDAT', data), pngChunk('IEND'));
}
