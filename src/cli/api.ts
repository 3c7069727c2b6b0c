import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';

/** What a header may hold (RFC 6750 2.1, and more): fetch quotes any other token in its error. */
const TOKEN = /^[\x21-\x7e]+$/;

/** Milliseconds that an answer may take. */
const PATIENCE = 10_000;

export interface ApiFault {
  /** `not-found`, `conflict` and `denied` are answers; `unreachable` is none; `misuse` never asked. */
  readonly kind: 'not-found' | 'conflict' | 'denied' | 'refused' | 'unreachable' | 'misuse';
  readonly text: string;
}

export interface Api {
  readonly url: string;
  readonly token: string | undefined;
  /** Told where the NOC asks no login, for the audit record. */
  readonly user?: string;
}

/** One GET of the daemon's API. */
export function get<View>(api: Api, path: string): Promise<Result<View, ApiFault>> {
  return ask(api, path, {});
}

/** One POST of JSON. */
export function post<View>(api: Api, path: string, body: object): Promise<Result<View, ApiFault>> {
  const headers = { 'content-type': 'application/json' };
  return ask(api, path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function ask<View>(
  { url, token, user }: Api,
  path: string,
  init: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string },
): Promise<Result<View, ApiFault>> {
  if (token !== undefined && !TOKEN.test(token)) {
    return fault({
      kind: 'misuse',
      text: 'ORDERCTL_TOKEN is no token: empty, or with white space or other characters',
    });
  }
  try {
    const bearer = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(user === undefined ? {} : { 'x-orderctl-user': user }),
    };
    const response = await fetch(new URL(path, url), {
      ...init,
      headers: { ...init.headers, ...bearer },
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const body: unknown = await response.json();
    if (response.ok) return ok(body as View);
    return fault({ kind: KINDS[response.status] ?? 'refused', text: messageIn(body, response.status) });
  } catch (error) {
    return fault({
      kind: 'unreachable',
      text: `no orderd answers at ${url} (${reasonOf(error)}); is it running, and is --url right?`,
    });
  }
}

const KINDS: Readonly<Record<number, ApiFault['kind']>> = {
  400: 'misuse',
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
};

function messageIn(body: unknown, status: number): string {
  const { error } = body as { readonly error?: { readonly message?: unknown } };
  return typeof error?.message === 'string' ? error.message : `answer with status ${status}`;
}

/** fetch says only "fetch failed"; what failed is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : error.message;
}
