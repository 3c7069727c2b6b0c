import type { NoticeArgs, NoticeKind } from '../../domain/notice.ts';
import type { Incoming, Next } from '../incoming.ts';
import { NOTHING, owedFor, sayNext } from '../incoming.ts';
import type { AnswerKind, Ports } from '../ports/ports.ts';

/** E20: help and errors, which two machines could send each other for ever. What a person has is always told. */
const LIMITED: ReadonlySet<NoticeKind> = new Set<NoticeKind>([
  'help',
  'wrong-answer',
  'which',
  'expired',
  'list-empty',
  'status-empty',
  'channel-which',
  'channel-unavailable',
  'language-which',
  'language-unavailable',
  'email-needed',
  'code-later',
  'code-limit',
  'confirm-with',
  'refused-by-you',
  'already',
]);

/** Whoever sends STOP hears of it, however much nonsense came before: a quota of its own (E14, E20). */
const OF_STOP: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['stop-nothing', 'stop-which']);

function answerKind(kind: NoticeKind): AnswerKind | undefined {
  if (OF_STOP.has(kind)) return 'stop';
  return LIMITED.has(kind) ? 'help' : undefined;
}

/** One text that moves nothing; stored by the step that dedupes its MO (E12). */
export async function answerOnly(p: Ports, incoming: Incoming, kind: NoticeKind, args: NoticeArgs = {}): Promise<Next> {
  if (!(await isAnswered(p, incoming, kind))) return NOTHING;
  const mt = owedFor(p, incoming, kind, args);
  return sayNext(await p.mts.owe(incoming.dedupe, mt, incoming.now, p.settings().leaseFor));
}

/** False where it was answered often enough within the hour (E20). */
export async function isAnswered(p: Ports, incoming: Incoming, kind: NoticeKind): Promise<boolean> {
  const counts = answerKind(kind);
  return counts === undefined || mayAnswer(p, incoming, counts);
}

async function mayAnswer(p: Ports, { msisdn, mo, dedupe, dialogue }: Incoming, kind: AnswerKind): Promise<boolean> {
  // A dialogue ends of itself, and no machine dials.
  if (dialogue !== undefined) return true;
  const may = await p.subscribers.mayAnswer(msisdn, { kind, limit: p.settings().answersPerHour }, dedupe);
  if (!may) p.note('mo.answer-limit', { link: mo.link });
  return may;
}
