import { createCreditConsumer } from '../../src/outbox/credit.ts';
import type { CreditRules } from '../../src/outbox/credit.ts';
import { createConsumer } from '../../src/outbox/consumer.ts';
import { createCreditBooks } from '../../src/redis/credit/book.ts';
import type { CreditBooks } from '../../src/redis/credit/book.ts';
import type { RedisHandle } from '../../src/redis/connection.ts';
import { createOutboxStream } from '../../src/redis/outbox/stream.ts';
import { createStores } from '../../src/redis/stores.ts';
import type { Catalogue } from '../../src/domain/catalogue.ts';
import type { Mo } from '../../src/domain/message.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { LedgerEntry } from '../../src/flow/ports/outbox.ts';
import type { Ports } from '../../src/flow/ports/ports.ts';
import { goOn, resumeMt, resumeOrder } from '../../src/flow/go-on.ts';
import { receiveMo } from '../../src/flow/receive-mo.ts';
import { sweep } from '../../src/flow/sweep.ts';
import { createCharging, Ocs } from '../flow/fakes/ocs.ts';
import type { Job } from '../flow/fakes/outside.ts';
import { createLater, Keys, PLAIN_WORDS, Smsc } from '../flow/fakes/outside.ts';
import { SETTINGS } from '../flow/world.ts';
import { createManualClock } from '../manual-clock.ts';
import type { ManualClock } from '../manual-clock.ts';

const PARTITIONS = 4;

export interface NetworkSettings {
  readonly handle: RedisHandle;
  readonly catalogue: Catalogue;
  readonly policy: Policy;
  readonly rules: CreditRules;
  /** Uniform in [0, 1). */
  readonly dice: () => number;
}

/** An operator's network in simulated time: the real flows, stores and credit rules over a real Redis; OCS and SMSC are fakes. */
export interface Network {
  readonly clock: ManualClock;
  /** One MO, all the way. */
  text(msisdn: string, text: string): Promise<void>;
  /** The last text that the handset got. */
  heard(msisdn: string): string;
  /** Lets time pass, sweeps, works what came of it, and lets the credit consumer read on. */
  pass(ms: number): Promise<void>;
  readonly credit: CreditBooks;
  ledger(providerId: string): Promise<readonly LedgerEntry[]>;
  readonly bands: readonly { readonly provider: string; readonly to: string; readonly at: number }[];
}

export async function startNetwork({ handle, catalogue, policy, rules, dice }: NetworkSettings): Promise<Network> {
  const clock = createManualClock();
  const keys = new Keys();
  const smsc = new Smsc();
  const jobs: Job[] = [];
  const last = new Map<string, string>();
  const bands: { provider: string; to: string; at: number }[] = [];
  const now = (): number => clock.now();
  const hash = (msisdn: string): Uint8Array => keys.mac('msisdn', msisdn);
  const stores = await createStores(handle, { partitions: PARTITIONS, owner: 'simulated', hash, now });
  const note: Ports['note'] = (event, fields = {}) => {
    if (event === 'credit.band')
      bands.push({ provider: String(fields['provider']), to: String(fields['to']), at: now() });
  };
  const credit = createCreditBooks(handle, {
    partitions: PARTITIONS,
    startingPoints: (id) => catalogue.providers.get(id)?.startingPoints,
    maxAge: 24 * 3_600_000,
    reuse: 0,
    standing: {
      policy: () => policy,
      services: (id) => [...catalogue.services.values()].filter(({ providerId }) => providerId === id).map((s) => s.id),
      suspendFor: () => 90 * 86_400_000,
      note,
    },
    now,
  });
  const ports: Ports = {
    ...stores,
    credit,
    charging: createCharging(new Ocs(), 'orderd-1.example.org', 1),
    speaker: {
      submit: (mt) => {
        last.set(mt.to, mt.text);
        return smsc.speaker().submit(mt);
      },
    },
    later: createLater(jobs, now),
    words: PLAIN_WORDS,
    hashing: keys,
    clock,
    random: (count) => Uint8Array.from({ length: count }, () => Math.floor(dice() * 256)),
    note,
    catalogue: () => catalogue,
    policy: () => policy,
    settings: () => SETTINGS,
  };
  const stream = createOutboxStream(handle, {
    partitions: PARTITIONS,
    group: 'credit',
    groups: ['credit'],
    consumer: 'one',
  });
  const consumer = createConsumer({
    stream,
    consumer: createCreditConsumer(credit, () => rules),
    settings: { every: 500, recoverAfter: 30_000, batch: 500, parts: 1 },
    clock,
    note,
  });
  await consumer.turn();
  let count = 0;

  return {
    clock,
    credit,
    bands,
    heard: (msisdn) => last.get(msisdn) ?? '',
    ledger: (providerId) => credit.entries(providerId),
    async text(msisdn, text) {
      const { next } = await receiveMo(ports, moOf(msisdn, text, ++count, now()));
      await goOn(ports, next);
    },
    async pass(ms) {
      clock.advance(ms);
      await sweep(ports);
      const due = jobs.splice(0).filter(({ dueAt }) => dueAt <= now());
      for (const { kind, id } of due) await (kind === 'order' ? resumeOrder : resumeMt)(ports, id);
      await consumer.turn();
      for (const id of catalogue.providers.keys()) await credit.read(id);
      smsc.heard.length = 0;
    },
  };
}

function moOf(msisdn: string, text: string, count: number, receivedAt: number): Mo {
  return {
    link: 'link-1',
    smsc: 'smsc-1',
    countryCode: '254',
    source: { ton: 1, npi: 1, digits: msisdn },
    destination: { ton: 0, npi: 0, digits: '5000' },
    text,
    bytes: Buffer.from(text).toString('hex'),
    concatRef: undefined,
    smscId: `mo-${count}`,
    receivedAt,
  };
}
