import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import type { PortCalls, Served } from '../../src/daemon/port-calls.ts';
import { callsOver } from '../../src/daemon/port-calls.ts';

const channels: MessageChannel[] = [];

afterEach(() => {
  for (const { port1 } of channels.splice(0)) port1.close();
});

function between(left: Served, right: Served): readonly [PortCalls, PortCalls] {
  const channel = new MessageChannel();
  channels.push(channel);
  return [callsOver(channel.port1, left), callsOver(channel.port2, right)];
}

describe('calls between two threads', () => {
  it('go both ways, each with its own answer', async () => {
    const [left, right] = between({ twice: (n: number) => 2 * n }, { name: (n: number) => Promise.resolve(`no ${n}`) });
    expect(await Promise.all([left.call('name', 1), left.call('name', 2), right.call('twice', 21)])).toEqual([
      'no 1',
      'no 2',
      42,
    ]);
  });

  it('keep what JSON would lose', async () => {
    const [left] = between({}, { same: (value: unknown) => value });
    const value = { none: undefined, octets: new Uint8Array([1, 2]), set: new Set(['a']) };
    expect(await left.call('same', value)).toEqual(value);
  });

  it('reject with what the other side threw, and with the name of nothing served', async () => {
    const fails = () => Promise.reject(new Error('the disk is full'));
    const [left] = between({}, { fails });
    await expect(left.call('fails')).rejects.toThrow('the disk is full');
    await expect(left.call('unheard')).rejects.toThrow('unheard');
  });

  it('reject once nobody answers any more', async () => {
    const [left] = between({}, { never: () => new Promise(() => undefined) });
    const call = left.call('never');
    left.fail(new Error('the thread ended'));
    await expect(call).rejects.toThrow('the thread ended');
    await expect(left.call('never')).rejects.toThrow('the thread ended');
  });
});
