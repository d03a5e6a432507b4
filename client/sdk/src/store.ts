/**
 * Where the library keeps what must survive a reload: plain values by name. Names begin with what they are and whose,
 * as `outbox/<user>/<nonce>`. A store may lose everything, but not some of one value.
 */
export interface Store {
    get(name: string): Promise<unknown>;
    /** Keeps all of these values or none, `undefined` being that there is none; resolves when they are kept. */
    write(values: ReadonlyMap<string, unknown>): Promise<void>;
    /** All whose names begin so, in the order of the names. */
    list(prefix: string): Promise<[name: string, value: unknown][]>;
}

/** Forgets everything at the end of the program. */
export function memoryStore(): Store {
    const values = new Map<string, unknown>();
    return {
        async get(name) {
            return structuredClone(values.get(name));
        },
        async write(changes) {
            for (const [name, value] of structuredClone(changes)) {
                if (value === undefined) values.delete(name);
                else values.set(name, value);
            }
        },
        async list(prefix) {
            const names = [...values.keys()].filter((name) => name.startsWith(prefix)).sort();
            return names.map((name) => [name, structuredClone(values.get(name))]);
        },
    };
}
