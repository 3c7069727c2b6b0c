// Sends a deliver_sm until the ESME takes it for good, as an SMSC with a store does.
import { setTimeout as sleep } from 'node:timers/promises';
import type { PduParts } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import type { Core } from './core.ts';
import { receiverOf, waitForReceiver } from './core.ts';
import type { FaultRule, Subject } from './faults.ts';
import { effectOf } from './faults.ts';
import type { Answer, Session } from './session.ts';

/** One deliver_sm and where it goes. */
export interface Delivery {
  readonly account: string;
  readonly subject: Omit<Subject, 'on' | 'account'>;
  /** Made anew for each session: what may be said depends on its version. */
  readonly parts: (session: Session) => PduParts;
}

export interface Outcome {
  /** Last command_status; undefined when the SMSC gave up without an answer. */
  readonly status: number | undefined;
  readonly bind: string;
  readonly redeliveries: number;
}

const TEMPORARY: ReadonlySet<number> = new Set([
  STATUS.ESME_RSYSERR,
  STATUS.ESME_RMSGQFUL,
  STATUS.ESME_RTHROTTLED,
  STATUS.ESME_RX_T_APPN,
  STATUS.ESME_RDELIVERYFAILURE,
  STATUS.ESME_RUNKNOWNERR,
]);

const SILENCE: Answer = { kind: 'silence' };

/** One try. A rule on deliver_sm says how the request leaves, if it leaves at all. */
async function send(core: Core, session: Session, delivery: Delivery): Promise<Answer> {
  const subject = { ...delivery.subject, on: 'deliver_sm', account: delivery.account } as const;
  const rule: FaultRule | undefined = core.faults.match(subject);
  if (rule === undefined) return session.request('deliver_sm', delivery.parts(session));
  core.metrics.fault(rule.action);
  const { manner, accepts, drops } = effectOf(rule.action);
  if (rule.delayMs > 0) await sleep(rule.delayMs);
  if (!accepts && !drops) return SILENCE;
  const answered = accepts ? session.request('deliver_sm', delivery.parts(session), manner) : SILENCE;
  if (drops) setImmediate(() => session.drop());
  return answered;
}

interface Try {
  readonly answer: Answer;
  readonly bind: string;
}

const isFinal = ({ answer }: Try): boolean => answer.kind === 'answer' && !TEMPORARY.has(answer.pdu.status);

const outcome = (last: Try | undefined, tries: number): Outcome => ({
  status: last?.answer.kind === 'answer' ? last.answer.pdu.status : undefined,
  bind: last?.bind ?? '',
  redeliveries: Math.max(0, tries - 1),
});

/** Waits `retryDelayMs`; false when the SMSC stops meanwhile. */
async function rest(core: Core): Promise<boolean> {
  try {
    await sleep(core.options.retryDelayMs, undefined, { signal: core.stopping });
    return true;
  } catch {
    return false;
  }
}

/** A session that is there is given at once, so that a first try leaves in the same turn as its cause. */
function nextSession(
  core: Core,
  account: string,
  deadline: number,
): Session | Promise<Session | undefined> | undefined {
  const left = deadline - Date.now();
  if (left <= 0 || core.stopping.aborted) return undefined;
  return receiverOf(core, account) ?? waitForReceiver(core, account, left);
}

/** Gives up when `redeliverForMs` has passed or the SMSC stops. */
export async function deliver(core: Core, delivery: Delivery): Promise<Outcome> {
  const deadline = Date.now() + core.options.redeliverForMs;
  let last: Try | undefined;
  for (let tries = 0; ; tries += 1) {
    const next = nextSession(core, delivery.account, deadline);
    const session = next instanceof Promise ? await next : next;
    if (session === undefined) return outcome(last, tries);
    if (tries > 0) core.metrics.redelivered();
    last = { answer: await send(core, session, delivery), bind: session.id };
    if (isFinal(last) || !(await rest(core))) return outcome(last, tries + 1);
  }
}
