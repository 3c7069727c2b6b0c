import { findService } from '../domain/catalogue.ts';
import { foldWord } from '../domain/request.ts';
import { answerOnly } from './answer-only.ts';
import type { Incoming, Next } from './incoming.ts';
import { owedFor, sayNext } from './incoming.ts';
import type { ComplainedOf, Ports } from './ports.ts';

/** COMPLAIN: counted against the provider of the service that it names, else of what the subscriber had last. */
export async function complain(p: Ports, incoming: Incoming, keyword: string | undefined): Promise<Next> {
  const about = aboutWhat(p, incoming, keyword);
  if (about === undefined) return answerOnly(p, incoming, 'complaint');
  const { dedupe, msisdn, now } = incoming;
  const owe = owedFor(p, incoming, 'complaint', {});
  const { leaseFor } = p.settings();
  const held = await p.subscribers.complain({ dedupe, msisdn, about, cause: 'mo', owe, now, leaseFor });
  if (held !== undefined) p.note('complaint.recorded', { provider: about.providerId, service: about.serviceId });
  return sayNext(held);
}

function aboutWhat(p: Ports, { mo, subscriber }: Incoming, keyword: string | undefined): ComplainedOf | undefined {
  const named = keyword === undefined ? undefined : serviceNamed(p, mo.destination.digits, keyword);
  if (named !== undefined) return named;
  const own = subscriber.subscriptions.find((one) => keyword !== undefined && foldWord(one.keyword) === keyword);
  if (own !== undefined) return { serviceId: own.serviceId, providerId: own.providerId };
  const open = [...subscriber.pending, ...subscriber.inFlight].at(-1);
  const service = open && p.catalogue().services.get(open.serviceId);
  if (service !== undefined) return { serviceId: service.id, providerId: service.providerId };
  return subscriber.lastProvider === undefined ? undefined : { serviceId: '', providerId: subscriber.lastProvider };
}

function serviceNamed(p: Ports, shortCode: string, keyword: string): ComplainedOf | undefined {
  const service = findService(p.catalogue(), shortCode, keyword);
  return service && { serviceId: service.id, providerId: service.providerId };
}
