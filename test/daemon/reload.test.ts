import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { createLive } from '../../src/daemon/live.ts';
import { createReload } from '../../src/daemon/reload.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';

const fromLab = () => loadConfig(LAB_CONFIG, {});

async function reloading(update: () => Promise<void>, load = fromLab) {
  const loaded = await fromLab();
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  const notes: string[] = [];
  const told: string[] = [];
  const reload = createReload({
    load,
    live: createLive(loaded.value),
    gateway: { update: () => void told.push('gateway') },
    client: {
      update: () => {
        told.push('client');
        return update();
      },
    },
    outbox: { reload: () => void told.push('outbox') },
    now: () => 0,
    note: (event) => void notes.push(event),
  });
  return { reload, notes, told };
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

it('a config that is refused is told and reaches nothing; one that is valid reaches all that work by it', async () => {
  const fault = [{ path: 'smpp.links[0].host', where: 'orderd.yaml:3', text: 'is missing' }];
  let isRefused = true;
  const load = (): ReturnType<typeof fromLab> => (isRefused ? Promise.resolve({ ok: false, fault }) : fromLab());
  const { reload, notes, told } = await reloading(() => Promise.resolve(), load);
  await reload.run();
  expect(reload.state().ok).toBe(false);
  expect([notes, told]).toEqual([['config.refused'], []]);
  isRefused = false;
  await reload.run();
  expect(reload.state().ok).toBe(true);
  expect(told.toSorted()).toEqual(['client', 'gateway', 'outbox']);
});
