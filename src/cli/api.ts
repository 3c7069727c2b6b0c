import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';

/** Milliseconds that an answer may take. */
const PATIENCE = 10_000;

export interface ApiFault {
  /** `not-found` is an answer; `unreachable` is none. */
  readonly kind: 'not-found' | 'refused' | 'unreachable';
  readonly text: string;
}

export interface Api {
  readonly url: string;
  readonly token: string | undefined;
}

/** One GET of the daemon's API. */
export async function get<View>({ url, token }: Api, path: string): Promise<Result<View, ApiFault>> {
  try {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(new URL(path, url), {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const body: unknown = await response.json();
    if (response.ok) return ok(body as View);
    return fault({ kind: response.status === 404 ? 'not-found' : 'refused', text: messageIn(body, response.status) });
  } catch (error) {
    return fault({
      kind: 'unreachable',
      text: `no orderd answers at ${url} (${reasonOf(error)}); is it running, and is --url right?`,
    });
  }
}

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
