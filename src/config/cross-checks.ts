import { strictness } from '../domain/policy.ts';
import { readKey } from '../hashing/generate.ts';
import { isLoopback } from '../lib/loopback.ts';
import { reasonOf } from '../lib/reason.ts';
import { redisTarget } from '../redis/settings.ts';
import { ccrFaults } from './ccr.ts';
import { catalogueFaults } from './check-catalogue.ts';
import { nocFaults } from './check-noc.ts';
import { tlsFaults } from './check-tls.ts';
import { ussdFaults } from './check-ussd.ts';
import type { CrossFault } from './cross-fault.ts';
import { diameterIdentity } from './fields.ts';
import { reminderFaults, retentionFaults, windowFaults } from './check-windows.ts';
import { atMost, doubles } from './cross-fault.ts';
import { originHostOf } from './origin-host.ts';
import type { ConfigInput } from './schema.ts';
import type { Path } from './tree.ts';
import type { RequestWords } from '../domain/request.ts';

/** Time that an answer's way through Redis may take on top of Tx before a lease would be over. */
const LEASE_MARGIN_MS = 2000;

/** What no single value can tell: references, orders of size, doubles, and what must not leave this machine in clear. */
export function crossFaults(input: ConfigInput, words: RequestWords): readonly CrossFault[] {
  return [
    ...linkFaults(input),
    ...peerFaults(input),
    ...ccrFaults(input.diameter),
    ...catalogueFaults(input, words),
    ...ussdFaults(input),
    ...bandFaults(input),
    ...ruleFaults(input),
    ...timeFaults(input),
    ...keyFaults(input),
    ...nocFaults(input),
    ...mailFaults(input),
    ...redisFaults(input),
    ...tlsFaults(input),
  ];
}

function linkFaults({ smpp: { links } }: ConfigInput): readonly CrossFault[] {
  return [
    ...doubles(
      links.map(({ name }) => name),
      (index) => ['smpp', 'links', index, 'name'],
    ),
    ...links.flatMap((link, index) => wireFaults(link, ['smpp', 'links', index])),
    ...links.flatMap((link, index) => outbindFaults(link, ['smpp', 'links', index, 'outbind'])),
    ...links.flatMap(({ reconnectFirst, reconnectCap }, index) =>
      atMost(reconnectFirst, reconnectCap, ['smpp', 'links', index, 'reconnectFirst'], 'reconnectCap'),
    ),
  ];
}

/** Where we listen for an SMSC's call, TLS needs a certificate of ours; in clear only this machine may call. */
function outbindFaults(
  { outbind, tls, clearText }: ConfigInput['smpp']['links'][number],
  path: Path,
): readonly CrossFault[] {
  if (outbind === undefined) return [];
  if (tls !== undefined)
    return tls.cert === undefined
      ? [{ path, text: 'listens with TLS as the link does: tls.cert and tls.key are missing' }]
      : [];
  return wireFaults({ host: outbind.host, tls, clearText }, path);
}

function peerFaults({ instance, diameter }: ConfigInput): readonly CrossFault[] {
  const { peers } = diameter;
  return [
    ...identityFaults(instance, diameter),
    ...doubles(
      peers.map(({ name }) => name),
      (index) => ['diameter', 'peers', index, 'name'],
    ),
    ...peers.flatMap((peer, index) => wireFaults(peer, ['diameter', 'peers', index])),
  ];
}

/** A name of ours may hold what a host's cannot: an OCS that reads RFC 6733 4.3.1 refuses the CER. */
function identityFaults(instance: ConfigInput['instance'], diameter: ConfigInput['diameter']): readonly CrossFault[] {
  const host = originHostOf(diameter, instance.name);
  if (diameterIdentity().safeParse(host).success) return [];
  const text = `is missing, and instance.name with originRealm, ${host}, is no DiameterIdentity`;
  return [{ path: ['diameter', 'originHost'], text }];
}

type Wire = Pick<ConfigInput['smpp']['links'][number], 'host' | 'tls' | 'clearText'>;

function wireFaults({ host, tls, clearText }: Wire, path: Path): readonly CrossFault[] {
  if (tls !== undefined) {
    const half = (tls.cert === undefined) !== (tls.key === undefined);
    return half ? [{ path: [...path, 'tls'], text: 'cert and key go together: one of them is missing' }] : [];
  }
  if (isLoopback(host) || clearText) return [];
  return [
    {
      path: [...path, 'host'],
      text: 'is not on this machine and there is no tls; add tls, or clearText: true when the line is protected otherwise (VPN, IPsec)',
    },
  ];
}

function bandFaults({ policy: { bands } }: ConfigInput): readonly CrossFault[] {
  const path = (index: number, key: string): Path => ['policy', 'bands', index, key];
  const last = bands.length - 1;
  return [
    ...doubles(
      bands.map(({ name }) => name),
      (index) => path(index, 'name'),
    ),
    ...bands.flatMap(({ from, interaction }, index) => {
      const above = bands[index - 1];
      if (above === undefined) return [];
      const lower =
        from < above.from ? [] : [{ path: path(index, 'from'), text: 'must be lower than the band above it' }];
      const milder = strictness(interaction) < strictness(above.interaction);
      return milder
        ? [...lower, { path: path(index, 'interaction'), text: 'is milder than the band above it' }]
        : lower;
    }),
    ...(bands[last]?.from === 0 ? [] : [{ path: path(last, 'from'), text: 'the lowest band must start at 0' }]),
  ];
}

function ruleFaults({ credit: { rules } }: ConfigInput): readonly CrossFault[] {
  return [
    ...doubles(
      rules.map(({ name }) => name),
      (index) => ['credit', 'rules', index, 'name'],
    ),
    ...rules.flatMap(({ of, percent }, index) =>
      (of === undefined) === (percent === undefined)
        ? []
        : [{ path: ['credit', 'rules', index], text: 'of and percent go together: one of them is missing' }],
    ),
  ];
}

function timeFaults(input: ConfigInput): readonly CrossFault[] {
  const { lease, diameter, challenge, settle, say, dedupe } = input;
  const tooShort = lease.time < diameter.tx + LEASE_MARGIN_MS;
  return [
    ...(tooShort
      ? [
          {
            path: ['lease', 'time'],
            text: `must be at least diameter.tx and ${LEASE_MARGIN_MS / 1000}s more, or an order is taken over while its answer is awaited`,
          },
        ]
      : []),
    ...atMost(diameter.tx, diameter.requestTimeout, ['diameter', 'tx'], 'diameter.requestTimeout'),
    ...atMost(
      diameter.requestTimeout,
      diameter.duplicateMemory,
      ['diameter', 'requestTimeout'],
      'diameter.duplicateMemory',
    ),
    ...atMost(challenge.codeLife, challenge.window, ['challenge', 'codeLife'], 'challenge.window'),
    ...windowFaults(input),
    ...reminderFaults(input),
    ...retentionFaults(input),
    ...atMost(dedupe.window, dedupe.windowWithId, ['dedupe', 'window'], 'dedupe.windowWithId'),
    ...backoffFaults(settle, 'settle'),
    ...backoffFaults(say, 'say'),
    ...retryFaults(input.subscriptions),
  ];
}

function backoffFaults({ first, cap, maxAge }: ConfigInput['settle'], section: string): readonly CrossFault[] {
  return [...atMost(first, cap, [section, 'first'], 'cap'), ...atMost(cap, maxAge, [section, 'cap'], 'maxAge')];
}

function retryFaults({ retries, grace }: ConfigInput['subscriptions']): readonly CrossFault[] {
  const falling = retries.findIndex((after, index) => after <= (retries[index - 1] ?? 0));
  return [
    ...(falling < 1
      ? []
      : [{ path: ['subscriptions', 'retries', falling], text: 'must be later than the one before it' }]),
    ...atMost(grace, retries.at(-1) ?? 0, ['subscriptions', 'grace'], 'the last of retries'),
  ];
}

function keyFaults({ keys }: ConfigInput): readonly CrossFault[] {
  if (keys === 'generated') return [];
  const given: readonly (readonly [Path, string])[] = [
    [['keys', 'msisdn'], keys.msisdn],
    [['keys', 'dedupe'], keys.dedupe],
    [['keys', 'evidence'], keys.evidence],
    ...Object.entries(keys.codes).map(([id, key]) => [['keys', 'codes', id], key] as const),
  ];
  const bad = given.filter(([, key]) => readKey(key) === undefined);
  const known = Object.keys(keys.codes);
  return [
    ...bad.map(([path]) => ({
      path,
      text: 'is no key of at least 32 octets in hex or base64 (openssl rand -hex 32 makes one)',
    })),
    ...(known.includes(keys.currentCode)
      ? []
      : [{ path: ['keys', 'currentCode'], text: `names none of keys.codes (${known.join(', ')})` }]),
  ];
}

function mailFaults({ mail }: ConfigInput): readonly CrossFault[] {
  if (mail === undefined) return [];
  const half = (mail.user === undefined) !== (mail.password === undefined);
  const inClear = mail.security === 'none' && !mail.clearText && !isLoopback(mail.host);
  return [
    ...(half ? [{ path: ['mail', 'user'], text: 'and password go together: one of them is missing' }] : []),
    ...(inClear
      ? [{ path: ['mail', 'security'], text: 'none is not on this machine; use starttls or tls, or clearText: true' }]
      : []),
  ];
}

function redisFaults({ redis }: ConfigInput): readonly CrossFault[] {
  if (redis === 'embedded') return [];
  const path: Path = ['redis', 'url'];
  if (!/^(?:redis|rediss|unix):\/\//.test(redis.url))
    return [{ path, text: 'must begin with redis://, rediss:// or unix://' }];
  if (placeIn(redis.url) === '') return [{ path, text: 'names no host and no socket' }];
  try {
    redisTarget({ url: redis.url, prefix: redis.prefix });
    return [];
  } catch (error) {
    return [{ path, text: reasonOf(error) }];
  }
}

/** Empty for an address without one, which Node would take for this machine. */
function placeIn(address: string): string {
  if (!URL.canParse(address)) return '';
  const { protocol, pathname, hostname } = new URL(address);
  return protocol === 'unix:' ? pathname : hostname;
}
