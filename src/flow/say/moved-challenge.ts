import type { ChannelName } from '../../domain/channel.ts';
import type { Challenge } from '../../domain/challenge.ts';
import type { OwedMt } from '../../domain/notice.ts';
import { leftArgs } from '../../domain/notice.ts';
import type { Order } from '../../domain/order.ts';
import type { Ports } from '../ports/ports.ts';

export interface Move {
  readonly mt: OwedMt;
  readonly to: ChannelName;
  readonly order: Order | undefined;
  readonly now: number;
}

/**
 * E16: the window is its channel's, so a challenge that moves to a slower channel gets that one's, counted from the move; the
 * same code lives no longer than codes do. Undefined where there is nothing to lengthen.
 */
export function movedChallenge(p: Ports, { mt, to, order, now }: Move): Challenge | undefined {
  const challenge = challengeOf(mt, order);
  if (challenge === undefined || !isLonger(p, { mt, to, order, now })) return undefined;
  const { windows, codeLife } = p.settings().challenge;
  const windowEndsAt = now + windows[to];
  if (challenge.kind === 'confirm') return { ...challenge, windowEndsAt, codeEndsAt: windowEndsAt };
  const { issuedAt = now, codeLife: life = codeLife } = challenge;
  const codeEndsAt = Math.max(challenge.codeEndsAt, Math.min(windowEndsAt, issuedAt + life));
  return { ...challenge, windowEndsAt, codeEndsAt };
}

/** What `mt` asks, while its order waits for an answer to it. */
function challengeOf({ kind, challengeId }: OwedMt, order: Order | undefined): Challenge | undefined {
  if (order?.state !== 'challenged') return undefined;
  const asked = kind === 'confirm' || (kind === 'code' && challengeId === order.challenge?.id);
  return asked ? order.challenge : undefined;
}

/** A service's own window is the catalogue's word for every channel. */
function isLonger(p: Ports, { mt, to, order }: Move): boolean {
  const { windows } = p.settings().challenge;
  const own = p.catalogue().services.get(order?.frozen.serviceId ?? '')?.challengeWindow;
  return own === undefined && windows[to] > windows[mt.channel];
}

/** What the text of a challenge says of its time, and until when it is worth saying. */
export function timesOf({ codeEndsAt: notAfter }: Challenge, now: number): Pick<OwedMt, 'notAfter' | 'args'> {
  return { notAfter, args: leftArgs(notAfter - now) };
}
