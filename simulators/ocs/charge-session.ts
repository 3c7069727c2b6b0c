/** Session charging with reservation (RFC 8506 section 5): CCR-I holds, CCR-U settles and holds anew, CCR-T settles and ends. */
import { RESULT } from '../diameter/dictionary.ts';
import { available } from './accounts.ts';
import { accountRefusal, balance, type Books } from './charge-event.ts';
import type { Clock } from './clock.ts';
import { granted, refused, type ItemOutcome, type Outcome } from './outcome.ts';
import { affordable, rate, serviceOf } from './rating.ts';
import type { CreditRequest, Item, Units } from './request.ts';

export interface OpenSession {
  readonly sessionId: string;
  readonly msisdn: string;
  readonly originHost: string;
  readonly originRealm: string;
  /** Minor units held, per item key. */
  readonly held: ReadonlyMap<string, bigint>;
}

export interface Sessions {
  charge(request: CreditRequest): Outcome;
  get(sessionId: string): OpenSession | undefined;
  list(): readonly OpenSession[];
  close(): void;
}

interface Live extends OpenSession {
  readonly held: Map<string, bigint>;
  callOff: () => void;
}

interface Needs {
  readonly books: Books;
  readonly clock: Clock;
  /** Validity-Time of every grant, seconds. The server forgets a silent session after twice that (RFC 8506 section 13, Tcc). */
  readonly validityTime: number;
  /** What a balance too low for a reservation gets: 4012, or the rest with Final-Unit-Indication. */
  readonly finalUnits: 'refuse' | 'rest';
  /** Told when a session ran out of time and its reservation went back. */
  readonly expired: (session: OpenSession) => void;
}

const keyOf = (item: Item): string => `${item.ratingGroup ?? ''}/${item.serviceIdentifier ?? ''}`;
const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((total, amount) => total + amount, 0n);

interface Settled {
  readonly outcome: ItemOutcome;
  readonly reserved: bigint;
  readonly used: bigint;
  readonly reason?: string;
}

class SessionBook implements Sessions {
  readonly #needs: Needs;
  readonly #open = new Map<string, Live>();

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  get(sessionId: string): OpenSession | undefined {
    return this.#open.get(sessionId);
  }

  list(): readonly OpenSession[] {
    return [...this.#open.values()];
  }

  close(): void {
    for (const session of this.#open.values()) session.callOff();
  }

  charge(request: CreditRequest): Outcome {
    const known = this.#open.get(request.sessionId);
    if (request.requestType === 'INITIAL') return this.#begin(request, known);
    if (known === undefined)
      return this.#refuse(request, RESULT.unknownSessionId, 'no such session, or it ran out of time');
    const settled = request.items.map((item) => this.#settle(request, known, item));
    const last = request.requestType === 'TERMINATION';
    if (last) this.#end(known);
    else this.#supervise(known);
    const used = sum(settled.map((one) => one.used));
    const action = last ? (used > 0n ? 'COMMIT' : 'RELEASE') : 'UPDATE';
    return this.#outcome(request, settled, action);
  }

  #begin(request: CreditRequest, known: Live | undefined): Outcome {
    if (known !== undefined) return this.#refuse(request, RESULT.unableToComply, 'the session is open already');
    const refusal = accountRefusal(this.#needs.books.accounts.get(request.msisdn));
    if (refusal !== undefined) return this.#refuse(request, refusal.result, refusal.reason);
    const { sessionId, msisdn, originHost, originRealm } = request;
    const session: Live = { sessionId, msisdn, originHost, originRealm, held: new Map(), callOff: () => undefined };
    const outcome = this.#outcome(
      request,
      request.items.map((item) => this.#settle(request, session, item)),
      'RESERVE',
    );
    if (!granted(outcome.result)) return outcome;
    this.#open.set(sessionId, session);
    this.#supervise(session);
    return outcome;
  }

  /** Debits what was used, gives back what was held, holds what is asked for now. */
  #settle(request: CreditRequest, session: Live, item: Item): Settled {
    const { accounts, rating } = this.#needs.books;
    const service = serviceOf(request, item);
    const prices = item.used.map((units) => rate(units, service, rating));
    const broken = prices.find((price) => 'reason' in price);
    if (broken !== undefined && 'reason' in broken) return this.#failed(item, RESULT.ratingFailed, broken.reason);
    const used = sum(prices.map((price) => ('amount' in price ? price.amount : 0n)));
    this.#release(session, keyOf(item));
    accounts.move(session.msisdn, -used);
    const hold = request.requestType === 'TERMINATION' ? undefined : item.requested;
    if (hold === undefined)
      return { outcome: { item, result: RESULT.success, granted: undefined }, reserved: 0n, used };
    return { ...this.#hold(session, item, service), used };
  }

  #hold(session: Live, item: Item, service: string): Settled {
    const { accounts, rating } = this.#needs.books;
    const rated = rate(item.requested ?? { kind: 'open' }, service, rating);
    if ('reason' in rated) return this.#failed(item, RESULT.ratingFailed, rated.reason);
    const account = accounts.get(session.msisdn);
    const left = account === undefined ? 0n : available(account);
    const wanted = { units: item.requested ?? { kind: 'open' as const }, amount: rated.amount };
    if (left >= wanted.amount) return this.#grant(session, item, wanted);
    const rest =
      this.#needs.finalUnits === 'rest' ? affordable(wanted.units, left, rated.amount, rating.currency) : undefined;
    if (rest !== undefined) return this.#grant(session, item, { ...rest, final: true });
    const reason = `balance ${left} is below ${rated.amount}`;
    return { ...this.#failed(item, RESULT.creditLimitReached, reason), reserved: rated.amount };
  }

  #grant(session: Live, item: Item, grant: { units: Units; amount: bigint; final?: boolean }): Settled {
    this.#needs.books.accounts.reserve(session.msisdn, grant.amount);
    session.held.set(keyOf(item), (session.held.get(keyOf(item)) ?? 0n) + grant.amount);
    const outcome = { item, result: RESULT.success, granted: grant.units, final: grant.final === true };
    return { outcome, reserved: grant.amount, used: 0n };
  }

  #failed(item: Item, result: number, reason: string): Settled {
    return { outcome: { item, result, granted: undefined }, reserved: 0n, used: 0n, reason };
  }

  /** One good item makes the request good (RFC 8506 section 5.1.2); the bad ones carry their own Result-Code. */
  #outcome(request: CreditRequest, settled: readonly Settled[], action: Outcome['action']): Outcome {
    const items = settled.map((one) => one.outcome);
    const bad = settled.find((one) => !granted(one.outcome.result));
    const result = items.some((item) => granted(item.result))
      ? RESULT.success
      : (bad?.outcome.result ?? RESULT.success);
    const debited = sum(settled.map((one) => one.used));
    const amount = action === 'COMMIT' ? debited : sum(settled.map((one) => one.reserved));
    const service = serviceOf(request, request.items[0]);
    const holds = items.some((item) => item.granted !== undefined);
    return {
      ...{ result, items, action, service, amount, debited },
      ...(bad?.reason === undefined ? {} : { reason: bad.reason }),
      ...(holds ? { validityTime: this.#needs.validityTime } : {}),
      ...balance(this.#needs.books, request),
    };
  }

  #refuse(request: CreditRequest, result: number, reason: string): Outcome {
    const action = ({ INITIAL: 'RESERVE', UPDATE: 'UPDATE', TERMINATION: 'RELEASE', EVENT: 'RELEASE' } as const)[
      request.requestType
    ];
    const about = { action, service: serviceOf(request, request.items[0]), amount: 0n };
    return { ...refused(about, result, reason, request.items), ...balance(this.#needs.books, request) };
  }

  #release(session: Live, key: string): void {
    const held = session.held.get(key) ?? 0n;
    session.held.delete(key);
    if (held !== 0n) this.#needs.books.accounts.reserve(session.msisdn, -held);
  }

  #end(session: Live): void {
    session.callOff();
    for (const key of [...session.held.keys()]) this.#release(session, key);
    this.#open.delete(session.sessionId);
  }

  #supervise(session: Live): void {
    session.callOff();
    session.callOff = this.#needs.clock.after(2000 * this.#needs.validityTime, () => {
      const before: OpenSession = { ...session, held: new Map(session.held) };
      this.#end(session);
      this.#needs.expired(before);
    });
  }
}

export function createSessions(needs: Needs): Sessions {
  return new SessionBook(needs);
}
