import { describe, expect, it } from 'vitest';
import type { AutoBind, FruitlessBind } from '../../src/smpp/auto-bind.ts';
import { afterFruitless, firstBind, isFree, whollyBound } from '../../src/smpp/auto-bind.ts';
import { STATUS } from '../../src/smpp/pdu.ts';
import { linkSettings } from './support/settings.ts';

/** `closed` ends without an answer; a status is a refusal, `beside` a session that is bound. */
type Step = 'bound' | readonly ['trx' | 'tx' | 'rx', 'closed' | number, 'beside'?];

const closed = ['trx', 'closed'] as const;
const bothClosed = [
  ['tx', 'closed'],
  ['rx', 'closed'],
] as const;
const taken = ['rx', 0x05, 'beside'] as const;

/** What happens to a link of `bind: auto`; what it binds as then. */
const ROWS: readonly (readonly [string, readonly Step[], 'trx' | 'tx+rx'])[] = [
  ['two closings', [closed, closed], 'trx'],
  ['three closings', [closed, closed, closed], 'tx+rx'],
  ['three closings after a transceiver was bound', ['bound', closed, closed, closed, closed], 'trx'],
  ['three closings of which one came before it was bound', [closed, 'bound', closed, closed], 'trx'],
  ['an unknown command', [['trx', 0x03]], 'tx+rx'],
  ['a command of the wrong length', [['trx', 0x02]], 'tx+rx'],
  ['an unknown command after a transceiver was bound', ['bound', ['trx', 0x03]], 'tx+rx'],
  ['refusals that say nothing of the command', Array.from({ length: 5 }, () => ['trx', 0x05] as const), 'trx'],
  [
    'a wrong bind state twice',
    [
      ['trx', 0x04],
      ['trx', 0x04],
    ],
    'trx',
  ],
  ['a wrong bind state three times', Array.from({ length: 3 }, () => ['trx', 0x04] as const), 'tx+rx'],
  [
    'a wrong bind state after a transceiver was bound',
    ['bound', ...Array.from({ length: 4 }, () => ['trx', 0x04] as const)],
    'trx',
  ],
  ['a failed bind three times', Array.from({ length: 3 }, () => ['trx', 0x0d] as const), 'tx+rx'],
  [
    'a failed bind after a transceiver was bound',
    ['bound', ...Array.from({ length: 4 }, () => ['trx', 0x0d] as const)],
    'trx',
  ],
  [
    'a failed bind of a pair three times',
    [['trx', 0x03], ...Array.from({ length: 3 }, () => ['tx', 0x0d] as const)],
    'trx',
  ],
  ['a wrong password for a transceiver', Array.from({ length: 5 }, () => ['trx', 0x0e] as const), 'trx'],
  ['a receiver refused twice', [closed, closed, closed, taken, taken], 'tx+rx'],
  ['a receiver refused three times', [closed, closed, closed, taken, taken, taken], 'trx'],
  ['a receiver refused after an unknown command', [['trx', 0x03], taken, taken, taken], 'trx'],
  ['a pair closed on twice', [['trx', 0x03], ...bothClosed, ...bothClosed], 'tx+rx'],
  ['a pair closed on three times', [['trx', 0x03], ...bothClosed, ...bothClosed, ['tx', 'closed']], 'trx'],
  [
    'a pair closed on after it was bound',
    [['trx', 0x03], 'bound', ...bothClosed, ...bothClosed, ...bothClosed],
    'tx+rx',
  ],
  ['transceiver again, closed on', [closed, closed, closed, taken, taken, taken, closed, closed], 'trx'],
  [
    'transceiver again, closed on for long',
    [closed, closed, closed, taken, taken, taken, closed, closed, closed],
    'tx+rx',
  ],
  ['a wrong password', [['trx', 0x03], ...Array.from({ length: 5 }, () => ['rx', 0x0e] as const)], 'tx+rx'],
  [
    'a password that is good for the transmitter only',
    [['trx', 0x03], ...Array.from({ length: 3 }, () => ['rx', 0x0d, 'beside'] as const)],
    'trx',
  ],
];

function fruitless([mode, answer, beside]: Exclude<Step, 'bound'>): FruitlessBind {
  return { mode, refusal: answer === 'closed' ? undefined : answer, otherBound: beside !== undefined };
}

describe('bind: auto', () => {
  it.each(ROWS)('after %s', (_, steps, shape) => {
    let auto = firstBind(linkSettings({ bind: 'auto' }));
    for (const step of steps) auto = step === 'bound' ? whollyBound(auto) : afterFruitless(auto, fruitless(step));
    expect(auto.shape).toBe(shape);
  });

  it.each([
    [{ bind: 'auto' }, 'trx', true],
    [{ bind: 'auto', interfaceVersion: 0x34 }, 'trx', true],
    [{ bind: 'auto', interfaceVersion: 0x33 }, 'tx+rx', false],
    [{ bind: 'trx' }, 'trx', false],
    [{ bind: 'tx+rx' }, 'tx+rx', false],
  ] as const)('%o begins as %s; it may change: %s', (changes, shape, free) => {
    const settings = linkSettings(changes);
    expect([firstBind(settings).shape, isFree(settings)]).toEqual([shape, free]);
  });
});

describe('fruitless binds of a pair', () => {
  const pair = inPair();
  const refused = (refusal: number | undefined, otherBound = false) => ({ mode: 'tx', refusal, otherBound }) as const;
  const thrice = (bind: ReturnType<typeof refused>) =>
    [1, 2, 3].reduce((auto) => afterFruitless(auto, bind), pair).shape;

  function inPair(): AutoBind {
    const auto = firstBind(linkSettings({ bind: 'auto' }));
    return afterFruitless(auto, { mode: 'trx', refusal: STATUS.invalidCommandId, otherBound: false });
  }

  it('count three times, an unknown command as any other', () => {
    expect(pair.shape).toBe('tx+rx');
    expect(afterFruitless(pair, refused(STATUS.invalidCommandId)).shape).toBe('tx+rx');
    expect(thrice(refused(STATUS.invalidCommandId))).toBe('trx');
  });

  it('count for a wrong password only where the other one of the pair is bound by it', () => {
    expect([thrice(refused(0x0e)), thrice(refused(0x0e, true))]).toEqual(['tx+rx', 'trx']);
  });

  it('are forgotten with the shape', () => {
    const twice = [1, 2].reduce((auto) => afterFruitless(auto, refused(undefined)), pair);
    const back = afterFruitless(twice, refused(undefined));
    expect([back.shape, back.failed]).toEqual(['trx', { trx: 0, tx: 0, rx: 0 }]);
  });
});
