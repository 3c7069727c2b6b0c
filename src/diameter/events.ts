import type { NoteFields } from '../lib/note.ts';

/** Every event that this adapter notes, with the level it is logged at. The names are stable: alert rules and tests use them. */
export const DIAMETER_EVENTS = {
  'peer.connecting': 'debug',
  'peer.open': 'info',
  'peer.connect-failed': 'warn',
  'peer.refused': 'error',
  'peer.no-common-application': 'error',
  'peer.identity-mismatch': 'error',
  'peer.suspect': 'warn',
  'peer.reopen': 'info',
  'peer.down': 'warn',
  'peer.restarted': 'warn',
  'peer.disconnect-asked': 'warn',
  'peer.closed': 'info',
  'peer.timeout': 'warn',
  'peer.event-refused': 'warn',
  'charge.written': 'debug',
  'charge.answered': 'debug',
  'charge.late': 'warn',
  'charge.answered-twice': 'error',
  'charge.silent': 'warn',
  'charge.expired': 'warn',
  'charge.failover': 'warn',
  'charge.rerouted': 'warn',
  'charge.redirected': 'warn',
  'charge.unreadable': 'error',
  'charge.amount-unreadable': 'error',
  'message.fault': 'error',
  'message.unexpected': 'warn',
  'request.answered': 'info',
  'avp.unknown-mandatory': 'error',
  'avp.malformed': 'warn',
} as const;

export type DiameterEvent = keyof typeof DIAMETER_EVENTS;

/** `Note`, held to the list. */
export type DiameterNote = (event: DiameterEvent, fields?: NoteFields) => void;
