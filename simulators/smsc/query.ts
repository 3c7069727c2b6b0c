import type { Pdu } from '../smpp/pdu.ts';
import { textField } from '../smpp/pdu.ts';
import { isFinal, MESSAGE_STATES } from '../smpp/receipt.ts';
import { STATUS } from '../smpp/status.ts';
import { absoluteTime } from '../smpp/time.ts';
import type { Accepted } from './answer.ts';
import { answer } from './answer.ts';
import type { Core } from './core.ts';
import type { Session } from './session.ts';

/** query_sm: SMPP 3.4 section 4.8. Only who sent the message may ask; no final_date until its state is final. */
export function handleQuery(core: Core, session: Session, request: Pdu): void {
  const messageId = textField(request, 'message_id');
  const accept = (): Accepted => {
    const fate = core.book.fate(messageId);
    if (fate?.from !== textField(request, 'source_addr')) return { parts: { status: STATUS.ESME_RQUERYFAIL } };
    const fields = {
      message_id: messageId,
      final_date: isFinal(fate.state) ? absoluteTime(fate.done) : '',
      message_state: MESSAGE_STATES[fate.state],
    };
    return { parts: { fields } };
  };
  answer(core, { session, request, rule: core.faults.match({ on: 'query_sm', account: session.account }), accept });
}
