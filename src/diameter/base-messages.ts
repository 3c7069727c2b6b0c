/** Messages of the base protocol: capabilities exchange, watchdog, disconnect, and answers to what a peer asks of us. */
import { all, fieldOf, find, octetsOf, textOf, unknownMandatory } from './avp.ts';
import {
  APPLICATION,
  COMMAND,
  RESULT,
  VENDOR_3GPP,
  type Field,
  type Header,
  type Incoming,
  type Outgoing,
} from './message.ts';
import type { Sessions } from './sessions.ts';
import type { NodeSettings } from './settings.ts';

/** Who we say we are. */
export interface Self extends Pick<NodeSettings, 'originHost' | 'originRealm' | 'productName' | 'vendorId'> {
  /** RFC 6733 8.16: grows with every loss of state; ours is the process's start in seconds since 1970. */
  readonly originStateId: number;
}

export interface Ids {
  readonly hopByHop: number;
  readonly endToEnd: number;
}

export type Knows = Sessions['knows'];

function origin(self: Self): readonly Field[] {
  return [
    ['Origin-Host', self.originHost],
    ['Origin-Realm', self.originRealm],
  ];
}

function baseRequest(command: number, ids: Ids): Header {
  return {
    request: true,
    proxiable: false,
    error: false,
    retransmit: false,
    command,
    application: APPLICATION.base,
    ...ids,
  };
}

/** RFC 6733 5.3.1. */
export function cer(self: Self, ids: Ids, localAddress: string): Outgoing {
  return {
    header: baseRequest(COMMAND.capabilitiesExchange, ids),
    fields: [
      ...origin(self),
      ['Host-IP-Address', localAddress],
      ['Vendor-Id', self.vendorId],
      ['Product-Name', self.productName],
      ['Origin-State-Id', self.originStateId],
      ['Supported-Vendor-Id', VENDOR_3GPP],
      ['Auth-Application-Id', APPLICATION.creditControl],
    ],
  };
}

/** RFC 6733 5.5.1. */
export function dwr(self: Self, ids: Ids): Outgoing {
  return {
    header: baseRequest(COMMAND.deviceWatchdog, ids),
    fields: [...origin(self), ['Origin-State-Id', self.originStateId]],
  };
}

/** RFC 6733 5.4.1. */
export function dpr(self: Self, ids: Ids, cause: number): Outgoing {
  return { header: baseRequest(COMMAND.disconnectPeer, ids), fields: [...origin(self), ['Disconnect-Cause', cause]] };
}

/** RFC 6733 6.2: same ids and P bit, E for protocol errors (7.1.3), Session-Id first, Proxy-Info given back in order. */
export function answer(self: Self, request: Incoming, resultCode: number, extra: readonly Field[] = []): Outgoing {
  const session = octetsOf(request.avps, 'Session-Id');
  const isProtocolError = resultCode >= 3000 && resultCode < 4000;
  return {
    header: { ...request.header, request: false, error: isProtocolError, retransmit: false },
    fields: [
      ...(session === undefined ? [] : [['Session-Id', session] as const]),
      ['Result-Code', resultCode],
      ...origin(self),
      ...extra,
      ...all(request.avps, 'Proxy-Info').map(fieldOf),
    ],
  };
}

export function dwa(self: Self, request: Incoming): Outgoing {
  return answer(self, request, RESULT.success, [['Origin-State-Id', self.originStateId]]);
}

const SERVER_INITIATED: readonly number[] = [COMMAND.reAuth, COMMAND.abortSession];

/** What is wrong with a request before its session is looked at (RFC 6733 6.1.4, 7.1.3, 7.1.5). */
function faultOf({ header, avps }: Incoming): readonly [resultCode: number, extra?: readonly Field[]] | undefined {
  if (header.error) return [RESULT.invalidHeaderBits];
  if (header.command === COMMAND.capabilitiesExchange) return [RESULT.unableToComply];
  if (!SERVER_INITIATED.includes(header.command)) return [RESULT.commandUnsupported];
  const ours = header.application === APPLICATION.creditControl || header.application === APPLICATION.base;
  if (!ours) return [RESULT.applicationUnsupported];
  const [unknown] = unknownMandatory(avps);
  if (unknown !== undefined) return [RESULT.avpUnsupported, [failedAvp(unknown.bytes)]];
  return find(avps, 'Session-Id') === undefined ? [RESULT.missingAvp, [failedAvp(NO_SESSION_ID)]] : undefined;
}

/** Session-Id 263 without a value: what is missing is shown with the least it may hold (RFC 6733 7.1.5). */
const NO_SESSION_ID = Uint8Array.of(0, 0, 1, 7, 0x40, 0, 0, 8);

/**
 * The answer to a request that no state machine takes. Re-Auth of a live reservation: 2002, the CCR-U follows, or 2001 where
 * one is on its way (RFC 8506 5.5). Abort-Session: we cannot comply, because the order that holds the reservation is about to
 * commit or release it.
 */
export function reply(self: Self, request: Incoming, knows: Knows): Outgoing {
  const [faultCode, extra] = faultOf(request) ?? [];
  if (faultCode !== undefined) return answer(self, request, faultCode, extra);
  const standing = knows(textOf(request.avps, 'Session-Id') ?? '');
  if (standing === undefined) return answer(self, request, RESULT.unknownSession);
  if (request.header.command !== COMMAND.reAuth) return answer(self, request, RESULT.unableToComply);
  return answer(self, request, standing === 'idle' ? RESULT.limitedSuccess : RESULT.success);
}

/** RFC 6733 7.5, padded as an AVP inside a group must be. */
export function failedAvp(bytes: Uint8Array): Field {
  const padded = new Uint8Array((bytes.length + 3) & ~3);
  padded.set(bytes);
  return ['Failed-AVP', padded];
}
