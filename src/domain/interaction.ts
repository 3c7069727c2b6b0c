/** Rising strictness: the index is the rank. */
export const INTERACTIONS = ['notice', 'confirm', 'otp', 'refuse'] as const;
export type Interaction = (typeof INTERACTIONS)[number];

export function strictness(interaction: Interaction): number {
  return INTERACTIONS.indexOf(interaction);
}
