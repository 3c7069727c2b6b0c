import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/domain/policy.ts';
import { decide, withVerdict } from '../../src/domain/policy.ts';
import type { Past } from '../../src/domain/what-if.ts';
import { replay, whatIf } from '../../src/domain/what-if.ts';
import { POLICY } from '../policies.ts';

const price = { minor: 500, currency: 'KES', decimals: 2 };

function past(score: number, over: Partial<Facts> = {}): Past {
  const credit = { kind: 'known', score, ageMs: 0 } as const;
  const facts = { credit, suspended: false, price, recurring: false, firstOrder: false, ...over };
  return {
    id: '00-a',
    openedAt: 1,
    price,
    period: 'once',
    decision: decide({ ...POLICY, firstOrder: 'confirm' }, facts),
  };
}

describe('what if', () => {
  it('the same policy and score change nothing', () => {
    const orders = [past(90), past(50), past(10), past(0), past(90, { firstOrder: true })];
    expect(whatIf(orders, { ...POLICY, firstOrder: 'confirm' })).toMatchObject({ orders: 5, changed: 0 });
  });

  it('another score moves those whose band it changes, and says by which rule', () => {
    const found = whatIf(
      [past(90), past(90), past(90, { firstOrder: true }), past(10)],
      { ...POLICY, firstOrder: 'confirm' },
      { score: 70, moved: false },
    );
    expect(found).toMatchObject({ orders: 4, changed: 3, because: { credit: 3 } });
    expect(found.moves).toMatchObject({ notice: { confirm: 2 }, confirm: { confirm: 1 }, otp: { confirm: 1 } });
  });

  it('another policy is tried on what was known then', () => {
    const strict = {
      ...POLICY,
      firstOrder: 'otp',
      profile: { ...POLICY.profile, floor: { once: 'confirm', recurring: 'otp' } },
    } as const;
    expect(whatIf([past(90), past(90, { firstOrder: true })], strict).moves).toMatchObject({
      notice: { confirm: 1 },
      confirm: { otp: 1 },
    });
  });

  it("an order beyond the hour's still is", () => {
    const order = past(50);
    const limited = {
      ...order,
      decision: withVerdict(order.decision, { rule: 'order-limit', asks: 'refuse', because: 'x' }),
    };
    expect(replay(limited, POLICY, { score: 90, moved: false })).toMatchObject({
      interaction: 'refuse',
      won: 'order-limit',
    });
  });

  it('bands with other limits hold nobody where the old ones did', () => {
    const bands = POLICY.bands.map((band) => (band.interaction === 'notice' ? { ...band, from: 95 } : band));
    const order = past(90);
    expect(order.decision.interaction).toBe('notice');
    expect(whatIf([order], { ...POLICY, bands }, { score: undefined, moved: true })).toMatchObject({ changed: 1 });
  });

  it('a code that could not be sent still could not', () => {
    const order = past(10);
    const limited = {
      ...order,
      decision: withVerdict(order.decision, { rule: 'code-limit', asks: 'refuse', because: 'x' }),
    };
    expect(replay(limited, POLICY, { score: undefined, moved: false }).interaction).toBe('refuse');
    expect(replay(limited, POLICY, { score: 90, moved: false }).interaction).toBe('notice');
  });
});
