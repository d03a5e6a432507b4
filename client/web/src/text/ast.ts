// What a message's Markdown means. Text stands as it is; nothing in here is HTML.

export type Inline =
    | string
    | { readonly type: 'strong' | 'emphasis' | 'strike'; readonly children: readonly Inline[] }
    | { readonly type: 'code'; readonly text: string }
    | { readonly type: 'link'; readonly href: string; readonly children: readonly Inline[] }
    | { readonly type: 'mention'; readonly user: string }
    | { readonly type: 'mention'; readonly all: 'channel' | 'here' }
    | { readonly type: 'emoji'; readonly name: string; readonly emoji: string }
    | { readonly type: 'break' };

export type Block =
    | { readonly type: 'paragraph'; readonly children: readonly Inline[] }
    | { readonly type: 'codeBlock'; readonly language: string; readonly text: string }
    | { readonly type: 'quote'; readonly children: readonly Block[] }
    | {
          readonly type: 'list';
          /** The first number, or null for bullets. */
          readonly start: number | null;
          readonly items: readonly (readonly Block[])[];
      };

export interface ParseOptions {
    /** The emoji of a short name, if it is one; names that aren't stay text. */
    emoji?: (name: string) => string | undefined;
}

/** What is nested deeper than this is text. */
export const depthMax = 16;
