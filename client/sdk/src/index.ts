// The library's public face. README.md begins with an example.
export { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
export type { Api, Method, PathsWith, Success } from './api.ts';
export { type Auth, type AuthChange, type AuthContext, tokenAuth } from './auth.ts';
export { type Clock, realClock, type Timer } from './clock.ts';
export type { components, paths } from './contract.ts';
export { type LocalAuth, localAuth } from './auth-local.ts';
export { createChat } from './chat.ts';
export { indexedDbStore } from './store-indexeddb.ts';
export { BanterError, type ErrorCode } from './error.ts';
export { memoryStore, type Store } from './store.ts';
export type * from './types.ts';
export type {
    Account,
    AnyEvent,
    Attachment,
    Boot,
    Config,
    Events,
    Granted,
    Membership,
    Message,
    MessagePage,
    Presence,
    Reaction,
    ReadState,
    Role,
    Thread,
    User,
    Workspace,
} from './wire.ts';
