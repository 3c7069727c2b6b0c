/** Place of a part in a long message. */
export interface Concat {
  readonly reference: number;
  readonly total: number;
  readonly sequence: number;
}

/** What a user data header says (TS 23.040 9.2.3.24); elements that we have no use for are skipped. */
export interface UserDataHeader {
  readonly concat: Concat | undefined;
  /** National language of the locking (IE 0x25) and single shift table (IE 0x24). */
  readonly locking: number | undefined;
  readonly single: number | undefined;
  /** Addressed to an application port (IE 0x04, 0x05): not a text for us. */
  readonly toPort: boolean;
  /** It was ignored, and may have named other parts: words may be missing from the text. */
  readonly mayBePart: boolean;
}

type Elements = ReadonlyMap<number, Buffer>;

/** Splits user data into header and text; undefined when the header runs over its end. */
export function readUdh(data: Buffer): { readonly header: UserDataHeader; readonly rest: Buffer } | undefined {
  const length = data[0];
  if (length === undefined || 1 + length > data.length) return undefined;
  const { elements, isSound } = readElements(data.subarray(1, 1 + length));
  return { header: isSound ? headerOf(elements) : ignored(elements), rest: data.subarray(1 + length) };
}

function headerOf(elements: Elements): UserDataHeader {
  return {
    concat: concatOf(elements),
    locking: elements.get(0x25)?.[0],
    single: elements.get(0x24)?.[0],
    toPort: elements.has(0x04) || elements.has(0x05),
    mayBePart: false,
  };
}

/** 9.2.3.24: too few or too many octets in the last element void the whole header, and not the text behind it. */
function ignored(elements: Elements): UserDataHeader {
  const mayBePart = (elements.has(0x00) || elements.has(0x08)) && concatOf(elements)?.total !== 1;
  return { concat: undefined, locking: undefined, single: undefined, toPort: false, mayBePart };
}

/** Those of an unsound header end with what there is of its last one. */
function readElements(header: Buffer): { readonly elements: Elements; readonly isSound: boolean } {
  const elements = new Map<number, Buffer>();
  let at = 0;
  while (at < header.length) {
    const id = header[at];
    const length = header[at + 1];
    if (id === undefined || length === undefined) return { elements, isSound: false };
    elements.set(id, header.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return { elements, isSound: at === header.length };
}

/** 9.2.3.24.1 and .8; a total of 0, or a sequence outside 1 to total, makes the element void. */
function concatOf(elements: Elements): Concat | undefined {
  const narrow = elements.get(0x00);
  const wide = elements.get(0x08);
  if (wide?.length === 4) return placed(wide.readUInt16BE(0), wide.readUInt8(2), wide.readUInt8(3));
  return narrow?.length === 3 ? placed(narrow.readUInt8(0), narrow.readUInt8(1), narrow.readUInt8(2)) : undefined;
}

export function placed(reference: number, total: number, sequence: number): Concat | undefined {
  return total >= 1 && sequence >= 1 && sequence <= total ? { reference, total, sequence } : undefined;
}
