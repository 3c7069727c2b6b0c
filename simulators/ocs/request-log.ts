/** The last requests seen, answered or not: what a test asks after a silent OCS. */

export interface SeenRequest {
  /** Counts from 1. */
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Origin-Host in the CER of the connection it came by. */
  readonly peer: string;
  readonly command: string;
  readonly sessionId: string | undefined;
  readonly requestNumber: number | undefined;
  readonly requestType: string | undefined;
  readonly action: string | undefined;
  readonly msisdn: string | undefined;
  readonly originHost: string | undefined;
  readonly hopByHop: number;
  readonly endToEnd: number;
  readonly retransmit: boolean;
  /** Action of the fault rule that struck. */
  readonly fault: string | undefined;
  /** Result-Code, where it was refused before credit control. */
  readonly refused: number | undefined;
}

export interface RequestLog {
  add(request: Omit<SeenRequest, 'id'>): void;
  list(): readonly SeenRequest[];
}

export function createRequestLog(limit = 10_000): RequestLog {
  let seen: SeenRequest[] = [];
  let last = 0;
  return {
    add: (request) => {
      seen.push({ id: (last += 1), ...request });
      if (seen.length >= 2 * limit) seen = seen.slice(-limit);
    },
    list: () => seen.slice(-limit),
  };
}
