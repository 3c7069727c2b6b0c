/**
 * RFC 3539 Appendix A, the watchdog state machine, in the RFC's words. It stands above the peer state machine, because a
 * DWR goes only over a connection that RFC 6733 5.6 calls open; that one tells it of connections that come up and go down.
 * `SetWatchdog()` means Tw while a connection is up and Tc (RFC 6733 section 12) while there is none.
 */
import type { Row, Table } from '../lib/fsm.ts';

export type WatchdogStatus = 'INITIAL' | 'OKAY' | 'SUSPECT' | 'DOWN' | 'REOPEN';

export interface Watchdog {
  readonly status: WatchdogStatus;
  /** A DWR is unanswered. */
  readonly pending: boolean;
  /** DWAs received since the connection was reopened; -1 after a first silence. */
  readonly numDwa: number;
}

export const NEW_WATCHDOG: Watchdog = { status: 'INITIAL', pending: false, numDwa: 0 };

/** What the outside does for the machine. */
export type WatchdogEffect =
  | 'SetWatchdog()'
  | 'SendWatchdog()'
  | 'Failover()'
  | 'Failback()'
  | 'CloseConnection()'
  | 'AttemptOpen()'
  | 'Throwaway()';

/** What the machine does to its own control block. */
type BlockChange = 'Pending = FALSE' | 'Pending = TRUE' | 'NumDWA = 0' | 'NumDWA = -1' | 'NumDWA++';

export type WatchdogEvent =
  | 'Receive DWA'
  | 'Receive DWA & NumDWA == 2'
  | 'Receive DWA & NumDWA < 2'
  | 'Receive non-DWA'
  | 'Timer expires'
  | 'Timer expires & !Pending'
  | 'Timer expires & Pending'
  | 'Timer expires & Pending & NumDWA < 0'
  | 'Timer expires & Pending & NumDWA >= 0'
  | 'Connection up'
  | 'Connection down';

type Actions = readonly (WatchdogEffect | BlockChange)[];

export const WATCHDOG_TABLE: Table<WatchdogStatus, WatchdogEvent, Actions> = {
  OKAY: {
    'Receive DWA': { do: ['Pending = FALSE', 'SetWatchdog()'], to: 'OKAY' },
    'Receive non-DWA': { do: ['SetWatchdog()'], to: 'OKAY' },
    'Timer expires & !Pending': { do: ['SendWatchdog()', 'SetWatchdog()', 'Pending = TRUE'], to: 'OKAY' },
    'Timer expires & Pending': { do: ['Failover()', 'SetWatchdog()'], to: 'SUSPECT' },
    'Connection down': { do: ['CloseConnection()', 'Failover()', 'SetWatchdog()'], to: 'DOWN' },
  },
  SUSPECT: {
    'Receive DWA': { do: ['Pending = FALSE', 'Failback()', 'SetWatchdog()'], to: 'OKAY' },
    'Receive non-DWA': { do: ['Failback()', 'SetWatchdog()'], to: 'OKAY' },
    'Timer expires': { do: ['CloseConnection()', 'SetWatchdog()'], to: 'DOWN' },
    'Connection down': { do: ['CloseConnection()', 'SetWatchdog()'], to: 'DOWN' },
  },
  REOPEN: {
    'Receive DWA & NumDWA == 2': { do: ['Pending = FALSE', 'NumDWA++', 'Failback()'], to: 'OKAY' },
    'Receive DWA & NumDWA < 2': { do: ['Pending = FALSE', 'NumDWA++'], to: 'REOPEN' },
    'Receive non-DWA': { do: ['Throwaway()'], to: 'REOPEN' },
    'Timer expires & !Pending': { do: ['SendWatchdog()', 'SetWatchdog()', 'Pending = TRUE'], to: 'REOPEN' },
    'Timer expires & Pending & NumDWA < 0': { do: ['CloseConnection()', 'SetWatchdog()'], to: 'DOWN' },
    'Timer expires & Pending & NumDWA >= 0': { do: ['NumDWA = -1', 'SetWatchdog()'], to: 'REOPEN' },
    'Connection down': { do: ['CloseConnection()', 'SetWatchdog()'], to: 'DOWN' },
  },
  INITIAL: {
    'Receive DWA': { do: ['Pending = FALSE', 'Throwaway()'], to: 'INITIAL' },
    'Receive non-DWA': { do: ['Throwaway()'], to: 'INITIAL' },
    'Timer expires': { do: ['AttemptOpen()', 'SetWatchdog()'], to: 'INITIAL' },
    'Connection up': { do: ['SetWatchdog()'], to: 'OKAY' },
  },
  DOWN: {
    'Receive DWA': { do: ['Pending = FALSE', 'Throwaway()'], to: 'DOWN' },
    'Receive non-DWA': { do: ['Throwaway()'], to: 'DOWN' },
    'Timer expires': { do: ['AttemptOpen()', 'SetWatchdog()'], to: 'DOWN' },
    'Connection up': { do: ['NumDWA = 0', 'SendWatchdog()', 'SetWatchdog()', 'Pending = TRUE'], to: 'REOPEN' },
  },
};

/** What happened, before the control block says which of the RFC's guarded events that is. */
export type Happening = 'Receive DWA' | 'Receive non-DWA' | 'Timer expires' | 'Connection up' | 'Connection down';

const GUARDED: readonly {
  readonly event: WatchdogEvent;
  readonly of: Happening;
  readonly when: (w: Watchdog) => boolean;
}[] = [
  { event: 'Receive DWA & NumDWA == 2', of: 'Receive DWA', when: (w) => w.numDwa === 2 },
  { event: 'Receive DWA & NumDWA < 2', of: 'Receive DWA', when: (w) => w.numDwa < 2 },
  { event: 'Timer expires & !Pending', of: 'Timer expires', when: (w) => !w.pending },
  { event: 'Timer expires & Pending', of: 'Timer expires', when: (w) => w.pending },
  { event: 'Timer expires & Pending & NumDWA < 0', of: 'Timer expires', when: (w) => w.pending && w.numDwa < 0 },
  { event: 'Timer expires & Pending & NumDWA >= 0', of: 'Timer expires', when: (w) => w.pending && w.numDwa >= 0 },
];

type WatchdogRow = Row<WatchdogStatus, Actions>;

function rowOf(w: Watchdog, happening: Happening): WatchdogRow | undefined {
  const rows = WATCHDOG_TABLE[w.status];
  const guarded = GUARDED.find(({ event, of, when }) => of === happening && rows[event] !== undefined && when(w));
  return rows[guarded?.event ?? happening];
}

const BLOCK: Readonly<Record<BlockChange, (w: Watchdog) => Watchdog>> = {
  'Pending = FALSE': (w) => ({ ...w, pending: false }),
  'Pending = TRUE': (w) => ({ ...w, pending: true }),
  'NumDWA = 0': (w) => ({ ...w, numDwa: 0 }),
  'NumDWA = -1': (w) => ({ ...w, numDwa: -1 }),
  'NumDWA++': (w) => ({ ...w, numDwa: w.numDwa + 1 }),
};

function isChange(action: WatchdogEffect | BlockChange): action is BlockChange {
  return action in BLOCK;
}

/** The next control block and what to do, in order; undefined when the table has no such row. */
export function watch(
  w: Watchdog,
  happening: Happening,
): { readonly next: Watchdog; readonly effects: readonly WatchdogEffect[] } | undefined {
  const row = rowOf(w, happening);
  if (row === undefined) return undefined;
  const actions = row.do ?? [];
  const { pending, numDwa } = actions.filter(isChange).reduce((block, change) => BLOCK[change](block), w);
  return { next: { status: row.to, pending, numDwa }, effects: actions.filter((action) => !isChange(action)) };
}
