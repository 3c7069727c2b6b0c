import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from '../lib/loopback.ts';
import type { Proof } from './auth/access.ts';

/** Sent with every answer that is no page: nothing of it may load, frame or store anything. */
export const SAFE_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

/** The dashboard: everything from here, nothing in line, no foreign host. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface Refusal {
  readonly status: 401 | 403;
  readonly code: string;
  readonly message: string;
}

export interface GuardSettings {
  /** The address that it listens on; both in lower case where a request is held to them. */
  readonly host: string;
  /** Names under which people and Prometheus ask for it. */
  readonly hosts: readonly string[];
}

export interface Question {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Open to everybody: probes, the page itself, the login. */
  readonly isPublic: boolean;
}

/**
 * Why a request is not answered. The Host must be one of ours: a page of a hostile site whose name was rebound to this
 * address must read nothing. Cross-site requests of a browser are refused, and one that changes something by a cookie must
 * show that it comes from our own page. Where no login is asked, nobody is answered who comes by a proxy: it is on this machine,
 * and they need not be.
 */
export function refusal(asked: Question, settings: GuardSettings, proof: Proof | undefined): Refusal | undefined {
  const { method, headers, isPublic } = asked;
  const wrong = wrongWay(asked, settings, proof);
  if (wrong !== undefined) return wrong;
  if (isPublic) return undefined;
  if (proof === undefined) return { status: 401, code: 'no-login', message: 'a login or a bearer token is needed' };
  if (proof.by === 'cookie' && changes(method) && !sameSite(headers))
    return { status: 403, code: 'no-origin', message: 'a change by cookie must come from our own page' };
  return undefined;
}

/** Of how it came here, whoever it is from. */
function wrongWay(asked: Question, settings: GuardSettings, proof: Proof | undefined): Refusal | undefined {
  const { headers } = asked;
  if (!isOurs(hostName(headers.host), settings))
    return { status: 403, code: 'wrong-host', message: 'this address answers only under its own name (noc.hosts)' };
  if (proof?.by === 'nothing' && byProxy(headers))
    return { status: 403, code: 'proxied', message: 'behind a proxy a login is needed: noc.users or noc.tokens' };
  return crossSite(headers) && !follows(asked)
    ? { status: 403, code: 'cross-site', message: 'another site may not ask' }
    : undefined;
}

/** What a proxy says of itself and of whom it speaks for (RFC 9110 7.6.3, RFC 7239, and the custom before it). */
function byProxy(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => /^(?:via|forwarded|x-real-ip|x-forwarded-.*)$/.test(name));
}

function changes(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

function isOurs(asked: string, { host, hosts }: GuardSettings): boolean {
  return asked === host || hosts.includes(asked) || (isLoopback(host) && isLoopback(asked));
}

function hostName(header: string | undefined): string {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:]+)\]|([^:]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  return (bracketed ?? plain ?? '').toLowerCase();
}

/** An origin that is there is ours: the earlier rule has seen to it. */
function sameSite(headers: IncomingHttpHeaders): boolean {
  return headers.origin !== undefined || headers['sec-fetch-site'] === 'same-origin';
}

/** A link on another site (Fetch Metadata 2): a person comes to the page, which holds nothing and which nobody may frame. */
function follows({ method, headers, isPublic }: Question): boolean {
  const { origin, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = headers;
  return isPublic && method === 'GET' && origin === undefined && mode === 'navigate' && dest === 'document';
}

function crossSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const { origin, host } = headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
