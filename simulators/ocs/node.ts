/** The Diameter node: which request goes where, and what is refused before credit control sees it (RFC 6733 section 6). */
import { checkAvps, zeroFilled, type Violation } from '../diameter/check.ts';
import { APPLICATION, COMMAND, commandName, RESULT } from '../diameter/dictionary.ts';
import { dissect, dissectHeader } from '../diameter/dissect.ts';
import { avp, allNamed, textOf } from '../diameter/values.ts';
import { E_BIT, R_BIT, T_BIT, type BrokenMessage, type Message } from '../diameter/message.ts';
import { errorAnswer } from './answer.ts';
import { cea, dpa, dwa, dwrAvps, identityIn, judgeCer, type BaseResult } from './base.ts';
import { receiveCcr, type CreditControl } from './credit-control.ts';
import { deliver } from './deliver.ts';
import type { Fault, Faults } from './faults.ts';
import type { Peer, PeerOwner } from './peer.ts';
import { readCreditRequest, type CreditRequest } from './request.ts';
import type { RequestLog } from './request-log.ts';

export interface NodeParts {
  readonly control: CreditControl;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly peers: Set<Peer>;
  readonly watchdogMs: number;
  readonly unknownMandatory: 'reject' | 'ignore';
  /** None: nothing is dissected, which is what a load run wants. */
  readonly log: ((event: object) => void) | undefined;
}

interface Refusal {
  readonly result: number;
  readonly message: string;
  readonly offending?: Violation['offending'];
}

/** Header bits that must be zero in a request: E, and the reserved four (section 3). */
const FORBIDDEN_BITS = E_BIT | 0x0f;

const APPLICATION_OF: Readonly<Record<number, number>> = {
  [COMMAND.CE]: APPLICATION.base,
  [COMMAND.DW]: APPLICATION.base,
  [COMMAND.DP]: APPLICATION.base,
  [COMMAND.CC]: APPLICATION.creditControl,
};

function refuseHeader(message: Message): Refusal | undefined {
  if (message.version !== 1) return { result: RESULT.unsupportedVersion, message: `version ${message.version}` };
  if ((message.flags & FORBIDDEN_BITS) !== 0)
    return { result: RESULT.invalidHdrBits, message: 'E or a reserved bit is set' };
  const application = APPLICATION_OF[message.command];
  if (application === undefined) return { result: RESULT.commandUnsupported, message: `command ${message.command}` };
  if (application === message.application) return undefined;
  return { result: RESULT.applicationUnsupported, message: `application ${message.application}` };
}

export class DiameterNode implements PeerOwner {
  readonly clock;
  readonly watchdogMs: number;
  readonly #parts: NodeParts;

  constructor(parts: NodeParts) {
    this.#parts = parts;
    this.clock = parts.control.clock;
    this.watchdogMs = parts.watchdogMs;
  }

  request(peer: Peer, message: Message): void {
    const refusal =
      refuseHeader(message) ?? checkAvps(message.avps, { depth: 0, unknownMandatory: this.#parts.unknownMandatory });
    if (refusal !== undefined) this.#refuse(peer, message, refusal);
    else if (message.command === COMMAND.CC) this.#creditControl(peer, message);
    else this.#base(peer, message);
  }

  /** A wrong AVP length: 5014 with the offending header (section 7.1.5); a broken answer is only noted. */
  broken(peer: Peer, { header, fault }: BrokenMessage): void {
    this.#parts.log?.({ ...this.#stamp(peer, 'in'), ...dissectHeader(header), broken: 'avp-length' });
    if ((header.flags & R_BIT) === 0) return;
    this.#refuse(
      peer,
      { ...header, avps: [] },
      { result: RESULT.invalidAvpLength, message: `AVP at octet ${fault.at}`, offending: zeroFilled(fault.offending) },
    );
  }

  idle(peer: Peer): void {
    const avps = dwrAvps(this.#parts.control.identity);
    peer.request({ command: COMMAND.DW, application: APPLICATION.base, avps }, () => undefined);
  }

  gone(peer: Peer): void {
    this.#parts.peers.delete(peer);
    this.note(peer, 'disconnected');
  }

  saw(peer: Peer, direction: 'in' | 'out', message: Message): void {
    const name = commandName(message.command, (message.flags & R_BIT) !== 0);
    this.#parts.control.metrics.count(
      direction === 'in' ? 'ocs_messages_received_total' : 'ocs_messages_sent_total',
      name,
    );
    this.#parts.log?.({ ...this.#stamp(peer, direction), ...dissect(message) });
  }

  note(peer: Peer, text: string): void {
    this.#parts.log?.({ event: 'peer', at: this.#now(), peer: nameOf(peer), address: peer.address, note: text });
  }

  #now(): string {
    return new Date(this.clock.now()).toISOString();
  }

  #stamp(peer: Peer, direction: 'in' | 'out'): object {
    return { event: 'message', at: this.#now(), peer: nameOf(peer), direction };
  }

  #refuse(peer: Peer, message: Message, refusal: Refusal): void {
    const { result, offending } = refusal;
    const why = { reason: refusal.message, ...(offending === undefined ? {} : { failed: offending }) };
    this.#parts.control.metrics.count('ocs_refused_requests_total', String(result));
    this.#seen(peer, message, { refused: result });
    const { identity } = this.#parts.control;
    const isCer = message.command === COMMAND.CE;
    // A CEA names the node whatever its result (section 5.3.2).
    peer.send(
      isCer
        ? cea(message, identity, peer.localAddress, { result, ...why })
        : errorAnswer(message, identity, result, why),
    );
    if (result === RESULT.unsupportedVersion || peer.state === 'wait-cer') peer.end();
  }

  #strike(peer: Peer, message: Message, credit?: CreditRequest): Fault | undefined {
    const command =
      ({ [COMMAND.CE]: 'CER', [COMMAND.DW]: 'DWR', [COMMAND.DP]: 'DPR' } as const)[message.command] ?? 'CCR';
    const originHost = textOf(message.avps, 'Origin-Host') ?? '';
    const fault = this.#parts.faults.strike({ command, originHost, ...(credit === undefined ? {} : { credit }) });
    if (fault === undefined) return undefined;
    this.#parts.control.metrics.count('ocs_faults_total', fault.action);
    this.#parts.log?.({
      event: 'fault',
      at: this.#now(),
      peer: nameOf(peer),
      command,
      action: fault.action,
      msisdn: credit?.msisdn,
    });
    return fault;
  }

  #base(peer: Peer, message: Message): void {
    const fault = this.#strike(peer, message);
    const { identity } = this.#parts.control;
    const forced: BaseResult | undefined = fault?.resultCode === undefined ? undefined : { result: fault.resultCode };
    const sending = (answer: Message): void => {
      deliver({ peer, answer, clock: this.clock, identity }, fault);
    };
    if (message.command === COMMAND.DW) sending(dwa(message, identity, forced));
    else if (message.command === COMMAND.CE) this.#capabilities(peer, message, forced, sending);
    else {
      peer.state = 'closing';
      sending(dpa(message, identity, forced));
      if (fault === undefined) peer.end();
    }
  }

  #capabilities(peer: Peer, cer: Message, forced: BaseResult | undefined, sending: (answer: Message) => void): void {
    const judged = forced ?? judgeCer(cer);
    const good = judged.result === RESULT.success;
    if (good) peer.open(identityIn(cer));
    sending(cea(cer, this.#parts.control.identity, peer.localAddress, judged));
    this.note(peer, good ? 'open' : `CER refused with ${judged.result}`);
    if (!good) peer.end();
  }

  #creditControl(peer: Peer, message: Message): void {
    const credit = this.#misrouted(message) ?? readCreditRequest(message);
    if ('result' in credit) {
      this.#refuse(peer, message, credit);
      return;
    }
    const fault = this.#strike(peer, message, credit);
    this.#seen(peer, message, { credit, fault });
    receiveCcr(this.#parts.control, { peer, message, credit, fault });
  }

  /** Sections 6.1.4 and 6.1.7: a loop, a realm or a host that is not ours. */
  #misrouted(message: Message): Refusal | undefined {
    const { originHost, originRealm } = this.#parts.control.identity;
    const looped = allNamed(message.avps, 'Route-Record').some((one) => isSame(one.data.toString(), originHost));
    if (looped) return { result: RESULT.loopDetected, message: 'our own name is in Route-Record' };
    const realm = textOf(message.avps, 'Destination-Realm') ?? originRealm;
    if (!isSame(realm, originRealm))
      return {
        result: RESULT.realmNotServed,
        message: `realm ${realm} is not served here`,
        offending: avp('Destination-Realm', realm),
      };
    const host = textOf(message.avps, 'Destination-Host') ?? originHost;
    if (isSame(host, originHost) || this.#parts.faults.answeredAs(host)) return undefined;
    return {
      result: RESULT.unableToDeliver,
      message: `host ${host} is not known here`,
      offending: avp('Destination-Host', host),
    };
  }

  #seen(
    peer: Peer,
    message: Message,
    about: { credit?: CreditRequest; fault?: Fault | undefined; refused?: number },
  ): void {
    const { credit, fault, refused } = about;
    this.#parts.requests.add({
      at: this.#now(),
      peer: nameOf(peer),
      command: commandName(message.command, true),
      sessionId: credit?.sessionId ?? textOf(message.avps, 'Session-Id'),
      requestNumber: credit?.requestNumber,
      requestType: credit?.requestType,
      action: credit?.action,
      msisdn: credit?.msisdn,
      originHost: textOf(message.avps, 'Origin-Host'),
      hopByHop: message.hopByHop,
      endToEnd: message.endToEnd,
      retransmit: (message.flags & T_BIT) !== 0,
      fault: fault?.action,
      refused,
    });
  }
}

/** A DiameterIdentity is a domain name: case is nothing (section 4.3.1). */
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Its Origin-Host, or its address until the CER came. */
export const nameOf = (peer: Peer): string => peer.identity?.originHost ?? peer.address;
