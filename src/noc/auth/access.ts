import type { IncomingHttpHeaders } from 'node:http';
import type { Person, Role } from '../api/route.ts';
import { isPassword } from './password.ts';
import { sameSecret } from './secret.ts';
import { COOKIE, sessionName, signSession } from './session.ts';

export interface Logins {
  readonly users: readonly { readonly name: string; readonly role: Role; readonly password: string }[];
  readonly tokens: readonly { readonly name: string; readonly role: Role; readonly token: string }[];
}

export interface AccessSettings {
  /** Asked at each use: a reload changes them. */
  readonly logins: () => Logins;
  /** Life of a login, milliseconds. */
  readonly sessionFor: number;
  readonly sessionKey: Uint8Array;
}

/** Who asks, and by what they prove it. */
export interface Access {
  /** Nobody and nothing is configured, nor was at the start: whoever is on this machine may do everything. */
  isOpen(): boolean;
  identify(headers: IncomingHttpHeaders, now: number): Proof | undefined;
  /** The session and its person; undefined when name or password is wrong, which takes the same time either way. */
  login(name: string, password: string, now: number): Promise<Login | undefined>;
}

export interface Proof {
  readonly by: 'nothing' | 'token' | 'cookie';
  readonly person: Person;
}

export interface Login {
  readonly person: Person;
  readonly session: string;
}

/** Verified in place of a user that does not exist. */
const NOBODY = `scrypt:15:8:1:${'A'.repeat(22)}:${'A'.repeat(43)}`;

/** The name that orderctl gives where nobody proves one. */
const CLAIM = /^[\p{L}\p{N}._@-]{1,64}$/u;

export function createAccess({ logins, sessionFor, sessionKey }: AccessSettings): Access {
  const userOf = (name: string) => logins().users.find((user) => user.name === name);
  const terms = {
    key: sessionKey,
    standing(name: string) {
      const user = userOf(name);
      return user === undefined ? undefined : `${user.role} ${user.password}`;
    },
  };
  const isNone = ({ users, tokens }: Logins): boolean => users.length + tokens.length === 0;
  // What it listens on was fit for nobody to prove anything, or was not: a reload that takes the last login opens nothing.
  const mayOpen = isNone(logins());
  const isOpen = (): boolean => mayOpen && isNone(logins());

  function byToken(header: string): Proof | undefined {
    const given = /^Bearer (\S{1,4096})$/i.exec(header)?.[1] ?? '';
    // Each is compared, so that the time tells nothing of which one it was.
    const [found] = logins().tokens.filter(({ token }) => sameSecret(given, token));
    return found === undefined ? undefined : { by: 'token', person: { name: found.name, role: found.role } };
  }

  function byCookie(header: string | undefined, now: number): Proof | undefined {
    const name = sessionName(cookieIn(header), now, terms);
    const user = name === undefined ? undefined : userOf(name);
    return user === undefined ? undefined : { by: 'cookie', person: { name: user.name, role: user.role } };
  }

  return {
    isOpen,
    identify(headers, now) {
      if (isOpen()) return { by: 'nothing', person: unproved(headers) };
      // A browser sends what a proxy before us asked of it (RFC 7617) along with our cookie.
      const { authorization = 'Basic', cookie } = headers;
      return /^Basic\b/i.test(authorization) ? byCookie(cookie, now) : byToken(authorization);
    },
    async login(name, password, now) {
      const user = userOf(name);
      const right = await isPassword(password, user?.password ?? NOBODY);
      if (!right || user === undefined) return undefined;
      return { person: { name, role: user.role }, session: signSession(name, now + sessionFor, terms) };
    },
  };
}

function unproved(headers: IncomingHttpHeaders): Person {
  const claim = headers['x-orderctl-user'];
  const name = typeof claim === 'string' && CLAIM.test(claim) ? claim : 'this machine';
  return { name, role: 'operator', claimed: true };
}

function cookieIn(header = ''): string {
  const found = header.split(/; */).find((pair) => pair.startsWith(`${COOKIE}=`));
  return found?.slice(COOKIE.length + 1) ?? '';
}
