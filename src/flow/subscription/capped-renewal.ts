import type { FrozenOrder } from '../../domain/order.ts';
import type { Spend, SpendMark } from '../../domain/spend.ts';
import { owedAbout } from '../incoming.ts';
import type { Ports } from '../ports/ports.ts';
import { sayOnce } from '../say/say.ts';
import { asksOf, capText, markOf, spendOf } from '../terms/spending.ts';

/** A cap of today, and what a renewal's charge would add to it. */
interface Over {
  readonly mark: SpendMark;
  readonly over: Spend;
}

/** The cap that holds a renewal's next try back now. */
async function overNow(p: Ports, { price, msisdn }: FrozenOrder): Promise<Over | undefined> {
  const mark = markOf(p, price, p.clock.now());
  if (mark === undefined) return undefined;
  const over = spendOf(mark, await p.subscribers.read(msisdn));
  return over && { mark, over };
}

export async function isCapped(p: Ports, frozen: FrozenOrder): Promise<boolean> {
  return (await overNow(p, frozen)) !== undefined;
}

/** Told or asked once, however many tries the cap holds back: a question that is asked again would be the newest for ever. */
export async function tellCapped(p: Ports, frozen: FrozenOrder): Promise<void> {
  const found = await overNow(p, frozen);
  if (found === undefined) return;
  const [kind, args] = capText(found.over);
  await sayOnce(p, owedAbout(p, frozen, kind, args), asksOf(p, found.mark, found.over.span));
}
