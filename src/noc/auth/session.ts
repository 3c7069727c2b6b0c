import { createHmac } from 'node:crypto';
import { sameSecret } from './secret.ts';

/** Name of the cookie. */
export const COOKIE = 'orderd-session';

export interface SessionTerms {
  /** Derived from a key outside Redis: the same in every process of an instance, and after a restart. */
  readonly key: Uint8Array;
  /** What a user's sessions stand on, role and password line: where either changes they end. */
  readonly standing: (name: string) => string | undefined;
}

/** Nothing is stored: who it is and until when (epoch ms), and a signature over both. The role comes from config each time. */
export function signSession(name: string, until: number, terms: SessionTerms): string {
  const about = `${Buffer.from(name).toString('base64url')}.${until}`;
  return `${about}.${signature(about, terms.standing(name) ?? '', terms.key)}`;
}

const FORM = /^(([\w-]{1,128})\.(\d{1,16}))\.([\w-]{43})$/;

/** The name in a session that is right and not over. */
export function sessionName(text: string, now: number, terms: SessionTerms): string | undefined {
  const parts = FORM.exec(text)?.slice(1);
  if (parts === undefined) return undefined;
  const [about, coded, until, signed] = parts as [string, string, string, string];
  const name = Buffer.from(coded, 'base64url').toString();
  const standing = terms.standing(name);
  if (standing === undefined || now >= Number(until)) return undefined;
  return sameSecret(signed, signature(about, standing, terms.key)) ? name : undefined;
}

function signature(about: string, standing: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(`${about}.${standing}`).digest('base64url');
}
