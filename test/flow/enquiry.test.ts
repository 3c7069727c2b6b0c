import { describe, expect, it } from 'vitest';
import { receiveReceipt } from '../../src/flow/say/receive-receipt.ts';
import { ALICE, BOB, HOUR, World } from './world.ts';

describe('questions', () => {
  it('an unknown keyword, nothing at all and HELP tell what is sold on this short code', async () => {
    const w = new World();
    await w.mo('BLORP');
    await w.mo('');
    await w.mo('HELP');
    expect(w.heard()).toEqual(['help', 'help', 'help']);
    expect(w.lastText()).toBe('help | shortCode=5000 | services=NEWS, GAME, TONE, FILM, STARS, JOKE | (en)');
    await w.mo('HELP', { destination: { ton: 0, npi: 0, digits: '6000' } });
    expect(w.lastText()).toBe('help | shortCode=6000 | services=JOKE | (en)');
  });

  it.each([
    ['by config', (w: World) => w.suspend('acme')],
    ['by a person', (w: World) => (w.ports = { ...w.ports, suspended: (id) => id === 'acme' })],
  ])('HELP leaves out what would be refused: a provider suspended %s', async (_, suspend) => {
    const w = new World();
    suspend(w);
    await w.mo('HELP');
    expect(w.lastText()).toBe('help | shortCode=5000 | services=GAME, TONE | (en)');
    await w.mo('NEWS');
    expect(w.heard()).toEqual(['help', 'refused']);
  });

  it('a keyword whose provider is gone is unknown', async () => {
    const w = new World();
    w.catalogue = { ...w.catalogue, providers: new Map() };
    await w.mo('NEWS');
    expect(w.heard()).toEqual(['help']);
  });

  it('LIST and STATUS tell what there is', async () => {
    const w = new World({ fun: 50 });
    await w.mo('LIST');
    await w.mo('STATUS');
    await w.mo('NEWS');
    await w.mo('GAME');
    await w.mo('0000');
    expect(w.lastText()).toContain(
      'services=list-item | number=1 | title=Daily News | price=KES 5.00 | period=day | keyword=NEWS',
    );
    await w.mo('STATUS');
    expect(w.lastText()).toContain('services=Snake (GAME)');
    expect(w.heard()).toEqual(['list-empty', 'status-empty', 'ordered', 'confirm', 'list', 'status']);
  });

  it('a list that is too long for a text ends with how many more there are', async () => {
    const w = new World();
    const [news] = [...w.catalogue.services.values()];
    const many = Array.from({ length: 60 }, (_, i) => ({ ...news!, id: `news-${i}`, keywords: [`news${i}`] }));
    w.catalogue = { ...w.catalogue, services: new Map(many.map((service) => [service.id, service])) };
    await w.mo('HELP');
    const [, left = '', tail] = /NEWS0, .*NEWS\d+, list-more \| number=(\d+)( \| \(en\))/.exec(w.lastText()) ?? [];
    expect(tail).toBeDefined();
    expect(w.lastText()).toContain(`NEWS${59 - Number(left)}, list-more`);
  });

  it('a complaint is thanked for', async () => {
    const w = new World();
    await w.mo('COMPLAIN you took my money');
    expect(w.heard()).toEqual(['complaint']);
    // Of no provider, for there is none: what is called recorded is.
    expect(w.memory.complaints).toMatchObject([{ msisdn: ALICE, providerId: '', serviceId: '' }]);
    expect(w.noted('complaint.recorded')).toEqual([{ provider: '', service: '' }]);
    expect(JSON.stringify([...w.memory.mts])).not.toContain('money');
  });

  it('the answer goes to the link and short code that the question came on', async () => {
    const w = new World();
    await w.mo('HELP', { link: 'link-2' });
    expect(w.smsc.heard).toMatchObject([{ to: ALICE, from: '5000', link: 'link-2', channel: 'sms' }]);
  });
});

describe('E20: the loop guard', () => {
  it.each([
    ['a short code', { ton: 0, npi: 1, digits: '40400' }],
    ['an alphanumeric sender', { ton: 5, npi: 0, digits: 'MyBank' }],
    ['an alphanumeric sender made of digits', { ton: 5, npi: 0, digits: ALICE }],
    ['an IMSI', { ton: 1, npi: 6, digits: '639020123456789' }],
    ['junk', { ton: 1, npi: 1, digits: '25471234567x' }],
  ])('%s is acknowledged, counted and never answered', async (_, source) => {
    const w = new World();
    expect(await w.mo('NEWS', { source })).toBe('stored');
    expect(w.memory.orders.size + w.memory.mts.size).toBe(0);
    expect(w.smsc.heard).toEqual([]);
    expect(w.noted('mo.ignored')).toHaveLength(1);
  });

  it('the sender becomes E.164 once, at the edge', async () => {
    const w = new World();
    await w.mo('NEWS', { source: { ton: 2, npi: 1, digits: '0712345678' } });
    expect(w.order().frozen.msisdn).toBe(ALICE);
    expect(w.smsc.heard).toMatchObject([{ to: ALICE }]);
    expect(w.ocs.received).toMatchObject([{ msisdn: ALICE }]);
  });

  it.each([
    ['HELP', 'help'],
    ['BLORP', 'help'],
    ['', 'help'],
    ['YES', 'wrong-answer'],
    ['123456', 'wrong-answer'],
    ['NO', 'wrong-answer'],
    ['STOP', 'stop-nothing'],
    ['STOP GAME', 'stop-nothing'],
    ['LIST', 'list-empty'],
    ['STATUS', 'status-empty'],
    ['CHANNEL EMAIL', 'channel-unavailable'],
  ])('two machines do not send each other "%s" and %s for ever', async (text, answer) => {
    const w = new World();
    for (let i = 0; i < 15; i++) await w.mo(text);
    expect(w.heard()).toEqual(Array(10).fill(answer));
    expect(w.noted('mo.answer-limit')).toHaveLength(5);
  });

  it('all of them count together, per number and hour', async () => {
    const w = new World();
    for (let i = 0; i < 6; i++) {
      await w.mo('HELP');
      await w.mo('YES');
    }
    expect(w.heard()).toHaveLength(10);
    await w.mo('HELP', { from: BOB });
    expect(w.heard(BOB)).toEqual(['help']);
    w.clock.advance(HOUR);
    await w.mo('HELP');
    expect(w.heard()).toHaveLength(11);
  });

  it('the limit keeps nobody from ordering, confirming or stopping', async () => {
    const w = new World({ fun: 50 });
    for (let i = 0; i < 12; i++) await w.mo('HELP');
    await w.mo('NEWS');
    await w.mo('GAME');
    await w.mo('YES');
    await w.mo('LIST');
    await w.mo('STOP');
    expect(w.heard().slice(10)).toEqual(['ordered', 'confirm', 'ordered', 'list', 'stopped']);
  });

  it('what answers a STOP has a quota of its own: nonsense before it uses none of it up', async () => {
    const w = new World();
    for (let i = 0; i < 12; i++) await w.mo('WHAT');
    for (let i = 0; i < 12; i++) await w.mo('STOP');
    expect(w.heard()).toEqual([...Array<string>(10).fill('help'), ...Array<string>(10).fill('stop-nothing')]);
    w.clock.advance(HOUR);
    await w.mo('STOP');
    expect(w.heard()).toHaveLength(21);
  });
});

describe('P1: the store is away', () => {
  it.each(['NEWS', 'YES', '123456', 'NO', 'STOP', 'HELP', 'CHANNEL FLASH', 'LIST'])(
    '%s rejects, so that the SMSC redelivers, and nothing is said',
    async (text) => {
      const w = new World({ acme: 50 });
      await w.mo('NEWS', { from: BOB });
      w.memory.away = true;
      await expect(w.mo(text)).rejects.toThrow('the store is away');
      expect(w.heard()).toEqual([]);
      expect(w.ocs.received).toEqual([]);
      w.memory.away = false;
      await w.again();
      expect(w.heard()).toHaveLength(1);
    },
  );
});

describe('E19: what notes tell', () => {
  it('never a full MSISDN: links, ids, kinds and counts (each note of every scene is looked through)', async () => {
    const w = new World();
    await w.mo('NEWS');
    await w.mo('HELP', { source: { ton: 5, npi: 0, digits: ALICE } });
    expect(w.notes.map(({ event }) => event)).toEqual([
      'mo.request',
      'credit.read',
      'order.opened',
      'order.placed',
      'mt.said',
      'mo.ignored',
    ]);
    expect(JSON.stringify(w.notes)).not.toContain(ALICE.slice(3));
  });
});

describe('receipts', () => {
  const RECEIPT = { smsc: 'smsc-1', messageId: '1', msisdn: ALICE, state: 'delivered', error: undefined } as const;

  it('one closes the text it is about', async () => {
    const w = new World();
    await w.mo('NEWS');
    await receiveReceipt(w.ports, RECEIPT);
    expect([...w.memory.mts.values()]).toMatchObject([{ state: 'delivered' }]);
    expect(w.noted('receipt.matched')).toHaveLength(1);
  });

  it('one that is not final leaves it open', async () => {
    const w = new World();
    await w.mo('NEWS');
    await receiveReceipt(w.ports, { ...RECEIPT, state: 'enroute' });
    expect([...w.memory.mts.values()]).toMatchObject([{ state: 'accepted' }]);
  });

  it('one that came early is parked, one that cannot be read is counted', async () => {
    const w = new World();
    await receiveReceipt(w.ports, RECEIPT);
    await receiveReceipt(w.ports, { ...RECEIPT, msisdn: undefined });
    expect(w.noted('receipt.parked')).toHaveLength(1);
    expect(w.noted('receipt.unreadable')).toHaveLength(1);
    expect(w.memory.orders.size).toBe(0);
  });
});
