import { present } from '../lib/present.ts';
import type { Breaker, BreakerSettings } from '../domain/breaker.ts';
import { admits, heard, newBreaker, outcomeOf, sending, tick } from '../domain/breaker.ts';
import type { ChargeAction, ChargeAnswer, FailureTerms } from '../domain/charge.ts';
import type { Charging } from '../flow/ports/ports.ts';
import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';

export interface GuardedEnv {
  readonly settings: BreakerSettings;
  readonly clock: Clock;
  readonly note: Note;
  /** Charges may be sent again: what waits may come. */
  readonly onMended: () => void;
}

/**
 * While the breaker is open the flows find no way to the OCS, as if no peer were open: orders wait in the queue and their
 * subscribers are told so. Nothing else about a charge changes, so what was sent stays sent (E1 to E3). It also remembers
 * what the OCS last said of failure handling (E7).
 */
export function guardCharging(inner: Charging, { settings, clock, note, onMended }: GuardedEnv): Required<Charging> {
  let breaker = newBreaker(clock.monotonic(), settings);
  let terms: FailureTerms = {};

  function become(next: Breaker): void {
    const before = breaker.state;
    breaker = next;
    if (next.state === before) return;
    note(`breaker.${next.state}`);
    if (next.state === 'closed') onMended();
  }
  const now = (): Breaker => {
    become(tick(breaker, clock.monotonic(), settings));
    return breaker;
  };
  function learn(answer: ChargeAnswer, action: ChargeAction, sentAt: number): void {
    if (answer.kind === 'answer') terms = { ...terms, ...failureTerms(answer.session ?? {}) };
    const outcome = outcomeOf(answer, action);
    if (outcome !== undefined) become(heard(now(), outcome, { sentAt, now: clock.monotonic() }, settings));
  }

  return {
    open: () => admits(now(), settings) && inner.open(),
    shutBecause: () => (admits(now(), settings) ? inner.shutBecause?.() : 'the OCS does not work, the breaker is open'),
    terms: () => terms,
    async send(request) {
      if (!admits(now(), settings, request.action)) return { kind: 'not-sent', reason: 'the breaker is open' };
      const sentAt = clock.monotonic();
      become(sending(breaker));
      const answer = await inner.send(request);
      learn(answer, request.action, sentAt);
      return answer;
    },
    newIdentity: (orderId, seconds) => inner.newIdentity(orderId, seconds),
    adopt: (identity) => inner.adopt(identity),
    endNumber: (sessionId) => inner.endNumber(sessionId),
  };
}

function failureTerms({ ccfh, ddfh, sessionFailover }: FailureTerms): FailureTerms {
  return present<FailureTerms>({ ccfh, ddfh, sessionFailover });
}
