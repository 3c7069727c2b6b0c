// Answers a request as it should be answered, or as the fault rule says.
import type { Pdu, PduParts } from '../smpp/pdu.ts';
import type { Core } from './core.ts';
import type { FaultRule } from './faults.ts';
import { effectOf } from './faults.ts';
import type { Session } from './session.ts';

export interface Accepted {
  readonly parts: PduParts;
  /** What must not happen before the response has left. */
  readonly after?: () => void;
}

export interface Exchange {
  readonly session: Session;
  readonly request: Pdu;
  readonly rule: FaultRule | undefined;
  /** Does what the request asks. */
  readonly accept: () => Accepted;
}

const WRONG_BY = 1_000_000;

function soon(delayMs: number, act: () => void): void {
  if (delayMs === 0) act();
  else setTimeout(act, delayMs).unref();
}

/** The plain way: no fault rule matched. Gives the status answered. */
function answerPlainly({ session, request, accept }: Exchange): number {
  const { parts, after } = accept();
  session.respond(request, parts);
  after?.();
  return parts.status ?? 0;
}

function refuse({ session, request }: Exchange, rule: FaultRule): number {
  soon(rule.delayMs, () => {
    if (rule.action === 'nack') session.nack(request.sequence, rule.status);
    else session.respond(request, { status: rule.status });
  });
  return rule.status;
}

/** The request is done, or not, and its response mangled, late or lost. */
function answerOddly({ session, request, accept }: Exchange, rule: FaultRule): number | undefined {
  const effect = effectOf(rule.action);
  const { parts, after }: Accepted = effect.accepts ? accept() : { parts: {} };
  const sequence = request.sequence + (rule.action === 'wrong-sequence' ? WRONG_BY : 0);
  soon(rule.delayMs, () => {
    if (effect.answers) session.respond(request, parts, effect.manner, sequence);
    else session.forget(request.sequence);
    after?.();
    if (effect.drops) session.drop();
  });
  return effect.answers ? (parts.status ?? 0) : undefined;
}

/** Gives the status answered, or undefined when no response leaves. */
export function answer(core: Core, exchange: Exchange): number | undefined {
  const { rule } = exchange;
  if (rule === undefined) return answerPlainly(exchange);
  core.metrics.fault(rule.action);
  if (rule.action === 'status' || rule.action === 'nack') return refuse(exchange, rule);
  return answerOddly(exchange, rule);
}
