declare module 'virtual:emoji' {
    const entries: readonly (readonly [emoji: string, name: string, words: string, group: number])[];
    export default entries;
}
