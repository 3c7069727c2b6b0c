export const CHANNELS = ['sms', 'flash', 'ussd', 'email'] as const;

/** Where the subscriber wants to read the answer. */
export type ChannelName = (typeof CHANNELS)[number];
