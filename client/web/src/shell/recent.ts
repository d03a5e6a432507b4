import { effect } from '../ui/runtime.ts';
import { route } from '../app/router.ts';

const ids: string[] = [];

effect(() => {
    if (route.value.name !== 'thread') return;
    const { threadId } = route.value;
    const at = ids.indexOf(threadId);
    if (at >= 0) ids.splice(at, 1);
    ids.unshift(threadId);
    ids.splice(100);
});

/** The threads that were looked at, the last one first. */
export const recentThreads = (): readonly string[] => ids;
