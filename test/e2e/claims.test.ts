import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, until } from '../../src/launcher/demo/subscriber.ts';
import type { Orderd } from './orderd.ts';
import { startOrderd } from './orderd.ts';

/** The claims that orderd must satisfy, each read from the wire of both networks. */
describe('the claims, on the wire', () => {
  let orderd: Orderd;

  beforeAll(async () => {
    orderd = await startOrderd();
    await until('a peer', () => Promise.resolve(orderd.notes.some(({ event }) => event === 'peer.open') || undefined));
  });

  afterAll(() => orderd.stop());

  const debits = (msisdn: string): number =>
    orderd.ocs.ledger.rows().filter((row) => row.msisdn === msisdn && row.debited > 0).length;

  it('1, 2: the credit of a trusted provider orders at once, and the notice says so', async () => {
    const subscriber = orderd.phone('254711000001');
    await subscriber.text('NEWS');
    expect((await subscriber.read()).text).toMatch(/is ordered/);
    expect(debits(subscriber.msisdn)).toBe(1);
  });

  it('3, 4: a challenge orders nothing until the right answer comes in through the network', async () => {
    const subscriber = orderd.phone('254711000003');
    await subscriber.text('QUIZ');
    const code = /\d{6}/.exec((await subscriber.read()).text)?.[0] ?? '';
    expect(debits(subscriber.msisdn)).toBe(0);
    await subscriber.text(code);
    expect((await subscriber.read()).text).toMatch(/is ordered/);
    expect(debits(subscriber.msisdn)).toBe(1);
  });

  it('4: the right code from another handset orders nothing', async () => {
    const subscriber = orderd.phone('254711000004');
    const thief = orderd.phone('254711000005');
    await subscriber.text('QUIZ');
    const code = /\d{6}/.exec((await subscriber.read()).text)?.[0] ?? '';
    await thief.text(code);
    expect((await thief.read()).text).toMatch(/not the right answer/);
    expect(debits(subscriber.msisdn) + debits(thief.msisdn)).toBe(0);
  });

  it('5: the message goes over the channel that the subscriber named', async () => {
    const subscriber = orderd.phone('254711000006');
    await subscriber.text('NEWS VIA FLASH');
    await subscriber.read();
    const shown = await orderd.smsc.messages.read({ to: subscriber.msisdn });
    expect(shown.map(({ channel }) => channel)).toEqual(['flash']);
  });

  it('asks for a receipt of each notice, and takes it as one', async () => {
    // Parked is a receipt that overtook the recording of its submit_sm_resp; the recording applies it.
    const taken = (): boolean => orderd.notes.some(({ event }) => /^receipt\.(matched|parked)$/.test(event));
    await until('a receipt', () => Promise.resolve(taken() || undefined));
    expect(orderd.notes.some(({ event }) => event === 'mo.junk')).toBe(false);
  });

  it('shows no number and no code to the NOC', async () => {
    const [orders, metrics] = await Promise.all([
      call('GET', `${orderd.nocUrl}/api/v1/orders`),
      fetch(`${orderd.nocUrl}/metrics`).then((answer) => answer.text()),
    ]);
    const seen = `${JSON.stringify(orders)}${metrics}${JSON.stringify(orderd.notes)}`;
    expect(seen).not.toMatch(/254711\d{6}/);
  });

  it('is ready while bound and connected, and says what is missing when not', async () => {
    expect((await fetch(`${orderd.nocUrl}/readyz`)).status).toBe(200);
    await orderd.ocs.stopListening();
    const answer = await until('unready', async () => {
      const ready = await fetch(`${orderd.nocUrl}/readyz`);
      return ready.status === 503 ? ready : undefined;
    });
    expect(await answer.json()).toMatchObject({ reasons: ['no Diameter peer is open'] });
  });
});
