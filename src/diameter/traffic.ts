/**
 * Charges on their way: each is sent to a peer, answered, timed out (Tx), sent elsewhere. Rules: RFC 6733 5.5.4 and 3 (T),
 * RFC 8506 6.5 (failover of events), E2, E3, E5.
 */
import type { ChargeAnswer, ChargeIdentity, CreditAnswer } from '../domain/charge.ts';
import { nextIdentifier } from '../domain/ids.ts';
import type { Cancel, Clock } from '../lib/clock.ts';
import type { NoteFields } from '../lib/note.ts';
import type { Attempt, Charge, LateAnswer, Route } from './attempt.ts';
import { isNews, isProtocolError, isWorkedOn, match, mayGoElsewhere, newsOf, takeAnswered } from './attempt.ts';
import { unknownMandatory } from './avp.ts';
import { encodeMessage } from './codec/encode.ts';
import { readCca } from './cca.ts';
import type { CcrRequest } from './ccr-request.ts';
import { ccrHeader } from './ccr.ts';
import type { DiameterEvent, DiameterNote } from './events.ts';
import { holdersOf } from './holders.ts';
import type { Field, Incoming } from './message.ts';
import { redirectOf } from './redirect.ts';
import { choose } from './routing.ts';
import type { NodeSettings } from './settings.ts';

export interface TrafficEnv {
  readonly node: NodeSettings;
  readonly clock: Clock;
  readonly note: DiameterNote;
  readonly onLateAnswer: (late: LateAnswer) => void;
  /** What a request that went out came to, and a late answer to it, before anything behind that answer is read. */
  readonly onOutcome: (request: CcrRequest, outcome: ChargeAnswer) => void;
  /** The AVPs of a charge's CCR. */
  readonly fieldsOf: (request: CcrRequest) => readonly Field[];
  readonly firstHopByHop: number;
  /** E2: an End-to-End id belongs to the Origin-Host under which it was given out. */
  readonly adopt: (identity: ChargeIdentity) => ChargeIdentity;
}

export class Traffic {
  readonly #routes: readonly Route[];
  readonly #env: TrafficEnv;
  #hopByHop: number;
  #inflight = 0;
  #cancelExpiry: Cancel | undefined;

  constructor(routes: readonly Route[], env: TrafficEnv) {
    this.#routes = routes;
    this.#env = env;
    this.#hopByHop = env.firstHopByHop;
  }

  /** Unique over all connections of the process. */
  nextHopByHop(): number {
    return (this.#hopByHop = nextIdentifier(this.#hopByHop));
  }

  send(request: CcrRequest): Promise<ChargeAnswer> {
    const { node, clock, adopt, fieldsOf } = this.#env;
    if (this.#inflight >= node.inflight) return Promise.resolve({ kind: 'not-sent', reason: 'busy' });
    const route = this.#choose(request, new Set());
    if (route === undefined) return Promise.resolve({ kind: 'not-sent', reason: 'no open peer' });
    return new Promise((settle) => {
      this.#inflight++;
      const charge: Charge = {
        request,
        fields: fieldsOf(request),
        endToEnd: adopt(request.identity).endToEnd,
        settle,
        tried: new Set(),
        retransmit: request.retransmit,
        unanswered: false,
        live: 0,
        latest: 0,
        outcome: undefined,
        cancelTx: () => undefined,
      };
      // One Tx for all sends of this call: the caller's lease covers that long (E5).
      charge.cancelTx = clock.after(node.tx, () => this.#silent(charge, 'tx'));
      this.#transmit(charge, route);
    });
  }

  /** Nothing more is waited for. */
  close(): void {
    this.#cancelExpiry?.();
  }

  onAnswer(route: Route, message: Incoming): void {
    const attempt = match(route, message);
    const peer = route.peer.name;
    if (attempt === undefined) {
      const { command, hopByHop } = message.header;
      this.#env.note('message.unexpected', { peer, command, hopByHop });
      return;
    }
    const answer = this.#read(peer, attempt, message);
    if (answer === undefined) return; // the entry waits on: to the order it is silence
    const { charge } = attempt;
    const result = answer.resultCode;
    const isFirst = takeAnswered(route, attempt, answer);
    if (isFirst) charge.live--;
    else if (!isNews(charge.request, charge.outcome, answer)) {
      this.#note('message.unexpected', charge, { peer, result });
      return;
    }
    this.#note('charge.answered', charge, { peer, result });
    if (!this.#reroute(peer, charge, answer, message)) this.#conclude(charge, answer);
  }

  /** RFC 6733 5.5.4, the peer is suspect: what waits goes to another one; its own answer may still come and is taken. */
  onFailover(route: Route): void {
    for (const attempt of route.pending.drain()) {
      const { charge } = attempt;
      route.pending.add(attempt.hopByHop, attempt, attempt.deadline);
      const other = isWorkedOn(attempt, charge.live - 1) ? undefined : this.#choose(charge.request, charge.tried);
      if (other !== undefined) this.#resend(charge, other);
    }
  }

  /** The connection is gone: no answer will come over it. */
  onDown(route: Route): void {
    route.answered.clear();
    for (const attempt of route.pending.drain()) this.#lose(attempt);
  }

  #choose(request: CcrRequest, tried: ReadonlySet<Route>): Route | undefined {
    const holders = holdersOf(this.#routes, request);
    const able = holders.filter((route) => route.peer.open && !tried.has(route));
    // Another peer may be open, so that nobody else would call one that asked to be left alone until there is a need.
    if (able.length === 0) for (const { peer } of holders) peer.need();
    return choose(able, request.resends);
  }

  #note(event: DiameterEvent, charge: Charge, fields: NoteFields = {}): void {
    const { orderId, action } = charge.request;
    this.#env.note(event, { order: orderId, action, ...fields });
  }

  #transmit(charge: Charge, route: Route): void {
    const { node, clock } = this.#env;
    const hopByHop = this.nextHopByHop();
    const attempt: Attempt = { charge, hopByHop, deadline: clock.monotonic() + node.requestTimeout, handed: false };
    const { retransmit } = charge;
    const bytes = encodeMessage({ header: ccrHeader(hopByHop, charge.endToEnd, retransmit), fields: charge.fields });
    charge.tried.add(route);
    charge.live++;
    charge.latest = hopByHop;
    route.pending.add(hopByHop, attempt, attempt.deadline);
    route.peer.send(bytes, {
      onHanded: () => void (attempt.handed = true),
      onFlushed: () => this.#note('charge.written', charge, { peer: route.peer.name, retransmit }),
    });
  }

  /** With T from now on, E2: the first send may have arrived. */
  #resend(charge: Charge, route: Route): void {
    charge.unanswered = true;
    charge.retransmit = true;
    this.#note('charge.failover', charge, { peer: route.peer.name });
    this.#transmit(charge, route);
  }

  #lose(attempt: Attempt): void {
    const { charge, handed } = attempt;
    charge.live--;
    charge.unanswered ||= handed;
    if (isWorkedOn(attempt, charge.live)) return;
    const other = this.#choose(charge.request, charge.tried);
    if (other === undefined) this.#giveUp(charge);
    else if (handed) this.#resend(charge, other);
    else this.#transmit(charge, other);
  }

  #giveUp(charge: Charge): void {
    if (charge.live > 0) return;
    if (charge.unanswered) this.#silent(charge, 'link-lost');
    else this.#settle(charge, { kind: 'not-sent', reason: 'link lost before the first octet' });
  }

  #silent(charge: Charge, reason: 'tx' | 'link-lost'): void {
    this.#note('charge.silent', charge, { reason });
    this.#settle(charge, { kind: 'silent', reason });
  }

  #settle(charge: Charge, outcome: ChargeAnswer): void {
    charge.cancelTx();
    charge.outcome = outcome;
    charge.fields = [];
    this.#inflight--;
    if (charge.live > 0) this.#expireIn(this.#env.node.requestTimeout);
    this.#env.onOutcome(charge.request, outcome);
    charge.settle(outcome);
  }

  #expireIn(ms: number): void {
    this.#cancelExpiry ??= this.#env.clock.after(ms, () => {
      this.#cancelExpiry = undefined;
      this.#expire();
    });
  }

  #expire(): void {
    const now = this.#env.clock.monotonic();
    for (const { charge } of this.#routes.flatMap(({ pending }) => pending.expire(now))) {
      charge.live--;
      this.#note('charge.expired', charge);
    }
    const deadlines = this.#routes.flatMap(({ pending }) => pending.next() ?? []);
    if (deadlines.length > 0) this.#expireIn(Math.min(...deadlines) - now);
  }

  /** The answer, or undefined when nothing can be known from it; strictness never turns a grant into a denial. */
  #read(peer: string, { charge }: Attempt, message: Incoming): CreditAnswer | undefined {
    const [unknown] = unknownMandatory(message.avps);
    if (unknown !== undefined) this.#note('avp.unknown-mandatory', charge, { peer, avp: unknown.name });
    if (unknown !== undefined && this.#env.node.unknownMandatory === 'strict') return undefined;
    const cca = readCca(message, charge.request);
    if (cca === undefined) this.#note('charge.unreadable', charge, { peer });
    if (cca?.concern !== undefined) this.#note(cca.concern, charge, { peer });
    return cca?.answer;
  }

  /** RFC 6733 section 3: an error answer was received, so the next one gets it without T (unless a send before went unanswered). */
  #reroute(peer: string, charge: Charge, answer: CreditAnswer, message: Incoming): boolean {
    if (isWorkedOn({ charge, ...message.header }, charge.live) || !mayGoElsewhere(answer)) return false;
    const { resultCode: result } = answer;
    const { route, elsewhere } = redirectOf(message, result, { routes: this.#routes, tried: charge.tried });
    if (elsewhere !== undefined) this.#note('charge.redirected', charge, { peer, hosts: elsewhere });
    const other = route ?? this.#choose(charge.request, charge.tried);
    if (other === undefined) return false;
    this.#note('charge.rerouted', charge, { peer: other.peer.name, result });
    this.#transmit(charge, other);
    return true;
  }

  #conclude(charge: Charge, answer: CreditAnswer): void {
    if (charge.outcome !== undefined) this.#late(charge, charge.outcome, answer);
    else if (!isProtocolError(answer) || !charge.unanswered) this.#settle(charge, answer);
    // E2: an error answer to the second send says nothing of the first.
    else if (charge.live === 0) this.#silent(charge, 'link-lost');
  }

  #late(charge: Charge, outcome: ChargeAnswer, answer: CreditAnswer): void {
    const result = answer.resultCode;
    if (outcome.kind === 'answer') this.#note('charge.answered-twice', charge, { first: outcome.resultCode, result });
    else this.#note('charge.late', charge, { result });
    const late = newsOf(charge.request, outcome, answer);
    if (late === undefined) return;
    this.#env.onOutcome(charge.request, answer);
    this.#env.onLateAnswer(late);
  }
}
