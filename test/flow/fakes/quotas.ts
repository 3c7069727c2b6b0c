import type { Quotas } from '../../../src/flow/ports.ts';
import type { Memory } from './memory.ts';

/** The Quotas port over a Memory. */
export function createQuotas(memory: Memory): Quotas {
  const used = (name: string): number => {
    const found = memory.quotas.get(name);
    return found === undefined || found.until <= memory.now ? 0 : found.used;
  };
  return {
    take: async (name, limit, window) => {
      await memory.reach();
      const before = used(name);
      if (before >= limit) return false;
      const until = before === 0 ? memory.now + window : (memory.quotas.get(name)?.until ?? 0);
      memory.quotas.set(name, { used: before + 1, until });
      return true;
    },
    used: async (name) => {
      await memory.reach();
      return used(name);
    },
  };
}
