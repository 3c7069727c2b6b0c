import type { Receipt } from '../domain/message.ts';
import type { Ports } from './ports.ts';

/** A receipt closes the text it is about; one that belongs to nothing is counted, never an MO. */
export async function receiveReceipt(p: Ports, receipt: Receipt): Promise<void> {
  const { msisdn } = receipt;
  if (msisdn === undefined) {
    p.note('receipt.unreadable', { smsc: receipt.smsc, state: receipt.state });
    return;
  }
  const matched = await p.mts.receipt({ ...receipt, msisdn }, p.clock.now());
  p.note(matched ? 'receipt.matched' : 'receipt.parked', { smsc: receipt.smsc, state: receipt.state });
}
