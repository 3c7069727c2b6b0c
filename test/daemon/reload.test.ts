import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { createLive } from '../../src/daemon/live.ts';
import { createReload } from '../../src/daemon/reload.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';

async function reloading(update: () => Promise<void>) {
  const load = () => loadConfig(LAB_CONFIG, {});
  const loaded = await load();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  const notes: string[] = [];
  const reload = createReload({
    load,
    live: createLive(loaded.value),
    gateway: { update: () => undefined },
    client: { update },
    outbox: { reload: () => undefined },
    now: () => 0,
    note: (event) => void notes.push(event),
  });
  return { reload, notes };
}

it('one that failed is told, and does not keep the next from its work', async () => {
  const failures = [new Error('a fault of ours')];
  const { reload, notes } = await reloading(() => {
    const failure = failures.pop();
    return failure === undefined ? Promise.resolve() : Promise.reject(failure);
  });
  await expect(reload.run()).rejects.toThrow('a fault of ours');
  expect(reload.state().ok).toBe(false);
  await reload.run();
  expect(reload.state().ok).toBe(true);
  expect(notes).toEqual(['config.refused', 'config.reloaded']);
});
