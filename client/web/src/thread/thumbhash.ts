// Reads ThumbHash (https://evanw.github.io/thumbhash/): a picture in about 25 bytes, as the lowest frequencies of its
// lightness, of two differences of colour, and of how opaque it is.

/** Both sides of what comes out, whatever the shape of the picture: it is stretched to it where it is shown. */
export const hashSide = 16;

/** One channel: its mean, and its waves in the order of the hash. */
interface Channel {
    mean: number;
    waves: readonly Wave[];
}
interface Wave {
    x: number;
    y: number;
    height: number;
}

/** RGBA, row by row; null of what isn't a hash. */
export function thumbHashPixels(base64: string): Uint8ClampedArray<ArrayBuffer> | null {
    const channels = channelsOf(base64);
    if (!channels) return null;
    const pixels = new Uint8ClampedArray(hashSide * hashSide * 4);
    for (let at = 0; at < hashSide * hashSide; at++) {
        const [l = 0, p = 0, q = 0, a = 0] = channels.map((channel) =>
            valueAt(channel, at % hashSide, Math.floor(at / hashSide)),
        );
        const blue = l - (2 / 3) * p;
        const red = (3 * l - blue + q) / 2;
        pixels.set([255 * red, 255 * (red - q), 255 * blue, 255 * a], at * 4);
    }
    return pixels;
}

function channelsOf(base64: string): Channel[] | null {
    const bytes = bytesOf(base64);
    if (!bytes || bytes.length < 5) return null;
    /** Bits from a place on, as all numbers are laid out. */
    const bits = (from: number, count: number) => {
        let value = 0;
        for (let at = 0; at < count; at++) {
            const bit = ((bytes[(from + at) >> 3] ?? 0) >> ((from + at) & 7)) & 1;
            value |= bit << at;
        }
        return value;
    };
    const hasAlpha = bits(23, 1) === 1;
    const isLandscape = bits(39, 1) === 1;
    const most = hasAlpha ? 5 : 7;
    const side = Math.max(3, bits(24, 3));
    const [width, height] = isLandscape ? [most, side] : [side, most];
    let next = hasAlpha ? 48 : 40;
    const channel = (mean: number, scale: number, columns: number, rows: number): Channel => {
        const waves: Wave[] = [];
        for (let y = 0; y < rows; y++)
            for (let x = y === 0 ? 1 : 0; x * rows < columns * (rows - y); x++, next += 4)
                waves.push({ x, y, height: (bits(next, 4) / 7.5 - 1) * scale });
        return { mean, waves };
    };
    // Colours are a quarter stronger than they are kept, which so few steps have dulled.
    const channels = [
        channel(bits(0, 6) / 63, bits(18, 5) / 31, width, height),
        channel(bits(6, 6) / 31.5 - 1, (bits(27, 6) / 63) * 1.25, 3, 3),
        channel(bits(12, 6) / 31.5 - 1, (bits(33, 6) / 63) * 1.25, 3, 3),
        hasAlpha ? channel(bits(40, 4) / 15, bits(44, 4) / 15, 5, 5) : { mean: 1, waves: [] },
    ];
    return next <= bytes.length * 8 ? channels : null;
}

function valueAt({ mean, waves }: Channel, x: number, y: number): number {
    let value = mean;
    for (const wave of waves) {
        const across = Math.cos((Math.PI / hashSide) * (x + 0.5) * wave.x);
        const down = Math.cos((Math.PI / hashSide) * (y + 0.5) * wave.y);
        value += wave.height * across * down * 2;
    }
    return value;
}

function bytesOf(base64: string): Uint8Array | null {
    try {
        return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    } catch {
        return null;
    }
}
