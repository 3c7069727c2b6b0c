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
  let now = 0;
  const reload = createReload({
    load,
    live: createLive(loaded.value),
    gateway: { update: (links) => void told.push('gateway', ...links.map(({ name }) => name)) },
    client: {
      update: () => {
        told.push('client');
        return update();
      },
    },
    outbox: { reload: () => void told.push('outbox') },
    now: () => ++now,
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
  expect(told.filter((one) => one !== 'lab-smsc').toSorted()).toEqual(['client', 'gateway', 'outbox']);
});

it('links are those of the new config, what takes a restart is told, and when it was', async () => {
  const load = async (): ReturnType<typeof fromLab> => {
    const loaded = await fromLab();
    if (!loaded.ok) return loaded;
    const { links, log } = loaded.value;
    const renamed = links.map((link) => ({ ...link, name: 'other' }));
    return { ok: true, value: { ...loaded.value, links: renamed, log: { ...log, level: 'trace' } } };
  };
  const { reload, notes, told } = await reloading(() => Promise.resolve(), load);
  expect(reload.state().at).toBe(1);
  await reload.run();
  expect(told).toContain('other');
  expect(notes).toEqual(['config.needs-restart', 'config.reloaded']);
  expect(reload.state().at).toBe(2);
});

it('two that are asked for at once come one after the other', async () => {
  const steps: string[] = [];
  const load = async (): ReturnType<typeof fromLab> => {
    steps.push('read');
    return fromLab();
  };
  const update = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    steps.push('in force');
  };
  const { reload } = await reloading(update, load);
  await Promise.all([reload.run(), reload.run()]);
  expect(steps).toEqual(['read', 'in force', 'read', 'in force']);
});
