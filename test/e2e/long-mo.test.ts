import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Carrier } from '../../simulators/smpp/compose.ts';
import { until } from '../../src/launcher/demo/subscriber.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

/** 440 characters: three parts by any carrier that cuts. */
const LONG = `NEWS${' please'.repeat(62)}`;

/** Carrier, and the parts as they are sent; a payload is whole, and comes twice. */
const WAYS: readonly (readonly [Carrier, string, readonly number[]])[] = [
  ['udh8', '254711000101', [3, 1, 2, 2]],
  ['udh16', '254711000102', [3, 1, 2, 2]],
  ['sar', '254711000103', [3, 1, 2, 2]],
  ['payload', '254711000104', [1, 1]],
];

describe('a long MO from an SMSC that sends a part only after the answer to the last one', () => {
  let orderd: Orderd;

  beforeAll(async () => {
    orderd = await startOrderd({}, undefined, { window: 1 });
    await until('a peer', () => Promise.resolve(orderd.notes.some(({ event }) => event === 'peer.open') || undefined));
  });

  afterAll(() => orderd.stop());

  it.each(WAYS)('by %s orders once and is answered once', async (carrier, from, order) => {
    const subscriber = orderd.phone(from);
    const sent = await orderd.smsc.mo({ from, to: '5000', text: LONG, carrier, order });
    expect(sent).toMatchObject({ status: 0, redeliveries: 0, parts: order.length });
    expect((await subscriber.read()).text).toMatch(/is ordered/);
    // Whatever a repeat had caused would have left before the answer to this.
    await subscriber.text('HELP');
    expect((await subscriber.read()).text).not.toMatch(/is ordered/);
    expect(await orderd.smsc.messages.read({ to: from })).toHaveLength(2);
    expect(orderd.ocs.ledger.rows().filter(({ msisdn }) => msisdn === from)).toHaveLength(1);
  });
});
