import type { Table } from '../../lib/fsm.ts';

/**
 * One SMPP session of an ESME (SMPP 3.4 2.2: OPEN, BOUND_TX/RX/TRX, UNBOUND, CLOSED), with the waiting between two
 * sessions as a state of its own. The direction of the bind does not change the table.
 */
export const SESSION_STATES = [
  'idle',
  'connecting',
  'binding',
  'bound',
  'yielding',
  'draining',
  'unbinding',
  'waiting',
  'stopped',
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export type SessionEvent =
  | 'start'
  /** TCP (and TLS) is up: OPEN. */
  | 'opened'
  | 'bind-accepted'
  | 'bind-refused'
  | 'password-refused'
  /** The state's own timer ran out. */
  | 'expired'
  /** Nothing was heard for the enquire_link interval. */
  | 'quiet'
  /** enquire_link went unanswered: the peer is gone or half-open. */
  | 'silent'
  | 'peer-unbind'
  /** The connection closed, or the stream lost its framing, or our own bind state is wrong at the SMSC. */
  | 'lost'
  /** Nothing is open between the peer and us. */
  | 'settled'
  | 'stop'
  | 'unbound';

export type SessionAction =
  | 'connect'
  | 'send-bind'
  | 'announce'
  | 'back-off'
  | 'back-off-long'
  | 'send-enquire'
  | 'yield'
  | 'settle'
  | 'send-unbind'
  | 'close';

export const SESSION_TABLE: Table<SessionState, SessionEvent, SessionAction> = {
  idle: {
    start: { to: 'connecting', do: 'connect' },
    stop: { to: 'stopped' },
  },
  connecting: {
    opened: { to: 'binding', do: 'send-bind' },
    expired: { to: 'waiting', do: 'back-off' },
    lost: { to: 'waiting', do: 'back-off' },
    stop: { to: 'stopped', do: 'close' },
  },
  // 2.2.1 OPEN: only a bind is in order; session_init_timer runs (7.2).
  binding: {
    'bind-accepted': { to: 'bound', do: 'announce' },
    'bind-refused': { to: 'waiting', do: 'back-off' },
    'password-refused': { to: 'waiting', do: 'back-off-long' },
    'peer-unbind': { to: 'waiting', do: 'back-off' },
    expired: { to: 'waiting', do: 'back-off' },
    lost: { to: 'waiting', do: 'back-off' },
    stop: { to: 'stopped', do: 'close' },
  },
  // 2.2.2 to 2.2.4 BOUND_TX, BOUND_RX, BOUND_TRX.
  bound: {
    quiet: { to: 'bound', do: 'send-enquire' },
    silent: { to: 'waiting', do: 'back-off' },
    'peer-unbind': { to: 'yielding', do: 'yield' },
    lost: { to: 'waiting', do: 'back-off' },
    stop: { to: 'draining', do: 'settle' },
  },
  // The peer's unbind is answered last: each side hears first what it asked (2.1).
  yielding: {
    settled: { to: 'waiting', do: 'back-off' },
    expired: { to: 'waiting', do: 'back-off' },
    lost: { to: 'waiting', do: 'back-off' },
    stop: { to: 'draining', do: 'settle' },
  },
  // The same before an unbind of ours, which is not sent where the peer sent one.
  draining: {
    settled: { to: 'unbinding', do: 'send-unbind' },
    expired: { to: 'unbinding', do: 'send-unbind' },
    'peer-unbind': { to: 'draining' },
    lost: { to: 'stopped', do: 'close' },
  },
  unbinding: {
    unbound: { to: 'stopped', do: 'close' },
    'peer-unbind': { to: 'stopped', do: 'close' },
    expired: { to: 'stopped', do: 'close' },
    lost: { to: 'stopped', do: 'close' },
  },
  waiting: {
    expired: { to: 'connecting', do: 'connect' },
    stop: { to: 'stopped' },
  },
  stopped: {},
};
