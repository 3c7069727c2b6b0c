import type { ChargeRow } from '../domain/charge-row.ts';
import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import type { ChargesView } from '../noc/charge-view.ts';
import type { Api, ApiFault } from './api.ts';
import { get } from './api.ts';
import { readCdrCharges } from './cdr-charges.ts';
import { isWithin } from './differences.ts';
import type { Range } from './differences.ts';

/** Our side of a comparison. */
export interface OurCharges {
  readonly charges: readonly ChargeRow[];
  /** Epoch ms: since when they are whole, and since when they must be. */
  readonly from: number;
  readonly since: number;
  /** What begins at `from`, should that be too late. */
  readonly begins: (at: string) => string;
}

/** How long before its charge an order may have been opened: the longest window, then the longest wait. */
const BEFORE = 3 * 86_400_000;

/** A renewal that could not be paid is tried for 60 days at most (subscriptions.retries), and charged at last. */
const RENEWED_BEFORE = BEFORE + 60 * 86_400_000;

/**
 * From the daemon's list of orders: the newest ones of each partition. Renewals that wait for money are looked for as far back as they
 * may have begun, where they are still listed.
 */
export async function listedCharges(api: Api, range: Range): Promise<Result<OurCharges, ApiFault>> {
  const iso = (at: number): string => encodeURIComponent(new Date(at).toISOString());
  const since = range.from - BEFORE;
  const listed = await get<ChargesView>(
    api,
    `/api/v1/charges?from=${iso(range.from - RENEWED_BEFORE)}&to=${iso(range.to)}`,
  );
  if (!listed.ok) return listed;
  const { charges, from } = listed.value;
  const begins = (at: string): string => `orders opened before ${at} are no longer listed`;
  return ok({ charges, from: Date.parse(from), since, begins });
}

/** From the CDR files, which hold every order that was placed or has ended, however many. */
export async function writtenCharges(
  folder: string,
  range: Range,
  sessions: { has(sessionId: string): boolean },
): Promise<Result<OurCharges, ApiFault>> {
  const wants = ({ sentAt, sessionId, refundSessionId }: ChargeRow): boolean =>
    isWithin(sentAt, range) || sessions.has(sessionId) || sessions.has(refundSessionId ?? sessionId);
  const written = await readCdrCharges(folder, range.from, wants);
  if (!written.ok) return fault({ kind: 'misuse', text: written.fault });
  const begins = (at: string): string => `there are no CDR files from before ${at}`;
  return ok({ ...written.value, since: range.from, begins });
}
