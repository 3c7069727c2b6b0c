import type { BindMode } from './bind.ts';
import type { SessionEvent, SessionState } from './fsm.ts';
import type { Pdu } from '../pdu.ts';
import { isResponse, STATUS } from '../pdu.ts';
import { retryStatus } from '../reply.ts';
import type { LinkSettings } from '../settings.ts';
import { isPasswordRefusal } from '../status-classes.ts';

/** What a session does about a PDU of its peer. */
export type Meaning =
  | { readonly kind: 'event'; readonly event: SessionEvent }
  | { readonly kind: 'answer'; readonly status: number }
  /** An MO or a receipt, for the owner to answer. */
  | { readonly kind: 'request' }
  /** Belongs to a submit_sm of the owner. */
  | { readonly kind: 'response' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unexpected' };

export interface Standing {
  readonly state: SessionState;
  readonly mode: BindMode;
  readonly settings: LinkSettings;
  /** Sequence number of our bind. */
  readonly bindSequence: number;
  /** Our credentials have bound before in this process. */
  readonly proven: boolean;
}

const UNEXPECTED: Meaning = { kind: 'unexpected' };
const event = (name: SessionEvent): Meaning => ({ kind: 'event', event: name });

/** A generic_nack refuses (SMPP 3.4 4.3): one with status 0 must not pass for a yes to what it names. */
export function nackRefuses(pdu: Pdu): Pdu {
  const saysOk = pdu.command === 'generic_nack' && pdu.status === STATUS.ok;
  return saysOk ? { ...pdu, status: STATUS.unknownError } : pdu;
}

export function meaningOf(pdu: Pdu, standing: Standing): Meaning {
  switch (pdu.command) {
    case 'enquire_link':
      // In every state, before traffic too: a peer that asks must hear (SMPP 3.4 4.11).
      return { kind: 'answer', status: STATUS.ok };
    case 'enquire_link_resp':
    case 'alert_notification':
    case 'outbind':
      return { kind: 'nothing' };
    case 'unbind':
      return event('peer-unbind');
    case 'unbind_resp':
      return standing.state === 'unbinding' ? event('unbound') : UNEXPECTED;
    case 'deliver_sm':
    case 'data_sm':
      return meaningOfMessage(standing);
    default:
      return isResponse(pdu.command)
        ? meaningOfResponse(pdu, standing)
        : { kind: 'answer', status: STATUS.invalidCommandId };
  }
}

function meaningOfMessage({ state, settings }: Standing): Meaning {
  if (state === 'bound') return { kind: 'request' };
  const isLate = state === 'yielding' || state === 'draining' || state === 'unbinding';
  return { kind: 'answer', status: isLate ? retryStatus(settings, STATUS.temporaryAppError) : STATUS.wrongBindState };
}

function meaningOfResponse(pdu: Pdu, standing: Standing): Meaning {
  if (standing.state === 'binding') return meaningOfBindAnswer(pdu, standing);
  // A receiver sent no submit_sm: its numbers are its own, and one of them may wait in the transmitter's window.
  if (standing.mode === 'rx') return UNEXPECTED;
  const ours = pdu.command === 'submit_sm_resp' || pdu.command === 'generic_nack';
  return ours ? { kind: 'response' } : UNEXPECTED;
}

/** A 3.3 peer that knows no bind_transceiver answers generic_nack, some with sequence 0. */
function meaningOfBindAnswer(pdu: Pdu, { bindSequence, proven }: Standing): Meaning {
  const nacked = pdu.command === 'generic_nack' && (pdu.sequence === bindSequence || pdu.sequence === 0);
  if (nacked) return event('bind-refused');
  if (!/^bind_/.test(pdu.command) || pdu.sequence !== bindSequence) return UNEXPECTED;
  if (pdu.status === STATUS.ok) return event('bind-accepted');
  return event(isPasswordRefusal(pdu.status, proven) ? 'password-refused' : 'bind-refused');
}
