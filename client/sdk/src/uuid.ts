const mostInOneMs = 0xfff;

/** Gives UUIDs of version 7, each greater than the one before, also when the clock goes back. */
export function uuidMaker(now: () => number): () => string {
    let time = 0;
    let count = 0;
    return () => {
        const at = now();
        if (at > time) [time, count] = [at, 0];
        else if (count++ === mostInOneMs) [time, count] = [time + 1, 0];
        const [variant = 0, ...random] = crypto.getRandomValues(new Uint8Array(8));
        const bytes = [(variant & 0x3f) | 0x80, ...random];
        const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
        const tail = bytes.map((byte) => hex(byte, 2)).join('');
        const whole = `${hex(time, 12)}7${hex(count, 3)}${tail}`;
        return whole.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    };
}
