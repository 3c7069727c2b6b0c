/** The reservations of this process that live, so that a server's Re-Auth-Request finds its session (RFC 8506 5.5). */
import type { ChargeAnswer, ChargeRequest } from '../domain/charge.ts';
import { createRecent } from '../lib/recent.ts';
import type { CcrRequest } from './ccr-request.ts';

/** More at once than orders are between their reservation and its end; the oldest are forgotten first. */
const MOST = 10_000;

/** The end of a session without updates (RFC 8506 8.2). 0 was the reservation. */
const END = 1;

/**
 * Numbers of updates start here, for a process that takes the session over knows of none of them, and ends it under `END`: a
 * session's numbers must differ.
 */
const FIRST_UPDATE = 2;

interface Live {
  readonly request: CcrRequest;
  nextNumber: number;
  /** The one on its way. */
  update: Promise<unknown> | undefined;
}

/** Of a session that lives, and whose end has no number yet: whether a CCR-U is on its way. */
export type Standing = 'idle' | 'updating';

export interface Sessions {
  /** Undefined where no update may go. */
  knows(sessionId: string): Standing | undefined;
  /**
   * Before a request goes: a session that is being ended is asked for nothing more. Returns what its end waits for: a CCR-T that
   * overtakes a CCR-U makes an unknown session of that.
   */
  sending(request: ChargeRequest): Promise<unknown> | undefined;
  /** As it comes back, late answers too: what its server asks for next may be in the same segment. */
  answered(request: CcrRequest, answer: ChargeAnswer): void;
  /** The CC-Request-Number of its end, one more than that of the last update; no update goes from here on. */
  ending(sessionId: string): number;
  /** The CCR-U of a session that is known, with its own number. */
  update(sessionId: string, endToEnd: number): CcrRequest | undefined;
  /** It is on its way. */
  updating(sessionId: string, answered: Promise<unknown>): void;
}

export function createSessions(): Sessions {
  const live = createRecent<string, Live>(MOST);
  /** Their end has a number: an update after it would have the same, and a late answer to their reservation opens them no more. */
  const ending = createRecent<string, true>(MOST);
  return {
    knows(sessionId) {
      const session = live.get(sessionId);
      if (session === undefined || ending.get(sessionId) !== undefined) return undefined;
      return session.update === undefined ? 'idle' : 'updating';
    },
    ending(sessionId) {
      ending.set(sessionId, true);
      const { nextNumber = FIRST_UPDATE } = live.get(sessionId) ?? {};
      return nextNumber === FIRST_UPDATE ? END : nextNumber;
    },
    sending({ action, identity }) {
      if (action !== 'commit' && action !== 'release') return undefined;
      ending.set(identity.sessionId, true);
      const update = live.get(identity.sessionId)?.update;
      live.delete(identity.sessionId);
      return update;
    },
    answered(request, answer) {
      const { sessionId } = request.identity;
      const session = live.get(sessionId);
      if (session !== undefined && request.action === 'update') session.update = undefined;
      const opened = openedBy(request, answer);
      if (opened === undefined || session !== undefined || ending.get(sessionId) !== undefined) return;
      live.set(sessionId, opened);
    },
    update(sessionId, endToEnd) {
      const session = live.get(sessionId);
      return session && nextUpdate(session, endToEnd);
    },
    updating(sessionId, answered) {
      const session = live.get(sessionId);
      if (session !== undefined) follow(session, answered);
    },
  };
}

/** The session that a reservation opened, with its terms: they say which server an update must go to (RFC 8506 8.4). */
function openedBy(request: CcrRequest, answer: ChargeAnswer): Live | undefined {
  const isHeld = answer.kind === 'answer' && Math.floor(answer.resultCode / 1000) === 2;
  if (request.action !== 'reserve' || !isHeld) return undefined;
  return { request: { ...request, session: answer.session }, nextNumber: FIRST_UPDATE, update: undefined };
}

function nextUpdate(session: Live, endToEnd: number): CcrRequest {
  const { request } = session;
  const identity = { ...request.identity, requestNumber: session.nextNumber++, endToEnd };
  return { ...request, identity, action: 'update', retransmit: false };
}

function follow(session: Live, update: Promise<unknown>): void {
  session.update = update;
  // One that did not leave is answered by nobody.
  void update.then(() => {
    if (session.update === update) session.update = undefined;
  });
}
