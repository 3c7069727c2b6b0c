import { PROVIDERS } from './people.ts';
import type { Run } from './run.ts';

/** Bands that a provider fell into, in their order. */
export function fellOf({ bands }: Run, id: string): readonly string[] {
  return (bands.get(id) ?? []).map(({ band }) => band);
}

const GOOD = PROVIDERS.filter(({ ownSims }) => ownSims === 0);

/** Good providers that were ever out of the band that they began in, over all runs. */
export function goodThatFell(runs: readonly Run[]): { readonly fell: number; readonly of: number } {
  const fell = runs.flatMap((run) => GOOD.filter(({ id }) => (run.bands.get(id) ?? []).length > 0));
  return { fell: fell.length, of: runs.length * GOOD.length };
}

/** The ledger of each run, newest entry last, and how the providers ended. */
export function report(runs: readonly Run[]): string {
  const { fell, of } = goodThatFell(runs);
  const lines = runs.flatMap((run) => [
    `seed ${run.seed}`,
    ...PROVIDERS.flatMap(({ id, name }) => [
      `  ${name}: ${pathText(run, id)}; score at the end ${run.scores.get(id)?.at(-1) ?? '?'}`,
      ...ledgerLines(run, id),
    ]),
  ]);
  return [...lines, `good providers that fell: ${fell} of ${of}`, ''].join('\n');
}

function pathText({ bands }: Run, id: string): string {
  const path = (bands.get(id) ?? []).map(({ band, day }) => `${band} on day ${day}`);
  return path.length === 0 ? 'never left its band' : path.join(', then ');
}

function ledgerLines({ ledgers }: Run, id: string): readonly string[] {
  return [...(ledgers.get(id) ?? [])]
    .reverse()
    .map(
      ({ at, points, reason, serviceId }) =>
        `    ${new Date(at).toISOString().slice(0, 16)}  ${String(points).padStart(4)}  ${reason}  (last ${serviceId ?? '?'})`,
    );
}
