import type { NoticeArgs, NoticeKind } from '../domain/notice.ts';
import type { Incoming, Next } from './incoming.ts';
import { NOTHING, owedFor, sayNext } from './incoming.ts';
import type { Ports } from './ports.ts';

/** E20: help and errors, which two machines could send each other for ever. What a person has is always told. */
const LIMITED: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'help',
  'wrong-answer',
  'which',
  'expired',
  'stop-nothing',
  'stop-which',
  'list-empty',
  'status-empty',
  'channel-unavailable',
  'language-unavailable',
  'email-needed',
  'code-later',
  'code-limit',
  'confirm-with',
]);

/** One text that moves nothing; stored by the step that dedupes its MO (E12). */
export async function answerOnly(p: Ports, incoming: Incoming, kind: NoticeKind, args: NoticeArgs = {}): Promise<Next> {
  if (LIMITED.has(kind) && !(await mayAnswer(p, incoming))) return NOTHING;
  const mt = owedFor(p, incoming, kind, args);
  return sayNext(await p.mts.owe(incoming.dedupe, mt, incoming.now, p.settings().leaseFor));
}

async function mayAnswer(p: Ports, { msisdn, mo, dedupe, dialogue }: Incoming): Promise<boolean> {
  // A dialogue ends of itself, and no machine dials.
  if (dialogue !== undefined) return true;
  const may = await p.subscribers.mayAnswer(msisdn, p.settings().answersPerHour, dedupe);
  if (!may) p.note('mo.answer-limit', { link: mo.link });
  return may;
}
