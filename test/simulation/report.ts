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
      `    ${ratesText(run, id)}`,
      ...ledgerLines(run, id),
    ]),
  ]);
  return [...lines, `good providers that fell: ${fell} of ${of}`, ''].join('\n');
}

function pathText({ bands }: Run, id: string): string {
  const path = (bands.get(id) ?? []).map(({ band, day }) => `${band} on day ${day}`);
  return path.length === 0 ? 'never left its band' : path.join(', then ');
}

/** Why a provider kept or lost its points: what the rules of credit.rules compare with their thresholds. */
function ratesText({ signals }: Run, id: string): string {
  const count = signals.get(id);
  if (count === undefined) return 'nothing counted';
  const share = (part: number, of: number): string => `${of === 0 ? 0 : Math.round((1000 * part) / of) / 10} %`;
  const { ordered, challenged } = count;
  return [
    `${ordered} ordered`,
    `complaints ${share(count.complaint, ordered)}`,
    `early stops ${share(count['early-stop'], ordered)}`,
    `bursts ${share(count.burst, ordered)}`,
    `${challenged} challenged`,
    `abandoned ${share(count['abandoned-challenge'], challenged)}`,
    `failed ${share(count['failed-challenge'], challenged)}`,
  ].join(', ');
}

function ledgerLines({ ledgers }: Run, id: string): readonly string[] {
  return [...(ledgers.get(id) ?? [])]
    .reverse()
    .map(
      ({ at, points, reason, serviceId }) =>
        `    ${new Date(at).toISOString().slice(0, 16)}  ${String(points).padStart(4)}  ${reason}  (last ${serviceId ?? '?'})`,
    );
}
