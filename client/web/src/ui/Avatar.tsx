import css from './avatar.module.css';

const hues = [5, 35, 65, 95, 130, 160, 190, 220, 250, 280, 310, 340];

/** The hue of a person without a picture: always the same one. OKLCH lightness 0.52, white letters: 4.5 to 1. */
export function hueOf(id: string): number {
    let sum = 0;
    for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) >>> 0;
    return hues[sum % hues.length] ?? 250;
}

export function initialsOf(name: string): string {
    const words = name.trim().split(/\s+/);
    const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
        (word) => [...(word ?? '')][0] ?? '',
    );
    return letters.join('').toUpperCase() || '?';
}

export type PresenceName = 'online' | 'away' | 'dnd' | 'offline';

interface AvatarProps {
    id: string;
    name: string;
    size?: 20 | 24 | 36 | 64;
    presence?: PresenceName | undefined;
}

/** A person's sign. Pictures of other hosts aren't loaded: whoever owns one would learn who reads here, and when. */
export function Avatar({ id, name, size = 36, presence }: AvatarProps) {
    return (
        <span
            class={`${css['avatar']} ${css[`s${size}`]}`}
            data-hue={hues.indexOf(hueOf(id))}
            aria-hidden="true"
        >
            {initialsOf(name)}
            {presence && <PresenceDot presence={presence} />}
        </span>
    );
}

export function PresenceDot({ presence }: { presence: PresenceName }) {
    return <span class={css['dot']} data-presence={presence} />;
}
