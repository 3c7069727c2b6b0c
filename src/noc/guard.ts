import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Sent with every answer: nothing of it is a page that may load, frame or store anything. */
export const SAFE_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

export interface Refusal {
  readonly status: 401 | 403;
  readonly code: string;
  readonly message: string;
}

export interface GuardSettings {
  readonly host: string;
  readonly token: string | undefined;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Why a request is not answered. Without a token the Host must name this machine: a page of a hostile site whose name
 * was rebound to 127.0.0.1 must read nothing. Cross-site requests of a browser are refused either way.
 */
export function refusal(headers: IncomingHttpHeaders, { host, token }: GuardSettings): Refusal | undefined {
  const asked = hostName(headers.host);
  if (token === undefined && asked !== host && !isLoopback(asked)) {
    return { status: 403, code: 'wrong-host', message: 'this address answers only under its own name' };
  }
  if (crossSite(headers)) return { status: 403, code: 'cross-site', message: 'another site may not ask' };
  if (token === undefined || sameSecret(bearer(headers.authorization), token)) return undefined;
  return { status: 401, code: 'no-token', message: 'a bearer token is needed' };
}

function hostName(header: string | undefined): string {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:]+)\]|([^:]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  return (bracketed ?? plain ?? '').toLowerCase();
}

function crossSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

function bearer(header: string | undefined): string {
  return /^Bearer (\S{1,4096})$/i.exec(header ?? '')?.[1] ?? '';
}

/** Hashed first, so that neither the length nor the place of the first difference shows in the time taken. */
function sameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
