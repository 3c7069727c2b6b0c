import type { ChannelName } from '../domain/channel.ts';
import type { Challenge } from '../domain/challenge.ts';
import type { OwedMt } from '../domain/notice.ts';
import type { Order } from '../domain/order.ts';
import type { Ports } from './ports.ts';

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
  const challenge = order?.state === 'challenged' ? order.challenge : undefined;
  if (challenge === undefined || !asks(mt, challenge)) return undefined;
  const { windows, codeLife } = p.settings().challenge;
  const own = p.catalogue().services.get(order?.frozen.serviceId ?? '')?.challengeWindow;
  if (own !== undefined || windows[to] <= windows[mt.channel]) return undefined;
  const windowEndsAt = now + windows[to];
  const { issuedAt = now, codeLife: life = codeLife } = challenge;
  const codeEndsAt = challenge.kind === 'otp' ? Math.min(windowEndsAt, issuedAt + life) : windowEndsAt;
  return { ...challenge, windowEndsAt, codeEndsAt: Math.max(codeEndsAt, challenge.codeEndsAt) };
}

function asks({ kind, challengeId }: OwedMt, { id }: Challenge): boolean {
  return kind === 'confirm' || (kind === 'code' && challengeId === id);
}

/** What the text of a challenge says of its time, and until when it is worth saying. */
export function timesOf({ codeEndsAt: notAfter }: Challenge, now: number): Pick<OwedMt, 'notAfter' | 'args'> {
  return { notAfter, args: { minutes: Math.max(1, Math.round((notAfter - now) / 60_000)) } };
}
