// The names of the contract as the rest of the library uses them.
import type { components, Events, Requests } from './contract.ts';

type Schemas = components['schemas'];

export type User = Schemas['User'];
/** A user with the role in the workspace, as they are looked up one by one. */
export type Account = Schemas['Account'];
export type Workspace = Schemas['Workspace'];
export type Role = Workspace['role'];
/** Any conversation. `membership` is the signed-in user's. */
export type Thread = Schemas['Thread'];
export type Membership = NonNullable<Thread['membership']>;
export type Message = Schemas['Message'];
export type Attachment = Schemas['Attachment'];
export type Reaction = Schemas['Reaction'];
export type Presence = Schemas['Presence'];
export type Config = Schemas['Config'];
export type Boot = Schemas['Boot'];
export type Granted = Schemas['Granted'];
export type MessagePage = Schemas['MessagePage'];
export type ReadState = Schemas['ReadState'];
export type WireErrorCode = Schemas['ErrorCode'];

export type { Events, Requests };
export type RequestType = keyof Requests;
export type EventType = keyof Events;
export type Answer<T extends RequestType> = Requests[T]['answer'];
export type AnyEvent = Events[EventType];
/** What a request says beside its type and id. */
export type Fields<T extends RequestType> = Omit<Requests[T]['request'], 'type' | 'id'>;
export type Connected = Answer<'connect'>;
export type Joined = Answer<'thread:join'>;
export type ErrorFrame = Schemas['ErrorFrame'];
