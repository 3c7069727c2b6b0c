import type { Lab } from '../lab.ts';
import type { LedgerLine, OrderSeen, Phone } from './subscriber.ts';
import { call, phone, until } from './subscriber.ts';

/** What an act may do, and how its claims are checked. Everything said is printed as it happens. */
export interface Stage {
  readonly lab: Lab;
  phone(lastDigits: string): Phone;
  says(who: Phone, words: string): Promise<void>;
  /** Reads the phone's next message and checks that it says `pattern`. */
  hears(who: Phone, pattern: RegExp): Promise<string>;
  /** The newest order of that phone once it is in `state`; prints its decision. */
  order(who: Phone, state: string): Promise<OrderSeen>;
  debits(who: Phone, count: number): Promise<void>;
  check(holds: boolean, claim: string): void;
  tell(line: string): void;
}

export const SHORT_CODE = '5000';

export function setStage(lab: Lab, print: (line: string) => void): Stage {
  const phones = new Map<string, Phone>();
  const check = (holds: boolean, claim: string): void => {
    print(`     ${holds ? 'ok  ' : 'FAIL'} ${claim}`);
    if (!holds) throw new Error(claim);
  };
  return {
    lab,
    check,
    tell: (line) => print(`     ${line}`),
    phone: (lastDigits) => {
      const known = phones.get(lastDigits) ?? phone(lab.smscUrl, `254700000${lastDigits}`, SHORT_CODE);
      phones.set(lastDigits, known);
      return known;
    },
    says: async (who, words) => {
      print(`  ${who.msisdn} -> ${SHORT_CODE}  ${words}`);
      await who.text(words);
    },
    hears: async (who, pattern) => {
      const mt = await who.read();
      print(`  ${mt.from} -> ${who.msisdn}  ${mt.text}`);
      if (!pattern.test(mt.text))
        throw new Error(`${who.msisdn} should have read ${String(pattern)}, and read: ${mt.text}`);
      return mt.text;
    },
    order: async (who, state) => {
      const seen = await until(`an order of ${who.msisdn} in state ${state}`, () => newestOrder(lab, who, state));
      const { decision } = (await call('GET', `${lab.nocUrl()}/api/v1/orders/${seen.id}`)) as {
        decision: { text: string };
      };
      print(`     order ${seen.id} is ${seen.state}; ${decision.text}`);
      return seen;
    },
    debits: async (who, count) => {
      const own = (await ledger(lab)).filter((entry) => entry.msisdn === who.msisdn && isDebit(entry));
      check(own.length === count, `the OCS debited ${who.msisdn} ${count === 1 ? 'once' : `${count} times`}`);
    },
  };
}

async function newestOrder(lab: Lab, who: Phone, state: string): Promise<OrderSeen | undefined> {
  const answer = await call('GET', `${lab.nocUrl()}/api/v1/orders?limit=50`);
  const { orders } = answer as { readonly orders: readonly OrderSeen[] };
  const newest = orders.find(({ subscriber }) => subscriber.endsWith(who.msisdn.slice(-3)));
  return newest?.state === state ? newest : undefined;
}

export async function ledger(lab: Lab): Promise<readonly LedgerLine[]> {
  return (await call('GET', `${lab.ocsUrl}/ledger?format=json`)) as readonly LedgerLine[];
}

/** A line that took money: a duplicate or a refused request took none. */
export function isDebit({ action, debited }: LedgerLine): boolean {
  return action === 'DIRECT_DEBITING' && debited > 0;
}
