// submit_multi: one text to several handsets (SMPP 3.4 section 4.5).
import type { Destination } from '../smpp/destinations.ts';
import { readDestinations, writeUnsuccessful } from '../smpp/destinations.ts';
import type { Pdu } from '../smpp/pdu.ts';
import { intField, octetsField } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import type { Core } from './core.ts';
import { start } from './journey.ts';
import { writeId } from './message-id.ts';
import type { Session } from './session.ts';
import { answer } from './answer.ts';
import type { Accepted } from './answer.ts';
import { userDataOf } from '../smpp/user-data.ts';
import { refusal } from './submit.ts';

/** The same request as a submit_sm to one handset. */
function toOne(request: Pdu, { ton, npi, address }: Destination): Pdu {
  const fields = { ...request.fields, dest_addr_ton: ton, dest_addr_npi: npi, destination_addr: address };
  return { ...request, command: 'submit_sm', fields };
}

interface Judged {
  readonly destination: Destination;
  readonly status: number;
  readonly go: () => void;
}

const nothing = (): void => undefined;

/** Distribution lists are the SMSC's own; this one has none. */
function judge(core: Core, session: Session, request: Pdu, messageId: { number: number; id: string }): Judged[] {
  return readDestinations(octetsField(request, 'dest_addresses')).map((destination) => {
    const refuse = (status: number): Judged => ({ destination, status, go: nothing });
    if (destination.list) return refuse(STATUS.ESME_RINVDLNAME);
    const one = toOne(request, destination);
    const user = userDataOf(one, core.options.charset0);
    if (typeof user === 'string') return refuse(STATUS[user]);
    const refused = refusal(core, session, one);
    if (refused !== undefined) return refuse(STATUS[refused]);
    const from = String(request.fields['source_addr'] ?? '');
    const submit = {
      session,
      request: one,
      user,
      from,
      to: destination.address,
      number: messageId.number,
      messageId: messageId.id,
    };
    return { destination, status: 0, go: () => start(core, submit) };
  });
}

function take(core: Core, session: Session, request: Pdu): Accepted {
  const number = core.book.nextNumber();
  const id = writeId(number, core.options.respIdForm);
  const judged = judge(core, session, request, { number, id });
  if (judged.length === 0 || judged.length !== intField(request, 'number_of_dests'))
    return { parts: { status: STATUS.ESME_RINVNUMDESTS } };
  const bad = judged.filter(({ status }) => status !== 0);
  const fields = {
    message_id: id,
    no_unsuccess: bad.length,
    unsuccess_smes: writeUnsuccessful(bad.map(({ destination, status }) => ({ ...destination, status }))),
  };
  // None was taken: the whole request failed (ESME_RSUBMITFAIL), as single submits would have.
  if (bad.length === judged.length) return { parts: { status: STATUS.ESME_RSUBMITFAIL } };
  return { parts: { fields }, after: () => judged.forEach(({ go }) => go()) };
}

export function handleMulti(core: Core, session: Session, request: Pdu): void {
  const rule = core.faults.match({ on: 'submit_multi', account: session.account });
  const status = answer(core, { session, request, rule, accept: () => take(core, session, request) });
  core.metrics.submitted(status);
}
