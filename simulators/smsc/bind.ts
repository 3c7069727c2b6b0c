import type { Pdu } from '../smpp/pdu.ts';
import { intField, textField } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import { TAG, uintTlv } from '../smpp/tlv.ts';
import type { Accepted } from './answer.ts';
import { answer } from './answer.ts';
import type { Core } from './core.ts';
import type { Session } from './session.ts';

function refusal(core: Core, request: Pdu): number | undefined {
  const account = core.options.accounts.find(({ systemId }) => systemId === textField(request, 'system_id'));
  if (account === undefined) return STATUS.ESME_RINVSYSID;
  return account.password === textField(request, 'password') ? undefined : STATUS.ESME_RINVPASWD;
}

function takeBind(core: Core, session: Session, request: Pdu): Accepted {
  const status = refusal(core, request);
  if (status !== undefined) return { parts: { status } };
  const version = Math.min(intField(request, 'interface_version'), core.options.version);
  // An ESME of 3.3 knows no optional parameters (SMPP 3.4 section 1.5).
  const tlvs = version >= 0x34 ? [uintTlv(TAG.sc_interface_version, core.options.version, 1)] : [];
  return {
    parts: { fields: { system_id: core.options.systemId }, tlvs },
    after: () => session.bind(textField(request, 'system_id'), version, request.command),
  };
}

export function handleBind(core: Core, session: Session, request: Pdu): void {
  // bind_transceiver came with 3.4: an SMSC of 3.3 does not know the command.
  if (core.options.version < 0x34 && request.command === 'bind_transceiver') {
    session.nack(request.sequence, STATUS.ESME_RINVCMDID);
    return;
  }
  const rule = core.faults.match({ on: request.command, account: textField(request, 'system_id') });
  answer(core, { session, request, rule, accept: () => takeBind(core, session, request) });
}
