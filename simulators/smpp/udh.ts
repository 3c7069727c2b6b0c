// User data header: 3GPP TS 23.040 section 9.2.3.24.

export interface Concat {
  readonly ref: number;
  readonly total: number;
  readonly part: number;
}

export interface Element {
  readonly id: number;
  readonly octets: Uint8Array;
}

export const IE = { concat8: 0x00, concat16: 0x08, singleShift: 0x24, lockingShift: 0x25 } as const;

/** The elements and the octets after the header; undefined when the lengths inside do not add up. */
export function readUdh(octets: Uint8Array): { elements: Element[]; rest: Uint8Array } | undefined {
  const end = 1 + (octets[0] ?? 0);
  if (octets.length === 0 || end > octets.length) return undefined;
  const elements: Element[] = [];
  let at = 1;
  while (at < end) {
    const length = octets[at + 1];
    if (length === undefined || at + 2 + length > end) return undefined;
    elements.push({ id: octets[at] ?? 0, octets: octets.subarray(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  return { elements, rest: octets.subarray(end) };
}

export function writeUdh(elements: readonly Element[]): Uint8Array {
  const body = elements.flatMap((element) => [element.id, element.octets.length, ...element.octets]);
  return Uint8Array.from([body.length, ...body]);
}

export function concatElement(concat: Concat, wide: boolean): Element {
  const { ref, total, part } = concat;
  if (wide) return { id: IE.concat16, octets: Uint8Array.from([(ref >> 8) & 0xff, ref & 0xff, total, part]) };
  return { id: IE.concat8, octets: Uint8Array.from([ref & 0xff, total, part]) };
}

function readConcat({ id, octets }: Element): Concat | undefined {
  const at = (index: number): number => octets[index] ?? 0;
  if (id === IE.concat8 && octets.length === 3) return { ref: at(0), total: at(1), part: at(2) };
  if (id === IE.concat16 && octets.length === 4) return { ref: at(0) * 256 + at(1), total: at(2), part: at(3) };
  return undefined;
}

export function concatOf(elements: readonly Element[]): Concat | undefined {
  return elements.map(readConcat).find((concat) => concat !== undefined);
}
