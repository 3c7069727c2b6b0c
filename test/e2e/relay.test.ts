import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../src/launcher/demo/subscriber.ts';
import type { Relay } from '../simulators/ocs/relay.ts';
import { relayMissing, startRelay } from '../simulators/ocs/relay.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

/** Another implementation of Diameter judges our base protocol and routes our charges. */
describe('an order through a freeDiameter relay', () => {
  let relay: Relay | undefined;
  let orderd: Orderd | undefined;

  afterEach(async () => {
    await orderd?.stop();
    relay?.remove();
  });

  it.skipIf(relayMissing())('is charged once and told', async () => {
    orderd = await startOrderd({}, async (ocsPort) => {
      relay = await startRelay(ocsPort);
      return relay.port;
    });
    const { notes, ocs } = orderd;
    await until('a peer', () => Promise.resolve(notes.some(({ event }) => event === 'peer.open') || undefined));
    await until('the OCS behind it', () => Promise.resolve(ocs.peers().length > 0 || undefined));
    const subscriber = orderd.phone('254711000021');
    await subscriber.text('NEWS');
    expect((await subscriber.read()).text).toMatch(/is ordered/);
    expect(ocs.ledger.rows()).toMatchObject([{ originHost: 'orderd.lab.example', debited: 500 }]);
    expect(ocs.requests.list()[0]?.peer).toBe('relay.lab.example');
  });
});
