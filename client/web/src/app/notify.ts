import type { Message } from '@banter/sdk';
import { t } from '../i18n/t.ts';
import { plainText } from '../text/plain.ts';
import { ownPresence } from '../shell/own_presence.ts';
import { effect } from '../ui/runtime.ts';
import { chat, me, threadById } from './chat.ts';
import { isMuted, nameOf, titleOf } from './people.ts';
import { prefs } from './prefs.ts';
import { hourOf, isQuiet } from './quiet.ts';
import { go, paths, route } from './router.ts';

/** The count in the title and the favicon: mentions, and everything in direct threads. A dot stands for the rest. */
export function unreadTotals(): { badge: number; any: boolean } {
    let badge = 0;
    let any = false;
    for (const thread of chat.threads.value) {
        const { unread = 0, mentions = 0, level } = thread.membership ?? {};
        if (isMuted(thread)) continue;
        badge += thread.kind === 'direct' ? unread : mentions;
        any ||= unread > 0 && level === 'all';
    }
    return { badge, any };
}

export function startTitle(): void {
    effect(() => {
        const { badge, any } = unreadTotals();
        const here = route.value;
        const thread = here.name === 'thread' ? threadById(here.threadId) : undefined;
        const server = chat.session.value?.workspace.name ?? 'Banter';
        const place = thread ? `${titleOf(thread)} · ${server}` : server;
        document.title = badge > 0 ? `(${badge}) ${place}` : any ? `• ${place}` : place;
        drawFavicon(badge, any);
        void setAppBadge(badge);
    });
}

function setAppBadge(count: number): Promise<void> | undefined {
    return navigator.setAppBadge?.(count).catch(() => {});
}

const plain = '/favicon.svg';
let drawn = '';

function drawFavicon(badge: number, any: boolean): void {
    const wanted = badge > 0 ? 'badge' : any ? 'dot' : 'plain';
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!link || drawn === wanted) return;
    drawn = wanted;
    const mark =
        wanted === 'badge'
            ? "<circle cx='25' cy='7' r='7' fill='%23d01c29'/>"
            : "<circle cx='26' cy='6' r='5' fill='%238097f5'/>";
    const base =
        "<rect width='32' height='32' rx='8' fill='%233b5bd4'/><path d='M9 8h14a3 3 0 0 1 3 3v8a3 3 0 0 1-3 3h-8l-5 4v-4H9a3 3 0 0 1-3-3v-8a3 3 0 0 1 3-3z' fill='%23fff'/>";
    link.href =
        wanted === 'plain'
            ? plain
            : `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'>${base}${mark}</svg>`;
}

export function notifyNow(title: string, body: string, path: string): void {
    const notification = new Notification(title, { body, tag: path, icon: plain });
    notification.addEventListener('click', () => {
        focus();
        go(path);
        notification.close();
    });
}

/** Tells of messages that the person can't see: of a thread that isn't in view, or while the window isn't. */
export function startNotifications(): void {
    chat.onEvent((event) => {
        if (event.type === 'message:new') tell(event.threadId, event.message.seq, event.message);
        else if (event.type === 'thread:activity') {
            const mentioned = event.mentioned.some((each) => each === me()?.id || each === 'all');
            tell(event.threadId, event.seq, null, mentioned);
        }
    });
}

function tell(
    threadId: string,
    seq: number,
    message: Message | null,
    mentioned = message?.mentions.some((each) => each === me()?.id || each === 'all') ?? false,
): void {
    const thread = threadById(threadId);
    if (!thread || message?.authorId === me()?.id || isMuted(thread)) return;
    if (!(mentioned || thread.kind === 'direct') && thread.membership?.level !== 'all') return;
    const here = route.peek();
    const inView = here.name === 'thread' && here.threadId === threadId && document.hasFocus();
    if (inView || ownPresence.peek() === 'dnd' || isQuiet(prefs.peek().quiet, hourOf(new Date()))) return;
    if (prefs.peek().sound) chime();
    if (!prefs.peek().notify || typeof Notification === 'undefined' || Notification.permission !== 'granted')
        return;
    void onlyTab(`${threadId} ${seq}`, () => {
        const title = message ? `${nameOf(message.authorId)} · ${titleOf(thread)}` : titleOf(thread);
        notifyNow(
            title,
            (message && plainText(message.content, nameOf).slice(0, 200)) || t('notify.new'),
            paths.thread(threadId),
        );
    });
}

/** As long as the other tabs may take to hear of the same message. */
const tabsMs = 300;

/** Of several tabs one tells of each message. */
function onlyTab(what: string, act: () => void): Promise<unknown> {
    if (!navigator.locks) return Promise.resolve(act());
    return navigator.locks.request(`banter.notify ${what}`, { ifAvailable: true }, async (lock) => {
        if (!lock) return;
        act();
        await new Promise((resolve) => setTimeout(resolve, tabsMs));
    });
}

/** Two short notes; no file to load. */
function chime(): void {
    const audio = new AudioContext();
    for (const [at, pitch] of [
        [0, 660],
        [0.09, 880],
    ] as const) {
        const tone = audio.createOscillator();
        const volume = audio.createGain();
        tone.frequency.value = pitch;
        volume.gain.setValueAtTime(0.06, audio.currentTime + at);
        volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.12);
        tone.connect(volume).connect(audio.destination);
        tone.start(audio.currentTime + at);
        tone.stop(audio.currentTime + at + 0.13);
    }
    setTimeout(() => void audio.close(), 500);
}
