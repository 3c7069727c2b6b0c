import type { Pdu } from '../smpp/pdu.ts';
import { intField, textField } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import { TAG, uintTlv } from '../smpp/tlv.ts';
import type { Accepted } from './answer.ts';
import { answer } from './answer.ts';
import type { Core } from './core.ts';
import type { Session } from './session.ts';

/** The highest version spoken here. */
const OUR_VERSION = 0x34;

function refusal(core: Core, request: Pdu): number | undefined {
  const account = core.options.accounts.find(({ systemId }) => systemId === textField(request, 'system_id'));
  if (account === undefined) return STATUS.ESME_RINVSYSID;
  return account.password === textField(request, 'password') ? undefined : STATUS.ESME_RINVPASWD;
}

function takeBind(core: Core, session: Session, request: Pdu): Accepted {
  const status = refusal(core, request);
  if (status !== undefined) return { parts: { status } };
  const version = intField(request, 'interface_version');
  // An ESME of 3.3 knows no optional parameters (SMPP 3.4 section 1.5).
  const tlvs = version >= 0x34 ? [uintTlv(TAG.sc_interface_version, OUR_VERSION, 1)] : [];
  return {
    parts: { fields: { system_id: core.options.systemId }, tlvs },
    after: () => session.bind(textField(request, 'system_id'), version, request.command),
  };
}

export function handleBind(core: Core, session: Session, request: Pdu): void {
  const rule = core.faults.match({ on: request.command, account: textField(request, 'system_id') });
  answer(core, { session, request, rule, accept: () => takeBind(core, session, request) });
}
