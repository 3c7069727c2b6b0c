import { describe, expect, it } from 'vitest';
import type { Table } from '../../src/lib/fsm.ts';
import { sourcesOf, step } from '../../src/lib/fsm.ts';

const DOOR: Table<'open' | 'shut' | 'gone', 'push' | 'pull' | 'burn', 'creak'> = {
  open: { push: { to: 'shut', do: 'creak' }, burn: { to: 'gone' } },
  shut: { pull: { to: 'open' }, burn: { to: 'gone' } },
  gone: {},
};

describe('a state machine', () => {
  it('takes the row of its table, action included', () => {
    expect(step(DOOR, 'open', 'push')).toEqual({ to: 'shut', do: 'creak' });
  });

  it('refuses what the table leaves out', () => {
    expect(step(DOOR, 'open', 'pull')).toBeUndefined();
    expect(step(DOOR, 'gone', 'burn')).toBeUndefined();
  });

  it('tells where an event is taken', () => {
    expect(sourcesOf(DOOR, 'burn')).toEqual(['open', 'shut']);
    expect(sourcesOf(DOOR, 'pull')).toEqual(['shut']);
  });
});
