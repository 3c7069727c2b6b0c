import type { Interaction } from './interaction.ts';

/** What a band does beside its interaction, for as long as the provider is in it. */
export const CONSEQUENCES = ['none', 'service-suspended', 'no-new-services'] as const;
export type Consequence = (typeof CONSEQUENCES)[number];

export interface Band {
  readonly name: string;
  /** Lowest score of the band, 0 to 100. */
  readonly from: number;
  readonly interaction: Interaction;
  /**
   * Each includes those before it: the service that cost it most points is suspended when the provider falls here;
   * services that come into the catalogue while it is here are refused.
   */
  readonly consequence?: Consequence;
}

export function bandOf(bands: readonly Band[], score: number): Band {
  const found = bands.find((band) => score >= band.from) ?? bands.at(-1);
  if (found === undefined) throw new RangeError('a policy needs at least one band');
  return found;
}

/**
 * The band of a provider that was in `before`: it falls at once, and climbs only when its score is `hysteresis` points
 * above the band's lower limit, so that it does not flutter.
 */
export function bandAfter(bands: readonly Band[], hysteresis: number, before: string | undefined, score: number): Band {
  const now = bandOf(bands, score);
  const held = bands.findIndex(({ name }) => name === before);
  if (held < 0 || bands.indexOf(now) >= held) return now;
  return bands.slice(0, held).find(({ from }) => score >= Math.min(100, from + hysteresis)) ?? bands[held] ?? now;
}

export function includes(consequence: Consequence | undefined, least: Consequence): boolean {
  return CONSEQUENCES.indexOf(consequence ?? 'none') >= CONSEQUENCES.indexOf(least);
}

/** How a provider stands with its credit, beside its score. */
export interface Standing {
  readonly band: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** Services that were suspended, and until when (epoch ms). */
  readonly suspended: Readonly<Record<string, number>>;
  /** When each of its services was first seen in the catalogue (epoch ms). */
  readonly seen: Readonly<Record<string, number>>;
}

/** Why this service may not be ordered though its provider may, in words for staff and evidence; undefined when it may. */
export function serviceStop(
  bands: readonly Band[],
  standing: Standing | undefined,
  serviceId: string,
  now: number,
): string | undefined {
  if (standing === undefined) return undefined;
  const until = standing.suspended[serviceId] ?? 0;
  if (until > now) return `service is suspended until ${new Date(until).toISOString().slice(0, 10)}`;
  const band = bands.find(({ name }) => name === standing.band);
  const isNew = (standing.seen[serviceId] ?? 0) > standing.since;
  return isNew && includes(band?.consequence, 'no-new-services')
    ? `no new services of a provider in band ${standing.band}`
    : undefined;
}
