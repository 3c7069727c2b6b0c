import type { ChargeRow } from '../noc/charge-view.ts';
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

/**
 * Every difference between the rows of an OCS and our charges. `from` and `to` (epoch ms): charges sent outside are not
 * missed in the export, for it does not reach that far.
 */
export function differencesBetween(
  rows: readonly OcsRow[],
  charges: readonly ChargeRow[],
  range: { readonly from: number; readonly to: number },
): readonly Difference[] {
  const moved = movedBySession(rows);
  const known = new Set(charges.flatMap(({ sessionId, refundSessionId }) => [sessionId, refundSessionId ?? sessionId]));
  const unknown = [...moved].filter(([sessionId]) => !known.has(sessionId));
  return [
    ...charges.flatMap((charge) => compare(charge, moved, isWithin(charge, range))),
    ...unknown.map(([sessionId, { net }]): Difference => {
      return { kind: 'unknown session', order: undefined, sessionId, state: undefined, ours: undefined, theirs: net };
    }),
  ];
}

function isWithin({ sentAt }: ChargeRow, { from, to }: { readonly from: number; readonly to: number }): boolean {
  const at = Date.parse(sentAt);
  return at >= from && at <= to;
}

function compare(charge: ChargeRow, moved: ReadonlyMap<string, Moved>, expected: boolean): readonly Difference[] {
  const debit = moved.get(charge.sessionId) ?? NOTHING;
  const refund = charge.refundSessionId === undefined ? NOTHING : (moved.get(charge.refundSessionId) ?? NOTHING);
  const theirs = debit.net + refund.net;
  const { order, sessionId, state, minor } = charge;
  const found = (kind: Difference['kind']): Difference => ({ kind, order, sessionId, state, ours: minor, theirs });
  const kind = kindOf(charge, debit, theirs, expected);
  return [...(debit.debits > 1 ? [found('debited twice')] : []), ...(kind === undefined ? [] : [found(kind)])];
}

function kindOf(charge: ChargeRow, debit: Moved, theirs: number, expected: boolean): Difference['kind'] | undefined {
  if (theirs < 0) return 'refunded but not debited';
  const otherCurrency = debit.currencies.size > 0 && !debit.currencies.has(charge.currency);
  if (charge.state === 'placed') return placedKind(charge, theirs, { expected, otherCurrency });
  if (theirs === 0) return undefined;
  return charge.state === 'refunded' ? 'amount differs' : 'debited but not placed';
}

function placedKind(
  { free, minor }: ChargeRow,
  theirs: number,
  { expected, otherCurrency }: { readonly expected: boolean; readonly otherCurrency: boolean },
): Difference['kind'] | undefined {
  const due = free ? 0 : minor;
  if (theirs === 0) return due > 0 && expected ? 'placed but not debited' : undefined;
  return theirs === due && !otherCurrency ? undefined : 'amount differs';
}
