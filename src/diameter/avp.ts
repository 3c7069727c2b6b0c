import type { Avp, Field } from './message.ts';

/** Reading AVPs by name. A missing AVP and one of another type both read as undefined. */
export function find(avps: readonly Avp[], name: string): Avp | undefined {
  return avps.find((avp) => avp.name === name);
}

export function all(avps: readonly Avp[], name: string): readonly Avp[] {
  return avps.filter((avp) => avp.name === name);
}

export function numberOf(avps: readonly Avp[], name: string): number | undefined {
  const value = find(avps, name)?.value;
  return typeof value === 'number' ? value : undefined;
}

export function bigOf(avps: readonly Avp[], name: string): bigint | undefined {
  const value = find(avps, name)?.value;
  return typeof value === 'bigint' ? value : undefined;
}

export function octetsOf(avps: readonly Avp[], name: string): Uint8Array | undefined {
  const value = find(avps, name)?.value;
  return value instanceof Uint8Array ? value : undefined;
}

/** UTF8String and DiameterIdentity; octets that are no UTF-8 become U+FFFD. */
export function textOf(avps: readonly Avp[], name: string): string | undefined {
  const octets = octetsOf(avps, name);
  return octets === undefined ? undefined : new TextDecoder().decode(octets);
}

/** The members of a grouped AVP. */
export function membersOf(avp: Avp | undefined): readonly Avp[] | undefined {
  return Array.isArray(avp?.value) ? (avp.value as readonly Avp[]) : undefined;
}

export function groupOf(avps: readonly Avp[], name: string): readonly Avp[] | undefined {
  return membersOf(find(avps, name));
}

/** The same AVP to send back, octet for octet, as Proxy-Info must be (RFC 6733 6.2): its flags say whether a Vendor-Id is in it. */
export function fieldOf({ name, bytes }: Avp): Field {
  const hasVendor = ((bytes[4] ?? 0) & 0x80) !== 0;
  return [name, bytes.subarray(hasVendor ? 12 : 8)];
}

/** Every unknown AVP whose M bit is set, at any depth (RFC 6733 4.1). */
export function unknownMandatory(avps: readonly Avp[]): readonly Avp[] {
  return avps.flatMap((avp) => {
    if (!avp.known) return avp.mandatory ? [avp] : [];
    return unknownMandatory(membersOf(avp) ?? []);
  });
}
