import { readAnswer } from '../../domain/charge.ts';
import type { ChargeAnswer, CreditAnswer, DenialReason } from '../../domain/charge.ts';
import type { NoticeKind } from '../../domain/notice.ts';
import type { FrozenOrder } from '../../domain/order.ts';
import type { Incoming } from '../incoming.ts';
import type { Ports } from '../ports/ports.ts';
import { isRatedOtherwise } from '../terms/rated.ts';
import { watchRating } from '../terms/rating.ts';

/** Denials that the charge itself would meet too. An OCS that merely cannot answer such questions stops nobody. */
const STOPS: Readonly<Partial<Record<DenialReason, NoticeKind>>> = {
  balance: 'no-balance',
  'not-allowed': 'not-allowed',
  'unknown-user': 'not-allowed',
  rating: 'not-charged',
};

/**
 * Asks the OCS for the balance or the price before a challenge goes out, where the profile says so (RFC 8506 6.2, 6.1):
 * nobody is asked for a YES that could not be honoured. Nothing is reserved, no money moves, and whatever is not a plain
 * no lets the challenge go. Returns what the subscriber is told instead of a challenge, or undefined.
 */
export async function askBefore(p: Ports, incoming: Incoming, frozen: FrozenOrder): Promise<NoticeKind | undefined> {
  const asked = p.policy().profile.askBefore ?? 'none';
  if (asked === 'none' || !isWorthAsking(p, incoming, frozen)) return undefined;
  const answer = await inTime(p, ask(p, frozen, asked));
  const result = answer?.kind === 'answer' ? answer.resultCode : undefined;
  const notice = answer?.kind === 'answer' ? await stopFor(p, frozen, answer) : undefined;
  p.note('charge.asked', { order: frozen.id, asked, result, stops: notice });
  return notice;
}

/** Only ahead of a challenge, and not for a service that the subscriber has or that is under way. */
function isWorthAsking(p: Ports, { subscriber }: Incoming, { decision, chargeKind, serviceId }: FrozenOrder): boolean {
  const { interaction } = decision;
  if (chargeKind === 'free' || (interaction !== 'confirm' && interaction !== 'otp')) return false;
  const has = [...subscriber.subscriptions, ...subscriber.inFlight].some((one) => one.serviceId === serviceId);
  return !has && p.charging.open();
}

function ask(p: Ports, frozen: FrozenOrder, action: 'balance' | 'price'): Promise<ChargeAnswer> {
  const { id: orderId, msisdn, serviceIdentifier, price } = frozen;
  const identity = p.charging.newIdentity(orderId, Math.floor(p.clock.now() / 1000));
  return p.charging.send({ identity, action, msisdn, serviceIdentifier, price, orderId, retransmit: false });
}

/** The MO is not acknowledged yet, so the wait is short: the SMSC would send it again. */
function inTime(p: Ports, answer: Promise<ChargeAnswer>): Promise<ChargeAnswer | undefined> {
  return new Promise((resolve) => {
    const cancel = p.clock.after(p.settings().askFor, () => resolve(undefined));
    void answer.then((came) => {
      cancel();
      resolve(came);
    });
  });
}

async function stopFor(p: Ports, frozen: FrozenOrder, answer: CreditAnswer): Promise<NoticeKind | undefined> {
  if (answer.enough === false) return 'no-balance';
  const verdict = readAnswer({ ...answer, granted: undefined }, frozen.price);
  if (verdict.kind === 'denied') {
    await watchRating(p, frozen, verdict, answer.failedAvp);
    return STOPS[verdict.reason];
  }
  return isDearer(p, frozen, answer) ? 'not-charged' : undefined;
}

function isDearer(p: Ports, frozen: FrozenOrder, answer: CreditAnswer): boolean {
  const { cost } = answer;
  if (!isRatedOtherwise(p, frozen, answer) || cost === undefined) return false;
  return cost.currency !== frozen.price.currency || cost.minor > frozen.price.minor;
}
