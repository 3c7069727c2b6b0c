import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../../simulators/diameter/message.ts';
import { allNamed, avp } from '../../../simulators/diameter/values.ts';
import { bench, resultOf } from './bench.ts';
import { ccr, cer, FROM, openClient, P, R, T, type Client } from './client.ts';
import { type Relay, relayMissing, startRelay } from './relay.ts';

/** The next credit answer; the relay's own watchdog is answered on the way. */
async function ask(client: Client, message: Message): Promise<Message> {
  client.send(message);
  for (;;) {
    const came = await client.next();
    if (came.command === 272) return came;
    client.send({ ...came, flags: 0, avps: [avp('Result-Code', 2001), ...FROM] });
  }
}

describe('behind a freeDiameter relay', () => {
  let relay: Relay | undefined;

  afterEach(() => relay?.remove());

  it.skipIf(relayMissing())('its CER, routed CCRs and DPR are understood, and a resend is one debit', async () => {
    const { ocs } = await bench();
    relay = await startRelay(ocs.ports.diameter);
    await expect
      .poll(() => ocs.peers().map(({ originHost, state }) => `${originHost} ${state}`), { timeout: 50_000 })
      .toEqual(['relay.lab.example open']);

    const client = await openClient(relay.port);
    await client.ask(cer());
    const answer = await ask(client, ccr({ sessionId: 'orderd.lab.example;1;1' }));
    expect(resultOf(answer)).toBe(2001);
    expect(resultOf(await ask(client, ccr({ sessionId: 'orderd.lab.example;1;1', flags: R | P | T })))).toBe(2001);
    expect(ocs.ledger.rows()).toMatchObject([
      { originHost: 'orderd.lab.example', debited: 5000, retransmit: false },
      { originHost: 'orderd.lab.example', debited: 0, retransmit: true, duplicateOf: 1 },
    ]);
    expect(ocs.requests.list()[0]?.peer).toBe('relay.lab.example');
    expect(allNamed(answer.avps, 'Proxy-Info')).toEqual([]);

    relay.end();
    await expect.poll(() => ocs.peers(), { timeout: 50_000 }).toEqual([]);
    client.end();
    expect(
      ['CER', 'CCR', 'DPR'].map(
        (name) => new RegExp(`received_total\\{command="${name}"\\} (\\d+)`).exec(ocs.metrics())?.[1],
      ),
    ).toEqual(['1', '2', '1']);
  });
});
