// SMPP session states and what an ESME may send in each: SMPP 3.4 section 2.2 and table 2-1.
import type { Command } from '../smpp/commands.ts';

export type SessionState = 'open' | 'bound_rx' | 'bound_tx' | 'bound_trx' | 'unbound' | 'closed';

type Row = Partial<Record<Command, SessionState>>;

/** enquire_link is answered before the bind too: "at any time" (section 4.11). */
const always = (state: SessionState): Row => ({
  enquire_link: state,
  enquire_link_resp: state,
  generic_nack: state,
});

const transmits = (state: SessionState): Row => ({
  submit_sm: state,
  submit_multi: state,
  data_sm: state,
  query_sm: state,
  cancel_sm: state,
  replace_sm: state,
});
const receives = (state: SessionState): Row => ({ deliver_sm_resp: state, data_sm_resp: state });
const leaves: Row = { unbind: 'unbound', unbind_resp: 'unbound' };

/** State to the state after the command; an undefined cell is a refused command. */
export const SESSION_TABLE: Readonly<Record<SessionState, Row>> = {
  open: { ...always('open'), bind_receiver: 'bound_rx', bind_transmitter: 'bound_tx', bind_transceiver: 'bound_trx' },
  bound_rx: { ...always('bound_rx'), ...receives('bound_rx'), ...leaves },
  bound_tx: { ...always('bound_tx'), ...transmits('bound_tx'), ...leaves },
  bound_trx: { ...always('bound_trx'), ...transmits('bound_trx'), ...receives('bound_trx'), ...leaves },
  unbound: always('unbound'),
  closed: {},
};

export const isBound = (state: SessionState): boolean => state.startsWith('bound_');
export const canReceive = (state: SessionState): boolean => state === 'bound_rx' || state === 'bound_trx';
