import type { EvidenceSource, OrderProof, TextProof } from '../flow/ports/evidence.ts';

/** Reads each order and text once for everybody who asks, until it is told to forget them. */
export interface ReadOnce extends EvidenceSource {
  forget(): void;
}

export function readOnce(source: EvidenceSource): ReadOnce {
  let orders = new Map<string, Promise<OrderProof | undefined>>();
  let texts = new Map<string, Promise<TextProof | undefined>>();
  return {
    order: (id) => known(orders, id, () => source.order(id)),
    text: (id) => known(texts, id, () => source.text(id)),
    forget() {
      // Never `clear`: it leaves what was there hanging on the next one (lib/table.ts).
      orders = new Map();
      texts = new Map();
    },
  };
}

function known<Value>(map: Map<string, Promise<Value>>, id: string, read: () => Promise<Value>): Promise<Value> {
  const before = map.get(id);
  if (before !== undefined) return before;
  const reading = read();
  map.set(id, reading);
  return reading;
}
