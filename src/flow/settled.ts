/** How a flow left its order or MT: at rest, or to be looked at again after `ms` milliseconds. */
export type Settled =
  | { readonly kind: 'rest' }
  | { readonly kind: 'wait'; readonly ms: number; readonly reason: string }
  /** Nothing more can be done without a person: shown as a dead letter. */
  | { readonly kind: 'dead'; readonly reason: string };

export const REST: Settled = { kind: 'rest' };
