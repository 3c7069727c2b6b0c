import type { CommandName } from '../codec/dictionary.ts';
import type { Pdu } from '../pdu.ts';
import { STATUS } from '../pdu.ts';
import type { LinkSettings } from '../settings.ts';

/** Direction of one session (SMPP 3.4 2.2). */
export type BindMode = 'trx' | 'tx' | 'rx';

const COMMANDS: Readonly<Record<BindMode, CommandName>> = {
  trx: 'bind_transceiver',
  tx: 'bind_transmitter',
  rx: 'bind_receiver',
};

/** SMPP 3.4: 5.2.4. */
const DEFAULT_VERSION = 0x34;

export function bindRequest(settings: LinkSettings, mode: BindMode, sequence: number): Pdu {
  const fields = {
    system_id: settings.systemId,
    password: settings.password,
    system_type: settings.systemType,
    interface_version: settings.interfaceVersion ?? DEFAULT_VERSION,
    addr_ton: settings.addressTon ?? 0,
    addr_npi: settings.addressNpi ?? 0,
    address_range: settings.addressRange ?? '',
  };
  return { command: COMMANDS[mode], status: STATUS.ok, sequence, fields, tlvs: [] };
}
