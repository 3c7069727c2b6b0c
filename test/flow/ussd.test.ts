import { describe, expect, it } from 'vitest';
import type { Mt } from '../../src/domain/message.ts';
import type { UssdTurn } from '../../src/domain/ussd.ts';
import { sweep } from '../../src/flow/sweep.ts';
import { goOnUssd } from '../../src/flow/ussd/go-on.ts';
import { receiveUssd } from '../../src/flow/ussd/turn.ts';
import { viewFor } from '../../src/flow/ussd/view.ts';
import { grants, meanwhile, says } from './fakes/ocs.ts';
import { turn } from './fakes/ussd.ts';
import type { Process } from './ussd-world.ts';
import { UssdWorld } from './ussd-world.ts';
import { ALICE, BOB, MINUTE, SECOND } from './world.ts';

const BOB_DIALS = { source: { ton: 1, npi: 1, digits: BOB } };

function suspendedByHand({ ports, gateway }: Process, provider: string): Process {
  return { gateway, ports: { ...ports, suspended: (id) => id === provider } };
}

describe('an order in a dialogue', () => {
  it('is placed at once where the credit is good, and the last word says so', async () => {
    const w = new UssdWorld();
    await w.orderService(1);
    expect(w.screens()).toEqual(['2 home', '2 services', '2 Daily News KES 5.00', '17 ordered']);
    expect([w.states(), w.ocs.paid, w.heard()]).toEqual([['placed'], 500, []]);
    expect(w.order().frozen.channel).toBe('ussd');
  });

  it('dialling alone orders nothing, however much is dialled and however often', async () => {
    const w = new UssdWorld();
    for (let times = 0; times < 3; times += 1) await w.dial('*384*1*1*1#', { inputs: ['1', '1', '1'] });
    expect(w.screens()).toEqual(Array(3).fill('2 Daily News KES 5.00'));
    expect(w.orders()).toEqual([]);
  });

  it.each([
    ['by config', (w: UssdWorld) => w.suspend('acme')],
    ['by a person', (w: UssdWorld) => (w.here = suspendedByHand(w.here, 'acme'))],
  ])('menus leave out what would be refused: a provider suspended %s', async (_, suspend) => {
    const w = new UssdWorld();
    suspend(w);
    await w.dial();
    await w.type('1');
    const listed = w.here.gateway.said.at(-1)?.text ?? '';
    expect(listed).toContain('Snake');
    expect(listed).not.toContain('Daily News');
  });

  it('promises no more time than its dialogue waits', async () => {
    const w = new UssdWorld({ acme: 50 });
    w.settings = { ...w.settings, challenge: { ...w.settings.challenge, ussdAnswer: 90_000 } };
    await w.orderService(1);
    expect(w.here.gateway.said.at(-1)?.text).toContain('minutes=1');
  });

  it('waits for a yes on its own screen, names the window of USSD, and charges after it', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    expect(w.screens().at(-1)).toBe('2 confirm');
    expect(w.here.gateway.said.at(-1)?.text).toContain('minutes=2 |');
    expect(w.ocs.paid).toBe(0);
    await w.type('1');
    expect([w.screens().at(-1), w.states(), w.ocs.paid]).toEqual(['17 ordered', ['placed'], 500]);
  });

  it('P4, E15: takes the code that it showed, and the code is in no record', async () => {
    const w = new UssdWorld({ acme: 10 });
    await w.orderService(1);
    const code = /code=(\d{6})/.exec(w.here.gateway.said.at(-1)?.text ?? '')?.[1] ?? 'none';
    expect(JSON.stringify([...w.dialogues.byMsisdn, ...w.memory.mts, ...w.memory.orders])).not.toContain(code);
    await w.type(code === '111111' ? '222222' : '111111');
    expect([w.screens().at(-1), w.ocs.paid]).toEqual(['2 wrong-answer', 0]);
    await w.type(code);
    expect([w.screens().at(-1), w.states(), w.ocs.paid]).toEqual(['17 ordered', ['placed'], 500]);
  });

  it('is answered over the channel that was chosen, and the dialogue says where', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1', '2');
    expect(w.screens().at(-1)).toBe('17 sent by sms');
    expect([w.heard(), w.ocs.paid]).toEqual([['ordered'], 500]);
  });

  it('STOP goes before every screen, and ends what waits', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    await w.type('STOP');
    expect([w.states(), w.ocs.paid]).toEqual([['cancelled'], 0]);
    expect(w.screens().at(-1)).toMatch(/^17 stop/);
  });
});

it('the list of open orders knows which wait for a yes and which for a code', async () => {
  const w = new UssdWorld({ acme: 10, fun: 50 });
  await w.mo('NEWS');
  await w.mo('GAME');
  await w.dial();
  const { ports } = w.here;
  const view = await viewFor(ports, w.dialogue(), await ports.subscribers.read(ALICE));
  expect(view.rows.waiting).toMatchObject([
    { args: { title: 'Daily News', provider: 'Acme', period: 'day' }, asks: 'code' },
    { args: { title: 'Snake' }, asks: 'yes' },
  ]);
});

describe('a dialogue that ends too early', () => {
  it('hung up while a yes is awaited: the same order goes on by SMS, which says so', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    await w.hangUp();
    await w.pass(0);
    expect(w.lastText()).toMatch(/^ussd-ended .*confirm \|/);
    expect(w.order().fallbacks).toMatchObject([{ text: 'confirm', from: 'ussd', to: 'sms' }]);
    await w.mo('YES');
    expect([w.heard().at(-1), w.states(), w.ocs.paid]).toEqual(['ordered', ['placed'], 500]);
  });

  it('hung up while the charge is under way: charged once, and SMS tells the outcome', async () => {
    const w = new UssdWorld();
    w.ocs.plays(meanwhile(() => w.hangUp()));
    await w.orderService(1);
    expect([w.states(), w.ocs.paid]).toEqual([['placed'], 500]);
    expect(w.lastText()).toMatch(/^ussd-ended .*ordered \|/);
  });

  it('an OCS that is slower than the gateway waits: the dialogue says so in time, SMS tells the rest', async () => {
    const w = new UssdWorld();
    let answer = (): void => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    w.ocs.plays(meanwhile(() => slow, grants()));
    await w.dial();
    await w.type('1', '1');
    const ordering = w.type('1');
    await settled();
    expect(w.screens().at(-1)).toBe('2 Daily News KES 5.00');
    w.clock.advance(8 * SECOND);
    await settled();
    expect(w.screens().at(-1)).toBe('17 waiting');
    answer();
    await ordering;
    expect(w.lastText()).toMatch(/^ussd-ended .*ordered \|/);
    expect([w.states(), w.ocs.paid]).toEqual([['placed'], 500]);
  });

  it.each([
    ['ordered', grants()],
    ['no-balance', says(4012)],
  ] as const)(
    'a gateway that is slow to take the last word, %s: nobody is told to wait after it',
    async (told, act) => {
      const w = new UssdWorld();
      w.ocs.plays(act);
      await w.dial();
      await w.type('1', '1');
      const { line } = w.here.ports.ussd;
      const submit = line.submit.bind(line);
      let respond = (): void => undefined;
      const responded = new Promise<void>((resolve) => (respond = resolve));
      Object.assign(line, { submit: (mt: Mt) => submit(mt).then((outcome) => responded.then(() => outcome)) });
      const ordering = w.type('1');
      await settled();
      expect(w.screens().at(-1)).toBe(`17 ${told}`);
      w.clock.advance(8 * SECOND);
      await settled();
      respond();
      await ordering;
      await w.pass(MINUTE);
      expect([w.screens().at(-1), w.heard()]).toEqual([`17 ${told}`, []]);
    },
  );

  it('nothing typed: over by our timer, and the order goes on by SMS while its window is open', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    await w.pass(90 * SECOND);
    expect(w.dialogue()).toMatchObject({ state: 'released', over: 'time' });
    expect(w.lastText()).toMatch(/^ussd-ended .*confirm \|/);
  });

  it('a process that speaks no USSD leaves its end to those that do, whoever sweeps first', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    w.clock.advance(90 * SECOND);
    await sweep(w.launchPlain('orderd-3'));
    await w.pass(0);
    expect(w.dialogue()).toMatchObject({ state: 'released', over: 'time' });
    expect(w.lastText()).toMatch(/^ussd-ended .*confirm \|/);
  });

  it('E16: over SMS the challenge has the time of SMS, says so, and is answered within it', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    w.clock.advance(MINUTE);
    await w.hangUp();
    await w.pass(0);
    expect(w.lastText()).toContain('minutes=60');
    await w.pass(59 * MINUTE);
    expect(w.states()).toEqual(['challenged']);
    await w.mo('YES');
    expect([w.states(), w.ocs.paid]).toEqual([['placed'], 500]);
  });

  it('E16: a code that goes on by SMS lives as long as codes do, from when it was made', async () => {
    const w = new UssdWorld({ acme: 10 });
    await w.orderService(1);
    w.clock.advance(MINUTE);
    await w.hangUp();
    await w.pass(0);
    expect(w.lastText()).toContain('minutes=4');
    const code = /code=(\d{6})/.exec(w.lastText())?.[1] ?? 'none';
    await w.pass(3 * MINUTE);
    await w.mo(code);
    expect(w.states()).toEqual(['placed']);
  });

  it('killed between its end and what it leaves: the next sweep moves the order on', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    w.onNote = (event) => (w.memory.away = event === 'ussd.ended');
    await expect(w.hangUp()).rejects.toThrow('away');
    w.memory.away = false;
    w.onNote = () => undefined;
    expect([w.dialogue().state, w.heard()]).toEqual(['released', []]);
    await w.pass(SECOND);
    expect(w.heard()).toHaveLength(1);
    await w.pass(MINUTE);
    expect(w.heard()).toHaveLength(1);
    expect(w.dialogue().told).toEqual([]);
  });

  it('a gateway that refuses our screen: the challenge goes out by SMS at once', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.dial();
    await w.type('1', '1');
    w.here.gateway.plays({ kind: 'permanent', status: 0x0b });
    await w.type('1');
    expect(w.heard()).toHaveLength(1);
    expect(w.states()).toEqual(['challenged']);
  });
});

describe('turns that are no news', () => {
  it('a reply after the end is dropped and noted, and never becomes a push', async () => {
    const w = new UssdWorld();
    await w.orderService(1);
    await w.type('1');
    expect(w.noted('ussd.dropped')).toMatchObject([{ turn: 'reply', why: 'after the end' }]);
    expect([w.screens(), w.orders()]).toMatchObject([{ length: 4 }, { length: 1 }]);
  });

  it('a reply that nobody will answer is refused, so that the gateway lets its subscriber go', async () => {
    const w = new UssdWorld();
    const reply = (more: Partial<UssdTurn> = {}) =>
      w.deliverTurn(turn('reply', '1', { session: w.session(), ...more }));
    expect(await reply()).toBe('rejected');
    await w.dial();
    expect(await reply({ session: w.session(8) })).toBe('rejected');
    expect(await w.deliverTurn(turn('confirm', '', { session: w.session(8) }))).toBe('stored');
    await w.hangUp();
    expect([await reply(), await reply({ ended: true })]).toEqual(['rejected', 'stored']);
  });

  it('a reply while another one is answered is not: the answer is on its way to that dialogue', async () => {
    const w = new UssdWorld();
    let acks: readonly string[] = [];
    w.ocs.plays(
      meanwhile(async () => void (acks = [await w.deliverTurn(turn('reply', '2', { session: w.session() }))])),
    );
    await w.orderService(1);
    expect([acks, w.screens().at(-1)]).toEqual([['stored'], '17 ordered']);
  });

  it('the same turn ten times at once, in two processes, orders once', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    const again = turn('reply', '1', { session: w.session() });
    const other = w.launch('orderd-2', 0x2000);
    const deliver = async (ports = w.here.ports): Promise<void> =>
      goOnUssd(ports, (await receiveUssd(ports, again)).next);
    await Promise.all(Array.from({ length: 10 }, (_, index) => deliver(index % 2 === 0 ? undefined : other.ports)));
    await deliver();
    expect([w.states(), w.ocs.paid]).toEqual([['placed'], 500]);
    expect([...w.screens(), ...w.screens(other)].filter((screen) => screen === '17 ordered')).toHaveLength(1);
  });

  it('a dial that comes twice while it is answered is one', async () => {
    const w = new UssdWorld();
    const dialled = turn('dial', '*384#', { session: w.session() });
    const first = await receiveUssd(w.here.ports, dialled);
    expect((await receiveUssd(w.here.ports, dialled)).next.kind).toBe('nothing');
    await goOnUssd(w.here.ports, first.next);
    expect(w.screens()).toEqual(['2 home']);
  });

  it('the same session id from another phone is another dialogue; neither touches the other', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    await w.dial('*384#', BOB_DIALS);
    await w.deliverTurn(turn('reply', '1', { session: w.session(), ...BOB_DIALS }));
    expect(w.dialogue(BOB)).toMatchObject({ state: 'awaiting-user', place: { screen: 'services' } });
    expect([w.dialogue(ALICE).shown?.kind, w.ocs.paid, w.states(BOB)]).toEqual(['confirm', 0, []]);
  });

  it('a reply that names another session of the same phone is dropped', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    await w.deliverTurn(turn('reply', '1', { session: w.session(8) }));
    expect([w.noted('ussd.dropped'), w.ocs.paid]).toMatchObject([[{ why: 'another dialogue' }], 0]);
  });
});

describe('phones of phase 1', () => {
  it('can be answered once: help is the last word, by operation 16, and nothing is ordered', async () => {
    const w = new UssdWorld();
    await w.deliverTurn(turn('dial-once', '*384#', { session: w.session() }));
    expect(w.screens()).toEqual(['16 help']);
    expect([w.dialogue().state, w.orders()]).toEqual(['released', []]);
  });
});

describe('E23: who speaks', () => {
  /** The last turn is acknowledged by the first process, whose order another one settles. */
  async function settledElsewhere(lives: boolean): Promise<{ w: UssdWorld; second: ReturnType<UssdWorld['launch']> }> {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    await receiveUssd(w.here.ports, turn('reply', '1', { session: w.session() }));
    const second = w.launch('orderd-2', 0x2000);
    if (!lives) w.processes.delete('orderd-1');
    w.ports = second.ports;
    await w.pass(31 * SECOND);
    return { w, second };
  }

  it('what another process settles is said by the one that holds the dialogue', async () => {
    const { w, second } = await settledElsewhere(true);
    expect([w.screens().at(-1), w.screens(second), w.heard()]).toEqual(['17 ordered', [], []]);
    expect([w.states(), w.ocs.paid]).toEqual([['placed'], 500]);
  });

  it('is that one gone, the text goes by SMS', async () => {
    const { w, second } = await settledElsewhere(false);
    expect([w.screens().at(-1), w.screens(second)]).toEqual(['2 Daily News KES 5.00', []]);
    expect(w.lastText()).toMatch(/^ussd-ended .*ordered \|/);
    expect([w.states(), w.ocs.paid]).toEqual([['placed'], 500]);
  });
});

describe('a dialogue that we push', () => {
  it('asks, takes the answer, and ends with a notice that the phone confirms', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.mo('NEWS VIA USSD');
    expect(w.screens()).toEqual(['2 confirm']);
    const { session } = w.dialogue();
    await w.deliverTurn(turn('reply', '1', { session }));
    expect(w.screens()).toEqual(['2 confirm', '3 ordered']);
    await w.deliverTurn(turn('confirm', '', { session }));
    expect([w.dialogue().state, w.states(), w.ocs.paid, w.heard()]).toEqual(['released', ['placed'], 500, []]);
  });

  it('waits while the subscriber is in another dialogue', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.dial();
    await w.mo('NEWS VIA USSD');
    expect(w.screens()).toEqual(['2 home']);
    expect(w.jobs.map(({ kind }) => kind)).toContain('mt');
  });

  it('goes by SMS where no link pushes', async () => {
    const w = new UssdWorld({ acme: 50 });
    w.here.gateway.pushes = false;
    await w.mo('NEWS VIA USSD');
    expect([w.screens(), w.heard()]).toEqual([[], ['confirm']]);
  });
});

describe('floods', () => {
  it('a thousand dials of one phone leave one dialogue, one wake, no order and no text', async () => {
    const w = new UssdWorld();
    for (let times = 0; times < 1000; times += 1) await w.dial();
    expect([w.dialogues.byMsisdn.size, w.dialogues.wakes.size, w.orders(), w.heard()]).toEqual([1, 1, [], []]);
    expect(w.noted('ussd.ended')).toHaveLength(999);
  });

  it('a thousand wrong keys move nothing, and the dialogue still takes the right one', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    for (let times = 0; times < 1000; times += 1) await w.type('7');
    expect([w.states(), w.ocs.paid]).toEqual([['challenged'], 0]);
    await w.type('1');
    expect(w.states()).toEqual(['placed']);
  });
});

/** Lets everything go on that waits for no clock. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 200; turns += 1) await Promise.resolve();
}
