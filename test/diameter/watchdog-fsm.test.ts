import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  NEW_WATCHDOG,
  watch,
  WATCHDOG_TABLE,
  type Happening,
  type Watchdog,
  type WatchdogStatus,
} from '../../src/diameter/watchdog-fsm.ts';

const at = (status: WatchdogStatus, pending = false, numDwa = 0): Watchdog => ({ status, pending, numDwa });

/** RFC 3539 Appendix A, row by row: the RFC's state and event, a control block that fits, and what must come of it. */
const RFC: readonly (readonly [
  row: string,
  before: Watchdog,
  Happening,
  after: Watchdog,
  effects: readonly string[],
])[] = [
  ['OKAY, Receive DWA', at('OKAY', true), 'Receive DWA', at('OKAY', false), ['SetWatchdog()']],
  ['OKAY, Receive non-DWA', at('OKAY', true), 'Receive non-DWA', at('OKAY', true), ['SetWatchdog()']],
  ['SUSPECT, Receive DWA', at('SUSPECT', true), 'Receive DWA', at('OKAY', false), ['Failback()', 'SetWatchdog()']],
  [
    'SUSPECT, Receive non-DWA',
    at('SUSPECT', true),
    'Receive non-DWA',
    at('OKAY', true),
    ['Failback()', 'SetWatchdog()'],
  ],
  ['REOPEN, Receive DWA & NumDWA == 2', at('REOPEN', true, 2), 'Receive DWA', at('OKAY', false, 3), ['Failback()']],
  ['REOPEN, Receive DWA & NumDWA < 2', at('REOPEN', true, 1), 'Receive DWA', at('REOPEN', false, 2), []],
  [
    'REOPEN, Receive DWA & NumDWA < 2, after a silence',
    at('REOPEN', true, -1),
    'Receive DWA',
    at('REOPEN', false, 0),
    [],
  ],
  ['REOPEN, Receive non-DWA', at('REOPEN', true, 1), 'Receive non-DWA', at('REOPEN', true, 1), ['Throwaway()']],
  ['INITIAL, Receive DWA', at('INITIAL', true), 'Receive DWA', at('INITIAL', false), ['Throwaway()']],
  ['INITIAL, Receive non-DWA', at('INITIAL'), 'Receive non-DWA', at('INITIAL'), ['Throwaway()']],
  ['DOWN, Receive DWA', at('DOWN', true), 'Receive DWA', at('DOWN', false), ['Throwaway()']],
  ['DOWN, Receive non-DWA', at('DOWN'), 'Receive non-DWA', at('DOWN'), ['Throwaway()']],
  [
    'OKAY, Timer expires & !Pending',
    at('OKAY'),
    'Timer expires',
    at('OKAY', true),
    ['SendWatchdog()', 'SetWatchdog()'],
  ],
  [
    'OKAY, Timer expires & Pending',
    at('OKAY', true),
    'Timer expires',
    at('SUSPECT', true),
    ['Failover()', 'SetWatchdog()'],
  ],
  [
    'SUSPECT, Timer expires',
    at('SUSPECT', true),
    'Timer expires',
    at('DOWN', true),
    ['CloseConnection()', 'SetWatchdog()'],
  ],
  ['INITIAL, Timer expires', at('INITIAL'), 'Timer expires', at('INITIAL'), ['AttemptOpen()', 'SetWatchdog()']],
  ['DOWN, Timer expires', at('DOWN'), 'Timer expires', at('DOWN'), ['AttemptOpen()', 'SetWatchdog()']],
  [
    'REOPEN, Timer expires & !Pending',
    at('REOPEN', false, 1),
    'Timer expires',
    at('REOPEN', true, 1),
    ['SendWatchdog()', 'SetWatchdog()'],
  ],
  [
    'REOPEN, Timer expires & Pending & NumDWA < 0',
    at('REOPEN', true, -1),
    'Timer expires',
    at('DOWN', true, -1),
    ['CloseConnection()', 'SetWatchdog()'],
  ],
  [
    'REOPEN, Timer expires & Pending & NumDWA >= 0',
    at('REOPEN', true, 0),
    'Timer expires',
    at('REOPEN', true, -1),
    ['SetWatchdog()'],
  ],
  ['INITIAL, Connection up', at('INITIAL'), 'Connection up', at('OKAY'), ['SetWatchdog()']],
  [
    'DOWN, Connection up',
    at('DOWN', false, 3),
    'Connection up',
    at('REOPEN', true, 0),
    ['SendWatchdog()', 'SetWatchdog()'],
  ],
  [
    'OKAY, Connection down',
    at('OKAY'),
    'Connection down',
    at('DOWN'),
    ['CloseConnection()', 'Failover()', 'SetWatchdog()'],
  ],
  [
    'SUSPECT, Connection down',
    at('SUSPECT', true),
    'Connection down',
    at('DOWN', true),
    ['CloseConnection()', 'SetWatchdog()'],
  ],
  [
    'REOPEN, Connection down',
    at('REOPEN', true),
    'Connection down',
    at('DOWN', true),
    ['CloseConnection()', 'SetWatchdog()'],
  ],
];

describe('RFC 3539 Appendix A watchdog', () => {
  test.each(RFC)('%s', (_row, ...[before, happening, next, effects]) => {
    expect(watch(before, happening)).toEqual({ next, effects });
  });

  test('the table has the RFC rows and no other', () => {
    const named = RFC.filter(([row]) => !row.endsWith('after a silence')).map(([row]) => row);
    const table = Object.entries(WATCHDOG_TABLE).flatMap(([status, events]) =>
      Object.keys(events).map((event) => `${status}, ${event}`),
    );
    expect(table.toSorted()).toEqual(named.toSorted());
  });

  test('what the RFC does not list is refused', () => {
    expect(watch(at('OKAY'), 'Connection up')).toBeUndefined();
    expect(watch(at('DOWN'), 'Connection down')).toBeUndefined();
    expect(watch(at('INITIAL'), 'Connection down')).toBeUndefined();
  });

  test('after DOWN only three DWAs make it OKAY (property)', () => {
    const happening = fc.constantFrom<Happening>(
      'Receive DWA',
      'Receive non-DWA',
      'Timer expires',
      'Connection up',
      'Connection down',
    );
    fc.assert(
      fc.property(fc.array(happening), (happenings) => {
        const blocks = happenings.reduce<Watchdog[]>(
          (past, one) => [...past, watch(past.at(-1)!, one)?.next ?? past.at(-1)!],
          [at('DOWN')],
        );
        const okay = blocks.findIndex(({ status }) => status === 'OKAY');
        const reopened = blocks.findLastIndex(({ status }, i) => status === 'DOWN' && i < okay);
        const dwas = happenings.slice(reopened + 1, okay).filter((one) => one === 'Receive DWA').length;
        expect(okay < 0 || dwas >= 3).toBe(true);
      }),
    );
  });

  test('a new watchdog waits for its first connection, which needs no rounds', () => {
    expect(watch(NEW_WATCHDOG, 'Connection up')?.next.status).toBe('OKAY');
  });
});
