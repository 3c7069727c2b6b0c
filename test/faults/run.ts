import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call, pause } from '../../src/launcher/demo/subscriber.ts';
import { ledger } from '../../src/launcher/demo/stage.ts';
import type { Lab } from '../../src/launcher/lab.ts';
import { FREE_PORTS, LAB_CONFIG, startLab } from '../../src/launcher/lab.ts';
import { ROOT } from '../../src/launcher/paths.ts';
import type { Random } from '../fuzz/random.ts';
import { seeded } from '../fuzz/random.ts';
import type { Story } from './audit.ts';
import type { Fault } from './ocs-faults.ts';

export interface RunPlan {
  readonly faults: readonly Fault[];
  readonly orders: number;
  readonly seed: number;
  /** More arguments for the OCS, e.g. one that does not deduplicate. */
  readonly ocsArgs?: readonly string[];
  readonly tell: (line: string) => void;
}

export interface RunResult {
  readonly stories: readonly Story[];
  /** How many orders met which fault, and how many times it was begun. */
  readonly met: ReadonlyMap<string, { readonly runs: number; readonly orders: number }>;
  /** Orders by state at the end. */
  readonly census: Readonly<Record<string, number>>;
  /** Orders and texts that never came to rest. */
  readonly endless: number;
  readonly deadLetters: number;
  readonly settledInSeconds: number;
}

const BATCH = 50;
/** One is charged by one debit, the other by reservation and commit. */
const WORDS = ['NEWS', 'FILM'] as const;
/** Longest wait for the last order to settle; beyond it the orders without an end are counted as such. */
const AGE_LIMIT_MS = 600_000;

/** Orders in batches, each into a fault drawn by the seed; then peace, and everything is read from both networks. */
export async function runFaults(plan: RunPlan): Promise<RunResult> {
  const dir = mkdtempSync(join(tmpdir(), 'orderd-faults-'));
  const trigger = join(dir, 'kill-now');
  const lab = await startFaultLab(dir, trigger, plan.ocsArgs ?? []);
  try {
    const field = { lab, trigger, random: seeded(plan.seed), acknowledged: new Map<string, boolean>() };
    const met = await sendAll(field, plan);
    await call('DELETE', `${lab.ocsUrl}/faults`);
    await call('POST', `${lab.ocsUrl}/listening`, { on: true });
    const { status, seconds } = await settled(lab);
    // A text that the SMSC took a moment ago may still be on its way to the handset.
    await pause(1000);
    const { orders: census, backlog, deadLetters } = status;
    const stories = await storiesOf(lab, field.acknowledged);
    return { stories, met, census, endless: backlog.waiting, deadLetters, settledInSeconds: seconds };
  } finally {
    await lab.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function startFaultLab(dir: string, trigger: string, ocsArgs: readonly string[]): Promise<Lab> {
  return startLab({
    dir,
    ports: FREE_PORTS,
    config: LAB_CONFIG,
    ocsArgs,
    // Two connections, so that a cut link leaves one to fail over to.
    ocsPeers: 2,
    daemonNode: ['--import', join(ROOT, 'test/faults/kill-at.mjs')],
    env: {
      ORDERD_KILL_FILE: trigger,
      ORDERD_LEASE__TIME: '3s',
      ORDERD_LEASE__SWEEP_EVERY: '200ms',
      ORDERD_DIAMETER__TX: '1s',
      ORDERD_DIAMETER__REQUEST_TIMEOUT: '10s',
      ORDERD_SETTLE__FIRST: '300ms',
      ORDERD_SETTLE__CAP: '2s',
      ORDERD_SMPP__LINKS__0__WINDOW: '100',
    },
  });
}

interface Field {
  readonly lab: Lab;
  readonly trigger: string;
  readonly random: Random;
  readonly acknowledged: Map<string, boolean>;
}

async function sendAll(field: Field, { faults, orders, tell }: RunPlan): Promise<RunResult['met']> {
  const met = new Map<string, { runs: number; orders: number }>();
  for (let sent = 0; sent < orders; sent += BATCH) {
    const fault = field.random.pick(faults);
    const batch = Array.from({ length: Math.min(BATCH, orders - sent) }, (_, i) => `2547${10_000_000 + sent + i}`);
    await sendBatch(field, fault, batch);
    const before = met.get(fault.name) ?? { runs: 0, orders: 0 };
    met.set(fault.name, { runs: before.runs + 1, orders: before.orders + batch.length });
    if ((sent / BATCH) % 20 === 19) tell(`${sent + batch.length} of ${orders} orders sent`);
  }
  return met;
}

async function sendBatch(
  { lab, trigger, random, acknowledged }: Field,
  fault: Fault,
  batch: readonly string[],
): Promise<void> {
  await call('DELETE', `${lab.ocsUrl}/faults`);
  if (fault.kills) await ready(lab);
  const doomed = lab.daemon();
  await fault.begin(lab, trigger, random);
  const sent = Promise.all(batch.map(async (msisdn) => acknowledged.set(msisdn, await sendMo(lab, msisdn))));
  if (fault.kills) {
    await doomed.exited;
    rmSync(trigger, { force: true });
    await lab.startDaemon();
  }
  await sent;
}

/** Bound and connected, so that the orders of the batch reach every step. */
async function ready(lab: Lab): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await fetch(`${lab.nocUrl()}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await pause(100);
  }
  throw new Error('the daemon did not become ready');
}

async function sendMo(lab: Lab, msisdn: string): Promise<boolean> {
  const answer = await call('POST', `${lab.smscUrl}/mo`, {
    from: msisdn,
    to: '5000',
    text: WORDS[Number(msisdn) % WORDS.length],
    queue: true,
  });
  return (answer as { readonly status: number | null }).status === 0;
}

/** Everything at rest: no order open, no text owed. */
async function settled(lab: Lab): Promise<{ readonly status: Status; readonly seconds: number }> {
  const began = performance.now();
  for (;;) {
    const status = await statusOf(lab);
    const elapsed = performance.now() - began;
    if (status !== undefined && (status.backlog.waiting === 0 || elapsed > AGE_LIMIT_MS)) {
      return { status, seconds: Math.round(elapsed / 1000) };
    }
    await pause(500);
  }
}

interface Status {
  readonly orders: Readonly<Record<string, number>>;
  /** Orders and texts that somebody must look at again. */
  readonly backlog: { readonly waiting: number };
  readonly deadLetters: number;
}

async function statusOf(lab: Lab): Promise<Status | undefined> {
  try {
    return (await call('GET', `${lab.nocUrl()}/api/v1/status`)) as Status;
  } catch {
    return undefined;
  }
}

interface Seen {
  readonly id: number;
  readonly to: string;
  readonly text: string;
}

async function storiesOf(lab: Lab, acknowledged: ReadonlyMap<string, boolean>): Promise<readonly Story[]> {
  const lines = await ledger(lab);
  const texts = (await call('GET', `${lab.smscUrl}/messages?after=0&waitMs=0`)) as readonly Seen[];
  const heard = groupBy(texts, ({ to }) => to);
  const paid = groupBy(lines, ({ msisdn }) => msisdn);
  return [...acknowledged].map(([msisdn, ack]) => ({
    msisdn,
    acknowledged: ack,
    heard: (heard.get(msisdn) ?? []).map(({ text }) => text),
    debits: (paid.get(msisdn) ?? []).filter(({ debited }) => debited > 0).length,
    refunds: (paid.get(msisdn) ?? []).filter(({ debited }) => debited < 0).length,
  }));
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
