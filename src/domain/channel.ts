export const CHANNELS = ['sms', 'flash', 'ussd', 'email'] as const;

/** Where the subscriber wants to read the answer. */
export type ChannelName = (typeof CHANNELS)[number];

/** A channel and, where it has addresses of its own, the address. */
export interface ChannelChoice {
  readonly channel: ChannelName;
  readonly address?: string | undefined;
}

/** What is tried in place of a channel that cannot be used, in its order. */
export type Fallbacks = Readonly<Record<ChannelName, readonly ChannelName[]>>;

/** A text that left over another channel than it was meant to, for the order's record (P6). */
export interface Fallback {
  /** Which text: `code`, `ordered`, ... */
  readonly text: string;
  readonly from: ChannelName;
  readonly to: ChannelName;
  readonly because: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What a channel needs before anything can be said over it. */
export interface ChannelMeans {
  /** Channels that this process speaks over. */
  readonly offered: readonly ChannelName[];
  readonly address: string | undefined;
}

/** Why nothing can be said over `channel`, in words for staff; undefined when it can. */
export function whyNot(channel: ChannelName, { offered, address }: ChannelMeans): string | undefined {
  if (!offered.includes(channel)) return `${channel} is not offered here`;
  return channel === 'email' && address === undefined ? 'no email address is known' : undefined;
}

/** The first of the channels declared in place of `from` that can be used and was not tried yet. */
export function nextChannel(
  fallbacks: Fallbacks,
  from: ChannelName,
  tried: readonly ChannelName[],
  means: ChannelMeans,
): ChannelName | undefined {
  return fallbacks[from].find(
    (channel) => channel !== from && !tried.includes(channel) && whyNot(channel, means) === undefined,
  );
}
