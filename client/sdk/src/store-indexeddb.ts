import type { Store } from './store.ts';

const table = 'values';

/** One IndexedDB database of this origin; each chat on the same origin needs its own name. */
export function indexedDbStore(database = 'banter'): Store {
    let opened: Promise<IDBDatabase> | undefined;
    const open = () => {
        opened ??= openDatabase(database, () => {
            opened = undefined;
        });
        return opened;
    };
    const run = async (mode: IDBTransactionMode, work: (values: IDBObjectStore) => IDBRequest[]) => {
        const transaction = (await open()).transaction(table, mode);
        const requests = work(transaction.objectStore(table));
        // A page that goes before it is asked to commit loses what it wrote.
        transaction.commit();
        await new Promise<void>((resolve, reject) => {
            transaction.oncomplete = () => resolve();
            transaction.onabort = () => reject(transaction.error);
        });
        return requests.map(({ result }): unknown => result);
    };
    return {
        get: async (name) => (await run('readonly', (values) => [values.get(name)]))[0],
        write: async (changes) =>
            void (await run('readwrite', (values) =>
                [...changes].map(([name, value]) =>
                    value === undefined ? values.delete(name) : values.put(value, name),
                ),
            )),
        async list(prefix) {
            const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
            const both = await run('readonly', (values) => [values.getAllKeys(range), values.getAll(range)]);
            const [names = [], found = []] = both as unknown[][];
            return names.map((name, index) => [String(name), found[index]]);
        },
    };
}

function openDatabase(name: string, lost: () => void): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
        const request = indexedDB.open(name, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(table);
        request.onsuccess = () => {
            const database = request.result;
            // A tab with a later version waits for this one to let go; the browser may close it for its own reasons.
            database.onversionchange = () => {
                database.close();
                lost();
            };
            database.onclose = lost;
            resolve(database);
        };
        request.onerror = () => {
            lost();
            reject(request.error);
        };
    });
}
