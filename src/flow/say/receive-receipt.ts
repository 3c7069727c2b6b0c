import type { Receipt } from '../../domain/message.ts';
import type { Ports } from '../ports/ports.ts';
import { sayAgain } from './say.ts';

/** A receipt closes the text it is about; one that belongs to nothing is counted, never an MO. */
export async function receiveReceipt(p: Ports, receipt: Receipt): Promise<void> {
  const { msisdn } = receipt;
  if (msisdn === undefined) {
    p.note('receipt.unreadable', { smsc: receipt.smsc, state: receipt.state });
    return;
  }
  const step = await p.mts.receipt({ ...receipt, msisdn }, p.clock.now());
  p.note(step.kind === 'parked' ? 'receipt.parked' : 'receipt.matched', { smsc: receipt.smsc, state: receipt.state });
  const { state, error } = receipt;
  if (step.kind === 'undelivered') await sayAgain(p, step.mt, error === undefined ? state : `${state}, ${error}`);
}
