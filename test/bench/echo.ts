/**
 * Row (a): a bare echo ESME on the `smpp` package: each text is acknowledged and answered with one fixed text that asks for
 * a receipt, and receipts are acknowledged. No state, no charge. `node --import tsx echo.ts PORT`.
 */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

interface SmppPdu {
  readonly esm_class: number;
  readonly source_addr: string;
  readonly destination_addr: string;
  response(): SmppPdu;
}

interface SmppSession {
  readonly socket: Socket;
  on(event: string, listener: (pdu: SmppPdu) => void): void;
  send(pdu: SmppPdu): void;
  bind_transceiver(fields: object): void;
  submit_sm(fields: object): void;
  enquire_link_resp(fields: object): void;
}

const smpp = createRequire(import.meta.url)('smpp') as { connect(options: object): SmppSession };

const TEXT = 'Daily Headlines by Daily Planet Media is ordered: KES 5.00 a day. To stop it, send STOP NEWS to 5000.';
const RECEIPT = 0x04;

const session = smpp.connect({ host: '127.0.0.1', port: Number(process.argv[2]) });
session.on('connect', () => {
  session.socket.setNoDelay(true);
  session.bind_transceiver({ system_id: 'echo', password: 'secret' });
});
session.on('enquire_link', (pdu) => session.send(pdu.response()));
session.on('deliver_sm', (pdu) => {
  session.send(pdu.response());
  if ((pdu.esm_class & RECEIPT) !== 0) return;
  session.submit_sm({
    source_addr: pdu.destination_addr,
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr: pdu.source_addr,
    registered_delivery: 1,
    short_message: TEXT,
  });
});
session.on('error', () => process.exit(1));
session.on('close', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
