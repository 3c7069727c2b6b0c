import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import type { Exchange, Question } from './exchange.ts';
import { exchange } from './exchange.ts';

/** What a header may hold (RFC 6750 2.1, and more). */
const TOKEN = /^[\x21-\x7e]+$/;

/** Milliseconds that an answer may take. */
const PATIENCE = 10_000;

/** Of what reads and rewrites whole archives. */
export const LONG_PATIENCE = 3_600_000;

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
  return ask(api, path, { method: 'GET', headers: {}, patience: PATIENCE });
}

/** One POST of JSON. */
export function post<View>(api: Api, path: string, body: object, patience = PATIENCE): Promise<Result<View, ApiFault>> {
  const headers = { 'content-type': 'application/json' };
  return ask(api, path, { method: 'POST', headers, body: JSON.stringify(body), patience });
}

async function ask<View>(
  { url, token, user }: Api,
  path: string,
  question: Omit<Question, 'url'>,
): Promise<Result<View, ApiFault>> {
  if (token !== undefined && !TOKEN.test(token)) {
    return fault({
      kind: 'misuse',
      text: 'ORDERCTL_TOKEN is no token: empty, or with white space or other characters',
    });
  }
  const who = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(user === undefined ? {} : { 'x-orderctl-user': user }),
  };
  const headers = { ...question.headers, ...who };
  const found = await exchange({ ...question, url: new URL(path, url), headers });
  return found.kind === 'answer' ? answered(found, url, question) : fault(unanswered(found, url, question));
}

function answered<View>(
  { status, text }: Extract<Exchange, { kind: 'answer' }>,
  url: string,
  question: Omit<Question, 'url'>,
): Result<View, ApiFault> {
  const body = jsonIn(text);
  if (body === undefined)
    return fault(unanswered({ kind: 'none', why: `status ${status}, and no JSON`, sent: true }, url, question));
  if (status >= 200 && status < 300) return ok(body as View);
  return fault({ kind: KINDS[status] ?? 'refused', text: messageIn(body, status) });
}

function jsonIn(text: string): object | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? found : undefined;
  } catch {
    return undefined;
  }
}

/** A change whose answer is missing may have been made all the same, and some cannot be undone. */
function unanswered(
  { why, sent }: Extract<Exchange, { kind: 'none' }>,
  url: string,
  { method, patience }: Omit<Question, 'url'>,
): ApiFault {
  const kind = 'unreachable';
  if (!sent && why !== 'patience')
    return { kind, text: `no orderd answers at ${url} (${why}); is it running, and is --url right?` };
  const silence = why === 'patience' ? `within ${span(patience)}` : `(${why})`;
  return { kind, text: `${url} gave no answer ${silence}${method === 'POST' && sent ? MAY_RUN : ''}` };
}

const MAY_RUN =
  '; what was asked for may have been done or still be running: look, as in orderctl audit, before you ask again';

function span(ms: number): string {
  return ms < 3_600_000 ? `${ms / 1000} s` : `${ms / 3_600_000} h`;
}

const KINDS: Readonly<Record<number, ApiFault['kind']>> = {
  400: 'misuse',
  401: 'denied',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
};

function messageIn(body: object, status: number): string {
  const { error } = body as { readonly error?: { readonly message?: unknown } };
  return typeof error?.message === 'string' ? error.message : `answer with status ${status}`;
}
