interface Numbering {
  readonly ton: number;
  readonly npi: number;
}

/** TON and NPI of SMPP 3.4 sections 5.2.5 and 5.2.6: alphanumeric, international, or as the network dials it. */
function numbering(address: string): Numbering {
  if (!/^\d+$/.test(address)) return { ton: 5, npi: 0 };
  return address.length > 8 ? { ton: 1, npi: 1 } : { ton: 3, npi: 0 };
}

export function addressFields(from: string, to: string): Record<string, string | number> {
  const [source, destination] = [numbering(from), numbering(to)];
  return {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: from,
    dest_addr_ton: destination.ton,
    dest_addr_npi: destination.npi,
    destination_addr: to,
  };
}
