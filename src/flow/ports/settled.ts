/**
 * How a flow left its order or MT: at rest, or to be looked at again after `ms` milliseconds; where it names the `fence` under which
 * it was looked at, only as long as nobody has taken it up since.
 */
export type Settled =
  | { readonly kind: 'rest' }
  | {
      readonly kind: 'wait';
      readonly ms: number;
      readonly reason: string;
      readonly over?: Over;
      readonly fence?: number;
    }
  /** Nothing more can be done without a person: shown as a dead letter. */
  | { readonly kind: 'dead'; readonly reason: string };

/** Where a text that waits belongs (E23); `elsewhere`: no bind for it is here, so another process may have one. */
export interface Over {
  readonly route: string | undefined;
  readonly elsewhere: boolean;
}

export const REST: Settled = { kind: 'rest' };
