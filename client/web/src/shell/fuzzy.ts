/**
 * How well a name fits what is typed: 0 if not at all. The letters have to come in this order; those at the beginning
 * of words, and next to each other, count more.
 */
export function score(query: string, name: string): number {
    const wanted = fold(query);
    const text = fold(name);
    if (wanted === '') return 1;
    if (text.startsWith(wanted)) return 1000 - text.length;
    const within = text.indexOf(wanted);
    if (within >= 0) return (begins(text, within) ? 800 : 500) - text.length;
    let points = 0;
    let at = -1;
    for (const letter of wanted) {
        const next = text.indexOf(letter, at + 1);
        if (next < 0) return 0;
        points += next === at + 1 ? 8 : begins(text, next) ? 6 : 1;
        at = next;
    }
    return points;
}

const begins = (text: string, at: number) => at === 0 || /[\s._-]/.test(text.charAt(at - 1));
const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
