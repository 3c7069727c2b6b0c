import { nextChannel } from '../../domain/channel.ts';
import type { OwedMt } from '../../domain/notice.ts';
import type { Order } from '../../domain/order.ts';
import { movedChallenge, timesOf } from './moved-challenge.ts';
import type { HeldMt, Ports } from '../ports/ports.ts';

export type FellBack =
  | { readonly kind: 'over'; readonly held: HeldMt }
  /** No channel is left in place of its own: it is still its holder's to say or to bury. */
  | { readonly kind: 'none' }
  /** Somebody else has the text by now, or had it over the next channel: nothing is left to do. */
  | { readonly kind: 'taken' };

/**
 * P6: owes a text over the next channel declared in place of its own, and writes the reason on its order. `fence`: the
 * holder's, undefined for a text that had left.
 */
export async function fallBack(p: Ports, mt: OwedMt, because: string, fence: number | undefined): Promise<FellBack> {
  const { channels, fallback, leaseFor } = p.settings();
  const now = p.clock.now();
  const tried = [...(mt.tried ?? []), mt.channel];
  const to = nextChannel(fallback, mt.channel, tried, { offered: channels, address: mt.address });
  if (to === undefined || now > mt.notAfter) return { kind: 'none' };
  const record = { text: mt.kind, from: mt.channel, to, because, at: now };
  const order = mt.orderId === undefined ? undefined : await p.orders.load(mt.orderId);
  const challenge = movedChallenge(p, { mt, to, order, now });
  const over = { ...movedText(mt, order, challenge && timesOf(challenge, now)), channel: to, tried };
  const held = await p.mts.reroute({ mt: over, fallback: record, challenge, fence, now, leaseFor });
  if (held === undefined) return { kind: 'taken' };
  p.note('mt.fell-back', { mt: mt.id, kind: mt.kind, from: mt.channel, to, reason: because });
  return { kind: 'over', held };
}

/** Whoever was in a dialogue is told once that the order goes on elsewhere; a challenge tells its new time. */
function movedText(mt: OwedMt, order: Order | undefined, times: ReturnType<typeof timesOf> | undefined): OwedMt {
  const { channel, dialogue } = mt;
  const isFirst = channel === 'ussd' && dialogue !== undefined && (order?.fallbacks ?? []).length === 0;
  return { ...mt, ...times, args: { ...mt.args, ...(isFirst ? { moved: channel } : {}), ...times?.args } };
}
