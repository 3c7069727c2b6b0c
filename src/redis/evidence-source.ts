import type { ChargeVerdict } from '../domain/charge.ts';
import type { EvidenceSource, OrderProof, TextProof } from '../flow/ports/evidence.ts';
import type { Resolution } from '../flow/ports/steps.ts';
import { mtFrom } from './mt-record.ts';
import { orderFrom } from './order-record.ts';
import { fieldsOf } from './replies.ts';
import type { Keys } from './keys.ts';
import type { Call } from './wire/resp.ts';

/** Reads orders and texts as evidence needs them. */
export function createEvidenceSource({ call, keys }: { readonly call: Call; readonly keys: Keys }): EvidenceSource {
  const read = async (key: string): Promise<ReadonlyMap<string, string>> =>
    fieldsOf((await call(['HGETALL', key])) as readonly string[]);
  return {
    order: async (orderId) => (keys.knows(orderId) ? orderProof(await read(keys.order(orderId))) : undefined),
    text: async (mtId) => (keys.knows(mtId) ? textProof(await read(keys.mt(mtId))) : undefined),
  };
}

function orderProof(fields: ReadonlyMap<string, string>): OrderProof | undefined {
  const order = orderFrom(fields);
  if (order === undefined) return undefined;
  const [refund, resolution, closed] = [fields.get('refundVerdict'), fields.get('resolution'), fields.get('closed')];
  return {
    order,
    refundVerdict: refund === undefined ? undefined : (JSON.parse(refund) as ChargeVerdict),
    resolution: resolution === undefined ? undefined : (JSON.parse(resolution) as Resolution),
    reason: fields.get('reason'),
    closed: closed === undefined ? undefined : Number(closed),
  };
}

const PART = 'part:';

function textProof(fields: ReadonlyMap<string, string>): TextProof | undefined {
  const mt = mtFrom(fields);
  if (mt === undefined) return undefined;
  // A hash has no order of its own.
  const parts = [...fields].filter(([name]) => name.startsWith(PART)).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    mt,
    smsc: fields.get('smsc'),
    parts: Object.fromEntries(parts.map(([name, state]) => [name.slice(PART.length), state])),
    reason: fields.get('reason') || undefined,
  };
}
