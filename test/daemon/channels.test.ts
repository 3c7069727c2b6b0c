import { describe, expect, it } from 'vitest';
import type { Mt } from '../../src/domain/message.ts';
import type { Speaker } from '../../src/flow/ports/ports.ts';
import { composeChannels } from '../../src/daemon/channels.ts';

const said: string[] = [];
const speaker = (name: string): Speaker => ({
  submit: (mt) => {
    said.push(`${name} ${mt.channel}`);
    return Promise.resolve({ kind: 'accepted', smsc: name, messageIds: [] });
  },
});
const mt = (channel: Mt['channel']): Mt => ({
  id: '00-a-ordered',
  to: '254711000001',
  from: '5000',
  text: 'ordered',
  channel,
  link: 'lab',
  validityMs: undefined,
});

describe('the channels, composed', () => {
  it('each text goes to the speaker of its channel; what has none is told so, not sent elsewhere', async () => {
    const links = speaker('links');
    const { offered, speaker: all } = composeChannels({ email: speaker('mail'), sms: links, flash: links });
    expect(offered).toEqual(['sms', 'flash', 'email']);
    for (const channel of ['email', 'flash', 'sms'] as const) await all.submit(mt(channel));
    expect(said).toEqual(['mail email', 'links flash', 'links sms']);
    expect(await all.submit(mt('ussd'))).toEqual({ kind: 'unreachable', reason: 'ussd is not offered here' });
  });
});
