import type { Standing } from '../../domain/band.ts';
import { bandAfter, includes } from '../../domain/band.ts';
import type { LedgerEntry } from '../../flow/ports/outbox.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Note } from '../../lib/note.ts';
import type { RedisHandle } from '../connection.ts';

export interface StandingSettings {
  readonly policy: () => Pick<Policy, 'bands' | 'hysteresis'>;
  /** Of one provider, as the catalogue has them now. */
  readonly services: (providerId: string) => readonly string[];
  /** Milliseconds that a service stays suspended by its provider's fall; asked at each fall, for a reload changes it. */
  readonly suspendFor: () => number;
  readonly note: Note;
}

/** `fields` of a provider's standing: band, since, `svc:<service>` until, `seen:<service>` at (epoch ms). */
export function standingFrom(fields: ReadonlyMap<string, string>): Standing | undefined {
  const band = fields.get('band');
  if (band === undefined) return undefined;
  const named = (kind: string): Readonly<Record<string, number>> =>
    Object.fromEntries(
      [...fields]
        .filter(([field]) => field.startsWith(kind))
        .map(([field, at]) => [field.slice(kind.length), Number(at)]),
    );
  return { band, since: Number(fields.get('since') ?? 0), suspended: named('svc:'), seen: named('seen:') };
}

export interface StandingKeeper {
  /** Moves the provider to the band of its score, with what that brings; returns the band it is in. */
  judge(providerId: string, standing: Standing | undefined, score: number): Promise<string>;
  /** By a person: lifts what a fall suspended; false when it is not suspended. */
  resume(providerId: string, serviceId: string): Promise<boolean>;
}

export interface StandingEnv {
  readonly handle: RedisHandle;
  readonly keyOf: (providerId: string) => string;
  readonly entries: (providerId: string) => Promise<readonly LedgerEntry[]>;
  readonly now: () => number;
}

/** Bands with their hysteresis are remembered here, for a fall has consequences that outlast the score. */
export function createStanding(
  { handle: { redis, run }, keyOf, entries, now }: StandingEnv,
  { policy, services, suspendFor, note }: StandingSettings,
): StandingKeeper {
  const bandFor = (standing: Standing | undefined, score: number): string => {
    const { bands, hysteresis = 0 } = policy();
    return bandAfter(bands, hysteresis, standing?.band, score).name;
  };

  async function see(providerId: string, standing: Standing | undefined): Promise<void> {
    const unseen = services(providerId).filter((service) => standing?.seen[service] === undefined);
    for (const service of unseen) await redis.hsetnx(keyOf(providerId), `seen:${service}`, now());
  }

  return {
    async judge(providerId, standing, score) {
      await see(providerId, standing);
      const to = bandFor(standing, score);
      if (standing?.band === to) return to;
      await move(providerId, standing?.band ?? '', to, score);
      return to;
    },
    async resume(providerId, serviceId) {
      const field = `svc:${serviceId}`;
      const until = Number((await redis.hget(keyOf(providerId), field)) ?? 0);
      return until > now() && (await redis.hdel(keyOf(providerId), field)) === 1;
    },
  };

  async function move(providerId: string, from: string, to: string, score: number): Promise<void> {
    const service = fell(from, to) ? (worstService(await entries(providerId), now()) ?? '') : '';
    const moved = await run('move-band', [keyOf(providerId)], [from, to, now(), service, now() + suspendFor()]);
    if (moved === 1 && from !== '') note('credit.band', { provider: providerId, from, to, score, suspended: service });
  }

  function fell(from: string, to: string): boolean {
    const { bands } = policy();
    const rank = (name: string): number => bands.findIndex((band) => band.name === name);
    const band = bands[rank(to)];
    return from !== '' && rank(to) > rank(from) && includes(band?.consequence, 'service-suspended');
  }
}

/** The service whose live entries cost most points; undefined when none is blamed. */
export function worstService(entries: readonly LedgerEntry[], now: number): string | undefined {
  const lost = new Map<string, number>();
  const counting = entries.filter(({ points, expiresAt = Infinity }) => points < 0 && expiresAt > now);
  for (const { serviceId = '', points } of counting) lost.set(serviceId, (lost.get(serviceId) ?? 0) + points);
  lost.delete('');
  return [...lost].sort(([, a], [, b]) => a - b)[0]?.[0];
}
