import type { Dialogue, Shown, Told } from '../../domain/dialogue.ts';
import { isLive, moved } from '../../domain/dialogue.ts';
import type { MenuLabel, Place } from '../../domain/menu.ts';
import { screenText } from '../../domain/menu.ts';
import type { SubmitOutcome } from '../../domain/message.ts';
import type { NoticeArgs } from '../../domain/notice.ts';
import { SAYINGS } from '../../domain/ussd.ts';
import type { UssdPorts } from '../ports/ports.ts';
import { endDialogue, noteEnd, settleTold, wakeAt } from './end.ts';
import { viewFor } from './view.ts';

/** One thing to say in a dialogue: a question, or the last word. */
export interface Saying {
  readonly text: string;
  readonly asks: boolean;
  readonly place?: Place;
  /** The owed text that it is. */
  readonly mt?: string;
  /** The same, while it waits for something to be typed. */
  readonly shown: Shown | undefined;
  /** Owed texts whose fate is open once it is said. */
  readonly told: readonly Told[];
}

export type Said =
  | { readonly kind: 'said'; readonly dialogue: Dialogue }
  /** Another turn or another process came first. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'failed'; readonly reason: string };

/** The dialogue to speak in, and what the store holds: the same, or what a new one takes the place of. */
export interface Spoken {
  readonly dialogue: Dialogue;
  readonly stored: Dialogue | undefined;
}

/** Moves the dialogue, then sends: a reply that is quicker than our own bookkeeping finds the dialogue waiting for it. */
export async function utter(p: UssdPorts, { dialogue, stored }: Spoken, saying: Saying): Promise<Said> {
  const now = p.clock.now();
  const { shown, told, asks, place = dialogue.place } = saying;
  const { ask, last } = SAYINGS[dialogue.kind];
  const how = asks ? ask : last;
  const next = how && moved(dialogue, how.event, now, { shown, told, place });
  if (how === undefined || next === undefined)
    return { kind: 'failed', reason: `a ${dialogue.kind} USSD dialogue that is ${dialogue.state} takes no such text` };
  if (!(await p.ussd.dialogues.move(stored, next, wakeAt(next, now)))) return { kind: 'moved' };
  const outcome = await send(p, next, saying, how.op);
  return outcome.kind === 'accepted' ? said(p, next) : failed(p, next, saying, outcome);
}

function send(p: UssdPorts, dialogue: Dialogue, { text, asks }: Saying, op: number): Promise<SubmitOutcome> {
  const { id, version, msisdn, shortCode, link, service, source: handset, session } = dialogue;
  return p.ussd.line.submit({
    id: `${id}-${version}`,
    to: msisdn,
    from: shortCode,
    text,
    channel: 'ussd',
    link,
    validityMs: undefined,
    ussd: { op, service, handset, session, ends: !asks },
  });
}

async function said(p: UssdPorts, dialogue: Dialogue): Promise<Said> {
  p.note('ussd.said', { link: dialogue.link, kind: dialogue.kind, state: dialogue.state });
  if (!isLive(dialogue)) {
    noteEnd(p, dialogue);
    await settleTold(p, dialogue);
  }
  return { kind: 'said', dialogue };
}

/** The text that failed is its caller's to say elsewhere; what was told before is settled with the dialogue. */
async function failed(p: UssdPorts, dialogue: Dialogue, saying: Saying, outcome: SubmitOutcome): Promise<Said> {
  const own = saying.mt;
  const next = { ...dialogue, version: dialogue.version + 1, told: dialogue.told.filter(({ mtId }) => mtId !== own) };
  if (await p.ussd.dialogues.move(dialogue, next, wakeAt(next, p.clock.now()))) {
    if (isLive(next)) await endDialogue(p, next, 'failed');
    else await settleTold(p, next);
  }
  const status = 'status' in outcome ? ` 0x${outcome.status.toString(16).padStart(8, '0')}` : '';
  return { kind: 'failed', reason: `the USSD gateway did not take it: ${outcome.kind}${status}` };
}

/** Says something that is no owed text; texts that are still open stay so. */
function plain(p: UssdPorts, dialogue: Dialogue, saying: Pick<Saying, 'text' | 'asks' | 'place'>): Promise<Said> {
  return utter(p, { dialogue, stored: dialogue }, { shown: undefined, told: dialogue.told, ...saying });
}

export interface Shows {
  readonly place: Place;
  readonly hint: MenuLabel | undefined;
}

export async function showScreen(p: UssdPorts, dialogue: Dialogue, { place, hint }: Shows): Promise<Said> {
  const view = await viewFor(p, dialogue, await p.subscribers.read(dialogue.msisdn));
  const above = hint === undefined ? '' : label(p, dialogue, hint);
  const said = screenText(p.ussd.menu(), view, place);
  const text = screenText(p.ussd.menu(), view, place, above);
  return plain(p, dialogue, { text, asks: true, place: { ...place, said } });
}

/** The last word of a dialogue that has no other. */
export function finish(p: UssdPorts, dialogue: Dialogue, name: MenuLabel, args: NoticeArgs = {}): Promise<Said> {
  return plain(p, dialogue, { text: label(p, dialogue, name, args), asks: false });
}

export function label(p: UssdPorts, { language, shortCode }: Dialogue, name: MenuLabel, args: NoticeArgs = {}): string {
  return p.ussd.menu().labels[name](language, { shortCode, ...args });
}
