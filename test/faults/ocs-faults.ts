import { writeFileSync } from 'node:fs';
import type { Random } from '../fuzz/random.ts';
import { call } from '../../src/launcher/demo/subscriber.ts';
import type { Lab } from '../../src/launcher/lab.ts';

/** What a batch of orders runs into. `kills`: the daemon dies in it and is started again. */
export interface Fault {
  readonly name: string;
  readonly kills: boolean;
  readonly begin: (lab: Lab, trigger: string, random: Random) => Promise<void>;
}

type Rule = Readonly<Record<string, unknown>>;

/** Result codes of which each leads somewhere else. */
const CODES = [3002, 3004, 4010, 4011, 4012, 5030, 5031, 5003] as const;

/** Every step between which a kill -9 may fall. */
const STEPS = [
  'order.opened',
  'mo.acknowledged',
  'charge.written',
  'charge.answered',
  'order.placed',
  'mt.written',
] as const;

function rule(name: string, make: (random: Random) => Rule): Fault {
  return {
    name,
    kills: false,
    begin: async (lab, _trigger, random) => {
      await call('POST', `${lab.ocsUrl}/faults`, make(random));
    },
  };
}

const some = (random: Random): number => 1 + random.below(20);

export const OCS_FAULTS: readonly Fault[] = [
  { name: 'none', kills: false, begin: () => Promise.resolve() },
  rule('request lost', (random) => ({ action: 'silence', debit: false, count: some(random) })),
  rule('answer lost', (random) => ({ action: 'silence', debit: true, count: some(random) })),
  rule('late answer', (random) => ({ action: 'late', delayMs: 1100 + random.below(2000), count: some(random) })),
  rule('slow', (random) => ({ action: 'delay', delayMs: random.below(2500), count: some(random) })),
  rule('held on the way', (random) => ({ action: 'hold', delayMs: 1100 + random.below(2000), count: some(random) })),
  rule('duplicate answer', (random) => ({ action: 'duplicate', count: some(random) })),
  rule('result code', (random) => ({ action: 'result', resultCode: random.pick(CODES), count: some(random) })),
  rule('link cut, debited', () => ({ action: 'drop', debit: true, count: 1 })),
  rule('link cut, not debited', () => ({ action: 'drop', debit: false, count: 1 })),
  rule('DPR mid-order', () => ({ action: 'dpr', cause: 0, count: 1 })),
  rule('garbage', (random) => ({ action: 'garbage', debit: random.below(2) === 1, count: 1 })),
  rule('strange Hop-by-Hop', (random) => ({ action: 'strange-id', debit: true, count: some(random) })),
  rule('less than asked', (random) => ({ action: 'grant', units: 100, count: some(random) })),
  {
    name: 'OCS away for a while',
    kills: false,
    begin: async (lab, _trigger, random) => {
      await call('POST', `${lab.ocsUrl}/listening`, { on: false });
      setTimeout(() => void call('POST', `${lab.ocsUrl}/listening`, { on: true }), 500 + random.below(2000));
    },
  },
  ...STEPS.map((step) => ({
    name: `kill -9 at ${step}`,
    kills: true,
    begin: (_lab: Lab, trigger: string): Promise<void> => {
      writeFileSync(trigger, step);
      return Promise.resolve();
    },
  })),
];
