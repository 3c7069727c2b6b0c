import { expect, it } from 'vitest';
import { grants, meanwhile } from '../flow/fakes/ocs.ts';
import { useBench, useServer } from '../redis/support.ts';
import { AMINA, newsWorld } from './world.ts';

const bench = useBench(useServer());

/** The weekly NEWS, reserved and committed; of the renewal of the 8th the account covers KES 5.00. */
async function coveredInPart() {
  const w = await newsWorld(bench.handle);
  w.sell('news', { charge: 'reserve' });
  await w.until('2026-03-08T08:59:00Z');
  w.ocs.plays(grants(500));
  return w;
}

it('a renewal of which too little was reserved waits for the money like one of which nothing was (E11)', async () => {
  const w = await coveredInPart();
  await w.until('2026-03-08T09:01:00Z');
  expect(w.smsc.heard.at(-1)?.text).toContain('Please top up by 2026-03-08, or it is paused.');
  expect(w.ocs.received.map(({ action }) => action)).toEqual(['debit', 'reserve', 'release']);
  expect([w.ocs.held.size, (await w.subscription(AMINA))?.state]).toEqual([0, 'grace']);
  await w.until('2026-03-08T15:01:00Z');
  expect(w.smsc.heard.at(-1)?.text).toContain('Daily News by Acme is renewed: KES 12.00 was charged.');
  expect([w.ocs.paid, w.ocs.held.size]).toEqual([2400, 0]);
});

it('a STOP before that answer releases it, and nothing is tried again (E14)', async () => {
  const w = await coveredInPart();
  w.ocs.forget();
  w.ocs.plays(meanwhile(() => w.says('STOP NEWS', AMINA), grants(500)));
  await w.until('2026-03-10T00:00:00Z');
  expect(w.ocs.received.map(({ action }) => action)).toEqual(['debit', 'reserve', 'release']);
  expect([w.ocs.paid, w.ocs.held.size, await w.subscription(AMINA)]).toEqual([1200, 0, undefined]);
});
