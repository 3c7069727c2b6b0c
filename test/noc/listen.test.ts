import { expect, it } from 'vitest';
import { createNoc } from '../../src/noc/noc.ts';
import { settingsOf, SOURCES, useNocs } from './fakes.ts';

const start = useNocs();

it('names the keys of an address that it cannot have', async () => {
  const { port } = await start();
  const env = { now: Date.now, note: () => undefined };
  const second = createNoc(settingsOf({ settings: { port } }), SOURCES, env);
  await expect(second.listen()).rejects.toMatchObject({
    message: `noc.host and noc.port cannot be listened at: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
    cause: { code: 'EADDRINUSE' },
  });
  await second.close();
});
