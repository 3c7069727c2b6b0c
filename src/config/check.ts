import type { PeerSettings } from '../diameter/settings.ts';
import { moneyText } from '../domain/money.ts';
import type { NoticeArgs, NoticeKind } from '../domain/notice.ts';
import { leftArgs, listItemArgs, listText, NOTICES } from '../domain/notice.ts';
import type { Service } from '../domain/catalogue.ts';
import { keywordOf, servicesOn } from '../domain/catalogue.ts';
import { encodeText } from '../smpp/text/encode.ts';
import { splitText } from '../smpp/text/split.ts';
import type { LinkSettings } from '../smpp/settings.ts';
import type { Language } from '../words/language.ts';
import type { Config } from './config.ts';
import type { Env } from './env.ts';
import { faultText } from './faults.ts';
import { loadConfig } from './load.ts';

/** `orderd check-config FILE`: prints what the file means and returns 0, or prints its faults and returns 1. */
export async function checkConfigCommand(file: string, env: Env, print: (text: string) => void): Promise<number> {
  const loaded = await loadConfig(file, env);
  if (loaded.ok) {
    print(configScreen(loaded.value));
    return 0;
  }
  for (const fault of loaded.fault) print(faultText(fault));
  print(`${loaded.fault.length} ${loaded.fault.length === 1 ? 'fault' : 'faults'}; nothing was started or changed`);
  return 1;
}

/** What a config means, on one screen: no secret is in it. */
export function configScreen(config: Config): string {
  return [
    ...section('links', config.links.map(linkLine)),
    ...section(
      'peers',
      config.node.peers.map((peer) => peerLine(peer, config)),
    ),
    ...section('credit', [bandLine(config), floorLine(config)]),
    ...section(
      'services',
      [...config.catalogue.services.values()].map((service) => serviceLine(service, config)),
    ),
    ...section(
      'texts',
      config.languages.map((language) => textsLine(language, config)),
    ),
    ...section('stores', [redisLine(config), keysLine(config), nocLine(config)]),
    'fit to run',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `${(index === 0 ? title : '').padEnd(9)}${line}`);
}

function linkLine({ name, host, port, systemId, bind, shortCodes, window, tls }: LinkSettings): string {
  const wire = tls === undefined ? 'clear text' : 'TLS';
  return `${name}: SMPP ${bind} ${systemId}@${host}:${port}, ${wire}, window ${window}, serves ${shortCodes.join(', ')}`;
}

function peerLine({ name, host, port, priority, weight = 1, tls }: PeerSettings, { node }: Config): string {
  const wire = tls === undefined ? 'clear text' : 'TLS';
  const share = weight === 1 ? '' : `, weight ${weight}`;
  return `${name}: Diameter ${node.originHost} to ${node.destinationRealm} at ${host}:${port}, ${wire}, priority ${priority}${share}`;
}

function bandLine({ policy }: Config): string {
  return policy.bands.map(({ name, from, interaction }) => `${name} from ${from}: ${interaction}`).join(' | ');
}

function floorLine({ policy: { profile, firstOrder, unknownCredit, priceSteps } }: Config): string {
  const steps = priceSteps.map(({ currency, above, atLeast }) => `; above ${above} ${currency} minor units ${atLeast}`);
  const floors = `profile ${profile.name}: at least ${profile.floor.once} once, ${profile.floor.recurring} recurring`;
  return `${floors}; first order ${firstOrder}; unknown credit ${unknownCredit}${steps.join('')}`;
}

function serviceLine(
  { keywords, title, price, period, charge, shortCodes, providerId }: Service,
  { catalogue }: Config,
): string {
  const provider = catalogue.providers.get(providerId)?.name ?? providerId;
  const cost = charge === 'free' ? 'free' : `${moneyText(price)} ${period === 'once' ? 'once' : `per ${period}`}`;
  return `${keywords.join('/').toUpperCase()} on ${shortCodes.join(', ')}: ${title} by ${provider}, ${cost}`;
}

/** How many SMS each text takes for the longest service that it can be about; only what is longer than one is named. */
function textsLine({ language, reviewed, templates }: Language, config: Config): string {
  const long = NOTICES.flatMap((kind) => {
    const worst = worstArgs(kind, templates, config);
    const parts = Math.max(...worst.map((args) => partsOf(templates[kind].render(args), config)));
    return parts > 1 ? [`${kind} ${parts}`] : [];
  });
  const rest =
    long.length === 0 ? 'every text fits one SMS' : `texts of more than one SMS (at worst): ${long.join(', ')}`;
  const review = reviewed ? '' : '; nobody fluent has reviewed them';
  return `${language}: ${NOTICES.length} texts, ${rest}${review}`;
}

/** The arguments of `kind` for each service of the catalogue, as flows pass them. */
function worstArgs(
  kind: NoticeKind,
  templates: Language['templates'],
  { catalogue, flow, languages }: Config,
): readonly NoticeArgs[] {
  return [...catalogue.services.values()].map((service) => ({
    provider: catalogue.providers.get(service.providerId)?.name ?? '',
    title: service.title,
    price: moneyText(service.price),
    period: service.period,
    keyword: keywordOf(service),
    shortCode: service.shortCodes[0] ?? '',
    keyed: 'yes',
    code: '0'.repeat(flow.challenge.digits),
    ...leftArgs(kind === 'code' ? flow.challenge.codeLife : flow.challenge.windows.sms),
    number: catalogue.services.size,
    services: listed(templates, catalogue, service.shortCodes[0] ?? ''),
    language: 'English',
    languages: languages.map((one) => one.language.toUpperCase()).join(', '),
    channel: 'email',
    channels: 'sms, flash, ussd, email',
    next: '2000-01-01',
    until: '2000-01-01',
    oldPrice: moneyText(service.price),
    limit: moneyText({ ...service.price, minor: service.price.minor * 1000 }),
    spent: moneyText({ ...service.price, minor: service.price.minor * 1000 }),
    span: 'month',
  }));
}

/** The longest list that a text can hold: whoever has all that a short code sells. */
function listed(templates: Language['templates'], catalogue: Config['catalogue'], shortCode: string): string {
  const items = servicesOn(catalogue, shortCode)
    .map((service, index) => ({ ...service, number: index + 1, keyword: keywordOf(service) }))
    .map((service) => templates['list-item'].render(listItemArgs(service.number, service)));
  return listText(items, (number) => templates['list-more'].render({ number }));
}

function partsOf(text: string, { links: [link] }: Config): number {
  return link === undefined ? 0 : splitText(encodeText(text, link), link.split, () => 0).length;
}

function redisLine({ redis, flow }: Config): string {
  const where = redis.kind === 'embedded' ? `embedded in ${redis.folder}` : 'the Redis at redis.url';
  return `Redis: ${where}, ${flow.partitions} partitions`;
}

function keysLine({ keys }: Config): string {
  return keys.kind === 'generated'
    ? `keys: generated in ${keys.folder}`
    : `keys: given, codes derive from ${keys.keys.currentCode} of ${keys.keys.codes.size}`;
}

function nocLine({ noc }: Config): string {
  const { host, port, tls, users, tokens } = noc;
  const login =
    users.length + tokens.length === 0
      ? 'no login: whoever is on this machine is an operator'
      : `${users.length} users, ${tokens.length} tokens`;
  return `NOC: ${tls === undefined ? 'http' : 'https'}://${host}:${port}/, ${login}`;
}
