// submit_sm and data_sm: judged, kept, shown to the handset, receipted.
import type { Pdu, PduParts } from '../smpp/pdu.ts';
import { intField, textField } from '../smpp/pdu.ts';
import type { MessageState, Receipt } from '../smpp/receipt.ts';
import { MESSAGE_STATES, receiptText } from '../smpp/receipt.ts';
import type { StatusName } from '../smpp/status.ts';
import { STATUS, statusName } from '../smpp/status.ts';
import { expiryOf } from '../smpp/time.ts';
import { TAG, textTlv, uintTlv } from '../smpp/tlv.ts';
import type { UserData } from '../smpp/user-data.ts';
import { userDataOf } from '../smpp/user-data.ts';
import type { Accepted } from './answer.ts';
import { answer } from './answer.ts';
import type { Core } from './core.ts';
import { deliver } from './delivery.ts';
import { addressFields } from './mo.ts';
import type { Session } from './session.ts';

interface Submit {
  readonly session: Session;
  readonly request: Pdu;
  readonly user: UserData;
  readonly from: string;
  readonly to: string;
}

const RECEIPT_CLASS = 0x04;

/** registered_delivery bits 1-0: 1 any final state, 2 failure only, 3 success only (SMPP 5.0 section 4.7.21). */
function wantsReceipt(request: Pdu, state: MessageState): boolean {
  const asked = intField(request, 'registered_delivery') & 3;
  if (asked === 1) return true;
  return state === 'DELIVRD' ? asked === 3 : asked === 2;
}

function receiptParts(submit: Submit, receipt: Receipt, withTlvs: boolean): PduParts {
  const tlvs = [
    textTlv(TAG.receipted_message_id, receipt.messageId),
    uintTlv(TAG.message_state, MESSAGE_STATES[receipt.state], 1),
  ];
  return {
    fields: {
      ...addressFields(submit.to, submit.from),
      esm_class: RECEIPT_CLASS,
      short_message: Buffer.from(receiptText(receipt), 'latin1'),
    },
    tlvs: withTlvs ? tlvs : [],
  };
}

function sendReceipt(core: Core, submit: Submit, receipt: Receipt): void {
  const account = submit.session.account ?? '';
  void deliver(core, {
    account,
    subject: { from: submit.to, to: submit.from },
    parts: (session) => receiptParts(submit, receipt, session.takesTlvs),
  });
}

/** Gives what must wait for the response: the receipt, unless it is to overtake it. */
function settle(core: Core, submit: Submit, messageId: string): () => void {
  const { options, book } = core;
  const submitted = new Date();
  const state = 'DELIVRD';
  book.settle(messageId, { state, done: submitted });
  if (options.receipts === 'none' || !wantsReceipt(submit.request, state)) return () => undefined;
  const receipt: Receipt = { messageId, state, submitted, done: submitted, error: 0, text: submit.user.text };
  const send = (): void => sendReceipt(core, submit, receipt);
  if (options.receipts === 'before') {
    send();
    return () => undefined;
  }
  return () => (options.receiptDelayMs === 0 ? send() : void setTimeout(send, options.receiptDelayMs).unref());
}

function take(core: Core, submit: Submit, messageId: string): Accepted {
  const { session, request, user, from, to } = submit;
  const validityPeriod = textField(request, 'validity_period');
  core.inbox.accept({ from, to, user, messageId, validityPeriod, bind: session.id });
  return { parts: { fields: { message_id: messageId } }, after: settle(core, submit, messageId) };
}

/** Why the SMSC itself refuses, whatever the rules say. */
function refusal(request: Pdu, user: UserData | StatusName): StatusName | undefined {
  if (typeof user === 'string') return user;
  if (textField(request, 'destination_addr') === '') return 'ESME_RINVDSTADR';
  const expiry = expiryOf(textField(request, 'validity_period'), Date.now());
  return expiry === 'invalid' ? 'ESME_RINVEXPIRY' : undefined;
}

export function handleSubmit(core: Core, session: Session, request: Pdu, frame: Buffer): void {
  const user = userDataOf(request, core.options.charset0);
  const [from, to] = [textField(request, 'source_addr'), textField(request, 'destination_addr')];
  const text = typeof user === 'string' ? '' : user.text;
  const account = session.account ?? '';
  const refused = refusal(request, user);
  let messageId = '';
  const accept = (): Accepted => {
    if (refused !== undefined || typeof user === 'string')
      return { parts: { status: STATUS[refused ?? 'ESME_RSYSERR'] } };
    messageId = core.book.nextMessageId();
    return take(core, { session, request, user, from, to }, messageId);
  };
  const rule = core.faults.match({ on: request.command, account, to, from, text });
  const status = answer(core, { session, request, rule, accept });
  core.metrics.submitted(status);
  const answered = status === undefined ? null : status;
  core.book.record({
    at: new Date().toISOString(),
    bind: session.id,
    account,
    from,
    to,
    text,
    hex: frame.toString('hex'),
    messageId,
    status: answered,
    statusName: answered === null ? null : statusName(answered),
  });
}
