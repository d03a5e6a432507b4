import type { JSX } from './runtime.ts';

/** Outlines of a 24 × 24 grid, drawn with a stroke of two. */
const paths = {
    add: 'M12 5v14M5 12h14',
    at: 'M16 8v5a3 3 0 0 0 6 0v-1a10 10 0 1 0-4 8M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0',
    attach: 'M21 11l-9 9a5 5 0 0 1-7-7l9-9a3.5 3.5 0 0 1 5 5l-9 9a2 2 0 0 1-3-3l8-8',
    back: 'M15 5l-7 7 7 7',
    bell: 'M6 9a6 6 0 1 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20a2 2 0 0 0 4 0',
    bellOff: 'M4 4l16 16M8 5a6 6 0 0 1 10 4c0 3 .6 4.7 1 5.6M6 9c0 6-2 7-2 7h12M10 20a2 2 0 0 0 4 0',
    calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
    check: 'M4 12l5 5L20 6',
    clock: 'M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0',
    close: 'M6 6l12 12M18 6L6 18',
    code: 'M8 6l-6 6 6 6M16 6l6 6-6 6',
    copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
    details: 'M4 5h16v14H4zM14 5v14',
    down: 'M12 5v14M6 13l6 6 6-6',
    download: 'M12 4v11M7 10l5 5 5-5M4 20h16',
    edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
    emoji: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0M8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.01M15 9.5v.01',
    file: 'M6 3h8l4 4v14H6zM14 3v4h4',
    hash: 'M5 9h15M4 15h15M10 4L8 20M16 4l-2 16',
    image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M9 9.5v.01',
    keyboard: 'M3 6h18v12H3zM7 10v.01M11 10v.01M15 10v.01M17 14v.01M7 14v.01M10 14h4',
    leave: 'M10 4H4v16h6M15 8l4 4-4 4M19 12H9',
    link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
    lock: 'M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3',
    menu: 'M4 7h16M4 12h16M4 17h16',
    more: 'M4.5 12h1M11.5 12h1M18.5 12h1',
    people: 'M16 20v-1a5 5 0 0 0-10 0v1M11 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M21 20v-1a5 5 0 0 0-3.5-4.7M15.5 4.3a3.5 3.5 0 0 1 0 6.5',
    person: 'M19 20v-1a6 6 0 0 0-14 0v1M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8',
    quote: 'M9 9L4 14l5 5M4 14h10a6 6 0 0 0 6-6V5',
    react: 'M20 11a8 8 0 1 1-7-7M8.5 14a4 4 0 0 0 6 0M9 9.5v.01M14 9.5v.01M19 2v6M16 5h6',
    reply: 'M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5M8 11h8M8 14h5',
    retry: 'M20 5v5h-5M20 10a8 8 0 1 0 0 5',
    search: 'M17 11a6 6 0 1 1-12 0 6 6 0 0 1 12 0M20 20l-4.7-4.7',
    send: 'M4 12L20 4l-5 17-3-7z',
    settings: 'M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4',
    trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
    unread: 'M4 6h16v12H4zM4 7l8 6 8-6',
    up: 'M12 19V5M6 11l6-6 6 6',
    warn: 'M12 4L2.5 20h19zM12 10v4M12 17v.01',
} as const;

export type IconName = keyof typeof paths;

/** Says nothing to screen readers: whatever it stands in has a label. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }): JSX.Element {
    return (
        <svg
            width={size}
            height={size}
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d={paths[name]} />
        </svg>
    );
}
