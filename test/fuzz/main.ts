import { programFlags } from '../program-flags.ts';
import type { Fuzz, FuzzReport } from './report.ts';

const HELP = `npm run fuzz -- [--protocol smpp|diameter] [--cases N] [--seed S]

Mutated golden messages, random octets, every split and join, at a live link. Prints the slowest case and the heap.
Exit code 0: every case was survived and every batch answered. 1: a case crashed, hung or leaked. 2: wrong flags.
`;

const PROTOCOLS: Readonly<Record<string, () => Promise<{ readonly fuzz: Fuzz }>>> = {
  smpp: () => import('./smpp.ts'),
  diameter: () => import('./diameter.ts'),
};

const values = programFlags({
  name: 'fuzz',
  help: HELP,
  options: {
    protocol: { type: 'string', default: 'smpp' },
    cases: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
  },
  least: { cases: 1, seed: 0 },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function tell(report: FuzzReport): void {
  const { cases, seed, seconds, batches, connections, slowest, heap, failures } = report;
  say(`${cases} cases, seed ${seed}, ${seconds} s; ${batches} batches answered over ${connections} connections`);
  for (const [end, count] of Object.entries(report.ends).sort(([, left], [, right]) => right - left))
    say(`  ${count} ${end}`);
  say(`slowest case ${slowest.ms.toFixed(2)} ms: ${slowest.hex}`);
  say(`heap ${heap.early} MiB after a tenth, ${heap.end} MiB at the end`);
  for (const failure of failures) say(`FAILED ${failure}`);
}

const load = PROTOCOLS[values.protocol];
if (load === undefined) {
  process.stderr.write(`fuzz: --protocol ${values.protocol}: wants smpp or diameter\n`);
  process.exitCode = 2;
} else {
  const { fuzz } = await load();
  const report = await fuzz({ cases: Number(values.cases), seed: Number(values.seed), progress: () => undefined });
  tell(report);
  process.exitCode = report.failures.length === 0 ? 0 : 1;
}
