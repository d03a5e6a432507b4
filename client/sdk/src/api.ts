import type { Auth } from './auth.ts';
import { type Clock, slept } from './clock.ts';
import type { paths } from './contract.ts';
import { BanterError } from './error.ts';
import type { WireErrorCode } from './wire.ts';

export type Method = 'get' | 'put' | 'post' | 'patch' | 'delete';
type Operation<P extends keyof paths, M extends Method> = paths[P][M];
/** The paths of the contract that have this method. */
export type PathsWith<M extends Method> = {
    [P in keyof paths]: Operation<P, M> extends { responses: unknown } ? P : never;
}[keyof paths];

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : undefined;
/** What an operation answers when it succeeds; undefined where that is nothing. */
export type Success<P extends keyof paths, M extends Method> =
    Operation<P, M> extends { responses: infer R } ? Json<R[Extract<keyof R, 200 | 201 | 204>]> : never;

type Path<O> = O extends { parameters: { path: infer T } } ? { path: T } : { path?: undefined };
type Query<O> = O extends { parameters: { query?: infer T } }
    ? [T] extends [undefined]
        ? { query?: undefined }
        : { query?: NonNullable<T> }
    : { query?: undefined };
type Body<O> = O extends { requestBody: { content: { 'application/json': infer T } } }
    ? { body: T }
    : O extends { requestBody?: { content: { 'application/json': infer T } } }
      ? { body?: T }
      : { body?: undefined };
export type CallOptions<P extends keyof paths, M extends Method> = Path<Operation<P, M>> &
    Query<Operation<P, M>> &
    Body<Operation<P, M>> & { signal?: AbortSignal };
type Rest<P extends keyof paths, M extends Method> =
    Record<never, never> extends CallOptions<P, M>
        ? [options?: CallOptions<P, M>]
        : [options: CallOptions<P, M>];
type Call<M extends Method> = <P extends PathsWith<M>>(
    path: P,
    ...rest: Rest<P, M>
) => Promise<Success<P, M>>;

/**
 * The contract's paths, typed: `api.get('/api/threads/{threadId}', { path: { threadId } })`. All reject with a
 * BanterError. A token that the server refuses is renewed once; `get` is tried up to three times while the server is
 * busy or out of reach, anything else once.
 */
export type Api = { [M in Method]: Call<M> } & {
    /** The request as it is, with the token: for what the contract describes without JSON. */
    raw(path: string, init?: RequestInit): Promise<Response>;
};

interface AnyOptions {
    path?: Record<string, string> | undefined;
    query?: Record<string, unknown> | undefined;
    body?: unknown;
    signal?: AbortSignal;
}

export interface ApiContext {
    url: string;
    auth: Auth;
    fetch: typeof fetch;
    clock: Clock;
}

/** A call without a signal of its own ends after this. */
export const answerMs = 30_000;
/** How long `get` waits before its second and third try, unless the server says otherwise. */
const pauses = [300, 1_500];
const worthAnotherTry = new Set(['network', 'busy', 'rate_limited', 'storage_unavailable']);

export function createApi(context: ApiContext): Api {
    const call =
        (method: Method) =>
        (path: string, options: AnyOptions = {}) =>
            method === 'get' ? persistently(context, path, options) : once(context, method, path, options);
    const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;
    const calls = Object.fromEntries(methods.map((method) => [method, call(method)]));
    return { ...calls, raw: (path: string, init?: RequestInit) => authorized(context, path, init) } as Api;
}

async function persistently(context: ApiContext, path: string, options: AnyOptions): Promise<unknown> {
    for (let tries = 0; ; tries++) {
        try {
            return await once(context, 'get', path, options);
        } catch (thrown) {
            const error = BanterError.from(thrown);
            const pause = pauses[tries];
            if (pause === undefined || !worthAnotherTry.has(error.code)) throw error;
            await slept(context.clock, error.retryAfterMs ?? pause * (0.5 + context.clock.random()));
        }
    }
}

async function once(
    context: ApiContext,
    method: Method,
    path: string,
    options: AnyOptions,
): Promise<unknown> {
    const signal = options.signal ?? AbortSignal.timeout(answerMs);
    const init: RequestInit = { method: method.toUpperCase(), signal };
    if (options.body !== undefined) {
        init.body = JSON.stringify(options.body);
        init.headers = { 'Content-Type': 'application/json' };
    }
    const response = await authorized(context, filled(path, options), init);
    if (response.status === 204) return undefined;
    return response.json().catch((thrown: unknown) => Promise.reject(BanterError.from(thrown)));
}

function filled(path: string, { path: values = {}, query = {} }: AnyOptions): string {
    const place = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return given.length > 0 ? `${place}?${search}` : place;
}

/** With a token where there is one; a refused one is renewed once. */
async function authorized(context: ApiContext, path: string, init: RequestInit = {}): Promise<Response> {
    const token = await context.auth.token();
    try {
        return await fetched(context, path, init, token);
    } catch (thrown) {
        if (!(thrown instanceof BanterError) || thrown.code !== 'unauthenticated') throw thrown;
        if (token === null) throw new BanterError('signed_out', thrown.detail, thrown.status);
        const renewed = await context.auth.token(token);
        if (renewed === null || renewed === token) throw thrown;
        return fetched(context, path, init, renewed);
    }
}

async function fetched(context: ApiContext, path: string, init: RequestInit, token: string | null) {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    const response = await context
        .fetch(context.url + path, { ...init, headers })
        .catch((thrown: unknown) => {
            throw BanterError.from(thrown);
        });
    if (!response.ok) throw await problem(response);
    return response;
}

/** The error of an answer that is none of success, whoever wrote it. */
export async function problem(response: Response): Promise<BanterError> {
    const body = (await response.json().catch(() => null)) as {
        code?: WireErrorCode;
        detail?: string;
    } | null;
    const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
    const code = body?.code ?? (response.status >= 500 ? 'busy' : 'bad_request');
    const detail = body?.detail ?? response.statusText;
    return new BanterError(code, detail, response.status, Number.isFinite(seconds) ? seconds * 1000 : null);
}
