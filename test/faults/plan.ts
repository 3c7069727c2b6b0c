import type { Random } from '../fuzz/random.ts';
import type { Fault, WorldKind } from './fault.ts';
import { NETWORK_FAULTS } from './network-faults.ts';
import { PROCESS_FAULTS } from './process-faults.ts';
import { STORAGE_FAULTS } from './storage-faults.ts';

export const FAULTS: readonly Fault[] = [...PROCESS_FAULTS, ...NETWORK_FAULTS, ...STORAGE_FAULTS];

/** Faults whose name holds the words, whatever their case; all without words. */
export function faultsNamed(words: string | undefined): readonly Fault[] {
  if (words === undefined) return FAULTS;
  const wanted = words.toLowerCase();
  const named = FAULTS.filter(({ name }) => name.toLowerCase() === wanted);
  return named.length > 0 ? named : FAULTS.filter(({ name }) => name.toLowerCase().includes(wanted));
}

export function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  const left = [...items];
  const out: Item[] = [];
  while (left.length > 0) out.push(...left.splice(random.below(left.length), 1));
  return out;
}

/** Each fault as often as `--full` says, in an order that the seed draws. */
export function fullCounts(faults: readonly Fault[], random: Random): readonly Fault[] {
  return shuffled(
    faults.flatMap((fault) => Array.from({ length: fault.full }, () => fault)),
    random,
  );
}

/** Round after round of all of them, as long as there is time. */
export function rounds(faults: readonly Fault[], count: number, random: Random): readonly Fault[] {
  return Array.from({ length: count }, () => shuffled(faults, random)).flat();
}

export function kindsOf(faults: readonly Fault[]): readonly WorldKind[] {
  return [...new Set(faults.map(({ world }) => world))];
}
