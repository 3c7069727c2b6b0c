import { describe, expect, it } from 'vitest';
import type { Story } from './audit.ts';
import { countViolations, violationsOf } from './audit.ts';
import { OCS_FAULTS } from './ocs-faults.ts';
import { runFaults } from './run.ts';

const good: Story = {
  msisdn: '254700000001',
  acknowledged: true,
  heard: ['News is ordered: KES 5.00'],
  debits: 1,
  refunds: 0,
};

describe('the audit', () => {
  it.each([
    ['one debit and the notice', good, []],
    ['told twice, paid once', { ...good, heard: [...good.heard, ...good.heard] }, []],
    ['refused, not paid', { ...good, heard: ['not allowed'], debits: 0 }, []],
    ['paid, then given back and told so', { ...good, heard: ['given back'], refunds: 1 }, []],
    ['never acknowledged, nothing happened', { ...good, acknowledged: false, heard: [], debits: 0 }, []],
    ['two debits', { ...good, debits: 2 }, ['double debit']],
    ['paid and refused', { ...good, heard: ['not allowed'] }, ['paid, not placed']],
    ['placed for nothing', { ...good, debits: 0 }, ['placed, not paid']],
    ['acknowledged, then silence', { ...good, heard: [], debits: 0 }, ['lost']],
    ['only told to wait', { ...good, heard: ['takes longer than usual'], debits: 0 }, ['lost']],
  ] as const)('%s', (_what, story, wrong) => expect(violationsOf(story)).toEqual(wrong));
});

describe('a fault run', () => {
  const lost = OCS_FAULTS.filter(({ name }) => name === 'answer lost');
  const tell = (): void => undefined;

  it('finds nothing wrong while the OCS remembers what it debited', { timeout: 600_000 }, async () => {
    const { stories } = await runFaults({ faults: lost, orders: 50, seed: 1, tell });
    expect(countViolations(stories)).toEqual({
      'double debit': 0,
      'paid, not placed': 0,
      'placed, not paid': 0,
      lost: 0,
    });
  });

  it('catches the double debits of an OCS that forgets', { timeout: 600_000 }, async () => {
    const { stories } = await runFaults({ faults: lost, orders: 50, seed: 1, ocsArgs: ['--no-dedupe'], tell });
    expect(countViolations(stories)['double debit']).toBeGreaterThan(0);
  });
});
