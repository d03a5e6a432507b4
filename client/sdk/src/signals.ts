import { type Signal, signal } from '@preact/signals-core';

/** A signal for each key, made when it is asked for. */
export class SignalMap<T> extends Map<string, Signal<T | undefined>> {
    of(key: string): Signal<T | undefined> {
        const known = super.get(key) ?? signal<T | undefined>(undefined);
        this.set(key, known);
        return known;
    }
}
