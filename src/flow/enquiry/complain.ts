import { findService } from '../../domain/catalogue.ts';
import { foldWord } from '../../domain/fold.ts';
import type { Incoming, Next } from '../incoming.ts';
import { owedAbout, owedFor, sayNext } from '../incoming.ts';
import type { ComplainedOf, Ports } from '../ports/ports.ts';
import { sayInline } from '../say/say.ts';

/** COMPLAIN: counted once a day against the provider of the service that it names, else of what the subscriber had last; else recorded alone. */
export async function complain(p: Ports, incoming: Incoming, words: readonly string[] = []): Promise<Next> {
  const about = aboutWhat(p, incoming, words);
  const { dedupe, msisdn, now } = incoming;
  const owe = owedFor(p, incoming, 'complaint', {});
  const { leaseFor } = p.settings();
  const held = await p.subscribers.complain({ dedupe, msisdn, about, cause: 'mo', owe, now, leaseFor });
  if (held !== undefined) p.note('complaint.recorded', { provider: about.providerId, service: about.serviceId });
  return sayNext(held);
}

export function aboutWhat(p: Ports, incoming: Incoming, words: readonly string[]): ComplainedOf {
  const { subscriber } = incoming;
  const [named] = words.flatMap((word) => namedBy(p, incoming, word) ?? []);
  if (named !== undefined) return named;
  const open = [...subscriber.pending, ...subscriber.inFlight].at(-1);
  const service = open && p.catalogue().services.get(open.serviceId);
  if (service !== undefined) return { serviceId: service.id, providerId: service.providerId };
  return { serviceId: '', providerId: subscriber.lastProvider ?? '' };
}

/** What the texted short code sells by it, had or not; else what they have of it. */
function namedBy(p: Ports, { mo, subscriber }: Incoming, word: string): ComplainedOf | undefined {
  const sold = findService(p.catalogue(), mo.destination.digits, word);
  if (sold !== undefined) return { serviceId: sold.id, providerId: sold.providerId };
  const own = subscriber.subscriptions.find(({ keyword }) => foldWord(keyword) === word);
  return own && { serviceId: own.serviceId, providerId: own.providerId };
}

/** A complaint about one order counts once within this, whoever passes it on. */
const ONCE_WITHIN = 24 * 3_600_000;

/** What a person passed on to staff: counted against the order's provider as its subscriber's COMPLAIN is, and answered. */
export async function complainByHand(p: Ports, orderId: string): Promise<'recorded' | 'repeat' | 'unknown'> {
  const order = await p.orders.load(orderId);
  if (order === undefined) return 'unknown';
  const { frozen } = order;
  const { msisdn, providerId, serviceId } = frozen;
  const held = await p.subscribers.complain({
    dedupe: { key: `complaint-${orderId}`, window: ONCE_WITHIN },
    msisdn,
    about: { providerId, serviceId },
    cause: 'api',
    owe: owedAbout(p, frozen, 'complaint'),
    now: p.clock.now(),
    leaseFor: p.settings().leaseFor,
  });
  if (held === undefined) return 'repeat';
  p.note('complaint.recorded', { provider: providerId, service: serviceId });
  // Recorded it is: whoever heard that it failed would have it audited by nobody, and the sweeper says what was not said.
  await sayInline(p, held).catch(() => undefined);
  return 'recorded';
}
