/** The reservations of this process that live, so that a server's Re-Auth-Request finds its session (RFC 8506 5.5). */
import type { ChargeAnswer, ChargeRequest } from '../domain/charge.ts';
import { createRecent } from '../lib/recent.ts';
import type { CcrRequest } from './ccr-request.ts';

/** More at once than orders are between their reservation and its end; the oldest are forgotten first. */
const MOST = 10_000;

/**
 * Numbers of updates start here: 0 is the reservation and 1 is stored for its end (E2). RFC 8506 8.2 asks that a session's
 * numbers differ, not that they grow.
 */
const FIRST_UPDATE = 2;

interface Live {
  readonly request: ChargeRequest;
  nextNumber: number;
}

export interface Sessions {
  knows(sessionId: string): boolean;
  /** Before a request goes: a session that is being ended is asked for nothing more. */
  sending(request: ChargeRequest): void;
  /** After it came back. */
  answered(request: ChargeRequest, answer: ChargeAnswer): void;
  /** The CCR-U of a live session, with its own number. */
  update(sessionId: string, endToEnd: number): CcrRequest | undefined;
}

export function createSessions(): Sessions {
  const live = createRecent<string, Live>(MOST);
  return {
    knows: (sessionId) => live.get(sessionId) !== undefined,
    sending({ action, identity }) {
      if (action === 'commit' || action === 'release') live.delete(identity.sessionId);
    },
    answered(request, answer) {
      const isHeld = answer.kind === 'answer' && Math.floor(answer.resultCode / 1000) === 2;
      if (request.action !== 'reserve' || !isHeld) return;
      // The session's terms come along: they say which server an update must go to (RFC 8506 8.4).
      live.set(request.identity.sessionId, {
        request: { ...request, session: answer.session },
        nextNumber: FIRST_UPDATE,
      });
    },
    update(sessionId, endToEnd) {
      const session = live.get(sessionId);
      if (session === undefined) return undefined;
      const { request } = session;
      const identity = { ...request.identity, requestNumber: session.nextNumber++, endToEnd };
      return { ...request, identity, action: 'update', retransmit: false };
    },
  };
}
