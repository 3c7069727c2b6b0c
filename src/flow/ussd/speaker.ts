import type { Dialogue } from '../../domain/dialogue.ts';
import { isLive } from '../../domain/dialogue.ts';
import { hex, orderId } from '../../domain/ids.ts';
import { startOf } from '../../domain/menu.ts';
import type { Mt, OwedAs, SubmitOutcome } from '../../domain/message.ts';
import { argsWithCode } from '../say/code.ts';
import { partitionOfMsisdn } from '../incoming.ts';
import type { UssdPorts } from '../ports/ports.ts';
import { owedAs, textOf } from '../say/owed-text.ts';
import type { UssdOpening } from '../ports/ussd.ts';
import { receipt, USSD_SMSC } from './end.ts';
import { sayingOf } from './pages.ts';
import type { Said, Spoken } from './say.ts';
import { utter } from './say.ts';

/** How often a text tries again when turns keep coming between. */
const TRIES = 3;

/** A text for a subscriber who is in another dialogue waits; milliseconds. */
const BUSY = { kind: 'slow-down', status: 0x14, afterMs: 10_000 } as const;

/** The speaker of the channel ussd: inside the dialogue that the text belongs to, or as a push; else it is unreachable. */
export async function sayUssd(p: UssdPorts, mt: Mt): Promise<SubmitOutcome> {
  for (let tries = TRIES; tries > 0; tries--) {
    const outcome = await trySaying(p, mt);
    if (outcome !== undefined) return outcome;
  }
  return BUSY;
}

/** Undefined when a turn or another process came between. */
async function trySaying(p: UssdPorts, mt: Mt): Promise<SubmitOutcome | undefined> {
  const stored = await p.ussd.dialogues.read(mt.to);
  if (stored !== undefined && belongs(stored, mt.owed)) return sayIn(p, stored, mt);
  if (mt.owed?.dialogue !== undefined) return unreachable(`the USSD dialogue is over${whyOver(stored, mt.owed)}`);
  if (stored !== undefined && isLive(stored)) return BUSY;
  const opening = p.ussd.line.opening(mt.from, mt.link);
  if (opening === undefined) return unreachable(`no bound link pushes USSD for ${mt.from}`);
  const dialogue = pushed(p, mt, opening, stored);
  p.note('ussd.opened', { link: dialogue.link, kind: dialogue.kind });
  return speak(p, { dialogue, stored }, mt);
}

function unreachable(reason: string): SubmitOutcome {
  return { kind: 'unreachable', reason };
}

function whyOver(stored: Dialogue | undefined, { dialogue }: OwedAs): string {
  return stored?.id === dialogue && stored?.over !== undefined ? `: ${stored.over}` : '';
}

/** Only while the subscriber waits for us; what comes later would answer another question. */
function belongs({ id, state, orderId: acted }: Dialogue, owed: OwedAs | undefined): boolean {
  if (state !== 'awaiting-app' || owed === undefined) return false;
  return owed.dialogue === id || (owed.orderId !== undefined && owed.orderId === acted);
}

/** E23: the bind that holds the dialogue says it, whichever process has the text. */
async function sayIn(p: UssdPorts, dialogue: Dialogue, mt: Mt): Promise<SubmitOutcome | undefined> {
  if (dialogue.process === p.ussd.process) return speak(p, { dialogue, stored: dialogue }, mt);
  const outcome = await p.ussd.call(dialogue.process, mt.id);
  return outcome ?? unreachable('the process that held the USSD dialogue is gone');
}

async function speak(p: UssdPorts, spoken: Spoken, mt: Mt): Promise<SubmitOutcome | undefined> {
  return outcomeOf(p, mt, await utter(p, spoken, sayingOf(p, spoken.dialogue, mt)));
}

async function outcomeOf(p: UssdPorts, { id }: Mt, said: Said): Promise<SubmitOutcome | undefined> {
  if (said.kind === 'failed') return unreachable(said.reason);
  if (said.kind === 'moved') return undefined;
  const { dialogue } = said;
  if (!dialogue.told.some(({ mtId }) => mtId === id)) await receipt(p, dialogue, id, 'delivered');
  return { kind: 'accepted', smsc: USSD_SMSC, messageIds: [id] };
}

function pushed(p: UssdPorts, { to, from, owed }: Mt, opening: UssdOpening, stored: Dialogue | undefined): Dialogue {
  const now = p.clock.now();
  return {
    id: orderId(partitionOfMsisdn(p, to), now, p.random(10)),
    version: 0,
    kind: 'pushed',
    state: 'idle',
    msisdn: to,
    shortCode: from,
    process: p.ussd.process,
    service: undefined,
    before: stored?.session?.number,
    counted: false,
    turn: 0,
    taken: hex(p.random(8)),
    asked: undefined,
    language: owed?.language ?? p.settings().language,
    place: startOf(p.ussd.menu()),
    shown: undefined,
    told: [],
    orderId: owed?.orderId,
    openedAt: now,
    until: now,
    over: undefined,
    ...opening,
  };
}

/** What another process asks of the one that holds the dialogue: an owed text by its id, never its words (E15). */
export async function sayForOther(p: UssdPorts, mtId: string): Promise<SubmitOutcome> {
  const mt = await p.mts.load(mtId);
  const args = mt && argsWithCode(p, mt);
  if (mt === undefined || args === undefined) return unreachable('the text is gone');
  const { id, msisdn, shortCode, channel, link } = mt;
  const text = textOf(p, mt, args);
  return sayUssd(p, { id, to: msisdn, from: shortCode, text, channel, link, validityMs: undefined, owed: owedAs(mt) });
}
