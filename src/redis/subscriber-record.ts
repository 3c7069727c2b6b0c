import type { ChannelName } from '../domain/channel.ts';
import type { Trouble } from '../domain/policy.ts';
import type { Spent } from '../domain/spend.ts';
import type { Subscription } from '../domain/subscription.ts';
import type { OrderRef, SpendAsk, Subscriber } from '../flow/ports/ports.ts';

const LATELY = 24 * 3_600_000;

type Lists = Record<
  'sub' | 'no' | 'pend' | 'fly' | 'park' | 'late' | 'prov' | 'trouble' | 'spent' | 'asked' | 'agreed',
  [name: string, value: string][]
>;

/**
 * One hash per subscriber, so that an MO reads its sender in one go. Fields: language, channel, address, and by kind
 * `sub:<service>` (the subscription), `no:<service>` (its number in LIST), `pend:`, `fly:`, `park:`, `late:<order>` (the
 * service), `prov:<provider>`, `trouble:<provider>`; `lastAsked`, which builds before did not write; where a cap
 * counts, as in commands/includes/spend.lua, `spent:`, `asked:` and `agreed:<currency>`. `complained:<provider>`, the last
 * complaint that credit counts, is for commands/includes/complaint.lua.
 */
export function subscriberFrom(fields: ReadonlyMap<string, string>, now: number): Subscriber {
  const lists: Lists = {
    sub: [],
    no: [],
    pend: [],
    fly: [],
    park: [],
    late: [],
    prov: [],
    trouble: [],
    spent: [],
    asked: [],
    agreed: [],
  };
  // Order ids sort by time within a partition, so the oldest comes first.
  for (const [field, value] of [...fields].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [kind, name] = split(field);
    if (kind in lists) lists[kind as keyof Lists].push([name, value]);
  }
  return {
    language: fields.get('language'),
    channel: fields.get('channel') as ChannelName | undefined,
    address: fields.get('address'),
    subscriptions: lists.sub.map(([, json]) => JSON.parse(json) as Subscription),
    numbers: new Map(lists.no.map(([serviceId, number]) => [serviceId, Number(number)])),
    pending: lists.pend.map(challengeOf),
    inFlight: [...lists.fly, ...lists.park].map(challengeOf),
    lately: lists.late
      .filter(([, value]) => Number.parseInt(value, 10) + LATELY > now)
      .map(([orderId, value]) => challengeOf([orderId, value.slice(value.indexOf(' ') + 1)])),
    lastAsked: numberIn(fields.get('lastAsked')),
    providers: new Set(lists.prov.map(([name]) => name)),
    ...lastGiven(lists.prov),
    troubles: new Map(lists.trouble.map(([name, value]) => [name, troubleOf(value)])),
    spent: spentFrom(lists),
  };
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function lastGiven(prov: Lists['prov']): Pick<Subscriber, 'lastProvider' | 'lastGivenAt'> {
  const [last] = [...prov].sort(([, a], [, b]) => Number(b) - Number(a));
  return last === undefined ? {} : { lastProvider: last[0], lastGivenAt: Number(last[1]) };
}

/** The field of the subscriber that says what was asked, and its value. */
export function askedField({ currency, month, at }: SpendAsk): readonly [field: string, value: string] {
  return [`asked:${currency}`, `${month} ${at}`];
}

/** By currency; whatever a currency lacks was never spent or asked. */
function spentFrom({ spent, asked, agreed }: Pick<Lists, 'spent' | 'asked' | 'agreed'>): ReadonlyMap<string, Spent> {
  const found = new Map<string, Spent>();
  const put = (currency: string, more: Spent): void => void found.set(currency, { ...found.get(currency), ...more });
  for (const [name, value] of spent) {
    const [currency, span] = split(name);
    const [of = '', minor = '0'] = value.split(' ');
    put(currency, { [span]: { of, minor: Number(minor) } });
  }
  for (const [currency, value] of asked) {
    const [month = '', at = '0'] = value.split(' ');
    put(currency, { asked: { month, at: Number(at) } });
  }
  for (const [currency, month] of agreed) put(currency, { agreed: month });
  return found;
}

function troubleOf(value: string): { readonly kind: Trouble['kind']; readonly at: number } {
  const [at = '0', kind = ''] = value.split(' ');
  return { kind: kind === 'complaint' ? 'complaint' : 'failed-challenge', at: Number(at) };
}

function split(field: string): readonly [string, string] {
  const colon = field.indexOf(':');
  return colon < 0 ? [field, ''] : [field.slice(0, colon), field.slice(colon + 1)];
}

function challengeOf([orderId, serviceId]: readonly [string, string]): OrderRef {
  return { orderId, serviceId };
}
