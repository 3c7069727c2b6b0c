import { expect, it } from 'vitest';
import { createRunning } from '../../src/daemon/running.ts';
import { ussdHandler } from '../../src/daemon/ussd.ts';
import { turn } from '../flow/fakes/ussd.ts';
import { World } from '../flow/world.ts';

it('a link that a reload gave USSD before there is a menu refuses each turn, and says why: none is a fault', async () => {
  const w = new World();
  const onUssd = ussdHandler(() => w.ports, createRunning(w.ports.note));
  expect(await onUssd(turn('dial', '*100#'))).toEqual({ ack: 'rejected' });
  expect(w.noted('ussd.dropped')).toMatchObject([{ turn: 'dial', why: 'no menu before a restart' }]);
});
