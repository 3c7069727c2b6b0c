import { describe, expect, it } from 'vitest';
import type { CommandName } from '../../src/smpp/codec/dictionary.ts';
import type { SessionState } from '../../src/smpp/session/fsm.ts';
import { meaningOf, nackRefuses } from '../../src/smpp/session/pdus.ts';
import { linkSettings } from './support/settings.ts';

type Row = readonly [CommandName, number, SessionState, string];

/** Command, status, state; what it means. The bind's sequence number is 1, as is the PDU's. */
const ROWS: readonly Row[] = [
  ['enquire_link', 0, 'binding', 'answer 0'],
  ['enquire_link', 0, 'bound', 'answer 0'],
  ['enquire_link', 0, 'unbinding', 'answer 0'],
  ['enquire_link_resp', 0, 'bound', 'nothing'],
  ['outbind', 0, 'binding', 'nothing'],
  ['alert_notification', 0, 'bound', 'nothing'],
  ['unbind', 0, 'bound', 'event peer-unbind'],
  ['unbind_resp', 0, 'unbinding', 'event unbound'],
  ['unbind_resp', 0, 'bound', 'unexpected'],
  ['deliver_sm', 0, 'bound', 'request'],
  ['data_sm', 0, 'bound', 'request'],
  ['deliver_sm', 0, 'binding', 'answer 4'],
  ['deliver_sm', 0, 'yielding', 'answer 100'],
  ['deliver_sm', 0, 'draining', 'answer 100'],
  ['deliver_sm', 0, 'unbinding', 'answer 100'],
  ['submit_sm', 0, 'bound', 'answer 3'],
  ['bind_transceiver', 0, 'bound', 'answer 3'],
  ['submit_sm_resp', 0, 'bound', 'response'],
  ['submit_sm_resp', 0, 'yielding', 'response'],
  ['submit_sm_resp', 0, 'binding', 'unexpected'],
  ['generic_nack', 3, 'bound', 'response'],
  ['generic_nack', 3, 'binding', 'event bind-refused'],
  ['bind_transceiver_resp', 0, 'binding', 'event bind-accepted'],
  ['bind_transmitter_resp', 0, 'binding', 'event bind-accepted'],
  ['bind_transceiver_resp', 0x0d, 'binding', 'event password-refused'],
  ['bind_transceiver_resp', 0x0e, 'binding', 'event password-refused'],
  ['bind_transceiver_resp', 0x0f, 'binding', 'event password-refused'],
  ['bind_transceiver_resp', 0x05, 'binding', 'event bind-refused'],
  ['bind_transceiver_resp', 0, 'bound', 'unexpected'],
  ['deliver_sm_resp', 0, 'bound', 'unexpected'],
  ['data_sm_resp', 0, 'bound', 'unexpected'],
];

interface About {
  readonly sequence?: number;
  readonly proven?: boolean;
}

function meaning(command: CommandName, status: number, state: SessionState, about: About = {}): string {
  const { sequence = 1, proven = false } = about;
  const found = meaningOf(
    { command, status, sequence, fields: {}, tlvs: [] },
    { state, mode: 'trx', bindSequence: 1, settings: linkSettings(), proven },
  );
  if (found.kind === 'event') return `event ${found.event}`;
  return found.kind === 'answer' ? `answer ${found.status}` : found.kind;
}

describe('a generic_nack', () => {
  it('is never a yes: status 0 is read as an unknown error, any other stays', () => {
    const read = (command: CommandName, status: number): number =>
      nackRefuses({ command, status, sequence: 1, fields: {}, tlvs: [] }).status;
    expect([read('generic_nack', 0), read('generic_nack', 3), read('submit_sm_resp', 0)]).toEqual([0xff, 3, 0]);
  });
});

describe('what a PDU means', () => {
  it.each(ROWS)('%s with status %i while %s', (command, status, state, expected) => {
    expect(meaning(command, status, state)).toBe(expected);
  });

  it('takes a bind response only under its own number, a nack also under 0', () => {
    expect(meaning('bind_transceiver_resp', 0, 'binding', { sequence: 2 })).toBe('unexpected');
    expect(meaning('generic_nack', 3, 'binding', { sequence: 0 })).toBe('event bind-refused');
    expect(meaning('generic_nack', 3, 'binding', { sequence: 9 })).toBe('unexpected');
  });

  it.each([
    [0x0d, 'event bind-refused'],
    [0x0e, 'event password-refused'],
    [0x0f, 'event password-refused'],
  ])('status %i is %s for credentials that bound before', (status, expected) => {
    expect(meaning('bind_transceiver_resp', status, 'binding', { proven: true })).toBe(expected);
  });
});
