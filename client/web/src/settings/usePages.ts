import { failed } from '../app/toasts.tsx';
import { useEffect, useState } from '../ui/runtime.ts';

interface Page<T> {
    items: readonly T[];
    next: string | null;
}

/** A list that comes in pages; null until the first is there. */
export function usePages<T>(load: (cursor: string | undefined) => Promise<Page<T>>) {
    const [items, setItems] = useState<readonly T[] | null>(null);
    const [next, setNext] = useState<string | null>(null);
    const take = (cursor: string | undefined, before: readonly T[]) =>
        load(cursor).then((page) => {
            setItems([...before, ...page.items]);
            setNext(page.next);
        }, failed);
    const reload = () => void take(undefined, []);
    useEffect(reload, []);
    return { items, reload, more: next === null ? null : () => void take(next, items ?? []) };
}

export const pageQuery = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });
