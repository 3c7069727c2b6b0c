import { afterEach } from 'vitest';
import { startOcs, type Ocs } from '../../../simulators/ocs/ocs.ts';
import type { OcsOptions } from '../../../simulators/ocs/options.ts';
import type { Message } from '../../../simulators/diameter/message.ts';
import { bigintOf, children, first, numberOf, textOf } from '../../../simulators/diameter/values.ts';
import { cer, FROM, openClient, request, type Client } from './client.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';

export interface Bench {
  readonly ocs: Ocs;
  readonly clock: ManualClock;
  /** A connection whose CER was answered. */
  readonly connect: () => Promise<Client>;
  /** A connection that has said nothing yet. */
  readonly dial: () => Promise<Client>;
}

const open: { ocs: Ocs; clients: Client[] }[] = [];

afterEach(async () => {
  for (const { ocs, clients } of open.splice(0)) {
    for (const client of clients) client.end();
    await ocs.close();
  }
});

/** An OCS on free ports with a clock moved by hand, closed after the test. */
export async function bench(options: OcsOptions = {}): Promise<Bench> {
  const clock = manualClock();
  const ocs = await startOcs({ clock, httpPort: 'none', watchdogMs: 0, ...options });
  const clients: Client[] = [];
  open.push({ ocs, clients });
  const dial = async (): Promise<Client> => {
    const client = await openClient(ocs.ports.diameter, options.host);
    clients.push(client);
    return client;
  };
  const connect = async (): Promise<Client> => {
    const client = await dial();
    await client.ask(cer());
    return client;
  };
  return { ocs, clock, dial, connect };
}

/** A watchdog round: whatever was sent before it has been read, and whatever was answered before it has come. */
export async function settled(client: Client): Promise<Message[]> {
  client.send(request(280, 0, FROM));
  const came: Message[] = [];
  for (;;) {
    const message = await client.next();
    if (message.command === 280) return came;
    came.push(message);
  }
}

export const resultOf = (message: Message): number | undefined => numberOf(message.avps, 'Result-Code');
export const failedCode = (message: Message): number | undefined =>
  children(first(message.avps, 'Failed-AVP'))[0]?.code;
export const errorText = (message: Message): string | undefined => textOf(message.avps, 'Error-Message');

/** Value-Digits and Exponent below a CC-Money or Cost-Information. */
export function moneyIn(message: Message, group: 'Granted-Service-Unit' | 'Cost-Information'): string {
  const outer = children(first(message.avps, group));
  const money = group === 'Cost-Information' ? outer : children(first(outer, 'CC-Money'));
  const value = children(first(money, 'Unit-Value'));
  return `${bigintOf(value, 'Value-Digits')}E${numberOf(value, 'Exponent') ?? 0} ${numberOf(money, 'Currency-Code')}`;
}
