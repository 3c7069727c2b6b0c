/** One run of the load: listen, wait for the peer's binds, warm up, measure, let what is under way end, report. */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Busy } from './busy.ts';
import { watchBusy } from './busy.ts';
import type { OcsSettings } from './ocs.ts';
import type { Pace } from './pace.ts';
import { startPace } from './pace.ts';
import type { Part, PartReport } from './part.ts';
import { startPart } from './part.ts';
import type { SmscSettings } from './smsc.ts';
import { LoadSmsc } from './smsc.ts';
import type { Counts, Percentiles } from './tally.ts';
import { difference } from './tally.ts';

export interface LoadSettings {
  readonly smsc: SmscSettings;
  /** Undefined: the peer charges elsewhere, or not at all. */
  readonly ocs: OcsSettings | undefined;
  readonly sink: boolean;
  readonly pace: Pace;
  /** Binds that take MOs, to wait for. */
  readonly binds: number;
  readonly warmupMs: number;
  readonly measureMs: number;
  /** What is under way at the end may take this long. */
  readonly lingerMs: number;
}

export interface LoadReport {
  readonly pace: Pace;
  readonly seconds: number;
  /** Per second of the measured time. */
  readonly rates: { readonly replies: number; readonly dialogues: number; readonly receipts: number };
  /** From the time a text was due to the text that answers it; milliseconds. */
  readonly latency: { readonly all: Percentiles; readonly kinds: Readonly<Record<string, Percentiles>> };
  /** In the measured time. */
  readonly measured: Counts;
  /** From the start to the end. */
  readonly total: Counts;
  readonly left: {
    readonly unanswered: number;
    readonly receiptsUnacknowledged: number;
    readonly receiptsUnsent: number;
  };
  /** Share of a core that the load's busiest thread used while measuring. */
  readonly busiest: number;
  readonly processes: Readonly<Record<string, Busy>>;
  readonly ocs: Readonly<Record<string, number>> | undefined;
}

export interface LoadEvents {
  /** Where the peer may connect. */
  listening(ports: { readonly smpp: number; readonly diameter: number | undefined }): void;
  bound(): void;
  /** Warm-up is over. */
  measuring(): void;
  measured(): void;
  /** Several times a second. */
  progress(passedMs: number, counts: Counts): void;
}

const PROGRESS_EVERY_MS = 250;

export async function runLoad(settings: LoadSettings, events: LoadEvents): Promise<LoadReport> {
  const smsc = new LoadSmsc(settings.smsc);
  const ocs = settings.ocs === undefined ? undefined : await startPart('ocs-main', settings.ocs);
  const port = await smsc.listen();
  const { host, addresses } = settings.smsc;
  events.listening({ smpp: port, diameter: ocs?.port });
  const sink = settings.sink ? await startPart('sink-main', { host, port, ...addresses }) : undefined;
  try {
    await untilBound(smsc, settings.binds);
    events.bound();
    return await measure(settings, { smsc, ocs, sink }, events);
  } finally {
    ocs?.end();
    sink?.end();
    smsc.close();
  }
}

async function untilBound(smsc: LoadSmsc, binds: number): Promise<void> {
  while (smsc.receivers < binds) await pause(20);
}

interface Parts {
  readonly smsc: LoadSmsc;
  readonly ocs: Part | undefined;
  readonly sink: Part | undefined;
}

async function measure(settings: LoadSettings, parts: Parts, events: LoadEvents): Promise<LoadReport> {
  const { smsc, ocs, sink } = parts;
  const { counts } = smsc.tally;
  const began = performance.now();
  const pacing = startPace(smsc, settings.pace);
  const ticks = setInterval(() => events.progress(performance.now() - began, counts), PROGRESS_EVERY_MS);
  await pause(settings.warmupMs);
  const before = { ...counts };
  const from = performance.now();
  smsc.tally.measure(from, from + settings.measureMs);
  for (const part of [ocs, sink]) part?.begin();
  const busy = watchBusy();
  events.measuring();
  await pause(settings.measureMs);
  const seconds = (performance.now() - from) / 1000;
  const measured = difference(counts, before);
  const own = busy();
  events.measured();
  const reports = { ocs: await ocs?.report(), sink: await sink?.report() };
  await pacing.stop();
  await settle(smsc, settings.lingerMs);
  clearInterval(ticks);
  return report(settings, smsc, { seconds, measured, own, reports, ocs: (await ocs?.report())?.counts });
}

/** Until nothing is under way. */
async function settle(smsc: LoadSmsc, lingerMs: number): Promise<void> {
  const until = performance.now() + lingerMs;
  const quiet = (): boolean =>
    smsc.dialogues.open === 0 && smsc.receiptsWaiting === 0 && smsc.receiptsUnacknowledged === 0;
  while (!quiet() && performance.now() < until) await pause(20);
}

interface Findings {
  readonly seconds: number;
  readonly measured: Counts;
  readonly own: Busy;
  readonly reports: Readonly<Record<'ocs' | 'sink', PartReport | undefined>>;
  readonly ocs: Readonly<Record<string, number>> | undefined;
}

function report(settings: LoadSettings, smsc: LoadSmsc, found: Findings): LoadReport {
  const { seconds, measured, own, reports } = found;
  const processes = {
    smsc: own,
    ...(reports.ocs === undefined ? {} : { ocs: reports.ocs.busy }),
    ...(reports.sink === undefined ? {} : { sink: reports.sink.busy }),
  };
  const kinds = settings.smsc.mix.map(({ kind }, at) => [kind, smsc.tally.latency(at)] as const);
  return {
    pace: settings.pace,
    seconds,
    rates: {
      replies: measured.replies / seconds,
      dialogues: measured.dialogues / seconds,
      receipts: measured.receiptAcks / seconds,
    },
    latency: { all: smsc.tally.latencyOfAll(), kinds: Object.fromEntries(kinds) },
    measured,
    total: { ...smsc.tally.counts },
    left: {
      unanswered: smsc.dialogues.open,
      receiptsUnacknowledged: smsc.receiptsUnacknowledged,
      receiptsUnsent: smsc.receiptsWaiting,
    },
    busiest: Math.max(own.busiest, reports.ocs?.busy.busiest ?? 0),
    processes,
    ocs: found.ocs,
  };
}
