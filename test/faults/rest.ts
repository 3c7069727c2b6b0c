import { pause } from '../../src/launcher/demo/subscriber.ts';
import type { Subscriber } from './crowd.ts';
import type { Open } from './records.ts';
import { connectRecords, openIn } from './records.ts';
import type { World } from './world.ts';

/** What began before is over, or `patienceMs` have gone; how many milliseconds that took. */
export async function atRest(world: World, patienceMs: number): Promise<number> {
  const began = performance.now();
  const { crowd, redis, plan } = world;
  const records = await connectRecords(`unix://${redis.socket}`);
  const elapsed = (): number => performance.now() - began;
  const isOver = async (): Promise<boolean> =>
    crowd.underway === 0 && (await openIn(records)).every((open) => rests(open, crowd.all, plan.lossy === true));
  while (!(await isOver()) && elapsed() < patienceMs) await pause(200);
  await records.close();
  return elapsed();
}

/** A challenge that nobody answers, or whose answer went with the power: it rests in its window. */
export function rests(open: Open, all: ReadonlyMap<string, Subscriber>, lossy: boolean): boolean {
  if (open.state !== 'challenged') return false;
  const who = all.get(open.msisdn);
  return lossy || (who !== undefined && staysOpen(who));
}

/** Nobody ever answers its challenge from the right number. */
function staysOpen({ play, codes }: Subscriber): boolean {
  return play === 'other handset' && codes.length > 0;
}
