// Messages that wait for their handset: what cancel_sm and replace_sm can still reach (SMPP 3.4 sections 4.9 and 4.10).
import type { Pdu } from '../smpp/pdu.ts';
import { intField, textField } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import { expiryOf } from '../smpp/time.ts';
import { userDataOf } from '../smpp/user-data.ts';
import type { Accepted } from './answer.ts';
import { answer } from './answer.ts';
import type { Core } from './core.ts';
import type { Session } from './session.ts';
import type { Submit, Waiting } from './waiting-room.ts';

/** By its id, or, with none given, every message of that source, destination and service_type. */
function meant(core: Core, request: Pdu): readonly Waiting[] {
  const id = textField(request, 'message_id');
  const from = textField(request, 'source_addr');
  const mine = [...core.waiting.values()].filter(({ submit }) => submit.from === from);
  if (id !== '') return mine.filter(({ submit }) => submit.messageId === id);
  return mine.filter(({ submit }) => {
    const same = (name: string): boolean => textField(submit.request, name) === textField(request, name);
    return same('destination_addr') && same('service_type');
  });
}

export function handleCancel(core: Core, session: Session, request: Pdu): void {
  const accept = (): Accepted => {
    const all = meant(core, request);
    if (all.length === 0) return { parts: { status: STATUS.ESME_RCANCELFAIL } };
    return { parts: {}, after: () => all.forEach(({ cancel }) => cancel()) };
  };
  answer(core, { session, request, rule: core.faults.match({ on: 'cancel_sm', account: session.account }), accept });
}

/** The new text and times in place of the old; data_coding and addresses stay, and so does a time that is not named. */
function replaced({ submit }: Waiting, request: Pdu, core: Core): Submit | number {
  const fields = {
    ...submit.request.fields,
    short_message: request.fields['short_message'] ?? Buffer.alloc(0),
    validity_period: textField(request, 'validity_period') || textField(submit.request, 'validity_period'),
    registered_delivery: intField(request, 'registered_delivery'),
  };
  const next: Pdu = { ...submit.request, fields, tlvs: request.tlvs };
  if (expiryOf(textField(next, 'validity_period'), Date.now()) === 'invalid') return STATUS.ESME_RINVEXPIRY;
  const user = userDataOf(next, core.options.charset0);
  return typeof user === 'string' ? STATUS[user] : { ...submit, request: next, user };
}

export function handleReplace(core: Core, session: Session, request: Pdu): void {
  const accept = (): Accepted => {
    const [one] = textField(request, 'message_id') === '' ? [] : meant(core, request);
    if (one === undefined) return { parts: { status: STATUS.ESME_RREPLACEFAIL } };
    const next = replaced(one, request, core);
    if (typeof next === 'number') return { parts: { status: next } };
    one.submit = next;
    if (textField(request, 'validity_period') !== '') one.renew();
    return { parts: {} };
  };
  answer(core, { session, request, rule: core.faults.match({ on: 'replace_sm', account: session.account }), accept });
}
