// submit_sm and data_sm: judged, numbered, answered, recorded.
import type { Pdu } from '../smpp/pdu.ts';
import { textField } from '../smpp/pdu.ts';
import type { StatusName } from '../smpp/status.ts';
import { STATUS, statusName } from '../smpp/status.ts';
import { expiryOf } from '../smpp/time.ts';
import type { Tlv } from '../smpp/tlv.ts';
import { TAG, uintTlv } from '../smpp/tlv.ts';
import type { UserData } from '../smpp/user-data.ts';
import { userDataOf } from '../smpp/user-data.ts';
import type { Accepted } from './answer.ts';
import { answer } from './answer.ts';
import type { Core } from './core.ts';
import type { Submit } from './waiting-room.ts';
import { start } from './journey.ts';
import { writeId } from './message-id.ts';
import { isUssd } from './ussd.ts';
import type { Session } from './session.ts';

/** What is read of the request before anything is decided. */
interface Reading {
  readonly user: UserData | StatusName;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

function readingOf(core: Core, request: Pdu): Reading {
  const user = userDataOf(request, core.options.charset0);
  const [from, to] = [textField(request, 'source_addr'), textField(request, 'destination_addr')];
  return { user, from, to, text: typeof user === 'string' ? '' : user.text };
}

/** Why the SMSC itself refuses, whatever the rules say. */
export function refusal(core: Core, session: Session, request: Pdu): StatusName | undefined {
  if (!core.allowance.of(session.account ?? '').take(Date.now())) return 'ESME_RTHROTTLED';
  const { submitWindow } = core.options;
  if (submitWindow > 0 && session.unanswered > submitWindow) return 'ESME_RTHROTTLED';
  if (textField(request, 'destination_addr') === '') return 'ESME_RINVDSTADR';
  const expiry = expiryOf(textField(request, 'validity_period'), Date.now());
  return expiry === 'invalid' ? 'ESME_RINVEXPIRY' : undefined;
}

/** congestion_state goes to those who speak 5.0. */
function congestion(core: Core, session: Session): Tlv[] {
  if (session.version < 0x50) return [];
  const load = core.allowance.of(session.account ?? '').congestion(Date.now());
  return [uintTlv(TAG.congestion_state, load, 1)];
}

type Judged = Accepted & { readonly messageId: string };

function take(core: Core, submit: Submit, tlvs: readonly Tlv[], go: () => void): Judged {
  const { messageId } = submit;
  const parts = { fields: { message_id: messageId }, tlvs };
  if (core.options.receipts !== 'before') return { parts, messageId, after: go };
  go();
  return { parts, messageId };
}

function judge(core: Core, session: Session, request: Pdu, reading: Reading): Judged {
  const { user, from, to } = reading;
  const tlvs = congestion(core, session);
  const refuse = (status: StatusName): Judged => ({ parts: { status: STATUS[status], tlvs }, messageId: '' });
  if (typeof user === 'string') return refuse(user);
  const refused = refusal(core, session, request);
  if (refused !== undefined) return refuse(refused);
  const ussd = isUssd(request) ? core.ussd.submit(session, request, user) : undefined;
  if (typeof ussd === 'string') return refuse(ussd);
  const number = core.book.nextNumber();
  const submit = { session, request, user, from, to, number, messageId: writeId(number, core.options.respIdForm) };
  return take(core, submit, tlvs, ussd ?? ((): void => start(core, submit)));
}

export function handleSubmit(core: Core, session: Session, request: Pdu, frame: Buffer): void {
  const reading = readingOf(core, request);
  const { from, to, text } = reading;
  const account = session.account ?? '';
  let messageId = '';
  const rule = core.faults.match({ on: request.command, account, to, from, text });
  const status = answer(core, {
    session,
    request,
    rule,
    accept: () => {
      const accepted = judge(core, session, request, reading);
      messageId = accepted.messageId;
      return accepted;
    },
  });
  core.metrics.submitted(status);
  core.book.record({
    at: new Date().toISOString(),
    bind: session.id,
    account,
    from,
    to,
    text,
    frame,
    messageId,
    status: status ?? null,
    statusName: status === undefined ? null : statusName(status),
  });
}
