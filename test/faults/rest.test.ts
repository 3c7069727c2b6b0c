import { describe, expect, it } from 'vitest';
import type { Play, Subscriber } from './crowd.ts';
import type { Open } from './records.ts';
import { rests } from './rest.ts';

const who = (play: Play, codes: readonly string[] = []): Subscriber => ({
  msisdn: '254700000001',
  play,
  fault: 'none',
  calm: false,
  sent: [],
  heard: [],
  answered: undefined,
  codes: [...codes],
  tries: 0,
});
const open: Open = { member: 'o:01-a', state: 'challenged', msisdn: '254700000001' };
const crowd = (one: Subscriber): ReadonlyMap<string, Subscriber> => new Map([[one.msisdn, one]]);
const NEVER_ANSWERED = crowd(who('other handset', ['1234567890']));

describe('what may still be open once all is at rest', () => {
  it('is a challenge that its subscriber never answers', () => {
    expect(rests(open, NEVER_ANSWERED, false)).toBe(true);
  });

  it('is no challenge whose answer is on its way', () => {
    expect(rests(open, crowd(who('yes')), false)).toBe(false);
  });

  it('is no challenge whose code was not heard yet', () => {
    expect(rests(open, crowd(who('other handset')), false)).toBe(false);
  });

  it('is any challenge where its answer may have gone with the power', () => {
    expect(rests(open, crowd(who('yes')), true)).toBe(true);
  });

  it.each([false, true])('is nothing that is in another state, or has none (power goes: %s)', (lossy) => {
    for (const state of ['charging', 'charge-unknown', 'refunding', undefined])
      expect(rests({ ...open, state }, NEVER_ANSWERED, lossy)).toBe(false);
  });
});
