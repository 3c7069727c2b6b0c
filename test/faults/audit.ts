/** What one subscriber of a fault run asked for, heard and paid: each sends one MO that orders one service. */
export interface Story {
  readonly msisdn: string;
  /** The SMSC got deliver_sm_resp with ESME_ROK. */
  readonly acknowledged: boolean;
  /** Texts that reached the handset, in order. */
  readonly heard: readonly string[];
  /** Times the OCS took money, and gave it back. */
  readonly debits: number;
  readonly refunds: number;
}

/** The promises of ARCHITECTURE.md that a black-box audit can judge. */
export const PROMISES = {
  'double debit': 'P2: at most one debit per order',
  'paid, not placed': 'P3: no granted charge without a placed service or a refund',
  'placed, not paid': 'P3: no service placed without a granted charge',
  lost: 'P1: an acknowledged MO ends in a text about its order',
} as const;
export type Violation = keyof typeof PROMISES;

const PLACED = /\bis ordered\b/;
/** Said while the order still waits: not its end. */
const WAITING = /takes longer than usual/;

/** What is wrong with one story once everything has settled; nothing for a story that is right. */
export function violationsOf({ acknowledged, heard, debits, refunds }: Story): readonly Violation[] {
  const placed = heard.some((text) => PLACED.test(text));
  const told = heard.some((text) => !WAITING.test(text));
  const kept = debits - refunds;
  const wrong: Violation[] = [];
  if (debits > 1) wrong.push('double debit');
  if (kept > 0 && !placed) wrong.push('paid, not placed');
  if (placed && kept < 1) wrong.push('placed, not paid');
  if (acknowledged && !told) wrong.push('lost');
  return wrong;
}

export type Count = Readonly<Record<Violation, number>>;

export function countViolations(stories: readonly Story[]): Count {
  const count = { 'double debit': 0, 'paid, not placed': 0, 'placed, not paid': 0, lost: 0 };
  for (const story of stories) for (const violation of violationsOf(story)) count[violation]++;
  return count;
}
