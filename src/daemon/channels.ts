import type { Config } from '../config/config.ts';
import type { ChannelName } from '../domain/channel.ts';
import { CHANNELS } from '../domain/channel.ts';
import type { Speaker } from '../flow/ports/ports.ts';
import { mailChannel } from './mail.ts';
import type { Storage } from './storage.ts';

/** What speaks over each channel; a channel without one is not offered. */
export type Speakers = Readonly<Partial<Record<ChannelName, Speaker>>>;

export interface Channels {
  readonly offered: readonly ChannelName[];
  readonly speaker: Speaker;
  close(): void;
}

/** Every channel that config names: what the links carry, and the mail server. */
export function buildChannels(config: Config, onLinks: Speakers, storage: Storage): Channels {
  const email = mailChannel(config, storage);
  const speakers = email === undefined ? onLinks : { ...onLinks, email };
  return { ...composeChannels(speakers), close: () => email?.close() };
}

/** One port over all channels: each text goes to the speaker of its channel. */
export function composeChannels(speakers: Speakers): Pick<Channels, 'offered' | 'speaker'> {
  return {
    offered: CHANNELS.filter((channel) => speakers[channel] !== undefined),
    speaker: {
      async submit(mt) {
        const speaker = speakers[mt.channel];
        // A text that was owed before a restart which took its channel away.
        if (speaker === undefined) return { kind: 'unreachable', reason: `${mt.channel} is not offered here` };
        return speaker.submit(mt);
      },
    },
  };
}
