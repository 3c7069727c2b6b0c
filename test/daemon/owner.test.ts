import { describe, expect, it, vi } from 'vitest';
import { isDeadSelf, isProcess, ownerText } from '../../src/daemon/owner.ts';

const self = { instance: 'orderd.example.net', host: 'north', pid: 4711 };

describe('a lease is left over from an earlier run of ours', () => {
  it.each([
    ['another instance', { ...self, instance: 'other.example.net' }, false],
    ['ours, another process of this host that is alive', { ...self, pid: 1 }, false],
    ['ours, another process of this host that is dead', { ...self, pid: 2 }, true],
    ['ours, the same pid again, as in a container', self, true],
    ['ours, from another host', { ...self, host: 'south', pid: 1 }, true],
  ])('%s: %j', (_what, holder, over) => {
    expect(isDeadSelf(ownerText(holder), self, (pid) => pid === 1 || pid === self.pid)).toBe(over);
  });

  it('asks the system for a process', () => {
    expect(isProcess(process.pid)).toBe(true);
    expect(isProcess(2 ** 30)).toBe(false);
  });

  it('takes a process that belongs to another user for one that is alive', () => {
    vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    expect(isProcess(1)).toBe(true);
    vi.restoreAllMocks();
  });
});
