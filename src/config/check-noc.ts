import { isLoopback } from '../lib/loopback.ts';
import { passwordLine } from '../noc/auth/password.ts';
import type { CrossFault } from './cross-fault.ts';
import { doubles } from './cross-fault.ts';
import type { ConfigInput } from './schema.ts';

/** What can stand in an Authorization header (RFC 6750 2.1, and more). */
const TOKEN = /^[\x21-\x7e]{20,4096}$/;

export function nocFaults({ noc: { host, tls, users, tokens, hosts } }: ConfigInput): readonly CrossFault[] {
  const names = [...users, ...tokens].map(({ name }) => name);
  const lines = users.flatMap(({ password }, index): CrossFault[] => {
    if (passwordLine(password) !== undefined) return [];
    return [{ path: ['noc', 'users', index, 'password'], text: 'is no line of orderctl hash-password' }];
  });
  const short = tokens.flatMap(({ token }, index): CrossFault[] => {
    if (TOKEN.test(token)) return [];
    const text =
      token.length < 20 ? 'is shorter than 20 characters' : 'is no token: 20 to 4096 ASCII characters, no space';
    return [{ path: ['noc', 'tokens', index, 'token'], text }];
  });
  const double = doubles(names, (index) => {
    return index < users.length ? ['noc', 'users', index, 'name'] : ['noc', 'tokens', index - users.length, 'name'];
  });
  const shared = doubles(
    tokens.map(({ token }) => token),
    (index) => ['noc', 'tokens', index, 'token'],
  );
  const open = openFaults({ host, tls, logins: names.length, hosts: hosts.length });
  const named = names.length === 0 ? namedFaults(host, hosts) : [];
  return [...lines, ...short, ...double, ...shared, ...open, ...named];
}

/** A name that is not this machine's is a proxy's: whoever comes through it would be an operator. */
function namedFaults(host: string, hosts: readonly string[]): readonly CrossFault[] {
  if (!isLoopback(host)) return [];
  return hosts.flatMap((name, index): CrossFault[] => {
    if (isLoopback(name)) return [];
    return [{ path: ['noc', 'hosts', index], text: 'is not this machine; then noc.users or noc.tokens must be set' }];
  });
}

interface Opened {
  readonly host: string;
  readonly tls: unknown;
  readonly logins: number;
  readonly hosts: number;
}

/** What it takes to be asked from another machine. */
function openFaults({ host, tls, logins, hosts }: Opened): readonly CrossFault[] {
  if (isLoopback(host)) return [];
  const every = host === '0.0.0.0' || host === '::';
  const missing = [
    ...(logins === 0 ? ['noc.users or noc.tokens'] : []),
    ...(tls === undefined ? ['noc.tls'] : []),
    ...(every && hosts === 0 ? ['noc.hosts'] : []),
  ];
  const text = `is not a loopback address; off this machine ${missing.join(', ')} must be set`;
  return missing.length === 0 ? [] : [{ path: ['noc', 'host'], text }];
}
