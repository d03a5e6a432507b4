import { t } from '../i18n/t.ts';
import { hasFiles } from '../thread/uploads.ts';
import { toast } from './toasts.tsx';
import { ownScript } from './trusted.ts';

/** Keeps the app on the device, and offers a newer one when there is. It never reloads by itself. */
export async function startServiceWorker(): Promise<void> {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    try {
        const address = ownScript(new URL('/sw.js', location.href));
        const registration = await navigator.serviceWorker.register(address);
        offer(registration);
        registration.addEventListener('updatefound', () => {
            const coming = registration.installing;
            coming?.addEventListener('statechange', () => offer(registration));
        });
        setInterval(() => void registration.update().catch(() => {}), 60 * 60_000);
    } catch {
        // Private windows refuse it; the app works all the same while there is a network.
    }
}

/** The browser asks before a page goes that has files which are not sent. */
export function guardFiles(): void {
    addEventListener('beforeunload', (event) => {
        if (hasFiles()) event.preventDefault();
    });
}

let offered: ServiceWorker | null = null;

function offer({ waiting }: Pick<ServiceWorkerRegistration, 'waiting'>): void {
    if (!waiting || waiting === offered || !navigator.serviceWorker.controller) return;
    offered = waiting;
    const run = () => {
        if (hasFiles()) {
            toast(t('update.files'), { bad: true });
            offered = null;
            return offer({ waiting });
        }
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        waiting.postMessage('take over');
    };
    toast(t('update.ready'), { action: { label: t('broken.reload'), run } });
}
