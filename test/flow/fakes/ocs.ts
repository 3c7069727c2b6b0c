import type { ChargeAnswer, ChargeIdentity, ChargeRequest, CreditAnswer } from '../../../src/domain/charge.ts';
import { nextIdentifier, sessionId } from '../../../src/domain/ids.ts';
import type { Charging } from '../../../src/flow/ports/ports.ts';

/** What the OCS does with the next request, while the client waits; the last word is what the client hears. */
export type Act = (request: ChargeRequest, ocs: Ocs) => Promise<ChargeAnswer> | ChargeAnswer;

/** What an action does to what the subscriber has paid. */
const MOVES: Readonly<Record<ChargeRequest['action'], number>> = {
  debit: 1,
  commit: 1,
  refund: -1,
  reserve: 0,
  release: 0,
  balance: 0,
  price: 0,
};

/** An OCS that plays a script and keeps a ledger by Session-Id and CC-Request-Number (E4). It outlives the processes. */
export class Ocs {
  /** A peer is open. */
  open = true;
  /** Of the end of a session, by the updates that its process sent. */
  endNumber = 1;
  /** Every request that left, in order. */
  readonly received: ChargeRequest[] = [];
  /** Net minor units by Session-Id and CC-Request-Number: debits above zero, refunds below. */
  readonly ledger = new Map<string, number>();
  readonly #acts: Act[] = [];

  /** The next requests meet these, in order; whatever comes after them is granted. */
  plays(...acts: readonly Act[]): void {
    this.#acts.push(...acts);
  }

  /** Whatever was to be played is over: from here on it grants. */
  forget(): void {
    this.#acts.length = 0;
  }

  async hear(request: ChargeRequest): Promise<ChargeAnswer> {
    if (!this.open) return { kind: 'not-sent', reason: 'no peer is open' };
    const act = this.#acts.shift() ?? grants();
    const before = this.received.length;
    this.received.push(request);
    const answer = await act(request, this);
    if (answer.kind === 'not-sent') this.received.splice(before, 1);
    return answer;
  }

  /** Minor units held by Session-Id, from the reservation to its commit or release. */
  readonly held = new Map<string, number>();

  book(request: ChargeRequest, minor = request.price.minor): void {
    const { sessionId } = request.identity;
    const key = `${sessionId}#${request.identity.requestNumber}`;
    if (this.ledger.has(key)) return;
    this.ledger.set(key, MOVES[request.action] * minor);
    if (request.action === 'reserve') this.held.set(sessionId, minor);
    if (request.action === 'commit' || request.action === 'release') this.held.delete(sessionId);
  }

  /** What the subscriber has paid in the end, minor units. */
  get paid(): number {
    return [...this.ledger.values()].reduce((sum, minor) => sum + minor, 0);
  }
}

export function answer(resultCode: number, granted?: number): CreditAnswer {
  return { kind: 'answer', resultCode, experimental: false, granted, failedAvp: undefined };
}

/** 2001, booked once. */
export function grants(granted?: number): Act {
  return (request, ocs) => {
    ocs.book(request, granted);
    return answer(granted === undefined ? 2001 : 2002, granted);
  };
}

/** An answer that books nothing. */
export function says(resultCode: number): Act {
  return () => answer(resultCode);
}

/** No answer. Whether the debit happened is the OCS's secret: `booked` says it did. */
export function isSilent(booked: 'booked' | 'lost' = 'lost', reason: 'tx' | 'link-lost' = 'tx'): Act {
  return (request, ocs) => {
    if (booked === 'booked') ocs.book(request);
    return { kind: 'silent', reason };
  };
}

/** The peer goes before a byte was handed to the socket. */
export function closesFirst(): Act {
  return () => ({ kind: 'not-sent', reason: 'the peer closed' });
}

/** Something happens while the answer is awaited. */
export function meanwhile(happens: () => Promise<unknown>, act: Act = grants()): Act {
  return async (request, ocs) => {
    await happens();
    return act(request, ocs);
  };
}

/** The Charging port of one process: its own Origin-Host and its own End-to-End ids. */
export function createCharging(ocs: Ocs, originHost: string, firstEndToEnd: number): Charging {
  let endToEnd = firstEndToEnd;
  let low = 0;
  const fresh = (): { endToEnd: number; originHost: string } => ({
    endToEnd: (endToEnd = nextIdentifier(endToEnd)),
    originHost,
  });
  return {
    open: () => ocs.open,
    send: (request) => ocs.hear(request),
    newIdentity: (orderId, nowSeconds): ChargeIdentity => ({
      sessionId: sessionId(originHost, nowSeconds, ++low, orderId),
      requestNumber: 0,
      eventTimestamp: nowSeconds,
      ...fresh(),
    }),
    endNumber: () => ocs.endNumber,
    adopt: (identity) => (identity.originHost === originHost ? identity : { ...identity, ...fresh() }),
  };
}
