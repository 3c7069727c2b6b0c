import { describe, expect, it } from 'vitest';
import { recordLate } from '../../src/flow/charge/record-charge.ts';
import type { Money } from '../../src/domain/money.ts';
import type { Act } from './fakes/ocs.ts';
import { answer, grants, isSilent } from './fakes/ocs.ts';
import { World } from './world.ts';

const KES_7: Money = { minor: 700, currency: 'KES', decimals: 2 };
const USD_5: Money = { minor: 500, currency: 'USD', decimals: 2 };
const KES_5: Money = { minor: 500, currency: 'KES', decimals: 2 };

const costs =
  (cost: Money): Act =>
  (request, ocs) => {
    ocs.book(request);
    return { ...answer(2001), cost };
  };

describe('E9: a debit or commit that the OCS says it rated otherwise is told to staff, and changes nothing else', () => {
  it.each([
    ['dearer', KES_7, 1],
    ['cheaper', { ...KES_5, minor: 100 }, 1],
    ['in another currency', USD_5, 1],
    ['as told', KES_5, 0],
  ])('%s', async (_what, cost, alarms) => {
    for (const [keyword, acts] of [
      ['NEWS', [costs(cost)]],
      ['FILM', [grants(), costs(cost)]],
    ] as const) {
      const w = new World();
      w.ocs.plays(...acts);
      await w.mo(keyword);
      const { id } = w.order().frozen;
      const { minor: rated, currency } = cost;
      const noted = alarms === 0 ? [] : [{ order: id, told: 500, rated, currency }];
      expect(w.noted('charge.price-differs')).toEqual(noted);
      expect(w.states()).toEqual(['placed']);
      expect(w.heard()).toEqual(['ordered']);
    }
  });

  it.each([
    ['NEWS', 'debit', [isSilent('booked')]],
    ['FILM', 'commit', [grants(), isSilent('booked')]],
  ] as const)('%s: also where it comes late, once', async (keyword, action, acts) => {
    const w = new World();
    w.ocs.plays(...acts);
    await w.mo(keyword);
    const { frozen, charge } = w.order();
    const late = { orderId: frozen.id, sessionId: charge?.sessionId ?? '', action };
    for (let i = 0; i < 2; i++) await recordLate(w.ports, { ...late, answer: { ...answer(2001), cost: KES_7 } });
    expect(w.states()).toEqual(['placed']);
    expect(w.noted('charge.price-differs')).toHaveLength(1);
  });

  it('what was refused, or is only reserved, cost nothing yet', async () => {
    const w = new World();
    w.ocs.plays(() => ({ ...answer(4012), cost: KES_7 }), costs(KES_7));
    await w.mo('NEWS');
    await w.mo('FILM');
    expect(w.noted('charge.price-differs')).toEqual([]);
  });
});
