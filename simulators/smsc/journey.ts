// From the accepted submit_sm to the handset and back as receipts.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pdu, PduParts } from '../smpp/pdu.ts';
import { intField, textField } from '../smpp/pdu.ts';
import type { MessageState, Receipt } from '../smpp/receipt.ts';
import { isFinal, MESSAGE_STATES, receiptText } from '../smpp/receipt.ts';
import { expiryOf } from '../smpp/time.ts';
import { TAG, textTlv, uintTlv } from '../smpp/tlv.ts';
import type { Core } from './core.ts';
import { deliver } from './delivery.ts';
import { writeId } from './message-id.ts';
import type { Submit, Waiting } from './waiting-room.ts';

interface Fate {
  readonly state: MessageState;
  readonly error: number;
}

/** esm_class bits 5-2: SMPP 3.4 section 5.2.12. */
const FINAL_RECEIPT = 0x04;
const INTERMEDIATE = 0x20;
/** registered_delivery bit 4 (section 5.2.17). */
const WANTS_INTERMEDIATE = 0x10;

const DELIVERED: Fate = { state: 'DELIVRD', error: 0 };

/** registered_delivery bits 1-0: 1 any final state, 2 failure only, 3 success only (SMPP 5.0 section 4.7.21). */
function wantsReceipt(request: Pdu, state: MessageState): boolean {
  const asked = intField(request, 'registered_delivery');
  if (!isFinal(state)) return (asked & WANTS_INTERMEDIATE) !== 0;
  if ((asked & 3) === 1) return true;
  return (asked & 3) === (state === 'DELIVRD' ? 3 : 2);
}

/** Each address keeps the TON and NPI of the submit: its spelling does not tell them. */
function turnedRound({ request, from, to }: Submit): PduParts['fields'] {
  return {
    source_addr_ton: intField(request, 'dest_addr_ton'),
    source_addr_npi: intField(request, 'dest_addr_npi'),
    source_addr: to,
    dest_addr_ton: intField(request, 'source_addr_ton'),
    dest_addr_npi: intField(request, 'source_addr_npi'),
    destination_addr: from,
  };
}

function receiptParts(submit: Submit, receipt: Receipt, withTlvs: boolean): PduParts {
  const tlvs = [
    textTlv(TAG.receipted_message_id, receipt.messageId),
    uintTlv(TAG.message_state, MESSAGE_STATES[receipt.state], 1),
  ];
  return {
    fields: {
      ...turnedRound(submit),
      esm_class: isFinal(receipt.state) ? FINAL_RECEIPT : INTERMEDIATE,
      short_message: Buffer.from(receiptText(receipt), 'latin1'),
    },
    tlvs: withTlvs ? tlvs : [],
  };
}

function sendReceipt(core: Core, submit: Submit, fate: Fate, submitted: Date): void {
  if (core.options.receipts === 'none' || !wantsReceipt(submit.request, fate.state)) return;
  const messageId = writeId(submit.number, core.options.receiptIdForm);
  const receipt: Receipt = { ...fate, messageId, submitted, done: new Date(), text: submit.user.text };
  void deliver(core, {
    account: submit.session.account ?? '',
    subject: { from: submit.to, to: submit.from },
    parts: (session) => receiptParts(submit, receipt, session.takesTlvs),
  });
}

/** A final state: shown to the handset if delivered, remembered, receipted. */
function arrive(core: Core, submit: Submit, fate: Fate, submitted: Date): void {
  const { from, to, user, messageId, session } = submit;
  const validityPeriod = textField(submit.request, 'validity_period');
  if (fate.state === 'DELIVRD') core.inbox.accept({ from, to, user, messageId, validityPeriod, bind: session.id });
  core.book.settle(messageId, { from, state: fate.state, done: new Date() });
  sendReceipt(core, submit, fate, submitted);
}

/** An SMSC's own default validity: a day. */
const DAY_MS = 86_400_000;

type Until = (waiting: Waiting) => Promise<Fate>;

/**
 * Holds a message until its fate is known: ENROUTE meanwhile. What replace_sm made of it arrives; a cancelled one is
 * DELETED.
 */
async function hold(core: Core, submit: Submit, submitted: Date, until: Until): Promise<void> {
  const { from, messageId } = submit;
  core.book.settle(messageId, { from, state: 'ENROUTE', done: submitted });
  sendReceipt(core, submit, { state: 'ENROUTE', error: 0 }, submitted);
  const key = `${messageId}/${submit.to}`;
  const fate = await new Promise<Fate>((resolve) => {
    const cancel = (): void => resolve({ state: 'DELETED', error: 0 });
    const waiting: Waiting = { submit, cancel, renew: () => undefined };
    core.waiting.set(key, waiting);
    void until(waiting).then(resolve);
  });
  const last = core.waiting.get(key)?.submit ?? submit;
  core.waiting.delete(key);
  if (!core.stopping.aborted) arrive(core, last, fate, submitted);
}

/** Until the phone is switched on or the validity period ends, which is counted anew when replace_sm names another. */
async function phoneOn(core: Core, waiting: Waiting): Promise<Fate> {
  const { to, request } = waiting.submit;
  const now = Date.now();
  const expiry = expiryOf(textField(request, 'validity_period'), now);
  const ms = typeof expiry === 'number' ? Math.max(0, expiry - now) : DAY_MS;
  const renewed = new Promise<'renewed'>((resolve) => {
    waiting.renew = () => resolve('renewed');
  });
  const end = await Promise.race([core.power.waitFor(to, ms), renewed]);
  if (end === 'renewed') return phoneOn(core, waiting);
  return end === 'on' ? DELIVERED : { state: 'EXPIRED', error: 0 };
}

/** Starts the message on its way; called before or after its response, as the receipts are timed. */
export function start(core: Core, submit: Submit): void {
  const submitted = new Date();
  const rule = core.fates.match(submit.to);
  const afterMs = rule?.afterMs ?? core.options.receiptDelayMs;
  if (rule === undefined && !core.power.isOn(submit.to))
    void hold(core, submit, submitted, (waiting) => phoneOn(core, waiting));
  else if (afterMs > 0) void hold(core, submit, submitted, () => sleep(afterMs, rule ?? DELIVERED, { ref: false }));
  else arrive(core, submit, rule ?? DELIVERED, submitted);
}
