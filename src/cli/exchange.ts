import { request as http } from 'node:http';
import { request as https } from 'node:https';

export interface Question {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds. */
  readonly patience: number;
}

export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string }
  /** `sent`: whether the whole request went out, so that it may be done although no answer came. */
  | { readonly kind: 'none'; readonly why: string; readonly sent: boolean };

/** One exchange, no redirect followed: a token goes nowhere else. Not fetch, which gives up after five minutes whatever it is told. */
export function exchange({ url, method, headers, body = '', patience }: Question): Promise<Exchange> {
  const signal = AbortSignal.timeout(patience);
  return new Promise((resolve) => {
    let sent = false;
    const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const asked = (url.protocol === 'https:' ? https : http)(url, {
      method,
      headers: { ...headers, ...length },
      agent: false,
      signal,
    });
    const failed = (error: unknown): void =>
      resolve({ kind: 'none', why: signal.aborted ? 'patience' : reasonOf(error), sent });
    asked.on('finish', () => (sent = true));
    asked.on('error', failed);
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', failed);
      response.on('end', () => resolve({ kind: 'answer', status: response.statusCode ?? 0, text }));
    });
    // Whatever stands between must not take a long silence for the end.
    asked.setSocketKeepAlive(true, 30_000);
    asked.end(body);
  });
}

/** Of several addresses none answered: each has its own error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
