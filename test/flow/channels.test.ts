import { describe, expect, it } from 'vitest';
import type { SubmitOutcome } from '../../src/domain/message.ts';
import { receiveReceipt } from '../../src/flow/say/receive-receipt.ts';
import { ALICE, HOUR, MINUTE, SECOND, World } from './world.ts';

const EMAIL = 'me@example.org';

function world(scores: Readonly<Record<string, number>> = {}): World {
  const w = new World(scores);
  w.settings = { ...w.settings, channels: ['sms', 'flash', 'email'] };
  return w;
}

const channels = (w: World): readonly string[] => w.smsc.heard.map(({ channel }) => channel);

/** An emailed notice whose lease another process takes while its mail is under way; ids of the texts. */
async function stolen(w: World, outcome: SubmitOutcome): Promise<readonly string[]> {
  const submit = async (): Promise<SubmitOutcome> => {
    const [id] = [...w.memory.mts.keys()];
    await w.ports.mts.take(id!, w.clock.now() + HOUR, MINUTE);
    return outcome;
  };
  w.ports = { ...w.ports, speaker: { submit } };
  await w.mo(`NEWS EMAIL ${EMAIL}`);
  return [...w.memory.mts.keys()];
}

describe('the email channel', () => {
  it('P6: takes the notice to the address that the order names', async () => {
    const w = world();
    await w.mo(`NEWS EMAIL ${EMAIL}`);
    expect(w.smsc.heard).toMatchObject([{ channel: 'email', address: EMAIL }]);
    expect(w.order().frozen).toMatchObject({ channel: 'email', address: EMAIL });
  });

  it('remembers the address: CHANNEL EMAIL names it once', async () => {
    const w = world();
    await w.mo(`CHANNEL EMAIL ${EMAIL}`);
    await w.mo('NEWS');
    expect(w.smsc.heard.at(-1)).toMatchObject({ channel: 'email', address: EMAIL });
  });

  it('asks where to when no address is known, and an order then goes by SMS and says why', async () => {
    const w = world();
    await w.mo('CHANNEL EMAIL');
    expect(w.heard()).toEqual(['email-needed']);
    await w.mo('NEWS VIA EMAIL');
    expect(w.order().frozen).toMatchObject({
      channel: 'sms',
      channelAsked: 'email',
      channelBecause: 'no email address is known',
    });
  });

  it('an emailed code must come back from the MSISDN', async () => {
    const w = world({ acme: 10 });
    await w.mo(`NEWS EMAIL ${EMAIL}`);
    expect(w.order().state).toBe('challenged');
    await w.mo(w.code());
    expect(w.order().state).toBe('placed');
  });
});

describe('a channel that fails', () => {
  it('P6: gives its text to the next one, and the order keeps the reason', async () => {
    const w = world();
    w.smsc.plays({ kind: 'permanent', status: 550, reason: 'the mail server answered 550' });
    await w.mo(`NEWS EMAIL ${EMAIL}`);
    expect(channels(w)).toEqual(['sms']);
    const because = 'the mail server answered 550';
    expect(w.order().fallbacks).toMatchObject([{ text: 'ordered', from: 'email', to: 'sms', because }]);
    expect(w.noted('mt.fell-back')).toMatchObject([{ from: 'email', to: 'sms', reason: because }]);
  });

  it('waits as long as its patience, then gives its text away', async () => {
    const w = world();
    const away = { kind: 'temporary', status: 421, reason: 'the mail server answered 421' } as const;
    w.smsc.plays(...Array.from({ length: 20 }, () => away));
    await w.mo(`NEWS EMAIL ${EMAIL}`);
    expect(channels(w)).toEqual([]);
    const from = w.clock.now();
    while (w.order().fallbacks === undefined) await w.work();
    expect(w.clock.now() - from).toBeLessThanOrEqual(MINUTE);
    expect(w.order().fallbacks).toMatchObject([{ to: 'sms', because: 'the mail server answered 421' }]);
  });

  it('does not say twice what may have arrived', async () => {
    const w = world();
    w.smsc.plays({ kind: 'unknown' });
    await w.mo(`NEWS EMAIL ${EMAIL}`);
    expect(w.order().fallbacks).toBeUndefined();
  });

  it('is a dead letter where nothing is declared in its place', async () => {
    const w = world();
    w.smsc.plays({ kind: 'unreachable', reason: 'the handset is gone' });
    await w.mo('NEWS');
    expect(w.noted('mt.dead')).toMatchObject([{ reason: 'the handset is gone' }]);
  });

  it('a text that its receipt calls undelivered goes over the next channel, once however often the receipt comes', async () => {
    const w = world({ acme: 10 });
    w.settings = { ...w.settings, fallback: { ...w.settings.fallback, sms: ['flash'] } };
    await w.mo('NEWS');
    for (let i = 0; i < 3; i++) await w.receipt(1, 'undeliverable');
    await w.pass(0);
    expect(channels(w)).toEqual(['sms', 'flash']);
    expect(w.order().fallbacks).toMatchObject([{ text: 'code', from: 'sms', to: 'flash' }]);
  });

  it('is not said over its own channel too when two of its parts fail together', async () => {
    const w = world();
    w.settings = { ...w.settings, fallback: { ...w.settings.fallback, sms: ['flash'] } };
    w.smsc.plays({ kind: 'accepted', smsc: 'smsc-1', messageIds: ['a', 'b'] });
    await w.mo('NEWS');
    const lost = { smsc: 'smsc-1', msisdn: ALICE, state: 'undeliverable', error: undefined } as const;
    await Promise.all(['a', 'b'].map((messageId) => receiveReceipt(w.ports, { ...lost, messageId })));
    await w.pass(HOUR);
    expect(channels(w)).toEqual(['sms', 'flash']);
  });

  it('is left alone where another process has the text by then: it is neither buried nor made to wait', async () => {
    const w = world();
    const [id] = await stolen(w, { kind: 'permanent', status: 550, reason: 'the mail server answered 550' });
    expect(w.memory.mts.get(id!)).toMatchObject({ state: 'owed', fence: 2, waits: 0 });
    expect(w.noted('mt.dead')).toEqual([]);
    const away = world();
    away.settings = { ...away.settings, patience: { email: 0 } };
    await stolen(away, { kind: 'temporary', status: 421, reason: 'the mail server answered 421' });
    expect(away.noted('mt.waits')).toEqual([]);
  });

  it('is buried by whoever holds it, and told as dead by nobody else', async () => {
    const w = world();
    w.settings = { ...w.settings, fallback: { ...w.settings.fallback, email: [] } };
    const [id] = await stolen(w, { kind: 'permanent', status: 550, reason: 'the mail server answered 550' });
    expect(w.memory.mts.get(id!)).toMatchObject({ state: 'owed', fence: 2 });
    expect(w.noted('mt.dead')).toEqual([]);
  });

  it('E16: a code that is over is not said again elsewhere', async () => {
    const w = world({ acme: 10 });
    w.settings = { ...w.settings, fallback: { ...w.settings.fallback, sms: ['flash'] } };
    await w.mo('NEWS');
    w.clock.advance(5 * MINUTE + SECOND);
    await w.receipt(1, 'undeliverable');
    expect(w.jobs).toEqual([]);
  });
});
