import type { OrderState } from '../../domain/order.ts';
import { partitionOf } from '../../domain/ids.ts';
import type { Span } from '../../domain/spend.ts';
import type { Answered, AnswerStep, Ended, EndStep, NewCode, NewCodeStep, Orders } from '../../flow/ports/ports.ts';
import { dedupeArg } from '../dedupe-arg.ts';
import { justOwed, oweArg, withTriesLeft } from '../mt-record.ts';
import type { Parts } from '../replies.ts';
import { ANSWER, DONE, END, NEW_CODE, partsOf } from '../replies.ts';
import type { StoreBase } from '../store-base.ts';
import { moveKeys, orderOf } from '../store-base.ts';
import { CHALLENGE_OPEN, leadingTo, targetOf } from '../transitions.ts';

/** An order whose record is gone, its retention being over. */
export const GONE: OrderState = 'closed';

/** Answers to challenges, and ends (E12, E16). */
export function createConsent(base: StoreBase): Pick<Orders, 'answer' | 'newCode' | 'end'> {
  return {
    answer: (step) => answer(base, step),
    newCode: (step) => newCode(base, step),
    end: (step) => end(base, step),
  };
}

async function answer(base: StoreBase, step: AnswerStep): Promise<Answered> {
  const { keys } = base;
  const at = await base.subscriberOf(step.orderId);
  if (at === undefined) return { kind: 'moved' };
  const reply = partsOf(
    await base.run(
      'answer-challenge',
      [
        keys.dedupe(at.partition, step.dedupe.key),
        ...moveKeys(base, step.orderId, at),
        keys.mt(step.wrong.id),
        keys.mt(step.locked.id),
        keys.mt(step.late.id),
        keys.mt(step.codeOver.id),
        step.already === undefined ? keys.order(step.orderId) : keys.mt(step.already.id),
      ],
      [JSON.stringify(answerArg(base, step))],
    ),
  );
  return answered(base, step, reply);
}

function answerArg({ owner, retention }: StoreBase, step: AnswerStep): object {
  const { charge, spend, now, leaseFor } = step;
  return {
    id: step.orderId,
    challengeId: step.challengeId,
    right: step.right,
    open: CHALLENGE_OPEN.filter((state) => leadingTo(step.to, [state]).length > 0),
    to: targetOf(step.to, retention.orders),
    ...(charge === undefined ? {} : { charge: JSON.stringify(charge), chargeSession: charge.sessionId }),
    ...(spend === undefined ? {} : { spend: JSON.stringify(spend) }),
    declined: targetOf('declined', retention.orders),
    expired: targetOf('expired', retention.orders),
    cancelled: targetOf('cancelled', retention.orders),
    wrong: oweArg(step.wrong),
    locked: oweArg(step.locked),
    late: oweArg(step.late),
    codeOver: oweArg(step.codeOver),
    ...(step.already === undefined ? {} : { already: oweArg(step.already) }),
    ...dedupeArg(step.dedupe),
    now,
    leaseFor,
    owner,
  };
}

function answered(base: StoreBase, step: AnswerStep, reply: Parts): Answered {
  switch (reply.code) {
    case ANSWER.passed: {
      const lease = { fence: reply.number(1), until: step.now + step.leaseFor };
      return { kind: 'passed', held: { order: orderOf(base, reply.fields(2)), lease } };
    }
    case ANSWER.wrong:
      return { kind: 'wrong', owed: justOwed(withTriesLeft(step.wrong, reply.number(2)), reply.number(1), step) };
    case ANSWER.locked:
      return { kind: 'locked', owed: justOwed(step.locked, reply.number(1), step) };
    case ANSWER.late:
      return { kind: 'late', owed: justOwed(step.late, reply.number(1), step) };
    case ANSWER.codeOver:
      return { kind: 'code-over', owed: justOwed(step.codeOver, reply.number(1), step) };
    case ANSWER.already:
      if (step.already === undefined) throw new TypeError('a step owed a text that was not given');
      return { kind: 'already', owed: justOwed(step.already, reply.number(1), step) };
    case ANSWER.repeat:
      return { kind: 'repeat' };
    case ANSWER.overCap:
      return { kind: 'over-cap', span: reply.text(1) as Span };
    default:
      return { kind: 'moved' };
  }
}

async function newCode(base: StoreBase, step: NewCodeStep): Promise<NewCode> {
  const { keys, owner } = base;
  const { orderId, before, challenge, owe, dedupe, now, leaseFor } = step;
  const partition = partitionOf(orderId);
  const names = [
    keys.dedupe(partition, dedupe.key),
    keys.order(orderId),
    keys.mt(owe.id),
    keys.wake(partition),
    keys.outbox(partition),
  ];
  const arg = {
    id: orderId,
    before,
    open: CHALLENGE_OPEN,
    challenge: JSON.stringify(challenge),
    challengeId: challenge.id,
    maxTries: challenge.maxTries,
    codeEndsAt: challenge.codeEndsAt,
    owe: oweArg(owe),
    ...dedupeArg(dedupe),
    now,
    leaseFor,
    owner,
  };
  const reply = partsOf(await base.run('new-code', names, [JSON.stringify(arg)]));
  if (reply.code === NEW_CODE.repeat) return { kind: 'repeat' };
  return reply.code === DONE ? { kind: 'renewed', owed: justOwed(owe, reply.number(1), step) } : { kind: 'moved' };
}

async function end(base: StoreBase, step: EndStep): Promise<Ended> {
  const at = await base.subscriberOf(step.orderId);
  if (at === undefined) return { kind: 'moved', state: GONE };
  const keys = [...moveKeys(base, step.orderId, at), ...endKeys(base, step)];
  const reply = partsOf(await base.run('end-order', keys, [JSON.stringify(endArg(base, step))]));
  if (reply.code === END.repeat) return { kind: 'repeat' };
  if (reply.code === END.moved) return { kind: 'moved', state: (reply.text(1) || GONE) as OrderState };
  return {
    kind: 'ended',
    owed: step.owe === undefined ? undefined : justOwed(step.owe, reply.number(1), step),
  };
}

function endKeys({ keys }: StoreBase, { orderId, dedupe, owe }: EndStep): readonly string[] {
  const order = keys.order(orderId);
  return [
    dedupe === undefined ? order : keys.dedupe(partitionOf(orderId), dedupe.key),
    owe === undefined ? order : keys.mt(owe.id),
  ];
}

function endArg({ owner, retention }: StoreBase, { orderId, to, from, dedupe, owe, now, leaseFor }: EndStep): object {
  return {
    id: orderId,
    from: leadingTo(to, from),
    to: targetOf(to, retention.orders),
    ...(dedupe === undefined ? {} : dedupeArg(dedupe)),
    ...(owe === undefined ? {} : { owe: oweArg(owe) }),
    now,
    leaseFor,
    owner,
  };
}
