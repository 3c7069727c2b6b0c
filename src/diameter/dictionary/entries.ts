/**
 * What the package's dictionary lacks or has wrong, and what must not be read from it. Rows: code, vendor, name, type, M.
 * Sources: RFC 6733 4.5, RFC 8506 8, 3GPP TS 32.299 7.2.
 */

/** The types that the package's dictionary uses. */
export const TYPES = [
  'OctetString',
  'Integer32',
  'Unsigned32',
  'Integer64',
  'Unsigned64',
  'Time',
  'IPAddress',
  'Grouped',
] as const;
export type AvpType = (typeof TYPES)[number];

type Row = readonly [code: number, vendor: number, name: string, type: AvpType, mandatory: boolean];

export const CORRECTIONS: readonly Row[] = [
  // Untyped in the package. Kept as octets: it quotes AVPs that may be broken, and must not break its own message.
  [279, 0, 'Failed-AVP', 'OctetString', true],
  // Not in the package.
  [669, 0, 'QoS-Final-Unit-Indication', 'Grouped', false],
  // Twice in the package, once unsigned.
  [436, 0, 'Requested-Action', 'Integer32', true],
  // A group in the package; a number in Wireshark's dictionary (the codes of 3GPP TS 29.212).
  [1082, 10415, 'Credit-Management-Status', 'Unsigned32', false],
  // Old or doubled names, and M bits that TS 32.299 table 7.2 sets.
  [1249, 10415, 'Service-Specific-Info', 'Grouped', true],
  [1257, 10415, 'Service-Specific-Type', 'Unsigned32', true],
  [863, 10415, 'Service-Specific-Data', 'OctetString', true],
  [1256, 10415, 'Service-Generic-Information', 'Grouped', true],
  [1101, 10415, 'VASP-ID', 'OctetString', true],
  [1102, 10415, 'VAS-ID', 'OctetString', true],
  [1201, 10415, 'Recipient-Address', 'Grouped', true],
  [2000, 10415, 'SMS-Information', 'Grouped', true],
  [2001, 10415, 'Data-Coding-Scheme', 'Integer32', true],
  [2002, 10415, 'Destination-Interface', 'Grouped', true],
  [2003, 10415, 'Interface-Id', 'OctetString', true],
  [2004, 10415, 'Interface-Port', 'OctetString', true],
  [2005, 10415, 'Interface-Text', 'OctetString', true],
  [2006, 10415, 'Interface-Type', 'Integer32', true],
  [2007, 10415, 'SM-Message-Type', 'Integer32', true],
  [2008, 10415, 'Originator-SCCP-Address', 'IPAddress', true],
  [2009, 10415, 'Originator-Interface', 'Grouped', true],
  [2010, 10415, 'Recipient-SCCP-Address', 'IPAddress', true],
  [2016, 10415, 'SMS-Node', 'Integer32', true],
  [2017, 10415, 'SMSC-Address', 'IPAddress', true],
  [2018, 10415, 'Client-Address', 'IPAddress', true],
  [2019, 10415, 'Number-of-Messages-Sent', 'Unsigned32', true],
  [2022, 10415, 'Refund-Information', 'OctetString', true],
  [2026, 10415, 'Recipient-Info', 'Grouped', true],
  [2027, 10415, 'Originator-Received-Address', 'Grouped', true],
  [2028, 10415, 'Recipient-Received-Address', 'Grouped', true],
  [2029, 10415, 'SM-Service-Type', 'Integer32', true],
];

/** Fillers of number ranges, not AVPs: an AVP of such a code is unknown. */
export const FILLERS: ReadonlySet<string> = new Set([
  'Dummy',
  'Unassigned',
  'Reserved',
  'Experimental-Use',
  'Implementation-Specific',
]);
