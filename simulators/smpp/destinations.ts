// The lists in submit_multi and its response: SMPP 3.4 sections 4.5.1.1 and 4.5.2.1.

export interface Destination {
  /** dest_flag 2: the name of a distribution list, in `address`. */
  readonly list: boolean;
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

const SME = 1;
const LIST = 2;

/** Octet after the NUL-terminated text at `from`, or undefined when there is no NUL. */
function endOfText(octets: Uint8Array, from: number): number | undefined {
  const nul = octets.indexOf(0, from);
  return nul < 0 ? undefined : nul + 1;
}

/** Octet after one dest_address; undefined when it is cut short or its flag is unknown. */
export function endOfDestination(octets: Uint8Array, from: number): number | undefined {
  if (octets[from] === SME) return endOfText(octets, from + 3);
  return octets[from] === LIST ? endOfText(octets, from + 1) : undefined;
}

/** Octet after one unsuccess_sme: an address, then four octets of status. */
export function endOfUnsuccessful(octets: Uint8Array, from: number): number | undefined {
  const text = endOfText(octets, from + 2);
  return text === undefined || text + 4 > octets.length ? undefined : text + 4;
}

const textAt = (octets: Uint8Array, from: number, end: number): string =>
  Buffer.from(octets.subarray(from, end - 1)).toString('latin1');

export function readDestinations(octets: Uint8Array): Destination[] {
  const all: Destination[] = [];
  let at = 0;
  while (at < octets.length) {
    const end = endOfDestination(octets, at);
    if (end === undefined) return all;
    const list = octets[at] === LIST;
    const [ton, npi] = list ? [0, 0] : [octets[at + 1] ?? 0, octets[at + 2] ?? 0];
    all.push({ list, ton, npi, address: textAt(octets, at + (list ? 1 : 3), end) });
    at = end;
  }
  return all;
}

export function writeDestinations(all: readonly Destination[]): Uint8Array {
  const octets = all.flatMap(({ list, ton, npi, address }) => [
    ...(list ? [LIST] : [SME, ton, npi]),
    ...Buffer.from(`${address}\0`, 'latin1'),
  ]);
  return Uint8Array.from(octets);
}

export interface Unsuccessful extends Destination {
  readonly status: number;
}

export function writeUnsuccessful(all: readonly Unsuccessful[]): Uint8Array {
  return Buffer.concat(
    all.map(({ ton, npi, address, status }) => {
      const code = Buffer.alloc(4);
      code.writeUInt32BE(status);
      return Buffer.concat([Buffer.from([ton, npi]), Buffer.from(`${address}\0`, 'latin1'), code]);
    }),
  );
}

export function readUnsuccessful(octets: Uint8Array): Unsuccessful[] {
  const all: Unsuccessful[] = [];
  let at = 0;
  while (at < octets.length) {
    const end = endOfUnsuccessful(octets, at);
    if (end === undefined) return all;
    const status = Buffer.from(octets.subarray(end - 4, end)).readUInt32BE(0);
    all.push({
      list: false,
      ton: octets[at] ?? 0,
      npi: octets[at + 1] ?? 0,
      address: textAt(octets, at + 2, end - 4),
      status,
    });
    at = end;
  }
  return all;
}
