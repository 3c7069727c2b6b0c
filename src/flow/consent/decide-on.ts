import type { Provider, Service } from '../../domain/catalogue.ts';
import { isRecurring } from '../../domain/catalogue.ts';
import { serviceStop } from '../../domain/band.ts';
import type { CreditReading, Decision, Trouble } from '../../domain/policy.ts';
import { decide, withVerdict } from '../../domain/policy.ts';
import { hex } from '../../domain/ids.ts';
import { moneyText } from '../../domain/money.ts';
import { costText } from '../../domain/notice.ts';
import type { Incoming } from '../incoming.ts';
import type { Ports } from '../ports/ports.ts';
import { markOf, spendOf } from '../terms/spending.ts';
import { isSuspendedByHand } from '../terms/suspended.ts';

export interface Wanted {
  readonly service: Service;
  readonly provider: Provider;
  /** More was written than an order needs. */
  readonly moreWords: boolean;
  /** What the screen told that it costs; undefined where none did. */
  readonly told: string | undefined;
}

/** Everything that is known of one order, and what the policy makes of it. */
export async function decideOn(
  p: Ports,
  incoming: Incoming,
  { service, provider, moreWords, told }: Wanted,
): Promise<Decision> {
  const { subscriber, now } = incoming;
  const credit = await readCredit(p, provider.id);
  const decision = decide(p.policy(), {
    credit,
    suspended: isSuspendedByHand(p, provider.id),
    serviceStopped: stopOf(p, credit, service.id, now),
    stopped: (await p.ratings?.stopped(service.id)) ?? false,
    price: service.price,
    recurring: isRecurring(service),
    firstOrder: !subscriber.providers.has(provider.id),
    trouble: troubleWith(incoming, provider.id),
    spend: spendOf(markOf(p, service.price, now), subscriber),
    moreWords,
    at: now,
  });
  const limited = await withinOrders(p, incoming, asTold(decision, service, told));
  return limited.interaction === 'otp' ? withinCodes(p, incoming, provider, limited) : limited;
}

/** E9: a reload came between the key on a screen and its order. What it costs now is told by a question. */
function asTold(decision: Decision, { price, period }: Service, told: string | undefined): Decision {
  if (told === undefined || told === costText({ price: moneyText(price), period })) return decision;
  return withVerdict(decision, { rule: 'price', asks: 'confirm', because: 'the screen told another price' });
}

const HOUR = 3_600_000;

/** A handset that loops, or an app that sends, orders what nobody reads; each MO counts once however often it comes (E12, E13). */
async function withinOrders(p: Ports, { msisdn, dedupe }: Incoming, decision: Decision): Promise<Decision> {
  const { ordersPerHour: limit } = p.policy();
  if (limit === undefined || decision.interaction === 'refuse') return decision;
  const quota = { limit, window: HOUR, sameFor: dedupe.window };
  if (await p.quotas.take(`ordered:${subscriberOf(p, msisdn)}`, dedupe.key, quota)) return decision;
  const because = `the subscriber ordered ${limit} times within an hour`;
  return withVerdict(decision, { rule: 'order-limit', asks: 'refuse', because });
}

function subscriberOf(p: Ports, msisdn: string): string {
  return hex(p.hashing.mac('msisdn', msisdn).subarray(0, 16));
}

async function readCredit(p: Ports, provider: string): Promise<CreditReading> {
  const began = p.clock.monotonic();
  const reading = await p.credit.read(provider);
  p.note('credit.read', { provider, reading: reading.kind, ms: p.clock.monotonic() - began });
  return reading;
}

function stopOf(p: Ports, credit: CreditReading, serviceId: string, now: number): string | undefined {
  return credit.kind === 'known' ? serviceStop(p.policy().bands, credit.standing, serviceId, now) : undefined;
}

function troubleWith({ subscriber, now }: Incoming, providerId: string): Trouble | undefined {
  const found = subscriber.troubles?.get(providerId);
  return found === undefined ? undefined : { kind: found.kind, ageMs: Math.max(0, now - found.at) };
}

/** A code costs an SMS and tries one's luck: a subscriber gets so many a day, and a provider causes so many (SMS pumping). */
async function withinCodes(p: Ports, incoming: Incoming, provider: Provider, decision: Decision): Promise<Decision> {
  const because = await codesUsedUp(p, incoming, provider.id);
  return because === undefined ? decision : withVerdict(decision, { rule: 'code-limit', asks: 'refuse', because });
}

const DAY = 86_400_000;

/** Counts one code for this MO, once however often the MO comes (E12, E13); says which limit is used up. */
export async function codesUsedUp(
  p: Ports,
  { msisdn, dedupe }: Pick<Incoming, 'msisdn' | 'dedupe'>,
  providerId: string,
): Promise<string | undefined> {
  const { perDay, perProvider } = p.settings().challenge.codes;
  const sameFor = dedupe.window;
  if (!(await p.quotas.take(`codes:${subscriberOf(p, msisdn)}`, dedupe.key, { limit: perDay, window: DAY, sameFor })))
    return `the subscriber had ${perDay} codes within a day`;
  const { limit, window } = perProvider;
  if (await p.quotas.take(`codes-of:${providerId}`, dedupe.key, { limit, window, sameFor })) return undefined;
  p.note('code.ceiling', { provider: providerId, limit });
  return `the provider caused ${limit} codes within ${Math.round(window / 60_000)} min`;
}
