import type { Cancel } from '../../lib/clock.ts';
import type { Receipt } from '../../domain/message.ts';
import type { UssdTurn } from '../../domain/ussd.ts';
import { encodePdu } from '../codec/codec.ts';
import type { SmppEnv } from '../env.ts';
import type { GatewayHandlers } from '../handlers.ts';
import type { MoPart } from './inbound.ts';
import { concatKey, moOf, readInbound, readStoredPart, smscIdOf } from './inbound.ts';
import type { PartStore } from '../../flow/ports/part-store.ts';
import type { Pdu } from '../pdu.ts';
import { STATUS } from '../pdu.ts';
import { PartJoiner } from './reassembly.ts';
import type { Reply } from '../reply.ts';
import { retryStatus } from '../reply.ts';
import type { LinkSettings } from '../settings.ts';
import type { Concat } from '../text/udh.ts';
import type { Pending } from './unanswered.ts';
import { nothing, settled, Unanswered } from './unanswered.ts';

/** PDUs that may wait for the store at once, MOs and receipts together; what comes on top shall come again (E24). */
const MOST_HELD = 4000;
const MOST_PART_OCTETS = 8 * 1024 * 1024;

interface Held extends Pending {
  readonly part: MoPart;
}

/** Where a part belongs. */
interface Place {
  readonly key: string;
  readonly concat: Concat;
}

/**
 * What handsets and the SMSC send to us: joins parts, hands over MOs and receipts, and answers each PDU only when its
 * fate is known. One per gateway, because the parts of a message may come over several links of its SMSC.
 */
export class Inbox {
  readonly #handlers: GatewayHandlers;
  readonly #env: SmppEnv;
  readonly #joiner: PartJoiner<Held>;
  readonly #unanswered: Unanswered;
  #draining = false;
  #alarm: Cancel | undefined;

  /** `timeout` in milliseconds: how long parts wait for the missing ones. */
  constructor(handlers: GatewayHandlers, env: SmppEnv, timeout: number) {
    this.#handlers = handlers;
    this.#env = env;
    this.#unanswered = new Unanswered(env, MOST_HELD);
    this.#joiner = new PartJoiner({ timeout, messages: MOST_HELD, octets: MOST_PART_OCTETS });
  }

  /** From now on MOs hear that they shall come again; receipts are still taken. */
  drain(): void {
    this.#draining = true;
  }

  /** Gives up unfinished long messages, and resolves when every PDU was answered. */
  idle(): Promise<void> {
    this.#giveUp(Number.POSITIVE_INFINITY);
    return this.#unanswered.idle();
  }

  take(settings: LinkSettings, pdu: Pdu, reply: Reply): void {
    const inbound = readInbound(pdu, settings);
    const about = { link: settings.name, command: pdu.command, sequence: pdu.sequence };
    switch (inbound.kind) {
      case 'receipt':
        this.#receipt({ settings, sequence: pdu.sequence, reply }, inbound.receipt, about);
        return;
      case 'ignored':
        this.#env.note('receipt.ignored', { why: inbound.why, ...about });
        reply(STATUS.ok, nothing);
        return;
      case 'junk':
        this.#env.note('mo.junk', { why: inbound.why, ...about });
        reply(STATUS.permanentAppError, nothing);
        return;
      case 'ussd':
        this.#ussd({ settings, sequence: pdu.sequence, reply }, inbound.turn);
        return;
      case 'part':
        this.#part({ settings, sequence: pdu.sequence, part: inbound.part, reply });
    }
  }

  #receipt({ settings, reply }: Pending, receipt: Receipt, about: Readonly<Record<string, string | number>>): void {
    if (this.#unanswered.full) {
      reply(retryStatus(settings, STATUS.throttled), nothing);
      return;
    }
    this.#env.note('receipt.received', { state: receipt.state, error: receipt.error, ...about });
    this.#unanswered.hold();
    const answer = (status: number) => {
      reply(status, nothing);
      this.#unanswered.release(1);
    };
    settled(() => this.#handlers.onReceipt(receipt)).then(
      () => answer(STATUS.ok),
      (error: unknown) => {
        this.#env.note('receipt.store-failed', { reason: String(error), ...about });
        answer(retryStatus(settings, STATUS.temporaryAppError));
      },
    );
  }

  /** A drain lets dialogues end and begins none. */
  #ussd(pending: Pending, turn: UssdTurn): void {
    const { onUssd } = this.#handlers;
    const draining = this.#draining && turn.event.startsWith('dial');
    if (onUssd === undefined || draining || this.#unanswered.full) {
      this.#unanswered.refuse(pending, draining ? 'draining' : 'pressure', STATUS.throttled);
      return;
    }
    this.#unanswered.hold();
    this.#env.note('ussd.received', { link: turn.link, sequence: pending.sequence, turn: turn.event });
    this.#unanswered.hand(
      pending,
      () => onUssd(turn),
      () => [pending],
    );
  }

  #part(held: Held): void {
    if (this.#draining || this.#unanswered.full) {
      this.#unanswered.refuse(held, this.#draining ? 'draining' : 'pressure', STATUS.throttled);
      return;
    }
    if (held.part.concat === undefined) {
      this.#unanswered.hold();
      this.#store(held, [held.part], () => [held]);
      return;
    }
    const place = { key: concatKey(held.part, held.part.concat, held.settings), concat: held.part.concat };
    if (this.#handlers.parts === undefined) this.#join(held, place);
    else this.#put(held, place, this.#handlers.parts);
  }

  /** Parts meet in the store: each is acknowledged when it is there, the last when the whole message is. */
  #put(held: Held, { key, concat }: Place, store: PartStore): void {
    this.#unanswered.hold();
    const { sequence, total } = concat;
    const { data } = held.part;
    const pdu = encodePdu(held.part.pdu);
    const { reassemblyTimeout: timeout, name: link } = held.settings;
    const smscId = smscIdOf(held.part, held.settings);
    settled(() => store.put({ key, sequence, total, data, pdu, timeout, link, smscId })).then(
      (put) => {
        if (put.kind !== 'complete') {
          held.reply(STATUS.ok, nothing);
          this.#unanswered.release(1);
          return;
        }
        const parts = put.pdus.map((each) => readStoredPart(Buffer.from(each), held.settings));
        this.#store(
          held,
          parts.filter((part) => part !== undefined),
          (stored) => {
            if (stored) store.done(key).catch((error: unknown) => this.#noteFailed(held, error));
            return [held];
          },
        );
      },
      (error: unknown) => {
        this.#noteFailed(held, error);
        this.#unanswered.giveUp([held], 'store-failed');
      },
    );
  }

  #noteFailed({ settings, sequence }: Held, error: unknown): void {
    this.#env.note('mo.store-failed', { link: settings.name, sequence, reason: String(error) });
  }

  #join(held: Held, place: Place): void {
    const offered = this.#joiner.offer({ data: held.part.data, hold: held, ...place }, this.#env.clock.monotonic());
    this.#unanswered.giveUp(offered.displaced, 'displaced');
    if (offered.kind === 'full') {
      this.#unanswered.refuse(held, 'pressure', STATUS.throttled);
      return;
    }
    if (offered.kind === 'repeat') {
      held.reply(STATUS.ok, nothing);
      return;
    }
    this.#unanswered.hold();
    this.#arm();
    if (offered.kind !== 'joined') return;
    const parts = offered.parts.map((each) => each.part);
    this.#store(held, parts, (stored) => this.#joiner.finish(place.key, stored));
  }

  /** Hands over one whole message that `held` completed; `all` names every PDU to be answered for it. */
  #store(held: Held, parts: readonly MoPart[], all: (stored: boolean) => readonly Held[]): void {
    const mo = moOf(parts[0] ?? held.part, parts, held.settings, this.#env.clock.now());
    this.#env.note('mo.received', { link: mo.link, sequence: held.sequence, parts: parts.length });
    this.#unanswered.hand(held, () => this.#handlers.onMo(mo), all);
  }

  #arm(): void {
    this.#alarm?.();
    const next = this.#joiner.next();
    if (next === undefined) return;
    const wait = Math.max(next - this.#env.clock.monotonic(), 1);
    this.#alarm = this.#env.clock.after(wait, () => this.#giveUp(this.#env.clock.monotonic()));
  }

  #giveUp(now: number): void {
    for (const { holds, have, total } of this.#joiner.expire(now)) {
      this.#env.note('mo.parts-missing', { link: holds[0]?.settings.name, have, total });
      this.#unanswered.giveUp(holds, 'parts-missing');
    }
    this.#arm();
  }
}
