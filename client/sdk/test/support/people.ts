import {
    type Chat,
    type ChatOptions,
    createChat,
    type LocalAuth,
    localAuth,
    type Row,
} from '../../src/index.ts';
import { cookieFetch } from '../../src/node.ts';
import { when } from './deadline.ts';

export const password = 'correct horse battery';

export interface Person {
    chat: Chat;
    auth: LocalAuth;
    userId: string;
}

/** A new local account, signed in and connected. */
export async function newPerson(
    url: string,
    handle: string,
    options: Partial<ChatOptions> = {},
): Promise<Person> {
    const auth = localAuth();
    const chat = createChat({
        url,
        auth,
        fetch: cookieFetch(),
        backoff: { minMs: 20, maxMs: 500 },
        ...options,
    });
    const { id } = await auth.register({ handle, displayName: handle, password });
    await chat.start();
    await online(chat);
    return { chat, auth, userId: id };
}

export function online(chat: Chat, ms?: number) {
    return when(chat.connection, ({ state }) => state === 'online', ms);
}

export function newChannel(chat: Chat, name: string, memberIds: string[] = []) {
    return chat.api.post('/api/threads', { body: { kind: 'channel', name, memberIds } });
}

/** What is shown, sent or not. */
export const texts = (rows: readonly Row[]) =>
    rows.map((row) => row.message?.content ?? row.pending?.content);
