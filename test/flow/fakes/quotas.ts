import type { Quotas } from '../../../src/flow/ports.ts';
import type { Memory } from './memory.ts';

/** The Quotas port over a Memory. */
export function createQuotas(memory: Memory): Quotas {
  return {
    take: async (name, token, { limit, window }) => {
      await memory.reach();
      const uses = memory.quotas.get(name) ?? new Map<string, number>();
      memory.quotas.set(name, uses);
      for (const [one, at] of uses) if (at <= memory.now - window) uses.delete(one);
      if (!uses.has(token) && uses.size >= limit) return false;
      if (!uses.has(token)) uses.set(token, memory.now);
      return true;
    },
  };
}
