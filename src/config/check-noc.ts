import { isLoopback } from '../lib/loopback.ts';
import { passwordLine } from '../noc/auth/password.ts';
import type { CrossFault } from './cross-fault.ts';
import { doubles } from './cross-fault.ts';
import type { ConfigInput } from './schema.ts';

export function nocFaults({ noc: { host, tls, users, tokens, hosts } }: ConfigInput): readonly CrossFault[] {
  const names = [...users, ...tokens].map(({ name }) => name);
  const lines = users.flatMap(({ password }, index): CrossFault[] => {
    if (passwordLine(password) !== undefined) return [];
    return [{ path: ['noc', 'users', index, 'password'], text: 'is no line of orderctl hash-password' }];
  });
  const short = tokens.flatMap(({ token }, index): CrossFault[] => {
    if (token.length >= 20) return [];
    return [{ path: ['noc', 'tokens', index, 'token'], text: 'is shorter than 20 characters' }];
  });
  const double = doubles(names, (index) => {
    return index < users.length ? ['noc', 'users', index, 'name'] : ['noc', 'tokens', index - users.length, 'name'];
  });
  const shared = doubles(
    tokens.map(({ token }) => token),
    (index) => ['noc', 'tokens', index, 'token'],
  );
  const open = openFaults({ host, tls, logins: names.length, hosts: hosts.length });
  return [...lines, ...short, ...double, ...shared, ...open, ...(names.length === 0 ? namedFaults(host, hosts) : [])];
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
