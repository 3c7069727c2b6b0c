// Mandatory parameters of each PDU body, in wire order: SMPP 3.4 section 4.
import type { Command } from './commands.ts';
import { endOfDestination, endOfUnsuccessful } from './destinations.ts';

/** `max` counts the terminating NUL, as the standard's size column does. */
export type FieldSpec =
  | { readonly name: string; readonly type: 'uint8' }
  | { readonly name: string; readonly type: 'cstring'; readonly max: number }
  | { readonly name: string; readonly type: 'octets'; readonly length: string }
  /** So many records as the field `count` says; `end` finds where one ends, undefined when it is cut short. */
  | {
      readonly name: string;
      readonly type: 'records';
      readonly count: string;
      readonly end: (octets: Uint8Array, from: number) => number | undefined;
    };

const uint8 = (name: string): FieldSpec => ({ name, type: 'uint8' });
const cstring = (name: string, max: number): FieldSpec => ({ name, type: 'cstring', max });

const bind = [
  cstring('system_id', 16),
  cstring('password', 9),
  cstring('system_type', 13),
  uint8('interface_version'),
  uint8('addr_ton'),
  uint8('addr_npi'),
  cstring('address_range', 41),
];
const address = (end: string): FieldSpec[] => [
  uint8(`${end}_addr_ton`),
  uint8(`${end}_addr_npi`),
  cstring(end === 'dest' ? 'destination_addr' : 'source_addr', 21),
];
// data_sm carries addresses of up to 65 octets (section 4.7.1).
const longAddress = (end: string): FieldSpec[] => [
  uint8(`${end}_addr_ton`),
  uint8(`${end}_addr_npi`),
  cstring(end === 'dest' ? 'destination_addr' : 'source_addr', 65),
];
const text: FieldSpec[] = [uint8('sm_length'), { name: 'short_message', type: 'octets', length: 'sm_length' }];
const afterAddresses = [
  uint8('esm_class'),
  uint8('protocol_id'),
  uint8('priority_flag'),
  cstring('schedule_delivery_time', 17),
  cstring('validity_period', 17),
  uint8('registered_delivery'),
  uint8('replace_if_present_flag'),
  uint8('data_coding'),
  uint8('sm_default_msg_id'),
  ...text,
];
const message = [cstring('service_type', 6), ...address('source'), ...address('dest'), ...afterAddresses];
const messageId = cstring('message_id', 65);

export const LAYOUTS: Readonly<Record<Command, readonly FieldSpec[]>> = {
  bind_receiver: bind,
  bind_transmitter: bind,
  bind_transceiver: bind,
  bind_receiver_resp: [cstring('system_id', 16)],
  bind_transmitter_resp: [cstring('system_id', 16)],
  bind_transceiver_resp: [cstring('system_id', 16)],
  outbind: [cstring('system_id', 16), cstring('password', 9)],
  unbind: [],
  unbind_resp: [],
  enquire_link: [],
  enquire_link_resp: [],
  generic_nack: [],
  submit_sm: message,
  submit_sm_resp: [messageId],
  submit_multi: [
    cstring('service_type', 6),
    ...address('source'),
    uint8('number_of_dests'),
    { name: 'dest_addresses', type: 'records', count: 'number_of_dests', end: endOfDestination },
    ...afterAddresses,
  ],
  submit_multi_resp: [
    messageId,
    uint8('no_unsuccess'),
    { name: 'unsuccess_smes', type: 'records', count: 'no_unsuccess', end: endOfUnsuccessful },
  ],
  deliver_sm: message,
  deliver_sm_resp: [messageId],
  data_sm: [
    cstring('service_type', 6),
    ...longAddress('source'),
    ...longAddress('dest'),
    uint8('esm_class'),
    uint8('registered_delivery'),
    uint8('data_coding'),
  ],
  data_sm_resp: [messageId],
  query_sm: [messageId, ...address('source')],
  query_sm_resp: [messageId, cstring('final_date', 17), uint8('message_state'), uint8('error_code')],
  cancel_sm: [cstring('service_type', 6), messageId, ...address('source'), ...address('dest')],
  cancel_sm_resp: [],
  replace_sm: [
    messageId,
    ...address('source'),
    cstring('schedule_delivery_time', 17),
    cstring('validity_period', 17),
    uint8('registered_delivery'),
    uint8('sm_default_msg_id'),
    ...text,
  ],
  replace_sm_resp: [],
};
