import { signal } from '../ui/runtime.ts';

/** Which of the dialogs that belong to no place is open. */
export const opened = signal<'newThread' | 'newDirect' | 'switcher' | 'palette' | 'shortcuts' | null>(null);
/** Whether the sidebar is drawn over the messages, where it has no place beside them. */
export const drawer = signal(false);

export const close = () => {
    opened.value = null;
};
