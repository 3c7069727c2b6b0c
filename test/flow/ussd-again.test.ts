import { describe, expect, it } from 'vitest';
import type { Ports } from '../../src/flow/ports/ports.ts';
import { goOnUssd } from '../../src/flow/ussd/go-on.ts';
import { receiveUssd } from '../../src/flow/ussd/turn.ts';
import type { Menu } from '../../src/domain/menu.ts';
import { MENU, turn } from './fakes/ussd.ts';
import { grants, meanwhile } from './fakes/ocs.ts';
import { UssdWorld } from './ussd-world.ts';

/** The store goes as soon as the turn was taken: what it asks is not done, and the gateway hears a temporary error. */
async function cutOff(w: UssdWorld, typed: string): Promise<ReturnType<typeof turn>> {
  const one = turn('reply', typed, { session: w.session() });
  w.onNote = (event) => (w.memory.away ||= event === 'ussd.turn');
  await expect(w.deliverTurn(one)).rejects.toThrow('away');
  w.memory.away = false;
  w.onNote = () => undefined;
  expect(w.dialogue().state).toBe('awaiting-app');
  return one;
}

/** kill -9: the gateway delivers again to another process. */
function killed(w: UssdWorld): void {
  w.processes.delete('orderd-1');
  w.here = w.launch('orderd-2', 0x2000);
  w.ports = w.here.ports;
}

describe('P1: a turn that was taken and cut off before what it asks was done', () => {
  it('a STOP that is delivered again is done', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    const stop = await cutOff(w, 'STOP');
    expect(await w.deliverTurn(stop)).toBe('stored');
    expect([w.states(), w.ocs.paid]).toEqual([['cancelled'], 0]);
    expect(w.screens().at(-1)).toMatch(/^17 stop/);
  });

  it('an order is placed once by the process that hears it again, and told in the dialogue', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    const order = await cutOff(w, '1');
    killed(w);
    await w.deliverTurn(order);
    await w.deliverTurn(order);
    expect([w.states(), w.ocs.paid, w.screens()]).toEqual([['placed'], 500, ['17 ordered']]);
    expect(w.heard()).toEqual([]);
  });

  it('E15: a code is taken when it comes again, and no record held it meanwhile', async () => {
    const w = new UssdWorld({ acme: 10 });
    await w.orderService(1);
    const code = /code=(\d{6})/.exec(w.here.gateway.said.at(-1)?.text ?? '')?.[1] ?? 'none';
    const answer = await cutOff(w, code);
    expect(JSON.stringify([...w.dialogues.byMsisdn, ...w.memory.mts, ...w.memory.orders])).not.toContain(code);
    await w.deliverTurn(answer);
    expect([w.screens().at(-1), w.states(), w.ocs.paid]).toEqual(['17 ordered', ['placed'], 500]);
  });

  it('a key means what it stood for on its screen, whatever a reload made of the menu meanwhile', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    const order = await cutOff(w, '1');
    const { ussd } = w.here.ports;
    const service = MENU.screens.get('service')!;
    const reversed = { ...service, items: [...service.items].reverse() };
    const menu: Menu = { ...MENU, screens: new Map(MENU.screens).set('service', reversed) };
    w.here = { ...w.here, ports: { ...w.here.ports, ussd: { ...ussd, menu: () => menu } } };
    await w.deliverTurn(order);
    expect([w.order().frozen.channel, w.screens().at(-1)]).toEqual(['ussd', '17 ordered']);
  });

  it('also when the subscriber hung up before it came again: the answer goes by SMS', async () => {
    const w = new UssdWorld({ acme: 50 });
    await w.orderService(1);
    const stop = await cutOff(w, 'STOP');
    await w.hangUp();
    expect(await w.deliverTurn(stop)).toBe('stored');
    expect([w.states(), w.ocs.paid]).toEqual([['cancelled'], 0]);
    expect(w.lastText()).toMatch(/stop/);
  });

  it('E24: one that was told that too much waits orders nothing when it comes again', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    const calm: Ports['overloaded'] = () => false;
    let overloaded = () => true;
    w.here = { ...w.here, ports: { ...w.here.ports, overloaded: () => overloaded() } };
    const order = turn('reply', '1', { session: w.session() });
    await w.deliverTurn(order);
    overloaded = calm;
    await w.deliverTurn(order);
    expect([w.screens().at(-1), w.orders()]).toEqual(['17 busy', []]);
  });

  it('one that is being done is done once, and nobody is told meanwhile that the answer comes later', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    const order = turn('reply', '1', { session: w.session() });
    const other = w.launch('orderd-2', 0x2000);
    const again = async (): Promise<void> => goOnUssd(other.ports, (await receiveUssd(other.ports, order)).next);
    w.ocs.plays(meanwhile(again, grants()));
    await w.deliverTurn(order);
    expect([w.screens().at(-1), w.screens(other), w.ocs.paid]).toEqual(['17 ordered', [], 500]);
  });

  it('two processes at it at once: who finds it done already ends no dialogue that the other one speaks in', async () => {
    const w = new UssdWorld();
    await w.dial();
    await w.type('1', '1');
    const order = turn('reply', '1', { session: w.session() });
    const other = w.launch('orderd-2', 0x2000);
    // The first one stops between the turn and what it asks; the other one acts meanwhile, and its OCS is slow.
    let first: Promise<unknown> = Promise.resolve();
    w.onNote = (event) => {
      if (event !== 'ussd.turn') return;
      w.onNote = () => undefined;
      first = receiveUssd(other.ports, order).then(({ next }) => goOnUssd(other.ports, next));
    };
    await w.deliverTurn(order);
    await first;
    const said = [...w.screens(), ...w.screens(other)];
    expect([w.states(), w.ocs.paid]).toEqual([['placed'], 500]);
    expect(said.filter((screen) => screen === '17 ordered')).toHaveLength(1);
    expect(said).not.toContain('17 later');
  });
});
