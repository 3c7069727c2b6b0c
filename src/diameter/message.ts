/** Diameter messages as records (RFC 6733 sections 3 and 4); the bytes are the codec's matter. */

/** RFC 6733 3.1, RFC 8506 3. The same code names the request and its answer. */
export const COMMAND = {
  capabilitiesExchange: 257,
  reAuth: 258,
  creditControl: 272,
  abortSession: 274,
  deviceWatchdog: 280,
  disconnectPeer: 282,
} as const;

/** RFC 6733 2.4, RFC 8506 1.3. */
export const APPLICATION = { base: 0, creditControl: 4, relay: 0xffff_ffff } as const;

export const VENDOR_3GPP = 10_415;

/** The codes that we send or treat apart (RFC 6733 7.1). */
export const RESULT = {
  success: 2001,
  limitedSuccess: 2002,
  commandUnsupported: 3001,
  unableToDeliver: 3002,
  tooBusy: 3004,
  loopDetected: 3005,
  redirectIndication: 3006,
  applicationUnsupported: 3007,
  invalidHeaderBits: 3008,
  avpUnsupported: 5001,
  unknownSession: 5002,
  missingAvp: 5005,
  noCommonApplication: 5010,
  unableToComply: 5012,
  invalidAvpLength: 5014,
} as const;

/** RFC 6733 5.4.3. */
export const DISCONNECT_CAUSE = { rebooting: 0, busy: 1, doNotWantToTalkToYou: 2 } as const;

export interface Header {
  readonly request: boolean;
  readonly proxiable: boolean;
  /** E: set in answers with a protocol error (3xxx), and where a node on the way failed a request for good (RFC 6733 7.1.5). */
  readonly error: boolean;
  /** T: potentially re-transmitted. */
  readonly retransmit: boolean;
  readonly command: number;
  readonly application: number;
  readonly hopByHop: number;
  readonly endToEnd: number;
}

/** Time is seconds since 1900 as on the wire, Address is its text form, 64-bit numbers are bigint, strings may stand for octets. */
export type FieldValue = number | bigint | string | Uint8Array | readonly Field[];

/** One AVP to send, by its dictionary name. */
export type Field = readonly [name: string, value: FieldValue];

export interface Outgoing {
  readonly header: Header;
  readonly fields: readonly Field[];
}

/** Octets stay octets: only the reader of an AVP knows whether they are text. */
export type AvpValue = number | bigint | string | Uint8Array | readonly Avp[];

/** One AVP as it came. */
export interface Avp {
  /** Dictionary name, or `code:vendor` when the dictionary does not know it. */
  readonly name: string;
  readonly known: boolean;
  readonly mandatory: boolean;
  readonly value: AvpValue;
  /** The whole AVP, header included and padding left out: what a Failed-AVP quotes. */
  readonly bytes: Uint8Array;
}

/** An AVP of an answer that does not fit its type and was passed over as an unknown one: its path and its shape. */
export interface Oddity {
  readonly path: string;
  readonly shape: string;
}

export interface Incoming {
  readonly header: Header;
  readonly avps: readonly Avp[];
  readonly odd?: readonly Oddity[];
}

/** A frame whose header reads but whose AVPs do not. */
export interface MessageFault {
  readonly header: Header;
  /** What an answer to it would say: 5014 and the like. */
  readonly resultCode: number;
  /** Names of the AVPs from the outside in, `Multiple-Services-Credit-Control/456:0[2]`. */
  readonly path: string;
  /** What is wrong with it, with the numbers. */
  readonly shape: string;
  /** The offending AVP's header and as much as there is, for Failed-AVP. */
  readonly failed: Uint8Array;
  /** What stood before it at the top: an answer needs the Session-Id and Proxy-Info of it (RFC 6733 6.2). */
  readonly before: readonly Avp[];
}
