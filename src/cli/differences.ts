import type { ChargeRow } from '../domain/charge-row.ts';
import type { OcsRow } from './ocs-export.ts';

/** One thing on which the OCS's book and ours do not agree. */
export interface Difference {
  readonly kind:
    | 'debited but not placed'
    | 'placed but not debited'
    | 'amount differs'
    | 'debited twice'
    | 'refunded but not debited'
    | 'unknown session';
  readonly order: string | undefined;
  readonly sessionId: string;
  readonly state: string | undefined;
  /** Minor units: what we told the subscriber. */
  readonly ours: number | undefined;
  /** Minor units: debits less refunds. */
  readonly theirs: number;
}

/** What one Session-Id moved. */
interface Moved {
  readonly debits: number;
  readonly net: number;
  readonly currencies: ReadonlySet<string>;
}

/** Epoch milliseconds, both ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const NOTHING: Moved = { debits: 0, net: 0, currencies: new Set() };

export function movedBySession(rows: readonly OcsRow[]): ReadonlyMap<string, Moved> {
  const moved = new Map<string, Moved>();
  for (const { sessionId, debited, currency } of rows.filter((row) => row.debited !== 0)) {
    const { debits, net, currencies } = moved.get(sessionId) ?? NOTHING;
    const known = currency === '' ? currencies : new Set([...currencies, currency]);
    moved.set(sessionId, { debits: debits + (debited > 0 ? 1 : 0), net: net + debited, currencies: known });
  }
  return moved;
}

/** Every difference between the rows of an OCS and our charges. What was sent outside `range` is not missed in the export. */
export function differencesBetween(
  rows: readonly OcsRow[],
  charges: readonly ChargeRow[],
  range: Range,
): readonly Difference[] {
  const moved = movedBySession(rows);
  const known = new Set(charges.flatMap(({ sessionId, refundSessionId }) => [sessionId, refundSessionId ?? sessionId]));
  const unknown = [...moved].filter(([sessionId]) => !known.has(sessionId));
  return [
    ...charges.flatMap((charge) => compare(charge, moved, range)),
    ...unknown.map(([sessionId, { net }]): Difference => {
      return { kind: 'unknown session', order: undefined, sessionId, state: undefined, ours: undefined, theirs: net };
    }),
  ];
}

export function isWithin(sentAt: string, { from, to }: Range): boolean {
  const at = Date.parse(sentAt);
  return at >= from && at <= to;
}

/** What the export has of one charge, and what it may lack because it does not reach that far. */
interface Found {
  readonly debit: Moved;
  readonly refund: Moved;
  readonly debitExpected: boolean;
  readonly refundExpected: boolean;
}

function compare(charge: ChargeRow, moved: ReadonlyMap<string, Moved>, range: Range): readonly Difference[] {
  const { order, sessionId, refundSessionId, refundSentAt, state, minor } = charge;
  const debit = moved.get(sessionId) ?? NOTHING;
  const refund = refundSessionId === undefined ? NOTHING : (moved.get(refundSessionId) ?? NOTHING);
  const theirs = debit.net + refund.net;
  const found = (kind: Difference['kind']): Difference => ({ kind, order, sessionId, state, ours: minor, theirs });
  const debitExpected = isWithin(charge.sentAt, range);
  const refundExpected = refundSentAt === undefined || isWithin(refundSentAt, range);
  const kind = kindOf(charge, { debit, refund, debitExpected, refundExpected });
  return [...(debit.debits > 1 ? [found('debited twice')] : []), ...(kind === undefined ? [] : [found(kind)])];
}

function kindOf(charge: ChargeRow, found: Found): Difference['kind'] | undefined {
  const { debit, refund, debitExpected } = found;
  if (!debitExpected && debit.debits === 0) return refundAlone(charge, found);
  const theirs = debit.net + refund.net;
  if (theirs < 0) return 'refunded but not debited';
  if (stateThen(charge, found) === 'placed') return placedKind(charge, theirs, found);
  if (charge.state === 'refunded') return refundedKind(charge, theirs, found);
  return theirs === 0 ? undefined : 'debited but not placed';
}

/** What was paid back after the end of the export was placed until then. */
function stateThen({ state }: ChargeRow, { refund, refundExpected }: Found): string {
  return state === 'refunded' && refund.net === 0 && !refundExpected ? 'placed' : state;
}

function refundedKind(charge: ChargeRow, theirs: number, found: Found): Difference['kind'] | undefined {
  return theirs === 0 && !isForeign(charge, found) ? undefined : 'amount differs';
}

/** Its debit lies before the export: what was paid back is all there is to compare. */
function refundAlone(charge: ChargeRow, found: Found): Difference['kind'] | undefined {
  const { net } = found.refund;
  if (net === 0) return undefined;
  const due = charge.free ? 0 : charge.minor;
  return net === -due && charge.state !== 'placed' && !isForeign(charge, found) ? undefined : 'amount differs';
}

function placedKind(charge: ChargeRow, theirs: number, found: Found): Difference['kind'] | undefined {
  const due = charge.free ? 0 : charge.minor;
  if (theirs === 0) return due > 0 && found.debitExpected ? 'placed but not debited' : undefined;
  return theirs === due && !isForeign(charge, found) ? undefined : 'amount differs';
}

/** Whether some of it moved in another currency than ours: its sum says nothing then. */
function isForeign({ currency }: ChargeRow, { debit, refund }: Found): boolean {
  return [...debit.currencies, ...refund.currencies].some((one) => one !== currency);
}
