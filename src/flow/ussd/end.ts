import type { Dialogue, Told } from '../../domain/dialogue.ts';
import { isLive, moved } from '../../domain/dialogue.ts';
import type { ReceiptState } from '../../domain/message.ts';
import type { DialogueEvent } from '../../domain/ussd.ts';
import type { Ports, UssdPorts } from '../ports/ports.ts';
import { receiveReceipt } from '../say/receive-receipt.ts';

/** Under this name the store knows texts that were said in dialogues. */
export const USSD_SMSC = 'ussd';

/** When somebody must look at the dialogue again: its timer, or at once while a told text's fate is not written. */
export function wakeAt(dialogue: Dialogue, now: number): number | undefined {
  if (isLive(dialogue)) return dialogue.until;
  return dialogue.told.length > 0 ? now : undefined;
}

/** A dialogue that broke off. What it left unanswered is undelivered, and so the same order goes on over another channel. */
export async function endDialogue(p: UssdPorts, dialogue: Dialogue, event: DialogueEvent): Promise<void> {
  const now = p.clock.now();
  // A gateway that never confirms a notice has most likely shown it.
  const unconfirmed = event === 'time' && dialogue.state === 'awaiting-confirm';
  const next = moved(dialogue, event, now, unconfirmed ? { told: [] } : {});
  if (next === undefined || !(await p.ussd.dialogues.move(dialogue, next, wakeAt(next, now)))) return;
  noteEnd(p, next);
  await settleTold(p, next);
}

export function noteEnd(p: Ports, { link, kind, over, turn, openedAt }: Dialogue): void {
  const seconds = Math.max(0, p.clock.now() - openedAt) / 1000;
  p.note('ussd.ended', { link, kind, why: over, turns: turn, seconds });
}

/** The end of a dialogue is the receipt of what was said in it. Written before it is forgotten, so a crash in between loses nothing. */
export async function settleTold(p: UssdPorts, dialogue: Dialogue): Promise<void> {
  if (isLive(dialogue) || dialogue.told.length === 0) return;
  for (const told of dialogue.told) await receipt(p, dialogue, told.mtId, await fateOf(p, told));
  await p.ussd.dialogues.move(dialogue, { ...dialogue, version: dialogue.version + 1, told: [] }, undefined);
}

export async function receipt(p: Ports, { msisdn, over }: Dialogue, mtId: string, state: ReceiptState): Promise<void> {
  const error = state === 'undeliverable' ? `the dialogue ended by ${over ?? 'nothing'}` : undefined;
  await receiveReceipt(p, { smsc: USSD_SMSC, messageId: mtId, msisdn, state, error });
}

/** A challenge that still waits was not answered here; pages that were not read did not arrive. */
async function fateOf(p: Ports, { kind, orderId }: Told): Promise<ReceiptState> {
  if (kind !== 'confirm' && kind !== 'code') return 'undeliverable';
  const order = orderId === undefined ? undefined : await p.orders.load(orderId);
  return order?.state === 'challenged' ? 'undeliverable' : 'delivered';
}

/** The sweeper's way in: a timer that ended, or the rest of what a crash cut off. */
export async function dialogueDue(p: Ports, id: string): Promise<void> {
  if (isUssd(p)) await lookAgain(p, await p.ussd.dialogues.find(id));
}

export function isUssd(p: Ports): p is UssdPorts {
  return p.ussd !== undefined;
}

async function lookAgain(p: UssdPorts, dialogue: Dialogue | undefined): Promise<void> {
  if (dialogue === undefined) return;
  if (!isLive(dialogue)) await settleTold(p, dialogue);
  else if (dialogue.until <= p.clock.now()) await endDialogue(p, dialogue, 'time');
}
