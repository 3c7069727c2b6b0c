/** Command ids: SMPP 3.4 section 5.1.2.1, SMPP 5.0 section 4.7.5. */
const commandIds = {
  bind_receiver: 0x00000001,
  bind_transmitter: 0x00000002,
  query_sm: 0x00000003,
  submit_sm: 0x00000004,
  deliver_sm: 0x00000005,
  unbind: 0x00000006,
  replace_sm: 0x00000007,
  cancel_sm: 0x00000008,
  bind_transceiver: 0x00000009,
  outbind: 0x0000000b,
  enquire_link: 0x00000015,
  submit_multi: 0x00000021,
  data_sm: 0x00000103,
  generic_nack: 0x80000000,
  bind_receiver_resp: 0x80000001,
  bind_transmitter_resp: 0x80000002,
  query_sm_resp: 0x80000003,
  submit_sm_resp: 0x80000004,
  deliver_sm_resp: 0x80000005,
  unbind_resp: 0x80000006,
  replace_sm_resp: 0x80000007,
  cancel_sm_resp: 0x80000008,
  bind_transceiver_resp: 0x80000009,
  enquire_link_resp: 0x80000015,
  submit_multi_resp: 0x80000021,
  data_sm_resp: 0x80000103,
} as const;

export type Command = keyof typeof commandIds;

const byId = new Map<number, Command>(Object.entries(commandIds).map(([name, id]) => [id, name as Command]));

export const commandId = (command: Command): number => commandIds[command];
export const commandOf = (id: number): Command | undefined => byId.get(id);
export const isCommand = (name: string): name is Command => Object.hasOwn(commandIds, name);

const RESPONSE_BIT = 0x80000000;
export const isResponse = (command: Command): boolean => commandIds[command] >= RESPONSE_BIT;

/** The response that answers a request (id | 0x80000000); undefined for a response and for outbind, which has none. */
export function responseTo(command: Command): Command | undefined {
  return isResponse(command) ? undefined : byId.get(commandIds[command] + RESPONSE_BIT);
}
