import type { Presence } from '@banter/sdk';
import { chat } from '../app/chat.ts';
import { t } from '../i18n/t.ts';
import { useEffect } from '../ui/runtime.ts';

/** Watches these people for as long as the component is there; gives who is how, now. */
export function usePresence(ids: readonly string[]): (id: string) => Presence | undefined {
    const key = ids.join();
    useEffect(() => {
        if (ids.length > 0) return chat.presence.watch(ids.slice(0, 200));
    }, [key]);
    return (id) => chat.presence.get(id).value;
}

export function presenceText({ presence }: Presence): string {
    return t(`presence.${presence}`);
}
