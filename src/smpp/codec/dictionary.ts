import defs from 'smpp/lib/defs.js';

/**
 * Field layouts from npm smpp's dictionary, indexed once. Only the primitive types do the reading and writing: the
 * library's text and time filters throw on hostile input and choose IA5 for plain ASCII, so they are not called.
 */

/** The commands that an ESME sends or reads here; all else is an unknown command (SMPP 3.4 5.1.2.1). */
const SPOKEN = [
  'generic_nack',
  'bind_receiver',
  'bind_receiver_resp',
  'bind_transmitter',
  'bind_transmitter_resp',
  'bind_transceiver',
  'bind_transceiver_resp',
  'submit_sm',
  'submit_sm_resp',
  'deliver_sm',
  'deliver_sm_resp',
  'data_sm',
  'data_sm_resp',
  'unbind',
  'unbind_resp',
  'enquire_link',
  'enquire_link_resp',
  'outbind',
  'alert_notification',
] as const;

export type CommandName = (typeof SPOKEN)[number];

export type FieldValue = number | string | Buffer;

export interface Field {
  readonly name: string;
  /** `octets` is a length octet and that many octets (sm_length with short_message). */
  readonly kind: 'octet' | 'cstring' | 'octets';
  /** What encoding writes when nothing is given. */
  readonly empty: FieldValue;
  readonly read: (buffer: Buffer, offset: number) => FieldValue;
  readonly write: (value: FieldValue, buffer: Buffer, offset: number) => void;
  readonly size: (value: FieldValue) => number;
}

export interface Layout {
  readonly name: CommandName;
  readonly id: number;
  readonly fields: readonly Field[];
}

function fieldOf(name: string, type: (typeof defs.types)[keyof typeof defs.types]): Field {
  const kind = type === defs.types.int8 ? 'octet' : type === defs.types.cstring ? 'cstring' : 'octets';
  const empty = type.default;
  return { name, kind, empty, read: type.read, write: type.write, size: type.size };
}

function layoutFor(name: CommandName): Layout {
  const command = defs.commands[name];
  if (command === undefined) throw new Error(`the smpp package does not know ${name}`);
  const fields = Object.entries(command.params ?? {}).map(([field, param]) => fieldOf(field, param.type));
  return { name, id: command.id, fields };
}

const layouts = SPOKEN.map(layoutFor);
const byId = new Map(layouts.map((layout) => [layout.id, layout]));
const byName = Object.fromEntries(layouts.map((layout) => [layout.name, layout])) as Readonly<
  Record<CommandName, Layout>
>;

export function layoutOfId(id: number): Layout | undefined {
  return byId.get(id);
}

export function layoutOf(name: CommandName): Layout {
  return byName[name];
}

const statusNames = new Map(Object.entries(defs.errors).map(([name, status]) => [status, name]));

/** ESME_… name of a command_status, or its hex when it has none (vendor range). */
export function statusName(status: number): string {
  return statusNames.get(status) ?? `0x${status.toString(16).padStart(8, '0')}`;
}
