import type { Service } from '../../domain/catalogue.ts';
import { keywordOf } from '../../domain/catalogue.ts';
import { answerOnly } from '../enquiry/answer-only.ts';
import type { Incoming, Next } from '../incoming.ts';
import { owedFor } from '../incoming.ts';
import type { Ports } from '../ports/ports.ts';
import { stopOrders } from './stop-orders.ts';
import { stopService } from './stop-service.ts';

/** "NEWS? no thanks": orders nothing and says so. What is open of the service ends; what the subscriber has, a STOP ends. */
export async function refuseService(p: Ports, incoming: Incoming, service: Service): Promise<Next> {
  const { pending, inFlight, subscriptions } = incoming.subscriber;
  const isIt = ({ serviceId }: { readonly serviceId: string }): boolean => serviceId === service.id;
  const keyword = keywordOf(service);
  if (inFlight.some(isIt)) return stopService(p, incoming, { kind: 'stop', serviceId: service.id });
  const orders = pending.filter(isIt).map(({ orderId }) => orderId);
  if (orders.length > 0)
    return stopOrders(p, incoming, { orders, services: [], owe: owedFor(p, incoming, 'refused-by-you', {}) });
  if (!subscriptions.some(isIt)) return answerOnly(p, incoming, 'refused-by-you');
  return answerOnly(p, incoming, 'already', { title: service.title, keyword });
}
