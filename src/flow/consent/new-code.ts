import type { Challenged } from './answer-challenge.ts';
import { challenged, noneOpen } from './answer-challenge.ts';
import { answerOnly } from '../enquiry/answer-only.ts';
import { codesUsedUp } from './decide-on.ts';
import type { Incoming, Next } from '../incoming.ts';
import { NOTHING, sayNext } from '../incoming.ts';
import { challengeText, nextCode } from './new-challenge.ts';
import type { Ports } from '../ports/ports.ts';

/** CODE: another code for the newest order that waits for one. The one before is over by the same step (E15, E16). */
export async function sendNewCode(p: Ports, incoming: Incoming): Promise<Next> {
  const open = await challenged(p, incoming.subscriber.pending);
  const order = open.filter(({ challenge }) => challenge.kind === 'otp').at(-1);
  if (order === undefined) return noneOpen(p, incoming, ({ challenge }) => challenge.kind === 'otp');
  const { perOrder, coolDown } = p.settings().challenge.codes;
  const { issuedAt = order.frozen.openedAt, codes = 1 } = order.challenge;
  if (incoming.now < issuedAt + coolDown) return answerOnly(p, incoming, 'code-later');
  if (codes >= perOrder) return answerOnly(p, incoming, 'code-limit');
  const usedUp = await codesUsedUp(p, incoming, order.frozen.providerId);
  return usedUp === undefined ? renew(p, incoming, order) : answerOnly(p, incoming, 'code-limit');
}

async function renew(p: Ports, incoming: Incoming, { frozen, challenge }: Challenged): Promise<Next> {
  const { dedupe, now } = incoming;
  const next = nextCode(p, challenge, now);
  if (next === undefined) return answerOnly(p, incoming, 'wrong-answer');
  const renewed = await p.orders.newCode({
    dedupe,
    orderId: frozen.id,
    before: challenge.id,
    challenge: next,
    owe: challengeText(p, frozen, next),
    now,
    leaseFor: p.settings().leaseFor,
  });
  p.note('challenge.new-code', { order: frozen.id, outcome: renewed.kind, codes: next.codes });
  if (renewed.kind === 'moved') return answerOnly(p, incoming, 'wrong-answer');
  return renewed.kind === 'repeat' ? NOTHING : sayNext(renewed.owed);
}
