import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChallengeEvent, ChallengeState } from '../../src/domain/challenge.ts';
import { CHALLENGE_TABLE } from '../../src/domain/challenge.ts';
import { step } from '../../src/lib/fsm.ts';
import { reachableFrom, rowsOf } from '../tables.ts';

const STATES = Object.keys(CHALLENGE_TABLE) as ChallengeState[];
const LAW: readonly (readonly [ChallengeEvent, ChallengeState])[] = [
  ['right', 'passed'],
  ['wrong', 'pending'],
  ['last-wrong', 'locked'],
  ['time', 'expired'],
  ['new-code', 'superseded'],
];

describe('E16: the states of a challenge', () => {
  it('are moved by these rows and no others', () => {
    expect(rowsOf(CHALLENGE_TABLE)).toEqual(LAW.map(([event, to]) => `pending -${event}-> ${to}`).sort());
  });

  it.each(LAW)('pending -%s-> %s', (event, to) => {
    expect(step(CHALLENGE_TABLE, 'pending', event)?.to).toBe(to);
  });

  it('can all be reached, and whatever is not pending has ended', () => {
    expect(reachableFrom(CHALLENGE_TABLE, 'pending')).toEqual([...STATES].sort());
    const ended = STATES.filter((state) => state !== 'pending');
    fc.assert(
      fc.property(fc.constantFrom(...ended), fc.constantFrom(...LAW.map(([event]) => event)), (state, event) => {
        expect(step(CHALLENGE_TABLE, state, event)).toBeUndefined();
      }),
    );
  });
});
