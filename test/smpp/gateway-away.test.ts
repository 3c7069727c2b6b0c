import { expect, it } from 'vitest';
import { createGateway } from '../../src/smpp/gateway.ts';
import { eventually } from '../queue/support.ts';
import { manualClock } from './support/clock.ts';
import { linkSettings } from './support/settings.ts';
import { ScriptedSmsc } from './support/smsc.ts';

it('a link that was bound for long is no reason to hurry once its SMSC is away', async () => {
  const clock = manualClock();
  const smsc = await ScriptedSmsc.listen();
  const notes: string[] = [];
  const seen = (event: string) => notes.filter((each) => each === event).length;
  const settings = linkSettings({ port: smsc.port, reconnectFirst: 1000, reconnectCap: 60_000 });
  const handlers = { onMo: () => Promise.resolve({ ack: 'stored' } as const), onReceipt: () => Promise.resolve() };
  const env = { clock, random: (n: number) => new Uint8Array(n), note: (event: string) => void notes.push(event) };
  const gateway = createGateway([settings], handlers, env);
  gateway.start();
  await (await smsc.connection()).acceptBind();
  await eventually(() => seen('link.bound') === 1);
  clock.advance(20_000);
  await smsc.close();
  await eventually(() => seen('link.lost') === 1);
  // Without chance each wait is half of a second, then of two, then of four.
  for (const [failed, wait] of [500, 1000, 2000].entries()) {
    clock.advance(wait - 1);
    expect(seen('link.connecting')).toBe(failed + 1);
    clock.advance(1);
    await eventually(() => seen('link.unreachable') === failed + 1);
  }
  await gateway.stop(0);
});
