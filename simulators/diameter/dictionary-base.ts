/** AVPs of the base protocol (RFC 6733 section 4.5), as `[code, name, type, M bit]`. */
export type AvpType =
  | 'Address'
  | 'Enumerated'
  | 'Grouped'
  | 'Identity'
  | 'Integer32'
  | 'Integer64'
  | 'OctetString'
  | 'Time'
  | 'Unsigned32'
  | 'Unsigned64'
  | 'UTF8String';

/** `must`: sent with the M bit; `mustnot`: sent without it. */
export type Mandatory = 'must' | 'mustnot';
export type Row = readonly [code: number, name: string, type: AvpType, mandatory: Mandatory];

export const BASE: readonly Row[] = [
  [1, 'User-Name', 'UTF8String', 'must'],
  [25, 'Class', 'OctetString', 'must'],
  [27, 'Session-Timeout', 'Unsigned32', 'must'],
  [33, 'Proxy-State', 'OctetString', 'must'],
  [50, 'Acct-Multi-Session-Id', 'UTF8String', 'must'],
  [55, 'Event-Timestamp', 'Time', 'must'],
  [257, 'Host-IP-Address', 'Address', 'must'],
  [258, 'Auth-Application-Id', 'Unsigned32', 'must'],
  [259, 'Acct-Application-Id', 'Unsigned32', 'must'],
  [260, 'Vendor-Specific-Application-Id', 'Grouped', 'must'],
  [261, 'Redirect-Host-Usage', 'Enumerated', 'must'],
  [262, 'Redirect-Max-Cache-Time', 'Unsigned32', 'must'],
  [263, 'Session-Id', 'UTF8String', 'must'],
  [264, 'Origin-Host', 'Identity', 'must'],
  [265, 'Supported-Vendor-Id', 'Unsigned32', 'must'],
  [266, 'Vendor-Id', 'Unsigned32', 'must'],
  [267, 'Firmware-Revision', 'Unsigned32', 'mustnot'],
  [268, 'Result-Code', 'Unsigned32', 'must'],
  [269, 'Product-Name', 'UTF8String', 'mustnot'],
  [270, 'Session-Binding', 'Unsigned32', 'must'],
  [271, 'Session-Server-Failover', 'Enumerated', 'must'],
  [273, 'Disconnect-Cause', 'Enumerated', 'must'],
  [276, 'Auth-Grace-Period', 'Unsigned32', 'must'],
  [277, 'Auth-Session-State', 'Enumerated', 'must'],
  [278, 'Origin-State-Id', 'Unsigned32', 'must'],
  [279, 'Failed-AVP', 'Grouped', 'must'],
  [280, 'Proxy-Host', 'Identity', 'must'],
  [281, 'Error-Message', 'UTF8String', 'mustnot'],
  [282, 'Route-Record', 'Identity', 'must'],
  [283, 'Destination-Realm', 'Identity', 'must'],
  [284, 'Proxy-Info', 'Grouped', 'must'],
  [285, 'Re-Auth-Request-Type', 'Enumerated', 'must'],
  [291, 'Authorization-Lifetime', 'Unsigned32', 'must'],
  [292, 'Redirect-Host', 'Identity', 'must'],
  [293, 'Destination-Host', 'Identity', 'must'],
  [294, 'Error-Reporting-Host', 'Identity', 'mustnot'],
  [295, 'Termination-Cause', 'Enumerated', 'must'],
  [296, 'Origin-Realm', 'Identity', 'must'],
  [297, 'Experimental-Result', 'Grouped', 'must'],
  [298, 'Experimental-Result-Code', 'Unsigned32', 'must'],
  [299, 'Inband-Security-Id', 'Unsigned32', 'must'],
  [301, 'DRMP', 'Enumerated', 'mustnot'],
];
