/**
 * Which open peer takes the next charge: the lowest priority number, and within it turns in proportion to weight. A resend
 * after silence goes to the next priority, and round again (RFC 8506 6.5).
 */
export interface Choice {
  readonly priority: number;
  readonly weight: number;
  /** Smooth weighted round robin: grows by the weight at each turn, pays the total when chosen. */
  credit: number;
}

export function choose<Candidate extends Choice>(candidates: readonly Candidate[], resends = 0): Candidate | undefined {
  const priorities = [...new Set(candidates.map(({ priority }) => priority))].toSorted((a, b) => a - b);
  const best = priorities[resends % priorities.length];
  const rivals = candidates.filter(({ priority }) => priority === best);
  let chosen: Candidate | undefined;
  for (const rival of rivals) {
    rival.credit += rival.weight;
    if (chosen === undefined || rival.credit > chosen.credit) chosen = rival;
  }
  if (chosen !== undefined) chosen.credit -= rivals.reduce((total, { weight }) => total + weight, 0);
  return chosen;
}
