import type { Cancel } from '../lib/clock.ts';
import type { Receipt } from '../domain/message.ts';
import { encodePdu } from './codec/codec.ts';
import type { SmppEnv } from './env.ts';
import type { MoAnswer, GatewayHandlers } from './handlers.ts';
import { ACK_STATUS } from './handlers.ts';
import type { MoPart } from './inbound.ts';
import { concatKey, moOf, readInbound, readStoredPart } from './inbound.ts';
import type { PartStore } from './part-store.ts';
import type { Pdu } from './pdu.ts';
import { STATUS } from './pdu.ts';
import { PartJoiner } from './reassembly.ts';
import type { Reply } from './session.ts';
import type { LinkSettings } from './settings.ts';
import type { Concat } from './text/udh.ts';

/** PDUs that may wait for the store at once; what comes on top hears ESME_RTHROTTLED. */
const MOST_HELD = 1000;
const MOST_PART_OCTETS = 8 * 1024 * 1024;

/** One PDU that waits for its answer. */
interface Held {
  readonly settings: LinkSettings;
  readonly sequence: number;
  readonly part: MoPart;
  readonly reply: Reply;
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
  #held = 0;
  #draining = false;
  #alarm: Cancel | undefined;
  #whenIdle: (() => void)[] = [];

  /** `timeout` in milliseconds: how long parts wait for the missing ones. */
  constructor(handlers: GatewayHandlers, env: SmppEnv, timeout: number) {
    this.#handlers = handlers;
    this.#env = env;
    this.#joiner = new PartJoiner({ timeout, messages: MOST_HELD, octets: MOST_PART_OCTETS });
  }

  /** From now on MOs hear ESME_RTHROTTLED; receipts are still taken. */
  drain(): void {
    this.#draining = true;
  }

  /** Gives up unfinished long messages, and resolves when every PDU was answered. */
  idle(): Promise<void> {
    this.#giveUp(Number.POSITIVE_INFINITY);
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#settleIdle();
    });
  }

  take(settings: LinkSettings, pdu: Pdu, reply: Reply): void {
    const inbound = readInbound(pdu, settings);
    const about = { link: settings.name, command: pdu.command, sequence: pdu.sequence };
    switch (inbound.kind) {
      case 'receipt':
        this.#receipt(inbound.receipt, about, reply);
        return;
      case 'ignored':
        this.#env.note('receipt.ignored', { ...about, why: inbound.why });
        reply(STATUS.ok, nothing);
        return;
      case 'junk':
        this.#env.note('mo.junk', { ...about, why: inbound.why });
        reply(STATUS.permanentAppError, nothing);
        return;
      case 'part':
        this.#part({ settings, sequence: pdu.sequence, part: inbound.part, reply });
    }
  }

  #receipt(receipt: Receipt, about: Readonly<Record<string, string | number>>, reply: Reply): void {
    if (this.#held >= MOST_HELD) {
      reply(STATUS.throttled, nothing);
      return;
    }
    this.#env.note('receipt.received', { ...about, state: receipt.state, error: receipt.error });
    this.#held += 1;
    const answer = (status: number) => {
      reply(status, nothing);
      this.#release(1);
    };
    settled(() => this.#handlers.onReceipt(receipt)).then(
      () => answer(STATUS.ok),
      () => {
        this.#env.note('receipt.store-failed', about);
        answer(STATUS.temporaryAppError);
      },
    );
  }

  #part(held: Held): void {
    if (this.#draining || this.#held >= MOST_HELD) {
      this.#refuse(held, this.#draining ? 'draining' : 'pressure', STATUS.throttled);
      return;
    }
    if (held.part.concat === undefined) {
      this.#held += 1;
      this.#store(held, [held.part], () => [held]);
      return;
    }
    const place = { key: concatKey(held.part, held.part.concat, held.settings), concat: held.part.concat };
    if (this.#handlers.parts === undefined) this.#join(held, place);
    else this.#put(held, place, this.#handlers.parts);
  }

  /** Parts meet in the store: each is acknowledged when it is there, the last when the whole message is. */
  #put(held: Held, { key, concat }: Place, store: PartStore): void {
    this.#held += 1;
    const { sequence, total } = concat;
    const { data } = held.part;
    const pdu = encodePdu(held.part.pdu);
    const timeout = held.settings.reassemblyTimeout;
    settled(() => store.put({ key, sequence, total, data, pdu, timeout })).then(
      (put) => {
        if (put.kind !== 'complete') {
          held.reply(STATUS.ok, nothing);
          this.#release(1);
          return;
        }
        const parts = put.pdus.map((each) => readStoredPart(Buffer.from(each), held.settings));
        this.#store(
          held,
          parts.filter((part) => part !== undefined),
          (stored) => {
            if (stored)
              store.done(key).catch(() => this.#env.note('mo.store-failed', { link: held.settings.name, sequence }));
            return [held];
          },
        );
      },
      () => {
        this.#env.note('mo.store-failed', { link: held.settings.name, sequence: held.sequence });
        this.#answerHeld([held], 'store-failed');
      },
    );
  }

  #join(held: Held, place: Place): void {
    const offered = this.#joiner.offer({ ...place, data: held.part.data, hold: held }, this.#env.clock.monotonic());
    this.#answerHeld(offered.displaced, 'displaced');
    if (offered.kind === 'full') {
      this.#refuse(held, 'pressure', STATUS.throttled);
      return;
    }
    if (offered.kind === 'repeat') {
      held.reply(STATUS.ok, nothing);
      return;
    }
    this.#held += 1;
    this.#arm();
    if (offered.kind !== 'joined') return;
    const parts = offered.parts.map((each) => each.part);
    this.#store(held, parts, (stored) => this.#joiner.finish(place.key, stored));
  }

  /** Hands over one whole message that `held` completed; `all` names every PDU to be answered for it. */
  #store(held: Held, parts: readonly MoPart[], all: (stored: boolean) => readonly Held[]): void {
    const { settings, sequence } = held;
    const mo = moOf(parts[0] ?? held.part, parts, settings, this.#env.clock.now());
    this.#env.note('mo.received', { link: mo.link, sequence, parts: parts.length });
    settled(() => this.#handlers.onMo(mo)).then(
      (answer) => this.#answer(all(answer.ack === 'stored'), answer),
      () => {
        this.#env.note('mo.store-failed', { link: mo.link, sequence });
        this.#answer(all(false), { ack: 'temporary-error' });
      },
    );
  }

  /** Answers all PDUs of one MO; when the last response is with its socket, what the flow has yet to do may run. */
  #answer(held: readonly Held[], answer: MoAnswer): void {
    const status = ACK_STATUS[answer.ack];
    let left = held.length;
    let written = true;
    for (const { settings, sequence, reply } of held) {
      reply(status, (ok) => {
        written &&= ok;
        left -= 1;
        if (left > 0) return;
        this.#env.note(written ? 'mo.acknowledged' : 'mo.unacknowledged', { link: settings.name, sequence, status });
        answer.after?.();
      });
    }
    this.#release(held.length);
  }

  #refuse(held: Held, why: string, status: number): void {
    this.#env.note('mo.refused', { link: held.settings.name, sequence: held.sequence, status, why });
    held.reply(status, nothing);
  }

  #answerHeld(held: readonly Held[], why: string): void {
    for (const each of held) this.#refuse(each, why, STATUS.temporaryAppError);
    this.#release(held.length);
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
      this.#answerHeld(holds, 'parts-missing');
    }
    this.#arm();
  }

  #release(count: number): void {
    this.#held -= count;
    this.#settleIdle();
  }

  #settleIdle(): void {
    if (this.#held > 0 || this.#whenIdle.length === 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

function nothing(): void {
  // The response needs no follow-up.
}

/** A handler that throws is a handler that rejects. */
async function settled<Value>(run: () => Promise<Value>): Promise<Value> {
  return await run();
}
