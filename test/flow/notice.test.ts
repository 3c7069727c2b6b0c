import { describe, expect, it } from 'vitest';
import { isSilent, says } from './fakes/ocs.ts';
import { MINUTE, SECOND, World } from './world.ts';

describe('a trusted provider', () => {
  it('the order is placed at once, and the subscriber reads that it is', async () => {
    const w = new World();
    expect(await w.mo('NEWS')).toBe('stored');
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['ordered']);
    expect(w.lastText()).toContain('title=Daily News | price=KES 5.00 | period=day');
    expect(w.ocs.paid).toBe(500);
    expect(w.jobs).toEqual([]);
  });

  it('a recurring service leaves a subscription, one that is bought once does not', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('GAME');
    await w.mo('LIST');
    expect(w.lastText()).toContain(
      'services=list-item | number=1 | title=Daily News | price=KES 5.00 | period=day | keyword=NEWS',
    );
    expect(w.states()).toEqual(['placed', 'placed']);
  });

  it('a free service asks no OCS', async () => {
    const w = new World();
    await w.mo('JOKE');
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['ordered']);
    expect(w.ocs.received).toEqual([]);
  });

  it('the order keeps the decision, its reasons and the versions of policy and texts', async () => {
    const w = new World();
    await w.mo('NEWS');
    const { decision, textVersion } = w.order().frozen;
    expect(decision).toMatchObject({ interaction: 'notice', band: 'trusted', score: 90, policyVersion: 'policy-1' });
    expect(textVersion).toBe('texts-1');
  });

  it('E1: the step that opens a notice order writes `charging` with the ids that then go out, T clear', async () => {
    const w = new World();
    await w.moThenCrash('NEWS');
    expect(w.states()).toEqual(['charging']);
    const stored = w.order().charge;
    expect(stored?.sessionId).toMatch(/^orderd-1\.example\.org;\d+;\d+;\d{2}-/);
    expect(w.ocs.received).toEqual([]);
    const fresh = new World();
    await fresh.mo('NEWS');
    expect(fresh.ocs.received).toMatchObject([{ retransmit: false, action: 'debit', identity: fresh.order().charge }]);
  });
});

describe('the price', () => {
  it('E9: the price told is the price charged, whatever a reload changes', async () => {
    const w = new World({ acme: 50 });
    await w.mo('NEWS');
    expect(w.lastText()).toContain('price=KES 5.00');
    const news = w.catalogue.services.get('news')!;
    const dearer = { ...news, title: 'Gold News', price: { ...news.price, minor: 900 }, period: 'month' as const };
    w.catalogue = { ...w.catalogue, services: new Map(w.catalogue.services).set('news', dearer) };
    await w.mo('YES');
    expect(w.ocs.paid).toBe(500);
    expect(w.lastText()).toContain('title=Daily News | price=KES 5.00 | period=day');
  });

  it('E9: a charge that waits is resent at its frozen price', async () => {
    const w = new World();
    w.ocs.plays(isSilent());
    await w.mo('NEWS');
    w.catalogue = { ...w.catalogue, services: new Map() };
    await w.work();
    expect(w.ocs.received.map(({ price }) => price.minor)).toEqual([500, 500]);
    expect(w.states()).toEqual(['placed']);
  });
});

describe('E17: credit and suspension', () => {
  it('a barred provider is refused, and told so', async () => {
    const w = new World({ acme: 0 });
    await w.mo('NEWS');
    expect(w.states()).toEqual(['refused']);
    expect(w.heard()).toEqual(['refused']);
    expect(w.ocs.received).toEqual([]);
  });

  it('a suspended provider is refused, whatever its score', async () => {
    const w = new World();
    w.suspend('acme');
    await w.mo('NEWS');
    expect(w.states()).toEqual(['refused']);
    expect(w.order().frozen.decision.won).toBe('suspended');
  });

  it('E18: credit that is too old or unknown means a challenge', async () => {
    const w = new World();
    w.scores.set('acme', { kind: 'stale', score: 100, ageMs: MINUTE + SECOND });
    w.scores.delete('fun');
    await w.mo('NEWS');
    await w.mo('GAME');
    expect(w.states()).toEqual(['challenged', 'challenged']);
    expect(w.heard()).toEqual(['confirm', 'confirm']);
    expect(w.ocs.received).toEqual([]);
  });

  it('a suspension does not stop a charge that may have moved money already', async () => {
    const w = new World();
    w.ocs.plays(isSilent('booked'));
    await w.mo('NEWS');
    w.suspend('acme');
    await w.work();
    expect(w.states()).toEqual(['placed']);
    expect(w.ocs.paid).toBe(500);
  });

  it('an order that waits for the OCS is declined when its provider was suspended meanwhile', async () => {
    const w = new World();
    w.ocs.plays(says(3004));
    await w.mo('NEWS');
    w.suspend('acme');
    await w.work();
    expect(w.states()).toEqual(['declined']);
    expect(w.heard()).toEqual(['waiting', 'suspended']);
    expect(w.ocs.paid).toBe(0);
  });
});

describe('the first order with a provider', () => {
  it('is challenged where the policy says so; the next one is not', async () => {
    const w = new World();
    w.policy = { ...w.policy, firstOrder: 'confirm' };
    await w.mo('GAME');
    await w.mo('YES');
    await w.mo('TONE');
    await w.mo('NEWS');
    expect(w.states()).toEqual(['placed', 'placed', 'challenged']);
    expect(w.orders().map(({ frozen }) => frozen.decision.won)).toEqual(['first-order', 'credit', 'first-order']);
  });
});

describe('what the subscriber has or waits for', () => {
  it('a recurring service is not sold twice', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('NEWS');
    expect(w.states()).toEqual(['placed']);
    expect(w.heard()).toEqual(['ordered', 'already']);
    expect(w.ocs.paid).toBe(500);
  });

  it('nor while the first order waits for the OCS', async () => {
    const w = new World();
    w.ocs.open = false;
    await w.mo('NEWS');
    await w.mo('NEWS');
    expect(w.states()).toEqual(['confirmed']);
    expect(w.heard()).toEqual(['waiting', 'waiting']);
  });

  it('what is bought once may be bought again', async () => {
    const w = new World();
    await w.mo('GAME');
    await w.mo('GAME');
    expect(w.states()).toEqual(['placed', 'placed']);
    expect(w.ocs.paid).toBe(1000);
  });
});

describe('the channel', () => {
  it('P6: the message leaves over the channel that the order names', async () => {
    const w = new World();
    await w.mo('NEWS VIA FLASH');
    expect(w.smsc.heard.map(({ channel }) => channel)).toEqual(['flash']);
    expect(w.order().frozen).not.toHaveProperty('channelAsked');
  });

  it('P6: where the channel is not offered the order says which one was asked for', async () => {
    const w = new World();
    await w.mo('NEWS VIA EMAIL');
    expect(w.smsc.heard.map(({ channel }) => channel)).toEqual(['sms']);
    expect(w.order().frozen).toMatchObject({ channel: 'sms', channelAsked: 'email' });
    expect(w.noted('order.opened')).toMatchObject([{ channel: 'sms', channelAsked: 'email' }]);
  });

  it('CHANNEL is remembered for later orders; one that an order names goes before it', async () => {
    const w = new World();
    await w.mo('CHANNEL FLASH');
    await w.mo('NEWS');
    await w.mo('GAME VIA SMS');
    expect(w.heard()).toEqual(['channel-set', 'ordered', 'ordered']);
    expect(w.smsc.heard.map(({ channel }) => channel)).toEqual(['sms', 'flash', 'sms']);
  });

  it('a channel that is not offered is refused, not silently replaced', async () => {
    const w = new World();
    await w.mo('CHANNEL USSD');
    expect(w.lastText()).toContain('channel-unavailable | shortCode=5000 | channel=ussd | channels=sms, flash');
    expect(w.memory.channels.size).toBe(0);
  });
});
