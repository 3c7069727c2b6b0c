import type { Quotas } from '../../../src/flow/ports/ports.ts';
import type { Memory } from './memory.ts';

/** The Quotas port over a Memory. */
export function createQuotas(memory: Memory): Quotas {
  return {
    take: async (name, token, { limit, window, sameFor = window }) => {
      await memory.reach();
      const uses = within(memory, name, window);
      const last = uses.get(token);
      if (last !== undefined && last > memory.now - sameFor) return true;
      if (uses.size >= limit) return false;
      if (last !== undefined) uses.set(`${token}:${last}`, last);
      uses.set(token, memory.now);
      return true;
    },
  };
}

function within(memory: Memory, name: string, window: number): Map<string, number> {
  const uses = memory.quotas.get(name) ?? new Map<string, number>();
  memory.quotas.set(name, uses);
  for (const [one, at] of uses) if (at <= memory.now - window) uses.delete(one);
  return uses;
}
