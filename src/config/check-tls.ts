import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { CrossFault } from './cross-fault.ts';
import type { TlsInput } from './schema-links.ts';
import type { ConfigInput } from './schema.ts';
import type { Path } from './tree.ts';

interface Place {
  readonly path: Path;
  readonly tls: TlsInput;
}

/** Whatever TLS would not take: it throws while it connects or listens, and authorities that are none trust nobody. */
export function tlsFaults(input: ConfigInput): readonly CrossFault[] {
  return placesOf(input).flatMap(({ path, tls = {} }) => {
    const parts = PARTS.flatMap(({ key, what, read }) => {
      const pem = tls[key];
      return pem === undefined ? [] : unfit(() => read(pem), [...path, key], `is no PEM text of ${what}`);
    });
    return parts.length > 0 ? parts : pairFaults(tls, path);
  });
}

function placesOf({ diameter, smpp, redis, mail, noc }: ConfigInput): readonly Place[] {
  return [
    ...smpp.links.map(({ tls }, index) => ({ path: ['smpp', 'links', index, 'tls'], tls })),
    ...diameter.peers.map(({ tls }, index) => ({ path: ['diameter', 'peers', index, 'tls'], tls })),
    { path: ['redis', 'tls'], tls: redis === 'embedded' ? undefined : redis.tls },
    { path: ['mail', 'tls'], tls: mail?.tls },
    { path: ['noc', 'tls'], tls: noc.tls },
  ];
}

/** Each by itself first, so that a fault names the one that is wrong. */
const PARTS = [
  { key: 'ca', what: 'a certificate', read: (pem: string) => new X509Certificate(pem) },
  { key: 'cert', what: 'a certificate', read: (pem: string) => createSecureContext({ cert: pem }) },
  { key: 'key', what: 'a key without passphrase', read: (pem: string) => createSecureContext({ key: pem }) },
] as const;

function pairFaults({ ca, cert, key }: NonNullable<TlsInput>, path: Path): readonly CrossFault[] {
  return unfit(() => createSecureContext({ ca, cert, key }), path, 'cert and key do not fit');
}

function unfit(use: () => unknown, path: Path, text: string): readonly CrossFault[] {
  try {
    use();
    return [];
  } catch (error) {
    // `error:05800074:x509 certificate routines::key values mismatch`: the last part says it.
    const why = error instanceof Error ? error.message.replace(/^error:.*::?/, '') : String(error);
    return [{ path, text: `${text}: ${why}` }];
  }
}
