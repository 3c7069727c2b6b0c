import { expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createLive } from '../../src/daemon/live.ts';
import { LAB_CONFIG } from '../../src/launcher/lab.ts';

async function config(): Promise<Config> {
  const loaded = await loadConfig(LAB_CONFIG, {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.fault));
  return loaded.value;
}

it('a webhook comes with its service: an order that froze it must find it', async () => {
  const live = createLive(await config());
  const webhooks: Config['webhooks'] = new Map([
    [
      'match',
      { url: 'https://sp.example/hook', secret: 's'.repeat(20), timeout: 5000, limit: 120_000, fullMsisdn: false },
    ],
  ]);
  expect(live.swap({ ...(await config()), webhooks })).toEqual([]);
  expect(live.config.webhooks).toBe(webhooks);
});

it('where evidence and mail go takes a restart, and stays as it was', async () => {
  const first = await config();
  const live = createLive(first);
  const evidence = { ...first.evidence, heads: '/elsewhere' };
  expect(live.swap({ ...(await config()), evidence })).toEqual(['evidence']);
  expect(live.config.evidence).toEqual(first.evidence);
});
