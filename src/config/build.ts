import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { NodeSettings, PeerSettings } from '../diameter/settings.ts';
import type { Catalogue, Service } from '../domain/catalogue.ts';
import type { Policy } from '../domain/policy.ts';
import { UTC } from '../domain/calendar.ts';
import { foldWord } from '../domain/fold.ts';
import { readKey } from '../hashing/generate.ts';
import type { RedisTls } from '../redis/settings.ts';
import { RETRY_STATUS } from '../smpp/reply.ts';
import type { LinkSettings, TlsSettings } from '../smpp/settings.ts';
import type { Language } from '../words/language.ts';
import { zoneOf } from '../zone.ts';
import { linkUssdOf, menuOf } from './build-ussd.ts';
import { ccrOf } from './ccr.ts';
import type { Config } from './config.ts';
import type { MailInput } from './schema-channels.ts';
import { originHostOf } from './origin-host.ts';
import type { CatalogueInput, PolicyInput } from './schema-catalogue.ts';
import type { DiameterInput, LinkInput, PeerInput, TlsInput } from './schema-links.ts';
import type { ConfigInput } from './schema.ts';

/** The checked input in the shapes that the adapters and flows take. */
export function buildConfig(input: ConfigInput, languages: readonly [Language, ...Language[]]): Config {
  const { name, drainWithin, outboxThread } = input.instance;
  // The flows follow a reload, a node does not.
  const { duplicateMemory, ...node } = input.diameter;
  const stateDir = resolve(input.instance.stateDir);
  return {
    instance: { name, stateDir, drainWithin, outboxThread },
    redis:
      input.redis === 'embedded'
        ? { kind: 'embedded', folder: join(stateDir, 'redis'), prefix: 'orderd' }
        : { kind: 'url', ...input.redis, tls: redisTlsOf(input.redis.tls) },
    links: input.smpp.links.map(linkOf),
    node: nodeOf(node, name),
    catalogue: catalogueOf(input.catalogue),
    webhooks: webhooksOf(input.catalogue),
    policy: policyOf(input.policy),
    creditMaxAge: input.credit.maxAge,
    credit: {
      rules: input.credit.rules,
      burst: { orders: input.credit.burstOrders },
      suspendServiceFor: input.credit.suspendServiceFor,
    },
    flow: { duplicateMemory, ...flowOf(input) },
    charging: input.charging,
    mail: input.mail === undefined ? undefined : mailOf(input.mail),
    keep: keepOf(input),
    keys: keysOf(input, join(stateDir, 'keys')),
    languages,
    ussd: input.ussd && { menu: menuOf(input.ussd.menu, input.language.default) },
    noc: { ...input.noc, tls: input.noc.tls },
    log: input.log,
    cdr: { folder: input.cdr.enabled ? resolve(stateDir, input.cdr.folder) : undefined },
    retention: input.policy.profile.retention,
    evidence: {
      folder: input.evidence.enabled ? resolve(stateDir, input.evidence.folder) : undefined,
      heads: resolve(stateDir, input.evidence.heads),
    },
  };
}

/** SMPP 3.4 5.2.4, 5.0 4.7.13. */
const INTERFACE_VERSIONS = { '3.3': 0x33, '3.4': 0x34, '5.0': 0x50 } as const;

function linkOf(input: LinkInput): LinkSettings {
  const { smsc, moRetryStatus, moIdTlv, tls, rate, national, interfaceVersion, statusClasses, outbind, ussd, ...link } =
    input;
  const classes = Object.entries(statusClasses).map(([status, is]) => [Number(status), is] as const);
  return {
    ...link,
    smsc: smsc ?? link.name,
    moIdTlv,
    tls: tlsOf(tls),
    interfaceVersion: INTERFACE_VERSIONS[interfaceVersion],
    statusClasses: new Map(classes),
    ...(moRetryStatus === undefined ? {} : { moRetryStatus: RETRY_STATUS[moRetryStatus] }),
    ...(rate === undefined ? {} : { rate }),
    ...(national === undefined ? {} : { national }),
    ...(outbind === undefined ? {} : { outbind }),
    ...(ussd === undefined ? {} : { ussd: linkUssdOf(ussd) }),
  };
}

function peerOf({ identity, tls, ...peer }: PeerInput): PeerSettings {
  return { ...peer, identity, tls: tlsOf(tls) };
}

function tlsOf(tls: TlsInput): TlsSettings | undefined {
  return tls === undefined ? undefined : { ca: tls.ca, cert: tls.cert, key: tls.key, serverName: tls.serverName };
}

function mailOf({ user, password, tls, ...mail }: MailInput): Config['mail'] {
  const login = user === undefined ? undefined : { user, pass: password ?? '' };
  return { ...mail, tls: tlsOf(tls), login };
}

/** In the words of node:tls; what is not given must not be there. */
function redisTlsOf(tls: TlsInput): RedisTls | undefined {
  if (tls === undefined) return undefined;
  const { serverName: servername, ...pem } = tls;
  const given = Object.entries({ ...pem, servername }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function nodeOf(input: Omit<DiameterInput, 'duplicateMemory'>, instance: string): NodeSettings {
  const { destinationHost, peers, ...node } = input;
  return {
    ...node,
    ...ccrOf(input),
    originHost: originHostOf(input, instance),
    destinationHost,
    peers: peers.map(peerOf),
  };
}

function flowOf({
  instance,
  language,
  dedupe,
  lease,
  challenge,
  charging,
  settle,
  say,
  answers,
  channels,
  subscriptions,
  smpp,
}: ConfigInput): Omit<Config['flow'], 'duplicateMemory'> {
  return {
    partitions: instance.partitions,
    language: language.default,
    dedupeWindow: dedupe.window,
    dedupeWindowWithId: dedupe.windowWithId,
    leaseFor: lease.time,
    challenge: { ...challengeOf(challenge), ...ussdAnswerOf(smpp) },
    askFor: charging.askFor,
    settle,
    say,
    answersPerHour: answers.perHour,
    fallback: channels.fallback,
    patience: channels.patience,
    sweepEvery: lease.sweepEvery,
    subscriptions: { ...subscriptions, zone: zoneOf(subscriptions.zone) ?? UTC },
  };
}

function ussdAnswerOf({ links }: ConfigInput['smpp']): Pick<Config['flow']['challenge'], 'ussdAnswer'> {
  const timeouts = links.flatMap(({ ussd }) => (ussd === undefined ? [] : [ussd.userTimeout]));
  return timeouts.length === 0 ? {} : { ussdAnswer: Math.min(...timeouts) };
}

function challengeOf(input: ConfigInput['challenge']): Config['flow']['challenge'] {
  const { window, emailWindow, ussdWindow, codeLife, digits, maxTries } = input;
  return {
    windows: { sms: window, flash: window, ussd: ussdWindow, email: emailWindow },
    codeLife,
    digits,
    maxTries,
    codes: {
      perOrder: input.codesPerOrder,
      perDay: input.codesPerDay,
      coolDown: input.codeCoolDown,
      perProvider: { limit: input.codesPerProvider, window: input.codesPerProviderWindow },
    },
  };
}

/** A hash of the content: a change of any price or title is another version, without anybody counting. */
function versionOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
}

function catalogueOf(input: CatalogueInput): Catalogue {
  const services = input.services.map(serviceOf);
  return {
    version: versionOf(input),
    providers: new Map(input.providers.map((provider) => [provider.id, provider])),
    services: new Map(services.map((service) => [service.id, service])),
    keywords: new Map(services.flatMap(wordsOf)),
  };
}

/** Apart from the catalogue, which everybody may read: these hold secrets. */
function webhooksOf({ services }: CatalogueInput): Config['webhooks'] {
  return new Map(services.flatMap(({ id, provision }) => (provision === undefined ? [] : [[id, provision] as const])));
}

function serviceOf({
  provider,
  keywords,
  challengeWindow,
  codeLife,
  provision,
  ...service
}: CatalogueInput['services'][number]): Service {
  return {
    ...service,
    providerId: provider,
    keywords: keywords.map(foldWord),
    challengeWindow,
    codeLife,
    provision: provision?.mode,
  };
}

function wordsOf({ id, keywords, shortCodes }: Service): readonly (readonly [string, string])[] {
  return shortCodes.flatMap((code) => keywords.map((word) => [`${code} ${word}`, id] as const));
}

function policyOf({ profile, spend, ...rest }: PolicyInput): Policy {
  const rules = {
    profile: {
      name: profile.name,
      floor: profile.floor,
      askBefore: profile.askBefore,
      plainYes: profile.plainYes,
    },
    ...rest,
    spend: [...profile.spend, ...spend],
  };
  return { version: versionOf(rules), ...rules };
}

function keepOf({ keep: { texts: settledMts, ...others } }: ConfigInput): Config['keep'] {
  return { settledMts, ...others };
}

function keysOf({ keys }: ConfigInput, folder: string): Config['keys'] {
  if (keys === 'generated') return { kind: 'generated', folder };
  const codes = Object.entries(keys.codes).map(([id, key]) => [id, octetsOf(key)] as const);
  return {
    kind: 'given',
    keys: {
      msisdn: octetsOf(keys.msisdn),
      dedupe: octetsOf(keys.dedupe),
      evidence: octetsOf(keys.evidence),
      currentCode: keys.currentCode,
      codes: new Map(codes),
    },
  };
}

/** The cross checks have refused whatever is no key. */
function octetsOf(key: string): Uint8Array {
  return readKey(key) ?? new Uint8Array();
}
